/**
 * On which side of its dot the name of a product stands. Pure.
 *
 * @typedef {'left'|'right'} Side
 */

/** From here on the words wouldn't fit to the right. */
const FAR = 0.55;
/** Names at heights that differ by less would lie over each other. */
const NEAR = 0.1;
/** So much room a name needs at least, as a part of the picture. */
const ROOM = 0.3;

/**
 * Towards the middle, where there is most room; of two at about the same height each away from the other.
 *
 * @param {readonly {x: number, y: number}[]} spots 0…1 of the picture
 * @returns {Side[]}
 */
export function sidesOf(spots) {
  return spots.map((spot, i) => {
    /** @type {Side} */
    const usual = spot.x > FAR ? 'left' : 'right';
    const other = spots.find((each, k) => k !== i && Math.abs(each.y - spot.y) < NEAR);
    if (!other) return usual;
    const away = spot.x > other.x ? 'right' : 'left';
    const room = away === 'right' ? 1 - spot.x : spot.x;
    return room >= ROOM ? away : usual;
  });
}
