import { bestFor } from './book.js';

/**
 * What a price means in front of a book: a trade now, a bid that rests, or nothing yet. Pure; the server
 * decides, this only tells the person beforehand.
 *
 * @typedef {import('./types.js').Side} Side
 *
 * @typedef {(
 *   | {kind: 'now', price: number, crossed: boolean}
 *   | {kind: 'bid', price: number}
 *   | {kind: 'nobody'}
 *   | {kind: 'incomplete'}
 *   | {kind: 'off-tick', below: number, above: number}
 *   | {kind: 'too-high'}
 * )} Plan
 */

export const MAX_PRICE = 1_000_000_000;

/** Days a bid may rest. */
export const EXPIRIES = [1, 3, 7, 14, 30, 60];
export const DEFAULT_EXPIRY = 30;

/**
 * @param {object} wish
 * @param {Side} wish.side
 * @param {boolean} wish.now trade at the book's price, whatever is typed
 * @param {number|null} wish.typed
 * @param {number} wish.tick
 * @param {{purchase_price: number|null, sales_price: number|null}} wish.book
 * @returns {Plan}
 */
export function planTrade({ side, now, typed, tick, book }) {
  const best = bestFor(book, side);
  if (now) return best === null ? { kind: 'nobody' } : { kind: 'now', price: best, crossed: false };
  if (typed === null || typed <= 0) return { kind: 'incomplete' };
  if (typed > MAX_PRICE) return { kind: 'too-high' };
  if (typed % tick !== 0) {
    const below = Math.floor(typed / tick) * tick;
    return { kind: 'off-tick', below: Math.max(below, tick), above: below + tick };
  }
  const crosses = best !== null && (side === 'purchase' ? typed >= best : typed <= best);
  return crosses ? { kind: 'now', price: best, crossed: true } : { kind: 'bid', price: typed };
}

/**
 * The next price one step away. From a price between two ticks the step leads onto the tick.
 *
 * @param {number|null} price
 * @param {number} tick
 * @param {1|-1} direction
 */
export function step(price, tick, direction) {
  if (price === null) return tick;
  const onto = direction > 0 ? Math.floor(price / tick) + 1 : Math.ceil(price / tick) - 1;
  return Math.min(MAX_PRICE, Math.max(tick, onto * tick));
}

/**
 * A price to start from: one step ahead of one's own side, so that the bid stands first, but never across
 * the spread; the last trade where that side is empty.
 *
 * @param {object} facts
 * @param {Side} facts.side
 * @param {number} facts.tick
 * @param {{purchase_price: number|null, sales_price: number|null, last_trade: {price: number}|null}} facts.book
 * @returns {number|null}
 */
export function suggestPrice({ side, tick, book }) {
  const { purchase_price: ask, sales_price: bid, last_trade: last } = book;
  const own = side === 'purchase' ? bid : ask;
  const other = side === 'purchase' ? ask : bid;
  const direction = side === 'purchase' ? 1 : -1;
  if (own !== null) {
    const ahead = step(own, tick, direction);
    return other !== null && (other - ahead) * direction <= 0 ? own : ahead;
  }
  if (other !== null) return step(other, tick, direction === 1 ? -1 : 1);
  return last ? Math.max(tick, Math.round(last.price / tick) * tick) : null;
}

/** @param {number} price @param {number|null} last @returns {number|null} difference in percent, rounded */
export function offLast(price, last) {
  return last ? Math.round(((price - last) / last) * 100) : null;
}
