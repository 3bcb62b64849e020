import { icon } from '../../components/icon.js';
import { typeTabs } from '../../components/my-nav.js';
import { emptyState } from '../../components/states.js';
import { postList } from '../../components/style/post-list.js';
import { credentials, session, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { Page } from '../../core/page.js';
import { signinPath } from '../../core/paths.js';

const TYPES = /** @type {const} */ (['popular', 'latest', 'following']);
/** @typedef {typeof TYPES[number]} Type */

/** What people show. Which of it is the address: the popular, the latest, or that of those whom I follow. */
class FeedPage extends Page {
  #body = h('div', { class: 'feed' });
  #tabs = h('div');
  /** @type {ReturnType<typeof postList>|null} */
  #posts = null;

  /** @returns {Type} */
  get #type() {
    return TYPES.find((known) => known === this.query.get('type')) ?? 'popular';
  }

  /** @override */
  connected() {
    this.#posts = null;
    this.replaceChildren(
      h(
        'div',
        { class: 'style' },
        h(
          'header',
          { class: 'style-head' },
          h('h1', null, t('style.title')),
          h(
            'div',
            { class: 'style-tools' },
            h(
              'a',
              { class: 'icon-button', href: '/style/search', 'aria-label': t('style.search') },
              icon('search'),
            ),
            h(
              'a',
              { class: 'button button-ink button-small', href: '/style/new' },
              icon('plus'),
              t('style.new'),
            ),
          ),
        ),
        this.#tabs,
        this.#body,
      ),
    );
    this.#drawTabs();
    this.ready = this.#show(this.restored);
  }

  /** @override */
  snapshot() {
    return this.#posts?.snapshot() ?? null;
  }

  #drawTabs() {
    fill(
      this.#tabs,
      typeTabs({
        label: t('style.tabs'),
        path: '/style',
        value: this.#type === 'popular' ? '' : this.#type,
        options: TYPES.map((type) => ({
          value: type === 'popular' ? '' : type,
          label: t(`style.tab.${type}`),
        })),
      }),
    );
  }

  /** @param {any} restored */
  async #show(restored) {
    const type = this.#type;
    // Nobody is asked for a login that they seem to have.
    if (type === 'following' && (!credentials.likely || (await session.known()).state !== 'signed-in')) {
      if (this.isConnected) fill(this.#body, this.#invitation());
      return;
    }
    if (!this.isConnected) return;
    this.#posts = postList(
      {
        query: `type=${type}`,
        label: t(`style.list.${type}`),
        empty: () => this.#empty(type),
      },
      this.signal,
      restored,
    );
    fill(this.#body, this.#posts.list);
    await this.#posts.list.ready;
  }

  #invitation() {
    return emptyState({
      icon: 'friends',
      title: t('style.following_signin'),
      text: t('style.following_signin_text'),
      action: { href: signinPath('/style?type=following'), label: t('nav.signin') },
    });
  }

  /** @param {Type} type */
  #empty(type) {
    if (type === 'following') {
      return emptyState({
        icon: 'friends',
        title: t('style.following_empty'),
        text: t('style.following_empty_text'),
        action: { href: '/style', label: t('style.following_empty_action') },
      });
    }
    return emptyState({
      icon: 'style',
      title: t('style.empty'),
      text: t('style.empty_text'),
      action: { href: '/style/new', label: t('style.new') },
    });
  }
}

define('page-style', FeedPage);
