import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { TICK_MS } from '../pong/clock.js';
import { Connection } from '../pong/connection.js';
import { Controls } from '../pong/controls.js';
import { Game } from '../pong/game.js';
import { Countdown, situation } from '../pong/situation.js';
import { FakeMatch, encodeSnapshot, encodeWelcome } from './pong-fakes.mjs';
import { settle } from './fakes.mjs';

/** @type {import('../pong/wire.js').Welcome} */
const WELCOME = {
  type: 'welcome',
  role: 'left',
  version: 1,
  mode: 'quick',
  tick: 0,
  seed: 1,
  epoch: 1,
  points: 5,
};

/** A game with a server at no distance. @param {import('../pong/wire.js').Role} [role] */
function seated(role = 'left') {
  /** @type {import('../pong/wire.js').Input[]} */
  const sent = [];
  const controls = new Controls();
  const game = new Game({ connection: { input: (input) => sent.push(input) }, controls });
  const match = new FakeMatch({ seed: 4, hold: 600 });
  game.receive({ ...WELCOME, role }, 0);
  controls.sides = game.mine;
  let ticks = 0;
  return {
    game,
    match,
    controls,
    sent,
    /** @param {number} n ticks to play @param {{draws?: boolean, delivers?: boolean}} [how] */
    run(n, { draws = true, delivers = true } = {}) {
      for (let i = 0; i < n; i += 1) {
        ticks += 1;
        match.step();
        const now = ticks * TICK_MS;
        if (ticks % 2 === 0 && delivers) game.receive(match.snapshot(), now);
        if (draws) game.picture(now + 5);
      }
      return ticks * TICK_MS;
    },
  };
}

test('what the player does is said once, and again as a sign of life', () => {
  const { run, controls, sent, game } = seated();
  run(60);
  assert.ok(sent.length >= 3 && sent.length <= 6, `${sent.length} frames`);
  const quiet = sent.length;
  controls.key('KeyW', true);
  run(4);
  assert.equal(sent.length, quiet + 1);
  const input = /** @type {import('../pong/wire.js').Input} */ (sent.at(-1));
  assert.equal(input.dir, -1);
  assert.equal(input.seq, sent.length);
  assert.ok(input.tick > (game.timeline.newest?.state.tick ?? 0));
  run(60);
  const beats = sent.slice(quiet + 1);
  assert.ok(beats.length >= 3 && beats.length <= 5);
  assert.ok(beats.every(({ dir }) => dir === -1));
});

test('sequences grow, and ticks never go back', () => {
  const { run, controls, sent } = seated('both');
  for (let i = 0; i < 40; i += 1) {
    controls.key('KeyW', i % 2 === 0);
    controls.key('ArrowUp', i % 3 === 0);
    run(1 + (i % 5));
  }
  for (const side of [0, 1]) {
    const own = sent.filter((input) => input.side === side);
    own.slice(1).forEach((input, i) => {
      assert.equal(input.seq, (own[i]?.seq ?? 0) + 1);
      assert.ok(input.tick >= (own[i]?.tick ?? 0));
    });
  }
});

test('nobody sends more than the server takes', () => {
  const { run, controls, sent } = seated('both');
  run(60);
  const before = sent.length;
  for (let i = 0; i < 60; i += 1) {
    controls.key('KeyW', i % 2 === 0);
    controls.key('ArrowUp', i % 2 === 1);
    run(1);
  }
  assert.ok(sent.length - before <= 60, `${sent.length - before} in a second`);
});

test('a hidden page lets go of the paddle, and lives on without pictures', () => {
  const { run, controls, sent, game } = seated();
  controls.key('KeyS', true);
  const now = run(60);
  assert.equal(sent.at(-1)?.dir, 1);
  game.sleep(now);
  assert.equal(sent.at(-1)?.dir, 0);
  const before = sent.length;
  run(120, { draws: false });
  assert.ok(sent.length - before >= 6, 'no sign of life');
  assert.ok(sent.slice(before).every(({ dir }) => dir === 0));
  game.wake();
  controls.key('KeyS', true);
  run(10);
  assert.equal(sent.at(-1)?.dir, 1);
});

test('after an hour in the background the first picture is the present one', () => {
  const { run, game } = seated('watcher');
  run(60);
  run(2_000, { draws: false, delivers: false });
  game.wake();
  const now = run(4, { draws: false });
  const view = game.picture(now);
  const tick = game.timeline.newest?.state.tick ?? 0;
  assert.ok(view && Math.abs(view.time - (tick - 6)) < 3, `${view?.time} of ${tick}`);
});

test('another run of the match: what was known of the first is forgotten', () => {
  const { run, game, sent, controls } = seated();
  controls.key('KeyS', true);
  run(60);
  const again = new FakeMatch({ seed: 8, hold: 600 });
  again.epoch = 2;
  again.state.tick = 5;
  game.receive(again.snapshot(), 2_000);
  assert.equal(game.timeline.newest?.state.tick, 5);
  const before = sent.length;
  game.picture(2_010);
  assert.equal(sent[before]?.seq, 1);
});

test('sequences go on where the server has them', () => {
  const { match, game, sent } = seated();
  match.step();
  game.receive({ ...match.snapshot(), acks: [41, 0] }, 20);
  game.picture(25);
  assert.equal(sent[0]?.seq, 42);
});

test('who watches says nothing', () => {
  const { run, sent, controls } = seated('watcher');
  controls.key('KeyW', true);
  run(120);
  assert.equal(sent.length, 0);
});

// The connection

class FakeSocket {
  /** @type {FakeSocket[]} */
  static all = [];
  /** @type {any} */
  onopen = null;
  /** @type {any} */
  onmessage = null;
  /** @type {any} */
  onclose = null;
  /** @type {unknown[]} */
  sent = [];
  closed = false;
  readyState = 1;
  constructor() {
    FakeSocket.all.push(this);
  }
  /** @param {unknown} data */
  send(data) {
    this.sent.push(data);
  }
  close() {
    this.closed = true;
    this.readyState = 2;
  }
}

async function connected() {
  FakeSocket.all = [];
  const clock = { now: 0 };
  const connection = new Connection({
    url: () => 'ws://x',
    Socket: /** @type {any} */ (FakeSocket),
    prepare: async () => {},
    now: () => clock.now,
    random: () => 1,
  });
  connection.open();
  await settle();
  FakeSocket.all[0]?.onopen();
  return { connection, clock };
}

test('a connection that breaks comes back; each end has its name', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const { connection } = await connected();
  assert.equal(connection.state.name, 'open');
  FakeSocket.all[0]?.onclose({ code: 1006 });
  assert.equal(connection.state.name, 'waiting');
  mock.timers.tick(400);
  await settle();
  assert.equal(FakeSocket.all.length, 2);
  for (const [code, end] of /** @type {[number, string][]} */ ([
    [1000, 'over'],
    [1008, 'refused'],
    [4001, 'taken'],
    [4002, 'signed_out'],
    [4004, 'gone'],
  ])) {
    FakeSocket.all.at(-1)?.onclose({ code });
    assert.deepEqual(connection.state, { name: 'shut', end });
    mock.timers.tick(60_000);
    connection.open();
    await settle();
    FakeSocket.all.at(-1)?.onopen();
  }
  FakeSocket.all.at(-1)?.onclose({ code: 4008 });
  assert.equal(connection.state.name, 'waiting');
  connection.close();
  mock.timers.reset();
});

test('a server that has fallen silent is left; timers that came late prove nothing', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const { connection, clock } = await connected();
  clock.now = 60_000;
  mock.timers.tick(1_000);
  assert.equal(connection.state.name, 'open');
  for (let i = 1; i <= 5; i += 1) {
    clock.now = 60_000 + 1_000 * i;
    mock.timers.tick(1_000);
  }
  assert.equal(connection.state.name, 'waiting');
  assert.equal(FakeSocket.all[0]?.closed, true);
  connection.close();
  mock.timers.reset();
});

test('frames come decoded, others are passed over, and nothing is sent to nobody', async () => {
  const { connection } = await connected();
  /** @type {string[]} */
  const types = [];
  connection.onframe = ({ type }) => types.push(type);
  const socket = /** @type {FakeSocket} */ (FakeSocket.all[0]);
  socket.onmessage({ data: encodeWelcome({ role: 0, mode: 0, tick: 0, seed: 1, epoch: 1, points: 5 }) });
  socket.onmessage({ data: 'text' });
  socket.onmessage({ data: encodeSnapshot(new FakeMatch().snapshot()) });
  assert.deepEqual(types, ['welcome', 'snapshot']);
  connection.ready();
  connection.resign();
  assert.equal(socket.sent.length, 2);
  socket.readyState = 2;
  connection.ready();
  connection.close();
  connection.ready();
  assert.equal(socket.sent.length, 2);
});

// What is shown

test('a situation for all that is known', () => {
  /** @param {object} [more] */
  const match = (more) => /** @type {any} */ ({ state: 'live', mine: 0, ...more });
  /** @type {import('../pong/connection.js').State} */
  const open = { name: 'open' };
  const snapshot = new FakeMatch().snapshot();
  const ended = {
    type: /** @type {const} */ ('ended'),
    void: false,
    winner: null,
    reason: 'score',
    score: /** @type {[number, number]} */ ([0, 0]),
  };
  const facts = { match: match(), line: open, snapshot, ended: null };
  assert.equal(situation(facts), 'playing');
  assert.equal(situation({ ...facts, snapshot: { ...snapshot, phase: 0 } }), 'waiting');
  assert.equal(situation({ ...facts, snapshot: { ...snapshot, phase: 2 } }), 'paused');
  assert.equal(situation({ ...facts, snapshot: { ...snapshot, phase: 3 } }), 'ending');
  assert.equal(situation({ ...facts, ended }), 'ending');
  assert.equal(situation({ ...facts, snapshot: null }), 'connecting');
  assert.equal(situation({ ...facts, line: { name: 'waiting' } }), 'lost');
  assert.equal(situation({ ...facts, line: { name: 'shut', end: 'taken' } }), 'taken');
  assert.equal(situation({ ...facts, line: { name: 'shut', end: 'over' } }), 'ending');
  assert.equal(situation({ ...facts, match: match({ state: 'over' }), line: { name: 'idle' } }), 'over');
  assert.equal(situation({ ...facts, match: match({ state: 'invited' }) }), 'asked');
  assert.equal(situation({ ...facts, match: match({ state: 'invited', mine: 1 }) }), 'asks');
  assert.equal(situation({ ...facts, match: match({ state: 'invited', mine: null }) }), 'others_ask');
});

test('the start and the end of a pause are counted down, a serve is not', () => {
  const countdown = new Countdown();
  assert.equal(countdown.read(60, 60), null);
  assert.equal(countdown.read(0, 60), null);
  assert.deepEqual(
    [180, 121, 120, 60, 1, 0, 60].map((hold) => countdown.read(hold, 60)),
    [3, 3, 2, 1, 1, null, null],
  );
});
