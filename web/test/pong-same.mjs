/**
 * Plays matches with web/pong/sim.js that modules/pong/javascript_test.go has played in Go, and prints the first difference.
 *
 * `ticks`: on standard input, words of four bytes, the lowest first: points, seed, how many ticks, and of each tick the
 * two directions, whether a pause began or ended before it, and the hash of what came of it.
 * `records`: on each line a record as `matches/{id}/replay/` answers it, with the hash of the last state.
 */
import { readFileSync } from 'node:fs';
import { newState, pause, play, resume, step } from '../pong/sim.js';

/** @param {import('../pong/sim.js').State} s @returns {Record<string, number>} */
const fieldsOf = (s) => ({
  tick: s.tick,
  x: s.x,
  y: s.y,
  vx: s.vx,
  vy: s.vy,
  'paddles[0]': s.paddles[0],
  'paddles[1]': s.paddles[1],
  'score[0]': s.score[0],
  'score[1]': s.score[1],
  points: s.points,
  hits: s.hits,
  hold: s.hold,
  gone: s.gone,
  paused: s.paused ? 1 : 0,
  server: s.server,
  noise: s.noise,
});

/** FNV-1a over whole fields. @param {import('../pong/sim.js').State} s @param {number} happened */
function hashOf(s, happened) {
  let hash = 2_166_136_261;
  /** @param {number} value */
  const add = (value) => {
    hash = Math.imul(hash ^ value, 16_777_619);
    // The hash takes these for whole numbers; the page would not.
    if (!Number.isInteger(value) || Object.is(value, -0)) broken = true;
  };
  let broken = false;
  add(s.tick);
  add(s.x);
  add(s.y);
  add(s.vx);
  add(s.vy);
  add(s.paddles[0]);
  add(s.paddles[1]);
  add(s.score[0]);
  add(s.score[1]);
  add(s.points);
  add(s.hits);
  add(s.hold);
  add(s.gone);
  add(s.paused ? 1 : 0);
  add(s.server);
  add(s.noise);
  add(happened);
  return broken ? NaN : hash >>> 0;
}

/** @param {Buffer} input @returns {object|null} */
function compareTicks(input) {
  let at = 0;
  const word = () => input.readUInt32LE((at += 4) - 4);
  for (let match = 0; at < input.length; match++) {
    const s = newState(word(), word());
    for (let ticks = word(); ticks > 0; ticks--) {
      const dirs = [input.readInt8(at), input.readInt8(at + 1)];
      if (input.readUInt8(at + 2)) (s.paused ? resume : pause)(s);
      at += 4;
      const happened = step(s, dirs);
      if (hashOf(s, happened) !== word()) return { match, tick: s.tick, happened, state: fieldsOf(s) };
    }
  }
  return null;
}

/** @param {string} input @returns {object|null} */
function compareRecords(input) {
  for (const [index, line] of input.trim().split('\n').entries()) {
    const record = JSON.parse(line);
    const last = play(record);
    if (hashOf(last, 0) !== record.hash) return { record: index, state: last };
  }
  return null;
}

const input = readFileSync(0);
const found = process.argv[2] === 'records' ? compareRecords(input.toString()) : compareTicks(input);
if (found) process.stdout.write(`${JSON.stringify(found)}\n`);
