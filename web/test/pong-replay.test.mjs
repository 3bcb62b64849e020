import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Player } from '../pong/player.js';
import { Recording } from '../pong/recording.js';
import { Replay, play } from '../pong/sim.js';
import { chance } from './pong-fakes.mjs';

/** A match that two play well, with a wait before it and a pause in it. */
function recorded() {
  const random = chance(11);
  /** @type {import('../pong/sim.js').Recorded} */
  const record = {
    points: 3,
    seed: 12345,
    ticks: 20_000,
    changes: [],
    pauses: [
      [1, 1],
      [301, 0],
      [900, 1],
      [1_500, 0],
    ],
  };
  const changes = /** @type {number[][]} */ (record.changes);
  const dirs = [0, 0];
  const aims = [0, 0];
  const match = new Replay(record);
  while (!match.done) {
    const { state } = match;
    for (const side of [0, 1]) {
      if (random() < 0.02) aims[side] = (random() - 0.5) * 24_000;
      const off = state.y + (aims[side] ?? 0) - (state.paddles[side] ?? 0);
      const dir = Math.abs(off) < 2_700 ? 0 : Math.sign(off);
      if (dir === dirs[side]) continue;
      dirs[side] = dir;
      changes.push([state.tick + 1, side, dir]);
    }
    match.next();
  }
  return { ...record, ticks: match.state.tick };
}

const record = recorded();
const recording = new Recording(record);

test('a recording ends where the rules end it', () => {
  const end = play(record);
  assert.deepEqual(recording.score, [...end.score]);
  assert.ok(Math.max(...recording.score) === 3);
  assert.equal(recording.points.length, recording.score[0] + recording.score[1]);
  assert.deepEqual(recording.points.at(-1)?.score, [...end.score]);
  assert.deepEqual(recording.at(recording.ticks).state, end);
});

test('pauses and the wait before the start are left out', () => {
  assert.equal(recording.ticks, record.ticks - 300 - 600);
  assert.equal(recording.at(1).state.tick, 301);
  assert.equal(recording.at(recording.ticks).state.tick, record.ticks);
});

test('every moment is the same wherever one comes from', () => {
  const random = chance(2);
  const whole = new Map();
  play(record, (state) => whole.set(state.tick, JSON.stringify(state)));
  for (let i = 0; i < 300; i += 1) {
    const { state } = recording.at(Math.floor(random() * recording.ticks) + 1);
    assert.equal(JSON.stringify(state), whole.get(state.tick));
  }
});

test('a second is kept as one state', () => {
  assert.equal(recording.kept, Math.floor(record.ticks / 60) + 1);
});

test('points are where the score changes', () => {
  for (const { tick, side, score } of recording.points) {
    assert.deepEqual([...recording.at(tick).state.score], score);
    const before = [...recording.at(tick - 1).state.score];
    before[side] = (before[side] ?? 0) + 1;
    assert.deepEqual(before, score);
  }
});

test('a record without an end is played as far as it goes', () => {
  const torn = new Recording({ ...record, ticks: 400 });
  assert.equal(torn.ticks, 100);
  assert.deepEqual(torn.score, [0, 0]);
  assert.equal(torn.at(1e9).state.tick, 400);
});

test('the player goes at its speed, and stops at the end', () => {
  const player = new Player(recording);
  player.playing = true;
  player.run(0);
  player.run(100);
  assert.ok(Math.abs(player.at - 6) < 1e-9);
  player.speed = 4;
  player.run(200);
  assert.ok(Math.abs(player.at - 30) < 1e-9);
  // A page that was hidden does not leap.
  player.speed = 1;
  player.run(60_000);
  assert.ok(player.at <= 45 + 1e-9);
  player.seek(recording.ticks - 1);
  assert.equal(player.run(60_100), true);
  assert.equal(player.playing, false);
  player.toggle();
  assert.equal(player.at, 0);
});

test('between two ticks things are between their places', () => {
  const player = new Player(recording);
  const from = (recording.points[0]?.tick ?? 0) - 60;
  player.seek(from);
  const a = player.view();
  player.seek(from + 1);
  const b = player.view();
  player.seek(from + 0.5);
  assert.ok(Math.abs(player.view().x - (a.x + b.x) / 2) < 1);
});

test('from point to point', () => {
  const player = new Player(recording);
  player.skip(1);
  const first = player.at;
  assert.ok(first < (recording.points[0]?.tick ?? 0));
  player.skip(1);
  assert.ok(player.at > first);
  player.skip(-1);
  assert.equal(player.at, first);
  player.skip(-1);
  assert.equal(player.at, 0);
  player.seek(recording.ticks);
  player.skip(1);
  assert.equal(player.at, recording.ticks);
});
