import { notice } from '../../components/form.js';
import { share } from '../../components/share.js';
import { sizeLabel } from '../../components/shop/size-picker.js';
import { bone, skeleton } from '../../components/states.js';
import { i18n, t, tn } from '../../core/context.js';
import { h } from '../../core/element.js';
import { day, won } from '../../core/format.js';

/**
 * The parts of an article's page that only show.
 *
 * @typedef {import('../../core/types.js').Info} Info
 * @typedef {import('../../core/types.js').Side} Side
 * @typedef {import('../../core/types.js').ProductDetail} ProductDetail
 */

export function articleBones() {
  return skeleton(
    h(
      'div',
      { class: 'article' },
      h('div', { class: 'article-pictures' }, bone('tile')),
      h(
        'div',
        { class: 'article-side stack' },
        bone('w-30'),
        bone('w-80'),
        bone('w-60'),
        bone('bone-block'),
        bone('bone-block'),
      ),
    ),
  );
}

/** @param {Info} info */
export function articleFacts(info) {
  const lang = i18n.lang.value;
  /** @type {[string, string|null][]} */
  const facts = [
    [t('article.model'), info.model_number],
    [t('article.colorway'), info.colorway],
    [t('article.released'), info.release_date ? day(info.release_date, lang) : null],
    [t('article.retail'), info.retail_price ? won(info.retail_price) : null],
    [t('filter.category'), t(`category.${info.category}`)],
    [t('filter.delivery'), t(`delivery.${info.delivery_tag}`)],
  ];
  return h(
    'section',
    { class: 'article-facts' },
    h('h2', null, t('article.facts')),
    h(
      'dl',
      { class: 'facts' },
      facts.map(([name, value]) =>
        value ? h('div', null, h('dt', null, name), h('dd', null, value)) : null,
      ),
    ),
  );
}

/** @param {Record<'ask'|'bid'|'last', HTMLElement>} values kept up to date by the page */
export function articlePrices({ ask, bid, last }) {
  /** @param {string} label @param {HTMLElement} value */
  const cell = (label, value) => h('div', null, h('dt', null, label), h('dd', null, value));
  return h(
    'dl',
    { class: 'trio trio-large' },
    cell(t('book.lowest_ask'), ask),
    cell(t('book.highest_bid'), bid),
    cell(t('book.last'), last),
  );
}

/** @param {(side: Side) => void} open */
export function twoWays(open) {
  /** @param {Side} side */
  const way = (side) => {
    const buying = side === 'purchase';
    return h(
      'button',
      {
        type: 'button',
        class: buying ? 'button button-accent deal-button' : 'button button-ink deal-button',
        onclick: () => open(side),
      },
      h('span', { class: 'deal-verb' }, t(buying ? 'trade.buy' : 'trade.sell')),
      h(
        'span',
        { class: 'deal-price' },
        h('span', { class: 'number', dataset: { price: side } }),
        h('small', null, t(buying ? 'trade.now_buy' : 'trade.now_sell')),
      ),
    );
  };
  return [way('purchase'), way('sales')];
}

/** @param {ProductDetail} product @param {() => void} buy */
export function storeDeal(product, buy) {
  const gone = product.purchase_price === null || product.stock === 0;
  return [
    h(
      'p',
      { class: 'store-price' },
      h('strong', { class: 'number' }, product.purchase_price === null ? '–' : won(product.purchase_price)),
      h('span', { class: 'muted' }, product.stock === null ? '' : tn('article.stock', product.stock)),
    ),
    gone ? notice('info', t('article.sold_out')) : null,
    h(
      'button',
      { type: 'button', class: 'button button-accent button-wide', disabled: gone, onclick: buy },
      t('trade.buy'),
    ),
  ];
}

/** @param {string} name @param {ProductDetail|null} product */
export function shareArticle(name, product) {
  const query = product ? `?size=${encodeURIComponent(product.size)}` : '';
  return share(`${name} · ${sizeLabel(product?.size ?? 'ALL')}`, location.origin + location.pathname + query);
}
