/**
 * Reading an order book. Pure.
 *
 * @typedef {import('./types.js').Book} Book
 * @typedef {import('./types.js').Side} Side
 */

/**
 * Answers and pushes may overtake each other; the version says which one is newer.
 *
 * @param {Book|null} present
 * @param {Book} incoming
 * @returns {Book} the one to show
 */
export function newerBook(present, incoming) {
  if (!present || present.product !== incoming.product) return incoming;
  return incoming.version < present.version ? present : incoming;
}

/**
 * @param {Pick<Book, 'purchase_price'|'sales_price'>} book
 * @param {Side} side
 * @returns {number|null} what this side trades at right now
 */
export function bestFor(book, side) {
  return side === 'purchase' ? book.purchase_price : book.sales_price;
}

/**
 * The merged book of all sizes can be crossed: a bid for one size above an ask for another. That is no spread.
 *
 * @param {Book} book
 * @returns {number|null} lowest ask minus highest bid
 */
export function spread(book) {
  const ask = book.asks[0]?.price;
  const bid = book.bids[0]?.price;
  return ask === undefined || bid === undefined || ask < bid ? null : ask - bid;
}

/** @typedef {{price: number, count: number, sum: number}} Step  `sum`: at this price or a better one. */

/** @param {import('./types.js').Level[]} levels best first @returns {Step[]} */
export function cumulate(levels) {
  let sum = 0;
  return levels.map(({ price, count }) => {
    sum += count;
    return { price, count, sum };
  });
}
