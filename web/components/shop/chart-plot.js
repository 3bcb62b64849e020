import { i18n, t, tn } from '../../core/context.js';
import { fill, h, svg } from '../../core/element.js';
import { areaPath, bandPath, frameOf, linePath, nearest, plan, thin } from '../../core/chart.js';
import { won } from '../../core/format.js';

/**
 * @typedef {import('../../core/types.js').Chart} Chart
 * @typedef {import('../../core/types.js').ChartPoint} ChartPoint
 */

/** A point needs so many pixels to be told from its neighbour. */
const LEAST_PX = 3;
const YEAR_MS = 300 * 86_400_000;

/** @param {string} at @returns {string} the day as the market counts it, wherever the reader is */
export function chartDay(at) {
  return new Intl.DateTimeFormat(i18n.lang.value, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(at),
  );
}

/** @param {number} day @param {number} span ms */
function tickLabel(day, span) {
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = span > YEAR_MS ? { year: '2-digit', month: 'short' } : { month: 'short', day: 'numeric' };
  return new Intl.DateTimeFormat(i18n.lang.value, { ...parts, timeZone: 'UTC' }).format(new Date(day));
}

/** @param {number} price */
function shortPrice(price) {
  return new Intl.NumberFormat(i18n.lang.value, {
    notation: 'compact',
    maximumSignificantDigits: 4,
  }).format(price);
}

/** @param {ChartPoint} point */
export function highLow({ high, low }) {
  return high === low ? won(high) : t('chart.span', { low: won(low), high: won(high) });
}

/** @param {ChartPoint} point @returns {string} the same as the tooltip, in one sentence */
function spoken(point) {
  return [chartDay(point.at), won(point.price), highLow(point), tn('chart.volume', point.volume)].join(', ');
}

/** @param {string} name @param {string} d */
const path = (name, d) => svg('path', { class: name, d });

/** @param {string} name @param {number} x @param {number} y @param {string} text @param {string} anchor */
function label(name, x, y, text, anchor) {
  const node = svg('text', { class: name, x: x.toFixed(1), y: y.toFixed(1), 'text-anchor': anchor });
  node.append(text);
  return node;
}

/** @param {string} name @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function line(name, x1, y1, x2, y2) {
  const [a, b, c, d] = [x1, y1, x2, y2].map((n) => n.toFixed(1));
  return svg('line', { class: name, x1: `${a}`, y1: `${b}`, x2: `${c}`, y2: `${d}` });
}

/**
 * The picture itself, in the pixels that it has, with a crosshair for mouse, finger and arrow keys. To those
 * who don't see it, it is a slider that says each point.
 *
 * @param {AbortSignal} signal
 */
export function chartPlot(signal) {
  const picture = svg('svg', { class: 'chart-picture', 'aria-hidden': 'true', focusable: 'false' });
  const tip = h('div', { class: 'chart-tip', 'aria-hidden': 'true', hidden: true });
  const element = h(
    'div',
    { class: 'chart-plot', role: 'slider', tabindex: '0', 'aria-orientation': 'horizontal' },
    picture,
    tip,
  );
  const hair = svg('g', { class: 'chart-hair' });
  /** @type {Chart|null} */
  let chart = null;
  /** @type {import('../../core/chart.js').Spot[]} */
  let spots = [];
  let frame = frameOf(0, 0);
  let at = -1;

  /** @param {number} index -1 takes it away */
  const point = (index) => {
    at = Math.min(index, spots.length - 1);
    const spot = spots[at];
    tip.hidden = !spot;
    hair.replaceChildren();
    if (!spot) return;
    hair.append(
      line('chart-hair-line', spot.x, frame.top, spot.x, frame.floor),
      svg('circle', { class: 'chart-dot', cx: spot.x.toFixed(1), cy: spot.y.toFixed(1), r: '4.5' }),
    );
    fill(
      tip,
      h('span', { class: 'chart-tip-day' }, chartDay(spot.point.at)),
      h('strong', { class: 'number' }, won(spot.point.price)),
      spot.point.high === spot.point.low ? null : h('span', { class: 'number' }, highLow(spot.point)),
      h('span', null, tn('chart.volume', spot.point.volume)),
    );
    // The tooltip keeps away from the point, and inside the picture.
    const left = spot.x > frame.width / 2;
    tip.classList.toggle('is-left', left);
    tip.style.setProperty('--x', `${(left ? spot.x - 12 : spot.x + 12).toFixed(0)}px`);
    say();
  };

  const say = () => {
    const spot = spots[at] ?? spots.at(-1);
    element.setAttribute('aria-valuemin', '1');
    element.setAttribute('aria-valuemax', String(Math.max(1, spots.length)));
    element.setAttribute('aria-valuenow', String(at < 0 ? Math.max(1, spots.length) : at + 1));
    if (spot) element.setAttribute('aria-valuetext', spoken(spot.point));
  };

  const draw = () => {
    const { width, height } = element.getBoundingClientRect();
    if (!chart || chart.points.length === 0 || width < 80 || height < 80) return;
    frame = frameOf(Math.round(width), Math.round(height));
    const points = thin(chart.points, Math.floor((frame.end - frame.start) / LEAST_PX));
    const drawn = plan({ points, from: chart.from, now: Date.now(), retail: chart.retail_price, frame });
    spots = drawn.spots;
    const span = (drawn.days.at(-1)?.value ?? 0) - (drawn.days[0]?.value ?? 0);
    const only = spots.length === 1 ? spots[0] : null;
    picture.setAttribute('viewBox', `0 0 ${frame.width} ${frame.height}`);
    picture.replaceChildren(
      ...drawn.prices.flatMap(({ value, y }) => [
        line('chart-grid', frame.start, y, frame.end, y),
        label('chart-label', frame.width - 2, y + 4, shortPrice(value), 'end'),
      ]),
      ...drawn.days.map(({ value, x }) =>
        label('chart-label', x, frame.height - 6, tickLabel(value, span), 'middle'),
      ),
      ...spots.map(({ x, bar }) =>
        svg('rect', {
          class: 'chart-bar',
          x: (x - drawn.barWidth / 2).toFixed(1),
          y: (frame.floor - bar).toFixed(1),
          width: drawn.barWidth.toFixed(1),
          height: bar.toFixed(1),
        }),
      ),
      line('chart-floor', frame.start, frame.floor, frame.end, frame.floor),
      path('chart-area', spots.length > 1 ? areaPath(spots, frame.bottom) : ''),
      path('chart-band', bandPath(spots)),
      path('chart-line', linePath(spots)),
      ...(drawn.retail === null
        ? []
        : [line('chart-retail', frame.start, drawn.retail, frame.end, drawn.retail)]),
      ...(only
        ? [svg('circle', { class: 'chart-dot', cx: only.x.toFixed(1), cy: only.y.toFixed(1), r: '4.5' })]
        : []),
      hair,
    );
    element.dataset['points'] = String(spots.length);
    point(at);
    say();
  };

  /** @param {PointerEvent} event */
  const follow = (event) => point(nearest(spots, event.clientX - element.getBoundingClientRect().left));
  element.addEventListener('pointerdown', follow);
  element.addEventListener('pointermove', follow);
  element.addEventListener('pointerleave', (event) => {
    // A lifted finger has not gone anywhere: one can read what it pointed at.
    if (event.pointerType === 'mouse' && document.activeElement !== element) point(-1);
  });
  element.addEventListener('blur', () => point(-1));
  element.addEventListener('focus', () => {
    if (at < 0 && element.matches(':focus-visible')) point(spots.length - 1);
  });
  element.addEventListener('keydown', (event) => {
    const here = at < 0 ? spots.length : at;
    /** @type {Record<string, number>} */
    const moves = {
      ArrowLeft: here - 1,
      ArrowDown: here - 1,
      ArrowRight: here + 1,
      ArrowUp: here + 1,
      PageDown: here - 10,
      PageUp: here + 10,
      Home: 0,
      End: spots.length - 1,
    };
    if (event.key === 'Escape' && at >= 0) {
      event.preventDefault();
      return point(-1);
    }
    const goal = moves[event.key];
    if (goal === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    point(Math.max(0, Math.min(spots.length - 1, goal)));
  });

  const watcher = new ResizeObserver(draw);
  watcher.observe(element);
  signal.addEventListener('abort', () => watcher.disconnect());

  return {
    element,
    /** @param {Chart} next @param {string} name what the slider is called */
    show: (next, name) => {
      chart = next;
      at = -1;
      element.setAttribute('aria-label', name);
      draw();
    },
  };
}
