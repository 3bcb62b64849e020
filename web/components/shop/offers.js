import { bestFor } from '../../core/book.js';
import { api } from '../../core/context.js';
import { Store } from '../../core/store.js';

/**
 * @typedef {import('../../core/types.js').Side} Side
 * @typedef {import('../../core/types.js').Book} Book
 * @typedef {import('../../core/types.js').Quote} Quote
 *
 * What this person would trade at right now: the best bid of the other side that is not their own.
 * @typedef {{product: number, purchase: number|null, sales: number|null}} Now
 */

/**
 * The book shows everybody's bids, one's own included, and nobody trades with themselves: only the server can
 * say whose is whose. It is asked again whenever the book moves.
 *
 * @param {AbortSignal} signal
 */
export function offers(signal) {
  /** @type {Store<Now|null>} */
  const now = new Store(/** @type {Now|null} */ (null));
  let asking = new AbortController();
  let seen = '';

  /** @param {number} product @param {Book} book @param {boolean} [again] though the book stands still */
  const read = async (product, book, again = false) => {
    const what = `${product} ${book.version}`;
    if (what === seen && !again) return;
    seen = what;
    asking.abort();
    asking = new AbortController();
    const both = AbortSignal.any([signal, asking.signal]);
    if (now.value?.product !== product) now.set(null);
    /** @param {Side} side @returns {Promise<number|null>} */
    const ask = async (side) => {
      // An empty side offers nothing to anybody.
      if (bestFor(book, side) === null) return null;
      /** @type {Quote} */
      const quote = await api.get(`/api/shop/products/${product}/quote/?type=${side}`, { signal: both });
      return quote.price;
    };
    try {
      const [purchase, sales] = await Promise.all([ask('purchase'), ask('sales')]);
      if (!both.aborted) now.set({ product, purchase, sales });
    } catch {
      // The next move of the book asks again; until then its own prices are shown.
      if (!both.aborted) seen = '';
    }
  };

  return { now, read };
}
