import { i18n, t, tn } from '../core/context.js';
import { h } from '../core/element.js';
import { won } from '../core/format.js';
import { articleName, pictures } from '../core/names.js';
import { bone, skeleton, tile, times } from './states.js';

/** @typedef {import('../core/types.js').Info} Info */

/** As wide as a card is in the grid. */
const CARD_SIZES = '(min-width: 1200px) 240px, (min-width: 768px) 30vw, 46vw';

/**
 * @param {Info} info
 * @param {object} [options]
 * @param {boolean} [options.eager]
 * @param {string[]} [options.sizes] the sizes that are looked for: the article opens on the only one
 */
export function productCard(info, { eager = false, sizes = [] } = {}) {
  const [picture] = pictures(info.productimage_set, info.productimage_urls);
  const store = info.delivery_tag === 'brand';
  // The price is that of the article's cheapest size, whatever sizes are looked for.
  const meaning = store ? 'shop.store_price' : sizes.length > 0 ? 'shop.any_size' : 'shop.buy_now';
  const [size = null] = sizes.length === 1 ? sizes : [];
  return h(
    'a',
    { class: 'card', href: `/shop/${info.id}${size ? `?size=${encodeURIComponent(size)}` : ''}` },
    tile(picture, { eager, sizes: CARD_SIZES }),
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
        info.price === null ? null : h('span', null, t(meaning)),
        info.wishes > 0 ? h('span', null, tn('shop.wishes', info.wishes)) : null,
      ),
    ),
  );
}

/** @param {Info} info @param {string[]} [sizes] */
export function productItem(info, sizes = []) {
  return h('li', null, productCard(info, { sizes }));
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
