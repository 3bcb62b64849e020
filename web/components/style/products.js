import { i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { won } from '../../core/format.js';
import { articleName } from '../../core/names.js';
import { sidesOf } from '../../core/tag-sides.js';
import { icon } from '../icon.js';
import { tile } from '../states.js';

/** @typedef {import('../../core/style-types.js').TaggedProduct} TaggedProduct */

/** @param {TaggedProduct} product @returns {string} what it costs now */
const priceOf = ({ purchase_price: price }) => (price === null ? t('shop.no_price') : won(price));

/**
 * The articles on one picture of a post: a dot on each, what it is and costs beside it.
 *
 * @param {TaggedProduct[]} products of the post
 * @param {number} picture
 */
export function pictureTags(products, picture) {
  const lang = i18n.lang.value;
  const here = products.flatMap((product) => {
    const { x, y, picture: on = 0 } = product;
    return x == null || y == null || on !== picture ? [] : [{ product, x, y }];
  });
  const sides = sidesOf(here);
  return here.map(({ product, x, y }, i) => {
    const { info_id: id } = product;
    const name = articleName(product, lang);
    return h(
      'a',
      {
        class: `post-tag tag-${sides[i]}`,
        href: `/shop/${id}`,
        vars: { 'tag-x': `${x * 100}%`, 'tag-y': `${y * 100}%` },
      },
      h('span', { class: 'post-tag-dot' }),
      h(
        'span',
        { class: 'post-tag-label' },
        h('span', { class: 'post-tag-name' }, name),
        h('span', { class: 'number' }, priceOf(product)),
      ),
    );
  });
}

/**
 * The articles of a post in a row.
 *
 * @param {TaggedProduct[]} products
 */
export function productStrip(products) {
  const lang = i18n.lang.value;
  return h(
    'ul',
    { class: 'post-products', role: 'list', 'aria-label': t('post.products') },
    products.map((product) =>
      h(
        'li',
        null,
        h(
          'a',
          { class: 'post-product', href: `/shop/${product.info_id}` },
          tile(product.image, { sizes: '64px' }),
          h(
            'span',
            { class: 'post-product-main' },
            h('span', { class: 'post-product-name' }, articleName(product, lang)),
            h(
              'span',
              { class: 'post-product-price' },
              h('strong', { class: 'number' }, priceOf(product)),
              product.purchase_price === null ? null : h('small', null, t('shop.buy_now')),
            ),
            product.owned ? ownerMark() : null,
          ),
          icon('next'),
        ),
      ),
    ),
  );
}

/** @param {import('../../core/style-types.js').Post} post @param {number} info an article */
export function ownerMarkFor({ products }, info) {
  return products.some(({ info_id: id, owned }) => id === info && owned) ? ownerMark() : null;
}

/** The writer bought it here. */
function ownerMark() {
  return h('span', { class: 'badge badge-accent owner-mark' }, icon('check'), t('post.owned'));
}
