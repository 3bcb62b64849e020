import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sim from '../pong/sim.js';

/** @typedef {import('../pong/sim.js').State} State */

const STILL = [0, 0];

/** A ball in flight. @param {Partial<State>} [parts] @returns {State} */
const flight = (parts) => ({ ...sim.newState(5, 1), hold: 0, vx: 1_500, vy: 0, ...parts });

/** @param {State} s @param {number} ticks @param {readonly number[]} [dirs] */
function run(s, ticks, dirs = STILL) {
  let happened = 0;
  for (let i = 0; i < ticks; i++) happened |= sim.step(s, dirs);
  return happened;
}

test('a match begins in the middle and is served after the countdown', () => {
  for (const seed of [0, 1, 77, 0xffffffff]) {
    const s = sim.newState(5, seed);
    assert.equal(run(s, sim.START_HOLD - 1), 0);
    assert.deepEqual([s.x, s.y, s.vx], [sim.COURT_WIDTH / 2, sim.COURT_HEIGHT / 2, 0]);
    assert.equal(run(s, 1), sim.SERVED);
    assert.equal(s.vx < 0, s.server === sim.LEFT);
  }
});

test('seeds are numbers of 32 bits, and the generator never stands at 0', () => {
  assert.deepEqual(sim.newState(5, 0), sim.newState(5, 1));
  assert.deepEqual(sim.newState(5, -1), sim.newState(5, 0xffffffff));
  assert.ok(sim.newState(5, 0xdeadbeef).noise > 0);
});

test('a copy is another state with the same future', () => {
  const one = sim.newState(3, 9);
  const other = sim.copy(one);
  run(other, 100, [1, -1]);
  assert.deepEqual(one, sim.newState(3, 9));
  run(one, 100, [1, -1]);
  assert.deepEqual(one, other);
});

test('paddles move by the sign of a direction before a serve, in a pause too, and stay between the walls', () => {
  const s = sim.newState(3, 1);
  sim.pause(s);
  sim.step(s, [-128, 127]);
  const middle = sim.COURT_HEIGHT / 2;
  assert.deepEqual(s.paddles, [middle - sim.PADDLE_STEP, middle + sim.PADDLE_STEP]);
  run(s, 100, [-1, 1]);
  assert.deepEqual(s.paddles, [sim.PADDLE_HALF, sim.COURT_HEIGHT - sim.PADDLE_HALF]);
  assert.deepEqual([s.x, s.tick, s.hold], [sim.COURT_WIDTH / 2, 101, sim.START_HOLD]);
});

test('while the ball rests in its flight, paddles do', () => {
  const s = flight();
  const { paddles } = sim.copy(s);
  sim.pause(s);
  run(s, 100, [-1, 1]);
  sim.resume(s);
  assert.equal(s.hold, sim.RESUME_HOLD);
  run(s, sim.RESUME_HOLD, [-1, 1]);
  assert.deepEqual([s.x, s.paddles], [sim.COURT_WIDTH / 2, paddles]);
  run(s, 1, [-1, 1]);
  assert.equal(s.x, sim.COURT_WIDTH / 2 + s.vx);
  assert.deepEqual(s.paddles, [paddles[0] - sim.PADDLE_STEP, paddles[1] + sim.PADDLE_STEP]);
});

test('a paddle sends the ball by where it is met, straight from its middle', () => {
  const reach = sim.PADDLE_HALF + sim.BALL_RADIUS;
  const y = sim.COURT_HEIGHT / 2;
  for (const [off, vx, vy] of [
    [0, -1_600, 0],
    [reach, -960, 1_280],
    [-reach, -960, -1_280],
  ]) {
    const s = flight({ x: 153_000, paddles: [y, y - off] });
    assert.equal(sim.step(s, STILL), sim.HIT_PADDLE);
    assert.deepEqual([s.vx, s.vy, s.hits], [vx, vy, 1]);
  }
  const s = flight({ x: 153_000, paddles: [y, y - reach - 1] });
  assert.equal(sim.step(s, STILL), sim.MISSED);
});

test('the fastest ball passes through no paddle', () => {
  for (let x = 140_000; x < 153_800; x += 7) {
    const s = flight({ x, vx: sim.TOP_SPEED });
    assert.equal(run(s, 3) & sim.HIT_PADDLE, sim.HIT_PADDLE, `from ${x}`);
  }
});

test('paddles shrink in a long rally until nothing is left of them', () => {
  assert.deepEqual([0, 40, 41, 60, 79, 80, 9_999].map(sim.half), [8_500, 8_500, 8_287, 4_250, 212, 0, 0]);
  const s = flight({ x: 153_000, hits: sim.LONGEST_RALLY });
  assert.equal(sim.step(s, STILL), sim.MISSED);
});

test('a ball that left counts a moment later; the last point wins, and then nothing changes', () => {
  const s = flight({ x: -1_000, vx: -2_000, score: [2, 4] });
  sim.step(s, STILL);
  assert.equal(s.gone, 1);
  assert.equal(run(s, sim.GOAL_DELAY - 1), 0);
  assert.equal(sim.over(s), null);
  assert.equal(run(s, 1), sim.SCORED | sim.WON);
  assert.deepEqual([s.score, sim.over(s)], [[2, 5], sim.RIGHT]);
  const last = sim.copy(s);
  assert.equal(run(s, 10, [1, 1]), 0);
  assert.deepEqual(s, last);
});

const RECORD = {
  points: 3,
  seed: 42,
  ticks: 900,
  changes: [
    [5, 0, -1],
    [20, 0, 0],
    [20, 1, 1],
    [300, 1, -1],
  ],
  pauses: [
    [100, 1],
    [150, 0],
  ],
};

test('a record plays as the match was played', () => {
  const s = sim.newState(RECORD.points, RECORD.seed);
  const dirs = [0, 0];
  /** @type {State[]} */
  const states = [];
  for (let tick = 1; tick <= RECORD.ticks && sim.over(s) === null; tick++) {
    if (tick === 100) sim.pause(s);
    if (tick === 150) sim.resume(s);
    for (const [at, side, dir] of RECORD.changes) if (at === tick) dirs[side] = dir;
    sim.step(s, dirs);
    states.push(sim.copy(s));
  }
  let i = 0;
  const last = sim.play(RECORD, (state) => assert.deepEqual(state, states[i++]));
  assert.equal(i, states.length);
  assert.deepEqual(last, states.at(-1));
  assert.deepEqual(sim.play(RECORD), last);
});

test('a replay goes to any tick, also backwards, and stops at its end', () => {
  const replay = new sim.Replay(RECORD);
  replay.seek(400);
  const there = sim.copy(replay.state);
  assert.deepEqual([there.tick, replay.dirs], [400, [0, -1]]);
  replay.seek(120);
  assert.deepEqual([replay.state.tick, replay.state.paused, replay.dirs], [120, true, [0, 1]]);
  replay.seek(400);
  assert.deepEqual(replay.state, there);
  replay.seek(1e9);
  assert.equal(replay.done, true);
  assert.deepEqual(replay.state, sim.play(RECORD));
  assert.equal(replay.next(), 0);
});
