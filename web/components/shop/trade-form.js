import { i18n, t } from '../../core/context.js';
import { bestFor } from '../../core/book.js';
import { fill, h, play } from '../../core/element.js';
import { day, won } from '../../core/format.js';
import { EXPIRIES, offLast, planTrade } from '../../core/trade.js';
import { notice } from '../form.js';
import { segmented } from '../segmented.js';
import { priceField } from './price-field.js';
import { quoteView } from './quote.js';

/** @typedef {import('./trade-sheet.js').TradeSheet} TradeSheet */
/** @typedef {import('./trade-sheet.js').Note} Note */
/** @typedef {import('../../core/trade.js').Plan} Plan */

/** From this distance to the last trade on, the form says so. */
const NOTABLE_PERCENT = 10;

/**
 * @param {object} options
 * @param {number|null} options.days null: nothing chosen, the bid keeps its end
 * @param {(days: number) => void} options.onchange
 */
export function expiryField({ days, onchange }) {
  const until = h('p', { class: 'field-hint' });
  const show = (/** @type {number} */ n) => {
    const end = new Date(Date.now() + n * 86_400_000).toISOString();
    until.textContent = t('trade.expiry.until', { date: day(end, i18n.lang.value) });
  };
  if (days !== null) show(days);
  return h(
    'div',
    { class: 'field' },
    segmented({
      legend: t('trade.expiry'),
      showLegend: true,
      class: 'segmented-chips',
      value: String(days ?? ''),
      options: EXPIRIES.map((n) => ({ value: String(n), label: t('trade.expiry.days', { n }) })),
      onchange: (value) => {
        show(Number(value));
        onchange(Number(value));
      },
    }),
    until,
  );
}

/**
 * The step where side, way and price are chosen.
 *
 * @param {TradeSheet} sheet
 * @param {Note|null} note
 */
export function tradeForm(sheet, note) {
  const { side } = sheet;
  const buying = side === 'purchase';
  const quote = quoteView({ product: sheet.product.id, signal: sheet.signal, sum: 'brief' });
  const hint = h('div', { class: 'trade-hint', 'aria-live': 'polite' });
  const best = h('strong', { class: 'number' });
  const other = h('strong', { class: 'number' });
  const last = h('strong', { class: 'number' });
  const go = h('button', {
    type: 'submit',
    class: buying ? 'button button-accent button-wide' : 'button button-ink button-wide',
  });
  const price = priceField({
    label: t(buying ? 'trade.price.buy' : 'trade.price.sell'),
    tick: sheet.tick,
    value: sheet.typed,
    onchange: (value) => {
      sheet.typed = value;
      refresh();
    },
  });
  const bidFields = h(
    'div',
    { class: 'stack' },
    price.element,
    expiryField({ days: sheet.days, onchange: (days) => (sheet.days = days) }),
  );
  const nowPrice = h('p', { class: 'now-price' });
  const own = h('p', { class: 'muted small', hidden: true }, t('trade.own_first'));
  let ever = false;

  /** @returns {Plan} */
  const plan = () => {
    const { market } = sheet;
    if (!market) return { kind: 'incomplete' };
    return planTrade({ side, now: sheet.now, typed: sheet.typed, tick: sheet.tick, book: market });
  };

  /** @param {Plan} what @returns {Node|null} */
  const advice = (what) => {
    if (what.kind === 'nobody') return notice('info', t(buying ? 'trade.no_ask' : 'trade.no_bid'));
    if (what.kind === 'too-high') return notice('bad', t('trade.too_high'));
    if (what.kind === 'off-tick') {
      const pick = (/** @type {number} */ value) =>
        h('button', { type: 'button', class: 'link-button', onclick: () => price.set(value) }, won(value));
      return notice(
        'warn',
        t('trade.off_tick', { step: won(sheet.tick) }),
        ' ',
        pick(what.below),
        ' · ',
        pick(what.above),
      );
    }
    if (what.kind === 'now' && what.crossed) {
      return notice(
        'warn',
        t(buying ? 'trade.crosses_buy' : 'trade.crosses_sell', { price: won(what.price) }),
      );
    }
    if (what.kind === 'bid') {
      const off = offLast(what.price, sheet.book?.last_trade?.price ?? null);
      if (off !== null && Math.abs(off) >= NOTABLE_PERCENT) {
        return notice(
          'info',
          t(off > 0 ? 'trade.above_last' : 'trade.below_last', { percent: Math.abs(off) }),
        );
      }
    }
    return null;
  };

  let advised = '';
  /** @param {Plan} what */
  const advise = (what) => {
    const node = advice(what);
    const text = node?.textContent ?? '';
    // The same advice again would be read aloud again.
    if (text === advised) return;
    advised = text;
    fill(hint, node);
  };

  const refresh = () => {
    const { book, market } = sheet;
    const what = plan();
    const money = (/** @type {number|null|undefined} */ amount) => (amount == null ? '–' : won(amount));
    best.textContent = money(book?.purchase_price);
    other.textContent = money(book?.sales_price);
    last.textContent = money(book?.last_trade?.price);
    const offer = market ? bestFor(market, side) : null;
    own.hidden = !book || !market || bestFor(book, side) === offer;
    const text = money(offer);
    if (nowPrice.textContent !== text) {
      nowPrice.textContent = text;
      if (ever) play(nowPrice, 'flash');
      ever = book !== null;
    }
    bidFields.hidden = sheet.now;
    nowPrice.hidden = !sheet.now;
    advise(what);
    const amount = what.kind === 'now' || what.kind === 'bid' ? what.price : null;
    quote.update(side, amount);
    const ready = amount !== null;
    go.disabled = !ready;
    const now = what.kind === 'now' || (!ready && sheet.now);
    const label = now
      ? buying
        ? 'trade.go_buy'
        : 'trade.go_sell'
      : buying
        ? 'trade.go_bid'
        : 'trade.go_ask';
    go.textContent = t(label);
  };

  const element = h(
    'form',
    {
      class: 'stack',
      novalidate: true,
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        const what = plan();
        if (what.kind === 'now') {
          const text = t(buying ? 'trade.crossed_buy' : 'trade.crossed_sell', { price: won(what.price) });
          sheet.confirm(
            { kind: 'now', side, price: what.price, days: sheet.days },
            { note: what.crossed ? { tone: 'info', text } : null },
          );
        } else if (what.kind === 'bid') {
          sheet.confirm({ kind: 'bid', side, price: what.price, days: sheet.days });
        }
      },
    },
    h(
      'div',
      { class: 'trade-choice' },
      segmented({
        legend: t('trade.side'),
        value: side,
        options: [
          { value: /** @type {const} */ ('purchase'), label: t('trade.buy') },
          { value: /** @type {const} */ ('sales'), label: t('trade.sell') },
        ],
        onchange: (value) => {
          sheet.side = value;
          sheet.typed = null;
          sheet.now = sheet.market !== null && bestFor(sheet.market, value) !== null;
          sheet.form();
        },
      }),
      segmented({
        legend: t('trade.way'),
        value: sheet.now ? 'now' : 'bid',
        options: [
          { value: /** @type {const} */ ('now'), label: t(buying ? 'trade.now_buy' : 'trade.now_sell') },
          { value: /** @type {const} */ ('bid'), label: t(buying ? 'trade.bid_buy' : 'trade.bid_sell') },
        ],
        onchange: (value) => {
          sheet.now = value === 'now';
          refresh();
        },
      }),
    ),
    h(
      'dl',
      { class: 'trio' },
      h('div', null, h('dt', null, t('book.lowest_ask')), h('dd', null, best)),
      h('div', null, h('dt', null, t('book.highest_bid')), h('dd', null, other)),
      h('div', null, h('dt', null, t('book.last')), h('dd', null, last)),
    ),
    own,
    note ? h('div', { role: 'alert' }, notice(note.tone, note.text)) : null,
    nowPrice,
    bidFields,
    hint,
    quote.element,
    h('div', { class: 'dialog-foot trade-foot' }, quote.total, go),
  );
  refresh();
  return { element, refresh };
}
