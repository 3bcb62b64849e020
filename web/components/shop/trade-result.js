import { i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { day, moment, won } from '../../core/format.js';
import { icon } from '../icon.js';

/** @typedef {import('./trade-sheet.js').TradeSheet} TradeSheet */
/** @typedef {import('./trade-sheet.js').Result} Result */

/** @param {string} name @param {string} value */
const fact = (name, value) => h('div', null, h('dt', null, name), h('dd', { class: 'number' }, value));

/** @param {boolean} buying @param {import('../../core/types.js').Order} order @returns {string[]} */
function nextSteps(buying, order) {
  if (order.kind === 'store') return [t('trade.next.store_send'), t('trade.next.buy_confirm')];
  return buying
    ? [t('trade.next.buy_send'), t('trade.next.buy_check'), t('trade.next.buy_confirm')]
    : [t('trade.next.sell_send'), t('trade.next.sell_check'), t('trade.next.sell_paid')];
}

/** @param {Result} result */
function whatNext(result) {
  if (result.kind !== 'order') return null;
  const { order, deal } = result;
  const until = order.withdraw_until;
  return [
    h('h3', null, t('trade.next')),
    h(
      'ol',
      { class: 'next-steps', role: 'list' },
      nextSteps(deal.side === 'purchase', order).map((text) =>
        h('li', { class: 'next-step' }, h('span', null, text)),
      ),
    ),
    until
      ? h('p', { class: 'muted small' }, t('trade.withdraw_until', { time: moment(until, i18n.lang.value) }))
      : null,
  ];
}

/** @param {Extract<Result, {kind: 'bid'}>} result @returns {[string, string][]} what it comes to, as it is kept */
function bidMoney({ bid, deal }) {
  const sum = deal.side === 'purchase' ? bid.total : bid.payout;
  if (sum == null || bid.fee === undefined) return [];
  return [
    [t('quote.fee'), won(bid.fee)],
    [t(deal.side === 'purchase' ? 'quote.total' : 'quote.payout'), won(sum)],
  ];
}

/**
 * What came of it, and where to follow it.
 *
 * @param {TradeSheet} sheet
 * @param {Result} result
 */
export function resultStep(sheet, result) {
  const buying = result.deal.side === 'purchase';
  const lang = i18n.lang.value;
  const facts =
    result.kind === 'order'
      ? [
          fact(t('order.number'), String(result.order.id)),
          fact(t('quote.price'), won(result.order.price)),
          fact(t('quote.fee'), won(result.order.fee)),
          buying
            ? fact(t('quote.total'), won(result.order.total ?? result.order.price + result.order.fee))
            : fact(t('quote.payout'), won(result.order.payout ?? result.order.price - result.order.fee)),
        ]
      : [
          fact(t('quote.price'), won(result.bid.price)),
          bidMoney(result).map(([name, value]) => fact(name, value)),
          fact(t('trade.expiry'), day(result.bid.expires_at, lang)),
        ];
  const link =
    result.kind === 'order'
      ? { href: `/my/orders/${result.order.id}`, label: t('trade.see_order') }
      : { href: `/my/bids${buying ? '' : '?type=sales'}`, label: t('trade.see_bid') };
  const text =
    result.kind === 'order'
      ? t(buying ? 'trade.bought' : 'trade.sold')
      : t(buying ? 'trade.bid_placed' : 'trade.ask_placed');
  return h(
    'div',
    { class: 'stack trade-result' },
    h('div', { class: 'result-sign' }, icon('check')),
    h('p', { class: 'result-text', role: 'status' }, text),
    h('dl', { class: 'facts' }, facts),
    whatNext(result),
    h(
      'div',
      { class: 'dialog-foot dialog-actions' },
      h(
        'button',
        { type: 'button', class: 'button button-line', onclick: () => sheet.close() },
        t('trade.continue'),
      ),
      h('a', { class: 'button button-ink', href: link.href }, link.label),
    ),
  );
}
