import { onlineFriends } from '../../components/friends/online.js';
import { pongShelf } from '../../components/pong/home.js';
import { productCard, skeletonCards } from '../../components/product-card.js';
import { section } from '../../components/section.js';
import { emptyState, present, tile } from '../../components/states.js';
import { postBones, postCard } from '../../components/style/post-card.js';
import { api, i18n, meta, posts, session, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { CATEGORIES } from '../../core/filters.js';
import { percent, plain } from '../../core/format.js';
import { pictures } from '../../core/names.js';
import { Page } from '../../core/page.js';

/** @typedef {import('../../core/types.js').InfoPage} InfoPage */
/** @typedef {import('../../core/types.js').Info} Info */
/** @typedef {import('../../core/style-types.js').Post} Post */

const SHELF = 8;

/** The front door: what moves, what is new, where to go. */
class HomePage extends Page {
  #stage = h('div', { class: 'hero-stage', 'aria-hidden': 'true' });
  #categories = h('div', { class: 'categories' });
  #steps = h('div');

  /** @override */
  connected() {
    const popular = h('div');
    const newest = h('div');
    const style = h('div');
    this.#drawCategories(null);
    this.#drawSteps();
    this.replaceChildren(
      h(
        'div',
        { class: 'home' },
        h(
          'section',
          { class: 'hero' },
          h(
            'div',
            { class: 'hero-text' },
            h('h1', null, t('home.hero')),
            h('p', null, t('home.hero_text')),
            h(
              'div',
              { class: 'hero-actions' },
              h('a', { class: 'button button-accent', href: '/shop' }, t('home.hero_action')),
              h('a', { class: 'button button-line', href: '/shop?ordering=newest' }, t('home.hero_second')),
            ),
          ),
          this.#stage,
        ),
        h(
          'section',
          { class: 'section' },
          h('h2', { class: 'unseen' }, t('filter.category')),
          this.#categories,
        ),
        onlineFriends(),
        section(t('home.popular'), '/shop', popular),
        section(t('home.style'), '/style', style),
        pongShelf(),
        section(t('home.newest'), '/shop?ordering=newest', newest),
        this.#steps,
      ),
    );
    this.watch(meta, () => this.#drawSteps());
    this.watch(session.login, () => this.#drawSteps());
    const first = present(popular, {
      signal: this.signal,
      skeleton: () => skeletonCards(SHELF),
      load: (signal) =>
        api.get(`/api/shop/productinfos/?ordering=popular&facets=true&page_size=${SHELF}`, { signal }),
      show: (/** @type {InfoPage} */ page) => {
        this.#drawStage(page.results);
        this.#drawCategories(page);
        return this.#shelf(page.results);
      },
    });
    const second = present(newest, {
      signal: this.signal,
      skeleton: () => skeletonCards(SHELF),
      load: (signal) => api.get(`/api/shop/productinfos/?ordering=newest&page_size=${SHELF}`, { signal }),
      show: (/** @type {InfoPage} */ page) => this.#shelf(page.results),
    });
    const third = present(style, {
      signal: this.signal,
      skeleton: () => postBones(SHELF),
      load: (signal) => api.get(`/api/styles/posts/?type=popular&page_size=${SHELF}`, { signal }),
      show: (/** @type {{results: Post[]}} */ { results }) => this.#posts(posts.current(results)),
    });
    this.ready = Promise.all([first, second, third]);
  }

  /** @param {Info[]} infos */
  #shelf(infos) {
    if (infos.length === 0) {
      return emptyState({ icon: 'shop', title: t('home.empty'), text: t('home.empty_text') });
    }
    return h(
      'ul',
      { class: 'grid shelf', role: 'list' },
      infos.map((info) => h('li', null, productCard(info))),
    );
  }

  /** @param {Post[]} shown */
  #posts(shown) {
    if (shown.length === 0) {
      return emptyState({
        icon: 'style',
        title: t('style.empty'),
        text: t('style.empty_text'),
        action: { href: '/style/new', label: t('style.new') },
      });
    }
    return h(
      'ul',
      { class: 'post-shelf', role: 'list' },
      shown.map((post) => h('li', null, postCard(post))),
    );
  }

  /** @param {Info[]} infos */
  #drawStage(infos) {
    const urls = infos
      .map((info) => pictures(info.productimage_set, info.productimage_urls)[0])
      .filter(Boolean);
    fill(
      this.#stage,
      urls.slice(0, 3).map((url) => tile(url, { eager: true })),
    );
  }

  /** @param {InfoPage|null} page */
  #drawCategories(page) {
    fill(
      this.#categories,
      CATEGORIES.map((value) => {
        const count = page?.facets?.category.find((facet) => facet.value === value)?.count;
        return h(
          'a',
          { class: 'category', href: `/shop?category=${value}` },
          h('span', { class: 'category-name' }, t(`category.${value}`)),
          h('span', { class: 'category-count' }, count === undefined ? ' ' : plain(count)),
        );
      }),
    );
  }

  #drawSteps() {
    const fees = meta.value?.fees;
    const lang = i18n.lang.value;
    /** @param {number} n @param {string} title @param {string} text */
    const step = (n, title, text) =>
      h(
        'li',
        { class: 'how-step' },
        h('span', { class: 'how-number', 'aria-hidden': 'true' }, n),
        h('h3', null, title),
        h('p', null, text),
      );
    fill(
      this.#steps,
      h(
        'section',
        { class: 'section how' },
        h('h2', null, t('home.how')),
        h(
          'ol',
          { class: 'how-steps', role: 'list' },
          step(1, t('home.how_1'), t('home.how_1_text')),
          step(2, t('home.how_2'), t('home.how_2_text')),
          step(3, t('home.how_3'), t('home.how_3_text')),
        ),
        fees
          ? h(
              'p',
              { class: 'muted' },
              t('home.fees', {
                buyer: percent(fees.buyer_bps, lang),
                seller: percent(fees.seller_bps, lang),
              }),
            )
          : null,
        session.login.value.state === 'anonymous'
          ? h('p', null, h('a', { class: 'button button-ink', href: '/signup' }, t('signup.title')))
          : null,
      ),
    );
  }
}

define('page-home', HomePage);
