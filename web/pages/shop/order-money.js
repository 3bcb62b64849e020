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
  penalty: 'order.penalty',
  credit: 'order.credit',
};

/** @param {string} name @param {import('../../core/element.js').Child} value @param {string} [extra] */
export function fact(name, value, extra = '') {
  return h('div', { class: extra }, h('dt', null, name), h('dd', { class: 'number' }, value));
}

/** What the order costs or brings. @param {Order} order */
export function money(order) {
  return h(
    'dl',
    { class: 'facts' },
    moneyRows(order).map(({ key, amount, sign, sum }) =>
      fact(t(NAMES[key]), `${sign}${won(amount)}`, sum ? 'facts-sum' : `money-${key}`),
    ),
  );
}
