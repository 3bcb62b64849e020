import { api, explain, i18n, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { percent, won } from '../../core/format.js';
import { wait } from '../../core/backoff.js';
import { Problem } from '../../core/problem.js';
import { notice } from '../form.js';

/**
 * @typedef {import('../../core/types.js').Quote} Quote
 * @typedef {import('../../core/types.js').Side} Side
 */

const TYPING_MS = 150;

/**
 * What a price comes to, fees included, before anybody commits to it. The rows keep their place while the
 * server is asked, so nothing jumps.
 *
 * @param {object} options
 * @param {number} options.product
 * @param {AbortSignal} options.signal
 * @param {'inside'|'apart'|'brief'} [options.sum] apart: a part of its own, to stand where it is always in
 *   sight; brief: there with all of it in two lines
 * @param {(quote: Quote|null) => void} [options.onquote] told what is shown now; null while that is not known
 */
export function quoteView({ product, signal, sum: place = 'inside', onquote = () => {} }) {
  const price = h('dd', { class: 'number' });
  const feeLabel = h('dt');
  const fee = h('dd', { class: 'number' });
  const sum = h('dd', { class: 'number' });
  const sumLabel = h('dt');
  const brief = h('dd', { class: 'number' });
  const sumRow = h('div', { class: 'facts-sum' }, sumLabel, sum);
  const total = h(
    'dl',
    { class: 'facts quote-sum', 'aria-live': 'polite' },
    place === 'inside' ? null : sumRow,
    place === 'brief'
      ? h('div', { class: 'quote-brief' }, h('dt', { class: 'unseen' }, t('quote.fee')), brief)
      : null,
  );
  const list = h(
    'dl',
    { class: 'facts quote', 'aria-live': 'polite' },
    h('div', null, h('dt', null, t('quote.price')), price),
    h('div', null, feeLabel, fee),
    place === 'inside' ? sumRow : null,
  );
  const trouble = h('div', { class: 'form-alert', role: 'alert' });
  const element = h('div', { class: 'quote-view' }, place === 'brief' ? null : list, trouble);
  let asking = new AbortController();
  let shown = '';

  /** @param {Side} side @param {Quote|null} quote @param {number|null} asked */
  const show = (side, quote, asked) => {
    price.textContent = asked === null ? '–' : won(asked);
    feeLabel.textContent =
      quote?.fee_bps === undefined
        ? t('quote.fee')
        : t('trade.fee_rate', { rate: percent(quote.fee_bps, i18n.lang.value) });
    fee.textContent = quote ? won(quote.fee) : '–';
    sumLabel.textContent = t(side === 'purchase' ? 'quote.total' : 'quote.payout');
    const amount = side === 'purchase' ? quote?.total : quote?.payout;
    sum.textContent = amount == null ? '–' : won(amount);
    brief.textContent =
      quote && asked !== null
        ? t(side === 'purchase' ? 'trade.brief_buy' : 'trade.brief_sell', {
            price: won(asked),
            fee:
              quote.fee_bps === undefined
                ? won(quote.fee)
                : `${won(quote.fee)} (${percent(quote.fee_bps, i18n.lang.value)})`,
          })
        : '';
    fill(trouble);
    onquote(quote);
  };

  /** @param {boolean} stale */
  const mark = (stale) => {
    list.classList.toggle('is-stale', stale);
    total.classList.toggle('is-stale', stale);
  };

  /** @param {Side} side @param {number|null} asked */
  const update = async (side, asked) => {
    const what = `${side} ${asked}`;
    if (what === shown) return;
    shown = what;
    asking.abort();
    if (asked === null) {
      mark(false);
      show(side, null, null);
      return;
    }
    price.textContent = won(asked);
    sumLabel.textContent = t(side === 'purchase' ? 'quote.total' : 'quote.payout');
    mark(true);
    onquote(null);
    asking = new AbortController();
    const both = AbortSignal.any([signal, asking.signal]);
    await wait(TYPING_MS, both);
    if (both.aborted) return;
    try {
      const query = new URLSearchParams({ type: side, price: String(asked) });
      /** @type {Quote} */
      const quote = await api.get(`/api/shop/products/${product}/quote/?${query}`, { signal: both });
      if (both.aborted) return;
      mark(false);
      show(side, quote, asked);
    } catch (error) {
      if (both.aborted) return;
      mark(false);
      show(side, null, asked);
      shown = '';
      const again = h(
        'button',
        { type: 'button', class: 'link-button', onclick: () => update(side, asked) },
        t('action.retry'),
      );
      fill(trouble, notice('bad', explain(Problem.from(error)), ' ', again));
    }
  };

  return { element, total, update };
}
