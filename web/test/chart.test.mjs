import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  areaPath,
  bandPath,
  dayOf,
  dayTicks,
  frameOf,
  linePath,
  nearest,
  niceStep,
  niceTicks,
  plan,
  rangeOf,
  retailFits,
  scale,
  thin,
} from '../core/chart.js';

const DAY = 86_400_000;

/** @param {number} day of January @param {number} price @param {number} [volume] */
const point = (day, price, volume = 1) => ({
  at: `2026-01-${String(day).padStart(2, '0')}`,
  price,
  high: price + 2_000,
  low: price - 1_000,
  volume,
});

const days = Array.from({ length: 30 }, (_, i) => point(i + 1, 100_000 + i * 1_000, i % 4));

test('an address names a known range, or gets the usual one', () => {
  assert.equal(rangeOf('1y'), '1y');
  for (const text of [null, '', '2w', 'ALL']) assert.equal(rangeOf(text), '3m');
});

test('steps are numbers that people count in, and never below one won', () => {
  assert.equal(niceStep(0, 5), 1);
  assert.equal(niceStep(3, 5), 1);
  assert.equal(niceStep(10_000, 5), 2_000);
  assert.equal(niceStep(11_000, 5), 2_500);
  assert.equal(niceStep(40_000, 5), 10_000);
  assert.equal(niceStep(12, 5), 3, 'two and a half won do not exist');
});

test('ticks enclose what they are for, at even distances', () => {
  for (const [min, max] of [
    [101_000, 148_000],
    [99_000, 99_000],
    [1, 1_000_000_000],
    [1, 2],
    [0, 0],
  ]) {
    const { low, high, ticks } = niceTicks(min ?? 0, max ?? 0, 5);
    assert.ok(low <= (min ?? 0) && high >= (max ?? 0), `${min}…${max}`);
    assert.ok(high > low && low >= 0);
    assert.equal(ticks[0], low);
    assert.equal(ticks.at(-1), high);
    assert.ok(ticks.length >= 2 && ticks.length <= 8, `${ticks.length} ticks for ${min}…${max}`);
    const steps = ticks.slice(1).map((tick, i) => tick - (ticks[i] ?? 0));
    assert.equal(new Set(steps).size, 1);
  }
});

test('a scale maps both ends, and a span of nothing to the middle', () => {
  const y = scale(100, 200, 300, 0);
  assert.deepEqual([y(100), y(150), y(200)], [300, 150, 0]);
  assert.equal(scale(5, 5, 0, 80)(5), 40);
});

test('day ticks are whole days within the range', () => {
  const from = dayOf('2026-01-01');
  const to = dayOf('2026-03-31');
  const ticks = dayTicks(from, to, 5);
  assert.equal(ticks.length, 5);
  for (const tick of ticks) {
    assert.equal(tick % DAY, 0);
    assert.ok(tick >= from && tick <= to);
  }
  assert.deepEqual(dayTicks(from, from, 5), [from]);
  assert.equal(dayTicks(from, from + 2 * DAY, 5).length, 2);
  assert.equal(dayOf('2026-01-01T23:59:59Z'), from);
});

test('fewer points lose no trade, no extreme and not the last price', () => {
  const few = thin(days, 7);
  assert.equal(few.length, 7);
  const sum = (/** @type {{volume: number}[]} */ points) =>
    points.reduce((all, { volume }) => all + volume, 0);
  assert.equal(sum(few), sum(days));
  assert.equal(Math.max(...few.map(({ high }) => high)), Math.max(...days.map(({ high }) => high)));
  assert.equal(Math.min(...few.map(({ low }) => low)), Math.min(...days.map(({ low }) => low)));
  assert.equal(few.at(-1)?.price, days.at(-1)?.price);
  assert.equal(few.at(-1)?.at, days.at(-1)?.at);
  assert.equal(thin(days, 30), days);
  assert.deepEqual(thin([], 5), []);
});

test('the retail price is drawn unless it would flatten the prices', () => {
  assert.equal(retailFits(100_000, 140_000, 119_000), true);
  assert.equal(retailFits(100_000, 140_000, 90_000), true);
  assert.equal(retailFits(400_000, 410_000, 119_000), false);
  assert.equal(retailFits(100_000, 140_000, null), false);
  // A price that never moved may stand next to a retail price that is close.
  assert.equal(retailFits(120_000, 120_000, 119_000), true);
});

test('everything lies inside the frame, in order, and the same prices at the same height', () => {
  const frame = frameOf(640, 320);
  const now = dayOf('2026-02-10') + 5_000;
  const {
    spots,
    prices,
    days: ticks,
    retail,
    barWidth,
  } = plan({
    points: days,
    from: '2025-12-25',
    now,
    retail: 110_000,
    frame,
  });
  assert.equal(spots.length, days.length);
  for (const [i, { x, y, high, low, bar }] of spots.entries()) {
    assert.ok(x >= frame.start && x <= frame.end);
    assert.ok(x > (spots[i - 1]?.x ?? 0));
    assert.ok(frame.top <= high && high <= y && y <= low && low <= frame.bottom);
    assert.ok(bar >= 0 && bar <= frame.floor - frame.bottom);
  }
  assert.equal(spots[0]?.bar, 0, 'a day without a trade has no bar');
  assert.ok((spots[0]?.x ?? 0) > frame.start + 30, 'the range begins before the first trade');
  assert.ok((spots.at(-1)?.x ?? 0) < frame.end - 30, 'and ends today');
  const at110 = spots.find(({ point: { price } }) => price === 110_000);
  assert.ok(retail !== null && Math.abs(retail - (at110?.y ?? 0)) < 1e-9);
  for (const { y } of prices) assert.ok(y >= frame.top - 1e-9 && y <= frame.bottom + 1e-9);
  for (const { x } of ticks) assert.ok(x >= frame.start && x <= frame.end);
  assert.ok(barWidth >= 1.5);
});

test('one trade is a plan, too', () => {
  const frame = frameOf(320, 280);
  const { spots, prices } = plan({
    points: [point(5, 100_000)],
    from: null,
    now: dayOf('2026-01-05'),
    retail: null,
    frame,
  });
  assert.equal(spots.length, 1);
  for (const value of [spots[0]?.x, spots[0]?.y, spots[0]?.bar]) assert.ok(Number.isFinite(value));
  assert.ok(prices.length >= 2);
});

test('paths begin where the line does and close where there is an inside', () => {
  const spots = [
    { x: 1, y: 5, high: 4, low: 6 },
    { x: 11.04, y: 3, high: 2, low: 4 },
  ];
  assert.equal(linePath(spots), 'M1 5L11 3');
  assert.equal(areaPath(spots, 20), 'M1 5L11 3L11 20L1 20Z');
  assert.equal(bandPath(spots), 'M1 4L11 2L11 4L1 6Z');
  assert.equal(linePath([]), '');
  assert.equal(areaPath([], 20), '');
  assert.equal(bandPath(spots.slice(1)), '');
});

test('the crosshair takes the nearest point', () => {
  const spots = [{ x: 10 }, { x: 20 }, { x: 40 }];
  /** @type {[number, number][]} */
  const cases = [
    [-5, 0],
    [14, 0],
    [16, 1],
    [29, 1],
    [31, 2],
    [99, 2],
  ];
  for (const [x, index] of cases) assert.equal(nearest(spots, x), index, `at ${x}`);
  assert.equal(nearest([], 5), -1);
});
