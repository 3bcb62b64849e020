import { api, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { won } from '../../core/format.js';
import { wait } from '../../core/backoff.js';

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
 */
export function quoteView({ product, signal }) {
  const price = h('dd', { class: 'number' });
  const fee = h('dd', { class: 'number' });
  const sum = h('dd', { class: 'number' });
  const sumLabel = h('dt');
  const element = h(
    'dl',
    { class: 'facts quote', 'aria-live': 'polite' },
    h('div', null, h('dt', null, t('quote.price')), price),
    h('div', null, h('dt', null, t('quote.fee')), fee),
    h('div', { class: 'facts-sum' }, sumLabel, sum),
  );
  let asking = new AbortController();
  let shown = '';

  /** @param {Side} side @param {Quote|null} quote @param {number|null} asked */
  const show = (side, quote, asked) => {
    price.textContent = asked === null ? '–' : won(asked);
    fee.textContent = quote ? won(quote.fee) : '–';
    sumLabel.textContent = t(side === 'purchase' ? 'quote.total' : 'quote.payout');
    const total = side === 'purchase' ? quote?.total : quote?.payout;
    sum.textContent = total == null ? '–' : won(total);
  };

  /** @param {Side} side @param {number|null} asked */
  const update = async (side, asked) => {
    const what = `${side} ${asked}`;
    if (what === shown) return;
    shown = what;
    asking.abort();
    if (asked === null) {
      show(side, null, null);
      return;
    }
    price.textContent = won(asked);
    element.classList.add('is-stale');
    asking = new AbortController();
    const both = AbortSignal.any([signal, asking.signal]);
    await wait(TYPING_MS, both);
    if (both.aborted) return;
    try {
      const query = new URLSearchParams({ type: side, price: String(asked) });
      /** @type {Quote} */
      const quote = await api.get(`/api/shop/products/${product}/quote/?${query}`, { signal: both });
      if (both.aborted) return;
      show(side, quote, asked);
      element.classList.remove('is-stale');
    } catch {
      // The sheet says what is wrong with a price; here it stays open what it would cost.
      if (both.aborted) return;
      show(side, null, asked);
      shown = '';
    }
  };

  return { element, update };
}
