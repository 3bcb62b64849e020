import assert from 'node:assert/strict';
import { test } from 'node:test';
import { direction, signedPercent, signedWon } from '../pages/shop/order-gain.js';
import {
  courseOf,
  finished,
  goodTracking,
  moneyRows,
  myStep,
  stops,
  trackingOf,
} from '../pages/shop/order-plan.js';
import { dayAndTime, leftUntil, ticksIn } from '../pages/shop/order-time.js';

/** @param {object} [changes] @returns {any} an order as its buyer sees it right after the trade */
const order = (changes = {}) => ({
  id: 7,
  kind: 'trans',
  type: 'purchase',
  price: 100_000,
  fee: 1_500,
  total: 101_500,
  payout: null,
  status: 'matched',
  resolution: '',
  timeline: [{ action: 'match', status: 'matched', actor: 'buyer', at: '2026-11-20T10:00:00Z', note: '' }],
  actions: [],
  refund: null,
  penalty: null,
  credit: null,
  ...changes,
});

/** @param {string} action @param {string} status */
const step = (action, status) => ({ action, status, actor: 'staff', at: '2026-11-20T12:00:00Z', note: '' });

/** @param {any} given */
const drawn = (given) => stops(given).map(({ status, state }) => `${status} ${state}`);

test('a timeline shows what happened and what is ahead', () => {
  assert.deepEqual(drawn(order()), [
    'matched now',
    'shipping ahead',
    'inspecting ahead',
    'passed ahead',
    'delivering ahead',
    'settled ahead',
  ]);
  for (const kind of ['store', 'prize']) {
    assert.deepEqual(drawn(order({ kind })), ['matched now', 'delivering ahead', 'settled ahead']);
  }
});

test('a step that was taken back stands in the timeline, and so does what follows from there', () => {
  const { timeline } = order();
  const back = order({
    status: 'inspecting',
    timeline: [
      ...timeline,
      step('ship', 'shipping'),
      step('receive', 'inspecting'),
      step('fail', 'failed'),
      step('undo', 'inspecting'),
    ],
  });
  assert.deepEqual(drawn(back), [
    'matched done',
    'shipping done',
    'inspecting done',
    'failed bad',
    'inspecting now',
    'passed ahead',
    'delivering ahead',
    'settled ahead',
  ]);
});

test('an order that is over has nothing ahead and nothing going on', () => {
  const { timeline } = order();
  const cancelled = order({ status: 'cancelled', timeline: [...timeline, step('withdraw', 'cancelled')] });
  assert.deepEqual(drawn(cancelled), ['matched done', 'cancelled bad']);
  const settled = order({ status: 'settled', timeline: [...timeline, step('confirm', 'settled')] });
  assert.deepEqual(drawn(settled), ['matched done', 'settled done']);
  assert.equal(finished(cancelled), true);
  assert.equal(finished(settled), true);
});

test('a failed order is over only when its money has found a place', () => {
  assert.equal(finished(order({ status: 'failed' })), false);
  assert.equal(finished(order({ status: 'failed', resolution: 'refunded' })), true);
  assert.equal(finished(order({ status: 'failed', resolution: 'replaced' })), true);
  const seller = { type: 'sales', status: 'failed', buyer: null };
  assert.equal(finished(order(seller)), true, 'its seller has nothing to wait for');
  assert.equal(finished(order({ ...seller, buyer: 12 })), false, 'the staff sees it as it is');
});

test('the step that waits for me is not the one that I may only correct', () => {
  assert.equal(myStep(order({ actions: ['withdraw'] })), null);
  assert.equal(myStep(order({ type: 'sales', actions: ['withdraw', 'ship'] })), 'ship');
  assert.equal(myStep(order({ type: 'sales', status: 'shipping', actions: ['ship'] })), null);
  assert.equal(myStep(order({ status: 'delivering', actions: ['confirm'] })), 'confirm');
  assert.equal(myStep(order({ status: 'failed', actions: ['refund', 'rebuy'] })), 'choose');
  assert.equal(myStep(order({ status: 'failed', actions: ['refund'] })), 'choose');
});

/** @param {any} given */
const money = (given) => moneyRows(given).map(({ key, amount, sign }) => `${key} ${sign}${amount}`);

test('the money of a buyer: paid, and what came back', () => {
  assert.deepEqual(money(order()), ['price 100000', 'fee 1500', 'total 101500']);
  const late = order({ status: 'cancelled', refund: 101_500, credit: 5_000 });
  assert.deepEqual(money(late), [
    'price 100000',
    'fee 1500',
    'total 101500',
    'refund +101500',
    'credit +5000',
  ]);
});

test('a prize has no money', () => {
  assert.deepEqual(moneyRows(order({ kind: 'prize', price: 0, fee: 0, total: 0 })), []);
});

test('the money of an order that was replaced went into the other one', () => {
  const moved = order({ status: 'failed', resolution: 'replaced', replaced_by: 7, credit: 5_000 });
  assert.deepEqual(money(moved), [
    'price 100000',
    'fee 1500',
    'total 101500',
    'moved +101500',
    'credit +5000',
  ]);
  const sellers = order({ type: 'sales', status: 'failed', total: null, payout: 97_000, replaced_by: null });
  assert.deepEqual(money(sellers), ['price 100000', 'none 0'], 'what the buyer chose is not the seller’s');
});

test('a seller gets nothing for a sale that came to nothing, and may owe a penalty', () => {
  const sale = { type: 'sales', total: null, fee: 3_000, payout: 97_000 };
  assert.deepEqual(money(order(sale)), ['price 100000', 'fee −3000', 'payout 97000']);
  const late = order({ ...sale, status: 'cancelled', penalty: 10_000 });
  assert.deepEqual(money(late), ['price 100000', 'none 0', 'penalty −10000']);
  assert.deepEqual(money(order({ ...sale, status: 'failed', penalty: 0 })), ['price 100000', 'none 0']);
});

test('a course never leaves out where an order begins and ends', () => {
  for (const kind of ['trans', 'store']) {
    const course = courseOf({ kind });
    assert.equal(course[0], 'matched');
    assert.equal(course.at(-1), 'settled');
  }
});

test('a tracking number is kept as couriers print it', () => {
  assert.equal(trackingOf(' 6889-1234 5678 '), '688912345678');
  assert.equal(trackingOf('eb123456789kr'), 'EB123456789KR');
  for (const good of ['12345678', 'EB123456789KR', '1'.repeat(30)])
    assert.equal(goodTracking(good), true, good);
  for (const bad of ['', '1234567', '1'.repeat(31), '1234-5678', '１２３４５６７８', '12345678;DROP'])
    assert.equal(goodTracking(bad), false, bad);
});

/** Noon, local time: days are those of the reader's clock. */
const NOON = new Date(2026, 10, 22, 12, 0, 0).getTime();
const HOUR = 3_600_000;
/** @param {number} ms */
const at = (ms) => new Date(NOON + ms).toISOString();

test('a deadline is named by the day as people call it', () => {
  assert.equal(dayAndTime(at(2 * HOUR), 'en', NOON), 'today 14:00');
  assert.equal(dayAndTime(at(26 * HOUR), 'en', NOON), 'tomorrow 14:00');
  assert.equal(dayAndTime(at(26 * HOUR), 'ko', NOON), '내일 14:00');
  assert.equal(dayAndTime(at(-13 * HOUR), 'en', NOON), 'yesterday 23:00');
  assert.equal(dayAndTime(at(72 * HOUR), 'en', NOON), 'Nov 25 12:00');
  // Twelve hours and a minute later it is tomorrow already, also where that is less than a day.
  assert.equal(dayAndTime(at(12 * HOUR + 60_000), 'en', NOON), 'tomorrow 00:01');
  assert.match(dayAndTime(at(400 * 24 * HOUR), 'en', NOON), /2027/);
});

test('what is left is told in its two largest parts, and ends at nothing', () => {
  assert.equal(leftUntil(at(49 * HOUR), 'en', NOON), '2 days 1 hour');
  assert.equal(leftUntil(at(48 * HOUR), 'en', NOON), '2 days');
  assert.equal(leftUntil(at(90 * 60_000), 'en', NOON), '1 hour 30 minutes');
  assert.equal(leftUntil(at(14 * 60_000 + 5_000), 'en', NOON), '14 minutes 5 seconds');
  assert.equal(leftUntil(at(400), 'en', NOON), '1 second');
  assert.equal(leftUntil(at(0), 'en', NOON), null);
  assert.equal(leftUntil(at(-1), 'en', NOON), null);
  assert.equal(leftUntil('nonsense', 'en', NOON), null);
});

test('a countdown ticks each second in its last hour only, and never misses that hour', () => {
  assert.equal(ticksIn(at(30 * 60_000), NOON), 1_000);
  assert.equal(ticksIn(at(48 * HOUR), NOON), 30_000);
  assert.equal(ticksIn(at(HOUR + 10_000), NOON), 10_001);
});

test('gains are told without colours', () => {
  assert.equal(signedWon(12_000), '+₩12,000');
  assert.equal(signedWon(-12_000), '−₩12,000');
  assert.equal(signedWon(0), '₩0');
  assert.equal(signedPercent(8.34, 'en'), '+8.3%');
  assert.equal(signedPercent(-0.04, 'en'), '0%');
  assert.equal(direction(-1), 'down');
});
