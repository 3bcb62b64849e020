/**
 * Columns of cards that differ in height. Pure; it knows numbers and no document.
 *
 * @typedef {{key: string, height: number}} Card
 * @typedef {{column: number, top: number}} Place
 */

/** No column is narrower, unless there would be one only. */
const NARROWEST = 210;
const MOST = 6;

/** @param {number} width @param {number} gap @returns {number} at least two */
export function columnsFor(width, gap) {
  return Math.min(MOST, Math.max(2, Math.floor((width + gap) / (NARROWEST + gap))));
}

/**
 * Every card goes where there is most room, the first such column from the left. Who has a column already keeps
 * it, so that nothing that was seen changes sides when more is added, or when a card grows.
 *
 * @param {Card[]} cards in the order of reading
 * @param {{columns: number, gap: number, kept?: ReadonlyMap<string, number>}} how kept: columns of an earlier layout
 * @returns {{places: Place[], height: number}}
 */
export function lay(cards, { columns, gap, kept = new Map() }) {
  const ends = Array.from({ length: columns }, () => 0);
  const places = cards.map(({ key, height }) => {
    const known = kept.get(key);
    const column = known !== undefined && known < columns ? known : ends.indexOf(Math.min(...ends));
    const top = ends[column] ?? 0;
    ends[column] = top + height + gap;
    return { column, top };
  });
  return { places, height: Math.max(0, ...ends) - (cards.length > 0 ? gap : 0) };
}
