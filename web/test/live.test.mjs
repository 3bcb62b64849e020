import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Live } from '../core/live.js';
import { Net, watched } from '../core/net.js';
import { settle } from './fakes.mjs';

class FakeSocket {
  /** @type {FakeSocket[]} */
  static all = [];
  /** @type {any[]} */
  sent = [];
  closed = false;
  /** @type {(() => void)|null} */
  onopen = null;
  /** @type {((event: {data: string}) => void)|null} */
  onmessage = null;
  /** @type {(() => void)|null} */
  onclose = null;

  constructor() {
    FakeSocket.all.push(this);
  }

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }

  /** @param {object} frame */
  receive(frame) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

function make() {
  FakeSocket.all = [];
  let lost = 0;
  const live = new Live({
    url: () => 'ws://x/ws',
    Socket: /** @type {any} */ (FakeSocket),
    lost: () => (lost += 1),
    random: () => 1,
  });
  /** @param {number} n */
  const socket = (n) => /** @type {FakeSocket} */ (FakeSocket.all[n]);
  return { live, socket, lost: () => lost };
}

test('the socket opens with the first topic and each topic is asked for once', () => {
  const { live, socket } = make();
  assert.equal(FakeSocket.all.length, 0);
  /** @type {any[]} */
  const seen = [];
  live.subscribe('shop.book:1', { data: (data) => seen.push(['a', data]) });
  const stop = live.subscribe('shop.book:1', { data: (data) => seen.push(['b', data]) });
  socket(0).onopen?.();
  assert.deepEqual(socket(0).sent, [{ sub: ['shop.book:1'] }]);
  socket(0).receive({ t: 'hello', d: {} });
  socket(0).receive({ t: 'shop.book:1', d: 5 });
  assert.deepEqual(seen, [
    ['a', 5],
    ['b', 5],
  ]);
  stop();
  assert.equal(socket(0).sent.length, 1);
});

test('the last one to leave unsubscribes, and a signal leaves, too', () => {
  const { live, socket } = make();
  const life = new AbortController();
  live.subscribe('t', { data: () => assert.fail('gone') }, life.signal);
  socket(0).onopen?.();
  life.abort();
  assert.deepEqual(socket(0).sent, [{ sub: ['t'] }, { unsub: ['t'] }]);
  socket(0).receive({ t: 't', d: 1 });
  socket(0).onmessage?.({ data: 'no json' });
});

test('a lost connection comes back with growing delays, subscribes and resumes', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { live, socket, lost } = make();
  let resumed = 0;
  live.subscribe('t', { data: () => {}, resume: () => (resumed += 1) });
  socket(0).onopen?.();
  assert.equal(resumed, 0);
  socket(0).onclose?.();
  assert.equal(live.state.value, 'waiting');
  assert.equal(lost(), 1);
  mock.timers.tick(499);
  assert.equal(FakeSocket.all.length, 1);
  mock.timers.tick(1);
  assert.equal(FakeSocket.all.length, 2);
  socket(1).onclose?.();
  mock.timers.tick(999);
  assert.equal(FakeSocket.all.length, 2);
  mock.timers.tick(1);
  socket(2).onopen?.();
  assert.deepEqual(socket(2).sent, [{ sub: ['t'] }]);
  assert.equal(resumed, 1);
  mock.timers.reset();
});

test('the return of the network cuts the delay short, nobody interested ends it', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { live, socket } = make();
  const stop = live.subscribe('t', { data: () => {} });
  socket(0).onopen?.();
  socket(0).onclose?.();
  live.hurry();
  assert.equal(FakeSocket.all.length, 2);
  live.hurry();
  assert.equal(FakeSocket.all.length, 2);
  stop();
  socket(1).onclose?.();
  assert.equal(live.state.value, 'idle');
  mock.timers.reset();
});

test('another identity gets another socket; the old one is not heard any more', () => {
  const { live, socket } = make();
  let heard = 0;
  live.subscribe('t', { data: () => (heard += 1) });
  socket(0).onopen?.();
  live.restart();
  assert.equal(socket(0).closed, true);
  socket(0).receive({ t: 't', d: 1 });
  socket(0).onclose?.();
  assert.equal(heard, 0);
  socket(1).onopen?.();
  socket(1).receive({ t: 't', d: 1 });
  assert.equal(heard, 1);
});

test('the net doubts after a failure, probes, and recovers by itself', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let up = false;
  let probes = 0;
  const net = new Net({
    probe: async () => {
      probes += 1;
      if (!up) throw new Error('down');
      return true;
    },
    random: () => 1,
  });
  net.failed();
  assert.equal(net.online.value, false);
  mock.timers.tick(1_000);
  await settle();
  assert.equal(probes, 1);
  assert.equal(net.online.value, false);
  up = true;
  mock.timers.tick(2_000);
  await settle();
  assert.equal(probes, 2);
  assert.equal(net.online.value, true);
  mock.timers.reset();
});

test('the browser telling of a network makes the net look at once', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const events = new EventTarget();
  const net = new Net({ probe: async () => true, events });
  events.dispatchEvent(new Event('offline'));
  assert.equal(net.online.value, false);
  events.dispatchEvent(new Event('online'));
  await settle();
  assert.equal(net.online.value, true);
  mock.timers.reset();
});

test('every answer is a sign of life, an aborted request is none of death', async () => {
  const net = new Net({ probe: async () => true });
  const aborted = new AbortController();
  aborted.abort();
  const failing = watched(async () => {
    throw new TypeError('lost');
  }, net);
  await assert.rejects(failing('/x', { signal: aborted.signal }));
  assert.equal(net.online.value, true);
  net.online.set(false);
  await watched(async () => new Response(null, { status: 500 }), net)('/x');
  assert.equal(net.online.value, true);
});
