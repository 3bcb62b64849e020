import { i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { day, won } from '../../core/format.js';
import { notice } from '../form.js';
import { quoteView } from './quote.js';
import { tradedSize } from './size-picker.js';

/** @typedef {import('./trade-sheet.js').TradeSheet} TradeSheet */
/** @typedef {import('./trade-sheet.js').Deal} Deal */
/** @typedef {import('./trade-sheet.js').Note} Note */
/** @typedef {import('../../core/i18n.js').MessageKey} MessageKey */

/** @param {Deal} deal @returns {MessageKey} */
function verb({ kind, side }) {
  if (kind === 'bid') return side === 'purchase' ? 'trade.do_bid' : 'trade.do_ask';
  return side === 'purchase' ? 'trade.do_buy' : 'trade.do_sell';
}

/** @param {Deal} deal @returns {string} */
export function wayName({ kind, side }) {
  if (kind === 'store') return t('trade.store');
  if (kind === 'now') return t(side === 'purchase' ? 'trade.now_buy' : 'trade.now_sell');
  return t(side === 'purchase' ? 'trade.bid_buy' : 'trade.bid_sell');
}

/**
 * Everything once more, in one look, before it binds. With a doubt it is the second confirmation.
 *
 * @param {TradeSheet} sheet
 * @param {Deal} deal
 * @param {{note: Note|null, doubt: string|null}} how
 */
export function confirmStep(sheet, deal, { note, doubt }) {
  const store = deal.kind === 'store';
  /** @type {number|null} */
  let fee = null;
  const label = t(verb(deal), { price: won(deal.price) });
  const go = h(
    'button',
    {
      type: 'button',
      class: deal.side === 'purchase' ? 'button button-accent' : 'button button-ink',
      // Until it is known what it comes to there is nothing to agree to.
      disabled: true,
      onclick: async () => {
        if (fee === null || go.getAttribute('aria-busy') === 'true') return;
        go.setAttribute('aria-busy', 'true');
        await sheet.submit(deal, fee, doubt !== null);
        go.removeAttribute('aria-busy');
      },
    },
    doubt ? t('trade.sure_yes', { price: won(deal.price) }) : label,
  );
  const quote = quoteView({
    product: sheet.product.id,
    signal: sheet.signal,
    sum: 'apart',
    onquote: (shown) => {
      fee = shown ? shown.fee : null;
      go.disabled = fee === null;
    },
  });
  quote.update(deal.side, deal.price);
  const back = h(
    'button',
    { type: 'button', class: 'button button-line', onclick: () => (store ? sheet.close() : sheet.form()) },
    t(doubt && deal.kind === 'bid' ? 'trade.sure_no' : store ? 'action.cancel' : 'action.back'),
  );
  const until = new Date(Date.now() + deal.days * 86_400_000).toISOString();
  return h(
    'div',
    { class: 'stack' },
    doubt ? h('div', { role: 'alert' }, notice('warn', doubt)) : null,
    note ? h('div', { role: 'alert' }, notice(note.tone, note.text)) : null,
    h(
      'dl',
      { class: 'facts' },
      h('div', null, h('dt', null, t('trade.way')), h('dd', null, wayName(deal))),
      h('div', null, h('dt', null, t('trade.size')), h('dd', null, tradedSize(sheet.product.size))),
      deal.kind === 'bid'
        ? h('div', null, h('dt', null, t('trade.expiry')), h('dd', null, day(until, i18n.lang.value)))
        : null,
    ),
    quote.element,
    h('p', { class: 'muted small' }, t(deal.kind === 'bid' ? 'trade.rule_bid' : 'trade.rule_now')),
    h(
      'div',
      { class: 'dialog-foot trade-foot' },
      quote.total,
      h('div', { class: 'dialog-actions' }, back, go),
    ),
  );
}
