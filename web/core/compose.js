import { WHOLE, frameOf, isWhole, rectOf, toFrame } from './crop.js';

/**
 * A post while it is made: pictures in their order, one frame for all of them, and articles on them. Pure.
 *
 * @typedef {import('./crop.js').Crop} Crop
 * @typedef {import('./crop.js').Ratio} Ratio
 *
 * @typedef {object} Shot a picture
 * @property {string} id
 * @property {string} url where it can be seen
 * @property {number} width
 * @property {number} height
 * @property {Crop} crop
 * @property {Blob|null} file null: it is on the server already
 * @property {string|null} address on the server
 *
 * @typedef {object} Article as a list shows it
 * @property {number} info_id
 * @property {string} eng_name
 * @property {string} kor_name
 * @property {string|null} image
 * @property {number|null} purchase_price
 *
 * @typedef {Article & {shot: string|null, x: number, y: number}} Tagged  on a picture, 0…1 of the whole of it; shot null: on none
 */

export const MOST_PICTURES = 10;
export const MOST_PRODUCTS = 5;
export const MOST_LETTERS = 1_000;

/** Two frames that differ by less are the same: the server rounds. */
const NEAR = 0.005;

/**
 * @param {Shot[]} shots
 * @param {Ratio} ratio
 * @param {number|null} kept the frame that the post has, as long as nobody chose another
 * @returns {number} width by height
 */
export function frameFor(shots, ratio, kept) {
  return kept ?? frameOf(ratio, shots[0]);
}

/**
 * @template T
 * @param {readonly T[]} list
 * @param {number} from
 * @param {number} to
 * @returns {T[]} with one moved; the same order where that leads nowhere
 */
export function reordered(list, from, to) {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one === undefined || to < 0 || to >= list.length) return [...list];
  next.splice(to, 0, one);
  return next;
}

/**
 * What stays on the server as it is, and what has to be sent. The server puts what is new behind what stays, so
 * from the first new picture on all are sent.
 *
 * @param {Shot[]} shots
 * @param {number} frame
 * @param {number|null} kept the frame of those on the server
 * @returns {{keep: string[], send: Shot[]}}
 */
export function planOf(shots, frame, kept) {
  const same = kept !== null && Math.abs(kept - frame) < NEAR;
  /** @param {Shot} shot */
  const stays = ({ address, crop }) => same && address !== null && isUntouched(crop);
  const first = shots.findIndex((shot) => !stays(shot));
  const n = first < 0 ? shots.length : first;
  return { keep: shots.slice(0, n).flatMap(({ address }) => address ?? []), send: shots.slice(n) };
}

/** @param {Crop} crop */
export function isUntouched({ x, y, zoom }) {
  return x === WHOLE.x && y === WHOLE.y && zoom === WHOLE.zoom;
}

/**
 * @param {Shot} shot
 * @param {number} frame
 * @param {number} most pixels of the longer side
 * @returns {boolean} the file can be sent as it is: nothing is cut away, and nothing would be lost by drawing it anew
 */
export function sentAsItIs({ file, width, height, crop }, frame, most) {
  if (!file || !['image/gif', 'image/png'].includes(file.type)) return false;
  return (
    Math.max(width, height) <= most && isWhole({ width, height }, rectOf({ width, height }, frame, crop))
  );
}

const round = (/** @type {number} */ value) => Math.round(value * 10_000) / 10_000;

/**
 * @param {Tagged[]} tags
 * @param {Shot[]} shots
 * @param {number} frame
 * @returns {import('./style-types.js').Spot[]} as the server takes them
 */
export function spotsOf(tags, shots, frame) {
  return tags.flatMap(({ info_id, shot, x, y }) => {
    const picture = shots.findIndex(({ id }) => id === shot);
    const on = shots[picture];
    if (!on) return [];
    const place = toFrame(on, rectOf(on, frame, on.crop), { x, y });
    return [{ info_id, x: round(place.x), y: round(place.y), picture }];
  });
}
