import { i18n, t, tn } from '../core/context.js';
import { h } from '../core/element.js';
import { won } from '../core/format.js';
import { articleName, pictures } from '../core/names.js';
import { bone, skeleton, tile, times } from './states.js';

/** @typedef {import('../core/types.js').Info} Info */

/**
 * @param {Info} info
 * @param {{eager?: boolean}} [options]
 */
export function productCard(info, { eager = false } = {}) {
  const [picture] = pictures(info.productimage_set, info.productimage_urls);
  const store = info.delivery_tag === 'brand';
  return h(
    'a',
    { class: 'card', href: `/shop/${info.id}` },
    tile(picture, { eager }),
    h(
      'span',
      { class: 'card-text' },
      h(
        'span',
        { class: 'card-brand' },
        info.brand_name,
        store ? h('span', { class: 'badge' }, t('shop.store')) : null,
      ),
      h('span', { class: 'card-name' }, articleName(info, i18n.lang.value)),
      h(
        'span',
        { class: 'card-price' },
        info.price === null
          ? h('span', { class: 'card-none' }, t(store ? 'size.sold_out' : 'shop.no_price'))
          : won(info.price),
      ),
      h(
        'span',
        { class: 'card-note' },
        info.price === null ? null : h('span', null, t(store ? 'shop.store_price' : 'shop.buy_now')),
        info.wishes > 0 ? h('span', null, tn('shop.wishes', info.wishes)) : null,
      ),
    ),
  );
}

/** @param {Info} info */
export function productItem(info) {
  return h('li', null, productCard(info));
}

/** @param {number} n */
export function skeletonCards(n) {
  return skeleton(
    h(
      'div',
      { class: 'grid' },
      times(n, () =>
        h(
          'div',
          { class: 'card' },
          bone('tile'),
          h('div', { class: 'card-text' }, bone('w-30'), bone('w-80'), bone('w-40')),
        ),
      ),
    ),
  );
}
