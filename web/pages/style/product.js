import { emptyState, present, tile } from '../../components/states.js';
import { postList } from '../../components/style/post-list.js';
import { ownerMarkFor } from '../../components/style/products.js';
import { api, i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { won } from '../../core/format.js';
import { articleName, pictures } from '../../core/names.js';
import { Page } from '../../core/page.js';

/** @typedef {import('../../core/types.js').Info} Info */

/** Every post that shows one article. */
class ProductPostsPage extends Page {
  /** @type {ReturnType<typeof postList>|null} */
  #posts = null;

  /** @override */
  connected() {
    const id = Number(this.params['id']);
    const head = h('header', { class: 'style-head style-article' });
    this.#posts = postList(
      {
        query: `type=product&info_id=${id}`,
        label: t('seen.title'),
        mark: (post) => ownerMarkFor(post, id),
        empty: () =>
          emptyState({
            icon: 'style',
            title: t('seen.empty'),
            text: t('seen.empty_text'),
            action: { href: `/style/new?info=${id}`, label: t('style.new') },
          }),
      },
      this.signal,
      this.restored,
    );
    this.replaceChildren(h('div', { class: 'style' }, head, h('div', { class: 'feed' }, this.#posts.list)));
    const named = present(head, {
      signal: this.signal,
      skeleton: () => h('h1', null, t('seen.title')),
      load: (signal) => api.get(`/api/shop/productinfos/${id}/`, { signal }),
      show: (/** @type {Info} */ info) => this.#head(info),
      failed: (problem) => (problem.status === 404 ? h('h1', null, t('article.missing')) : null),
    });
    this.ready = Promise.all([this.#posts.list.ready, named]);
  }

  /** @override */
  snapshot() {
    return this.#posts?.snapshot() ?? null;
  }

  /** @param {Info} info */
  #head(info) {
    const name = articleName(info, i18n.lang.value);
    const title = t('seen.of', { name });
    this.setTitle(title);
    const [picture] = pictures(info.productimage_set, info.productimage_urls);
    return [
      tile(picture, { sizes: '88px' }),
      h(
        'div',
        { class: 'style-article-main' },
        h('span', { class: 'row-brand' }, info.brand_name),
        h('h1', null, title),
        h('span', { class: 'muted number' }, info.price === null ? t('shop.no_price') : won(info.price)),
      ),
      h('a', { class: 'button button-line button-small', href: `/shop/${info.id}` }, t('seen.to_article')),
    ];
  }
}

define('page-style-product', ProductPostsPage);
