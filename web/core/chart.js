/**
 * The geometry of a price chart: scales, ticks, paths. Pure; it knows numbers and no document.
 *
 * @typedef {import('./types.js').ChartPoint} ChartPoint
 */

export const RANGES = /** @type {const} */ (['1m', '3m', '6m', '1y', 'all']);
/** @typedef {typeof RANGES[number]} Range */
/** @type {Range} */
export const DEFAULT_RANGE = '3m';

/** @param {string|null} text from the address @returns {Range} */
export function rangeOf(text) {
  return RANGES.find((known) => known === text) ?? DEFAULT_RANGE;
}

/**
 * A step that people count in: 1, 2, 2.5 or 5 times a power of ten, never less than one.
 *
 * @param {number} span
 * @param {number} count how many steps are wanted at most
 */
export function niceStep(span, count) {
  const raw = Math.max(1, span / Math.max(1, count));
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 2.5, 5, 10].find((known) => known * power >= raw - 1e-9) ?? 10;
  return Math.ceil(factor * power);
}

/**
 * @param {number} min
 * @param {number} max
 * @param {number} count
 * @returns {{low: number, high: number, ticks: number[]}} bounds that are ticks themselves; never empty
 */
export function niceTicks(min, max, count) {
  // A price that never moved still needs room above and below.
  const pad = max > min ? 0 : Math.max(1, Math.abs(max) * 0.05);
  const step = niceStep(max - min + 2 * pad, count);
  const low = Math.max(0, Math.floor((min - pad) / step) * step);
  const high = Math.max(low + step, Math.ceil((max + pad) / step) * step);
  const ticks = [];
  for (let tick = low; tick <= high; tick += step) ticks.push(tick);
  return { low, high, ticks };
}

/** @param {number} from @param {number} to @param {number} start @param {number} end */
export function scale(from, to, start, end) {
  const span = to - from;
  return (/** @type {number} */ value) =>
    span === 0 ? (start + end) / 2 : start + ((value - from) / span) * (end - start);
}

const DAY = 86_400_000;

/** @param {string} day `2026-11-21`, or a whole time */
export function dayOf(day) {
  return Math.floor(Date.parse(day) / DAY) * DAY;
}

/**
 * @param {number} from ms
 * @param {number} to ms
 * @param {number} count
 * @returns {number[]} days at even distances, the first one a little inside so that its label has room
 */
export function dayTicks(from, to, count) {
  const days = Math.round((to - from) / DAY);
  if (days <= 0) return [from];
  const n = Math.max(1, Math.min(count, days));
  const step = days / n;
  const found = Array.from({ length: n }, (_, i) => from + Math.round(step * (i + 0.5)) * DAY);
  return [...new Set(found)].filter((day) => day <= to);
}

/**
 * Fewer points for a narrow screen: neighbours become one, and nothing that was traded is lost.
 *
 * @param {ChartPoint[]} points oldest first
 * @param {number} most
 * @returns {ChartPoint[]}
 */
export function thin(points, most) {
  if (points.length <= most || most < 1) return points;
  return Array.from({ length: most }, (_, i) => {
    const part = points.slice(
      Math.floor((i * points.length) / most),
      Math.floor(((i + 1) * points.length) / most),
    );
    const last = /** @type {ChartPoint} */ (part.at(-1));
    return {
      at: last.at,
      price: last.price,
      high: Math.max(...part.map((point) => point.high)),
      low: Math.min(...part.map((point) => point.low)),
      volume: part.reduce((sum, point) => sum + point.volume, 0),
    };
  });
}

/** The retail price is drawn unless it would press the prices into a thinner strip than this. */
const LEAST_SHARE = 0.4;

/**
 * @param {number} min
 * @param {number} max
 * @param {number|null} retail
 * @returns {boolean} the retail price fits into the same picture
 */
export function retailFits(min, max, retail) {
  if (retail === null) return false;
  const low = Math.min(min, retail);
  const high = Math.max(max, retail);
  const own = Math.max(max - min, max * 0.05);
  return high - low <= own || own / (high - low) >= LEAST_SHARE;
}

/**
 * @typedef {object} Frame
 * @property {number} width
 * @property {number} height
 * @property {number} start left of it stands nothing
 * @property {number} end right of it stand the prices
 * @property {number} top
 * @property {number} bottom below it stand the bars
 * @property {number} floor below it stand the days
 */

/**
 * @param {number} width
 * @param {number} height
 * @returns {Frame}
 */
export function frameOf(width, height) {
  const floor = height - 24;
  return { width, height, start: 2, end: width - 52, top: 10, bottom: floor - 48, floor };
}

/** @typedef {{point: ChartPoint, x: number, y: number, high: number, low: number, bar: number}} Spot */

/**
 * Where everything lies.
 *
 * @param {object} facts
 * @param {ChartPoint[]} facts.points oldest first, at least one
 * @param {string|null} facts.from where the range begins
 * @param {number} facts.now ms
 * @param {number|null} facts.retail
 * @param {Frame} facts.frame
 */
export function plan({ points, from, now, retail, frame }) {
  const first = /** @type {ChartPoint} */ (points[0]);
  const last = /** @type {ChartPoint} */ (points.at(-1));
  const begin = Math.min(dayOf(first.at), from ? dayOf(from) : Infinity);
  const end = Math.max(dayOf(last.at), Math.floor(now / DAY) * DAY);
  const min = Math.min(...points.map((point) => point.low));
  const max = Math.max(...points.map((point) => point.high));
  const withRetail = retail !== null && retailFits(min, max, retail);
  const prices = niceTicks(
    withRetail ? Math.min(min, retail) : min,
    withRetail ? Math.max(max, retail) : max,
    Math.max(2, Math.floor((frame.bottom - frame.top) / 40)),
  );
  const x = scale(begin, end, frame.start + 4, frame.end - 4);
  const y = scale(prices.low, prices.high, frame.bottom, frame.top);
  const most = Math.max(1, ...points.map((point) => point.volume));
  const tall = frame.floor - frame.bottom - 12;
  /** @type {Spot[]} */
  const spots = points.map((point) => ({
    point,
    x: x(dayOf(point.at)),
    y: y(point.price),
    high: y(point.high),
    low: y(point.low),
    bar: point.volume === 0 ? 0 : Math.max(1.5, (point.volume / most) * tall),
  }));
  const gap = spots.length > 1 ? (frame.end - frame.start) / Math.max(spots.length, (end - begin) / DAY) : 12;
  return {
    spots,
    barWidth: Math.min(12, Math.max(1.5, gap * 0.7)),
    prices: prices.ticks.map((value) => ({ value, y: y(value) })),
    days: dayTicks(begin, end, Math.max(2, Math.floor((frame.end - frame.start) / 110))).map((value) => ({
      value,
      x: x(value),
    })),
    retail: withRetail ? y(retail) : null,
  };
}

/** @param {number} n */
const short = (n) => String(Math.round(n * 10) / 10);

/** @param {{x: number, y: number}[]} spots @returns {string} the d of a path */
export function linePath(spots) {
  return spots.map(({ x, y }, i) => `${i ? 'L' : 'M'}${short(x)} ${short(y)}`).join('');
}

/** @param {{x: number, y: number}[]} spots @param {number} bottom */
export function areaPath(spots, bottom) {
  const [first] = spots;
  const last = spots.at(-1);
  if (!first || !last) return '';
  return `${linePath(spots)}L${short(last.x)} ${short(bottom)}L${short(first.x)} ${short(bottom)}Z`;
}

/** Between the highest and the lowest trade of each day. @param {{x: number, high: number, low: number}[]} spots */
export function bandPath(spots) {
  if (spots.length < 2) return '';
  const above = spots.map(({ x, high }) => ({ x, y: high }));
  const below = spots.map(({ x, low }) => ({ x, y: low })).reverse();
  return `${linePath([...above, ...below])}Z`;
}

/** @param {{x: number}[]} spots in order @param {number} x @returns {number} index of the nearest, -1 without any */
export function nearest(spots, x) {
  let low = 0;
  let high = spots.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const left = /** @type {{x: number}} */ (spots[middle]).x;
    const right = /** @type {{x: number}} */ (spots[middle + 1]).x;
    if (x - left <= right - x) high = middle;
    else low = middle + 1;
  }
  return spots.length === 0 ? -1 : low;
}
