import { i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { day, won } from '../../core/format.js';
import { icon } from '../icon.js';

/** @typedef {import('./trade-sheet.js').TradeSheet} TradeSheet */
/** @typedef {import('./trade-sheet.js').Result} Result */

/** @param {string} name @param {string} value */
const fact = (name, value) => h('div', null, h('dt', null, name), h('dd', { class: 'number' }, value));

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
          buying
            ? fact(t('quote.total'), won(result.order.total ?? result.order.price + result.order.fee))
            : fact(t('quote.payout'), won(result.order.payout ?? result.order.price - result.order.fee)),
        ]
      : [
          fact(t('quote.price'), won(result.bid.price)),
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
    h(
      'div',
      { class: 'dialog-actions' },
      h(
        'button',
        { type: 'button', class: 'button button-line', onclick: () => sheet.close() },
        t('trade.continue'),
      ),
      h('a', { class: 'button button-ink', href: link.href }, link.label),
    ),
  );
}
