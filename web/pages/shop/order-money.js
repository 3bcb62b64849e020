import { h } from '../../core/element.js';
import { t } from '../../core/context.js';
import { won } from '../../core/format.js';
import { moneyRows } from './order-plan.js';

/** @typedef {import('../../core/types.js').Order} Order */

/** @type {Record<import('./order-plan.js').MoneyRow['key'], import('../../core/i18n.js').MessageKey>} */
const NAMES = {
  price: 'quote.price',
  fee: 'quote.fee',
  total: 'quote.total',
  payout: 'quote.payout',
  none: 'order.no_payout',
  refund: 'order.refund',
  moved: 'order.moved_to',
  penalty: 'order.penalty',
  credit: 'order.credit',
};

const KINDS = /** @type {const} */ ({
  trans: 'order.kind_trans',
  store: 'order.kind_store',
  prize: 'order.kind_prize',
});

/**
 * @param {import('../../core/element.js').Child} name
 * @param {import('../../core/element.js').Child} value
 * @param {string} [extra]
 */
export function fact(name, value, extra = '') {
  return h('div', { class: extra }, h('dt', null, name), h('dd', { class: 'number' }, value));
}

/** @param {Order} order @param {import('./order-plan.js').MoneyRow['key']} key */
function nameOf(order, key) {
  if (key === 'moved' && order.replaced_by) {
    const id = order.replaced_by;
    return h('a', { href: `/my/orders/${id}` }, t('order.moved_to', { id }));
  }
  const over = order.status === 'cancelled' || order.status === 'failed';
  return t(key === 'total' && over ? 'order.paid' : NAMES[key]);
}

/** @param {Pick<Order, 'kind'|'price'>} order @returns {string} its price, or that it was won */
export function priceOf({ kind, price }) {
  return kind === 'prize' ? t('order.prize') : won(price);
}

/** @param {Order['kind']} kind @returns {string} how it came about */
export function kindOf(kind) {
  return t(KINDS[kind]);
}

/** What the order costs or brings. @param {Order} order */
export function money(order) {
  return h(
    'dl',
    { class: 'facts' },
    order.kind === 'prize' ? fact(t('order.prize'), t('order.prize_free'), 'facts-sum') : null,
    moneyRows(order).map(({ key, amount, sign, sum }) =>
      fact(nameOf(order, key), `${sign}${won(amount)}`, sum ? 'facts-sum' : `money-${key}`),
    ),
  );
}
