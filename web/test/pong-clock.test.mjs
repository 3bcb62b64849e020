import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock, TICK_MS, quantile } from '../pong/clock.js';
import { chance } from './pong-fakes.mjs';

/**
 * Snapshots of a server whose clock runs a little differently.
 *
 * @param {Clock} clock
 * @param {object} how
 * @param {number} how.from milliseconds
 * @param {number} how.to
 * @param {(now: number) => number} how.delay of one that is sent then
 * @param {number} [how.drift]
 * @param {(now: number) => void} [how.look] after each
 */
function feed(clock, { from, to, delay, drift = 0, look = () => {} }) {
  let last = 0;
  for (let sent = from; sent < to; sent += 2 * TICK_MS) {
    const at = Math.max(last, sent + delay(sent));
    last = at;
    clock.arrive((sent / TICK_MS) * (1 + drift), at);
    clock.read(at);
    look(at);
  }
}

const near = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ by) =>
  assert.ok(Math.abs(a - b) <= by, `${a} is not near ${b}`);

test('queueing does not move the clock: the fastest snapshot tells', () => {
  const random = chance(4);
  const clock = new Clock();
  feed(clock, { from: 0, to: 20_000, delay: () => 50 + (random() < 0.3 ? 0 : 80 * random()) });
  near(clock.read(20_100).seen, 20_050 / TICK_MS, 0.3);
});

test('clocks that drift apart are followed, evenly', () => {
  const clock = new Clock();
  let before = NaN;
  feed(clock, {
    from: 0,
    to: 120_000,
    drift: 0.0005,
    delay: () => 40,
    look: (now) => {
      const { own } = clock.read(now);
      if (now > 1_000) near(own - before, 2, 0.25);
      before = own;
    },
  });
  near(clock.read(120_000).seen, (119_960 / TICK_MS) * 1.0005, 0.4);
});

test('a way that has become longer is believed after some seconds, without a jump', () => {
  const clock = new Clock();
  let before = -Infinity;
  let backwards = 0;
  feed(clock, {
    from: 0,
    to: 40_000,
    delay: (sent) => (sent < 10_000 ? 30 : 130),
    look: (now) => {
      const { past } = clock.read(now);
      if (past < before) backwards += 1;
      before = past;
    },
  });
  assert.equal(backwards, 0);
  near(clock.read(40_000).seen, 39_870 / TICK_MS, 0.3);
});

test('far off it jumps: a page that stood still has no thousand steps to make up for', () => {
  const clock = new Clock();
  feed(clock, { from: 0, to: 5_000, delay: () => 40 });
  clock.read(5_000);
  clock.resync();
  // The server has left out three seconds.
  clock.arrive(605_000 / TICK_MS - 180, 605_040);
  near(clock.read(605_040).seen, 605_000 / TICK_MS - 180, 0.01);
  near(clock.read(605_040).past, clock.read(605_040).seen - clock.delay, 0.01);
  assert.equal(clock.stalls, 0);
});

test('the lead is the way there and back and a margin; chance in single pings does not count', () => {
  const clock = new Clock();
  feed(clock, { from: 0, to: 5_000, delay: () => 60 });
  for (let i = 0; i < 20; i += 1) clock.ping(i % 3 === 0 ? 300 : 120, 5_000 + 250 * i);
  near(clock.rtt, 120, 0.1);
  near(clock.lead, 120 / TICK_MS + 1, 0.2);
  const { own, seen } = clock.read(10_000);
  assert.ok(own > seen);
  clock.ping(null, 99_000);
  near(clock.rtt, 120, 0.1);
});

test('others are shown a tenth of a second late, more where snapshots are irregular, and never too late', () => {
  const calm = new Clock();
  feed(calm, { from: 0, to: 5_000, delay: () => 60 });
  assert.equal(calm.delay, 6);
  const random = chance(9);
  const rough = new Clock();
  feed(rough, { from: 0, to: 5_000, delay: () => 60 + 120 * random() });
  assert.ok(rough.delay > 6);
  const wild = new Clock();
  feed(wild, { from: 0, to: 5_000, delay: () => 60 + 900 * random() });
  assert.equal(wild.delay, 15);
});

test('stalls are counted', () => {
  const clock = new Clock();
  feed(clock, { from: 0, to: 1_000, delay: () => 20 });
  feed(clock, { from: 1_600, to: 2_000, delay: () => 20 });
  assert.equal(clock.stalls, 1);
});

test('quantiles', () => {
  assert.equal(quantile([], 0.5), 0);
  assert.equal(quantile([3, 1, 2], 0.5), 2);
  assert.equal(quantile([3, 1, 2], 1), 3);
});
