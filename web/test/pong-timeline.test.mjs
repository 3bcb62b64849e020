import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock, TICK_MS } from '../pong/clock.js';
import { BALL_RADIUS, COURT_HEIGHT, COURT_WIDTH, HIT_PADDLE, PADDLE_STEP, TOP_SPEED } from '../pong/sim.js';
import { Timeline } from '../pong/timeline.js';
import { FakeMatch, FakeWay, chance } from './pong-fakes.mjs';

/**
 * @typedef {import('../pong/wire.js').Role} Role
 * @typedef {import('../pong/timeline.js').View} View
 * @typedef {{now: number, view: View}} Picture
 */

/** Hits after which the ball is almost as fast as it gets. */
const FAST = 30;

/** Somebody who plays: goes to the ball, sometimes badly. */
class Client {
  clock = new Clock();
  timeline = new Timeline();
  /** @type {Picture[]} */
  pictures = [];
  #sent = -Infinity;
  #tick = -Infinity;
  #aim = 0;

  /**
   * @param {object} parts
   * @param {Role} parts.role
   * @param {number} parts.frame milliseconds between pictures
   * @param {FakeWay} parts.up
   * @param {() => number} parts.random
   * @param {boolean} parts.good they hardly miss
   */
  constructor({ role, frame, up, random, good }) {
    this.role = role;
    this.spread = good ? 6_000 : 17_000;
    this.side = role === 'right' ? 1 : 0;
    this.frame = frame;
    this.next = frame;
    this.up = up;
    this.random = random;
    this.timeline.reset(role);
  }

  /** @param {import('../pong/wire.js').Snapshot} snapshot @param {number} now */
  take(snapshot, now) {
    this.clock.arrive(snapshot.state.tick, now);
    this.clock.ping(snapshot.pings[this.side] ?? null, now);
    this.timeline.take(snapshot);
    this.echo = { tick: snapshot.state.tick, at: now };
  }

  /** @param {number} now */
  draw(now) {
    if (!this.clock.running) return;
    const times = this.clock.read(now);
    const tick = Math.floor(times.own);
    if (tick > this.#tick && this.role !== 'watcher') {
      this.#tick = tick;
      this.#play(tick + 1, now);
    }
    const view = this.timeline.view(times, now);
    if (view) this.pictures.push({ now, view });
  }

  /** @param {number} tick @param {number} now */
  #play(tick, now) {
    const last = this.pictures.at(-1)?.view;
    if (this.random() < 0.03) this.#aim = (this.random() - 0.5) * this.spread;
    const off = last ? last.y + this.#aim - (last.paddles[this.side] ?? 0) : 0;
    const dir = Math.abs(off) < 2 * PADDLE_STEP ? 0 : Math.sign(off);
    const before = this.timeline.last(/** @type {0|1} */ (this.side))?.dir ?? 0;
    if (dir === before && now - this.#sent < 250) return;
    const input = this.timeline.steer(/** @type {0|1} */ (this.side), dir, tick, now);
    if (!input) return;
    this.#sent = now;
    const held = now - (this.echo?.at ?? now);
    this.up.send(now, { side: this.side, input, echo: this.echo?.tick, held });
  }
}

/**
 * A match over a network.
 *
 * @param {object} how
 * @param {number} [how.seed]
 * @param {number} how.delay one way
 * @param {number} how.jitter
 * @param {number} [how.loss]
 * @param {number} [how.again]
 * @param {number} [how.seconds]
 * @param {number} [how.frame]
 * @param {boolean} [how.good]
 * @param {boolean} [how.fast]
 */
function run({
  seed = 5,
  delay,
  jitter,
  loss = 0,
  again = 0,
  seconds = 60,
  frame = TICK_MS,
  good = false,
  fast = false,
}) {
  const random = chance(seed);
  const way = () => new FakeWay({ delay, jitter, loss, again, random });
  const server = new FakeMatch({ seed, points: 255 });
  const roles = /** @type {Role[]} */ (['left', 'right', 'watcher']);
  const clients = roles.map((role) => new Client({ role, frame, up: way(), random, good }));
  const downs = clients.map(way);
  /** @type {Map<number, number>} */
  const sent = new Map();
  let nextTick = TICK_MS;
  for (let now = 0; now < seconds * 1000; now += 1) {
    for (const client of clients) {
      for (const { message } of client.up.arrivals(now)) {
        server.input(message.side, message.input);
        server.pings[message.side] = Math.round(now - (sent.get(message.echo) ?? now) - message.held);
      }
    }
    while (nextTick <= now) {
      nextTick += TICK_MS;
      // As after a long rally: the ball is fast at once.
      if (fast && server.state.hits === 0) server.state.hits = FAST;
      const happened = server.step();
      if (server.state.tick % 2 === 0 || happened) {
        sent.set(server.state.tick, now);
        const snapshot = server.snapshot();
        for (const down of downs) down.send(now, snapshot);
      }
    }
    clients.forEach((client, i) => {
      for (const { message, at } of downs[i]?.arrivals(now) ?? []) client.take(message, at);
      if (now < client.next) return;
      client.next += client.frame;
      client.draw(now);
    });
  }
  return { server, clients };
}

/** Neighbours in time, after the beginning. @param {Client} client @returns {[Picture, Picture][]} */
function pairs({ pictures }) {
  const settled = pictures.filter(({ now }) => now > 3_000);
  return settled.slice(1).map((b, i) => [/** @type {Picture} */ (settled[i]), b]);
}

/** @param {Client} client */
function report(client) {
  const { own, ball } = client.timeline.corrections;
  const round = (/** @type {number} */ n) => Math.round(n);
  return (
    `${client.role}: rtt ${round(client.clock.rtt)} ms, lead ${client.clock.lead.toFixed(1)} ticks, ` +
    `jitter ${client.clock.jitter.toFixed(1)}, stalls ${client.clock.stalls}, ` +
    `${client.timeline.taken} snapshots (${client.timeline.passedOver} passed over), ` +
    `own ${own.count}× p95 ${round(own.p95)} max ${round(own.max)}, ` +
    `ball ${ball.count}× p95 ${round(ball.p95)} max ${round(ball.max)}`
  );
}

/** The ball goes forwards in time, and nothing moves faster than it may. @param {Client} client @param {number} slack @param {number} [most] times its speed that the ball may be shown */
function moves(client, slack, most = 2.4) {
  let races = 0;
  for (const [a, b] of pairs(client)) {
    const ticks = (b.now - a.now) / TICK_MS;
    assert.ok(b.view.time >= a.view.time, 'the ball goes back in time');
    const other = 1 - client.side;
    const step = Math.abs((b.view.paddles[other] ?? 0) - (a.view.paddles[other] ?? 0));
    if (step > PADDLE_STEP * 1.6 * ticks + slack) races += 1;
    if (a.view.vx === 0 || b.view.vx === 0 || b.view.gone || a.view.gone) continue;
    const flown = Math.hypot(b.view.x - a.view.x, b.view.y - a.view.y);
    if (flown > TOP_SPEED * most * ticks + slack) races += 1;
  }
  return races;
}

/** Where a ball is seen to be hit there is a paddle. @param {Client} client @returns {{hits: number, misses: number}} */
function contacts(client) {
  let hits = 0;
  let misses = 0;
  for (const [a, b] of pairs(client)) {
    if (!(b.view.happened & HIT_PADDLE)) continue;
    const side = b.view.x < COURT_WIDTH / 2 ? 0 : 1;
    hits += 1;
    // It was between two pictures.
    const off = Math.min(...[a, b].map(({ view }) => Math.abs(view.y - view.paddles[side])));
    if (off > b.view.half + BALL_RADIUS + 2 * PADDLE_STEP) misses += 1;
  }
  return { hits, misses };
}

test('a line of 150 ms: what I see of myself and of a ball at my side is never taken back', (t) => {
  const { server, clients } = run({ delay: 65, jitter: 10 });
  for (const client of clients) {
    t.diagnostic(report(client));
    assert.equal(client.timeline.corrections.own.count, 0);
    assert.equal(moves(client, 50), 0);
  }
  assert.deepEqual(server.tooLate, []);
  assert.ok(server.state.score[0] + server.state.score[1] > 3);
});

test('150 ms, 30 ms jitter and stalls within the rewind: still nothing is taken back', (t) => {
  const { server, clients } = run({ delay: 60, jitter: 30, loss: 0.05, again: 120 });
  t.diagnostic(`${server.late} inputs came late, ${server.tooLate.length} of them too late`);
  assert.deepEqual(server.tooLate, []);
  assert.ok(server.late > 10);
  for (const client of clients) {
    t.diagnostic(report(client));
    assert.equal(client.timeline.corrections.own.count, 0);
    assert.ok(client.timeline.corrections.ball.max <= 8_000);
  }
});

test('stalls beyond the rewind: corrections are small against what was shown, and it goes on', (t) => {
  const { server, clients } = run({ delay: 60, jitter: 30, loss: 0.05, again: 350 });
  t.diagnostic(`${server.late} inputs came late, ${server.tooLate.length} of them too late`);
  assert.ok(server.tooLate.length > 0);
  for (const client of clients) {
    t.diagnostic(report(client));
    assert.ok(client.timeline.corrections.own.max < COURT_HEIGHT);
  }
});

for (const [name, frame] of /** @type {[string, number][]} */ ([
  ['30', 1000 / 30],
  ['144', 1000 / 144],
])) {
  test(`a screen with ${name} pictures a second shows the same match`, (t) => {
    const { clients } = run({ delay: 30, jitter: 10, seconds: 40, frame });
    for (const client of clients) {
      t.diagnostic(report(client));
      assert.equal(client.timeline.corrections.own.count, 0);
      assert.equal(moves(client, 50), 0);
    }
  });
}

test('where a ball is hit there is a paddle, at either side, however fast it is', (t) => {
  for (const [delay, fast] of /** @type {[number, boolean][]} */ ([
    [15, true],
    [45, true],
    [75, false],
    [75, true],
    [120, true],
  ])) {
    const { clients } = run({ delay, jitter: 8, seconds: 60, good: true, fast });
    for (const client of clients) {
      const { hits, misses } = contacts(client);
      t.diagnostic(
        `${2 * delay} ms${fast ? ', fast' : ''}: ${hits} hits, ${misses} without a paddle; ${report(client)}`,
      );
      assert.equal(moves(client, 50, delay > 100 ? 3.4 : 2.4), 0);
      assert.ok(hits > 20);
      assert.equal(misses, 0);
      assert.equal(client.timeline.corrections.own.count, 0);
      assert.equal(client.timeline.corrections.ball.count, 0);
    }
  }
});

test('two people at one client see both paddles at once, and nothing is taken back', () => {
  const timeline = new Timeline();
  const clock = new Clock();
  const server = new FakeMatch({ seed: 3, points: 255 });
  const up = new FakeWay({ delay: 40, jitter: 5, loss: 0, again: 0, random: chance(6) });
  const down = new FakeWay({ delay: 40, jitter: 5, loss: 0, again: 0, random: chance(7) });
  timeline.reset('both');
  let tick = 0;
  let drawn = -1;
  for (let now = 0; now < 45_000; now += 1) {
    for (const { message } of up.arrivals(now)) server.input(message.side, message.input);
    for (; tick < Math.floor(now / TICK_MS); tick += 1) {
      server.pings = [80, null];
      const happened = server.step();
      if (tick % 2 === 0 || happened) down.send(now, server.snapshot());
    }
    for (const { message, at } of down.arrivals(now)) {
      clock.arrive(message.state.tick, at);
      clock.ping(message.pings[0], at);
      timeline.take(message);
    }
    if (!clock.running || now % 16 !== 0) continue;
    const times = clock.read(now);
    const own = Math.floor(times.own);
    const view = timeline.view(times, now);
    if (!view || own <= drawn) continue;
    drawn = own;
    for (const side of /** @type {const} */ ([0, 1])) {
      const off = view.y - view.paddles[side];
      const dir = Math.abs(off) < 2 * PADDLE_STEP ? 0 : Math.sign(off);
      const last = timeline.last(side);
      if (dir === (last?.dir ?? 0) && now - (last?.at ?? -1_000) < 250) continue;
      const input = timeline.steer(side, dir, own + 1, now);
      if (input) up.send(now, { side, input });
    }
  }
  assert.ok(timeline.taken > 1_200);
  assert.deepEqual(timeline.corrections.own, { count: 0, mean: 0, p95: 0, max: 0 });
  assert.equal(timeline.corrections.ball.count, 0);
});

test('a pause holds the ball where it is, and it goes on from there', () => {
  const timeline = new Timeline();
  const server = new FakeMatch({ seed: 3, points: 255, hold: 10 });
  timeline.reset('left');
  let now = 0;
  const go = (/** @type {number} */ ticks) => {
    for (let i = 0; i < ticks; i += 1) {
      now += TICK_MS;
      server.step();
      timeline.take(server.snapshot());
      const { tick } = server.state;
      timeline.view({ own: tick + 4, seen: tick, past: tick - 6 }, now);
    }
  };
  go(40);
  server.pause(true);
  go(30);
  const { tick, x, y } = server.state;
  const times = { own: tick + 4, seen: tick, past: tick - 6 };
  const held = timeline.view(times, now + 500);
  assert.ok(held && Math.abs(held.x - x) < 2 && Math.abs(held.y - y) < 2 && held.paused);
  server.pause(false);
  go(20);
  const again = timeline.view({ own: tick + 24, seen: tick + 20, past: tick + 14 }, now + 600);
  assert.ok(again && !again.paused && again.hold > 60);
  assert.equal(again.x, held.x);
});

test('before it begins, and when it is over, nothing is played ahead', () => {
  const timeline = new Timeline();
  const server = new FakeMatch({ seed: 3, hold: 5 });
  timeline.reset('right');
  timeline.take({ ...server.snapshot(), phase: 0 });
  const view = timeline.view({ own: 500, seen: 490, past: 480 }, 0);
  assert.equal(view?.x, 80_000);
  assert.equal(view?.hold, 5);
  for (let i = 0; i < 30; i += 1) server.step();
  timeline.take({ ...server.snapshot(), phase: 3 });
  const end = timeline.view({ own: 600, seen: 590, past: 580 }, 5_000);
  assert.equal(Math.round(end?.x ?? 0), server.state.x);
});

test('before the server has said anything there is nothing to see, and nothing to steer', () => {
  const timeline = new Timeline();
  timeline.reset('left');
  assert.equal(timeline.view({ own: 1, seen: 1, past: 1 }, 0), null);
  assert.equal(timeline.steer(0, 1, 5, 0), null);
});
