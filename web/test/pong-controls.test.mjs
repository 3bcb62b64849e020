import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Controls } from '../pong/controls.js';
import { COURT_HEIGHT, PADDLE_STEP } from '../pong/sim.js';

const MIDDLE = COURT_HEIGHT / 2;

/** @param {import('../pong/sim.js').Side[]} sides */
function controls(...sides) {
  const made = new Controls();
  made.sides = sides;
  return made;
}

test('who plays one side has both sets of keys', () => {
  const mine = controls(1);
  assert.equal(mine.key('KeyW', true), true);
  assert.equal(mine.direction(1, MIDDLE), -1);
  mine.key('KeyW', false);
  assert.equal(mine.direction(1, MIDDLE), 0);
  mine.key('ArrowDown', true);
  assert.equal(mine.direction(1, MIDDLE), 1);
});

test('two people at one keyboard have a set each', () => {
  const both = controls(0, 1);
  both.key('KeyS', true);
  both.key('ArrowUp', true);
  assert.equal(both.direction(0, MIDDLE), 1);
  assert.equal(both.direction(1, MIDDLE), -1);
});

test('who only watches has no keys, and other keys are nobody’s', () => {
  assert.equal(controls().key('KeyW', true), false);
  assert.equal(controls(0).key('KeyQ', true), false);
  assert.equal(controls(0).key('toString', true), false);
});

test('the newest of the keys that are held counts', () => {
  const mine = controls(0);
  mine.key('KeyW', true);
  mine.key('KeyS', true);
  assert.equal(mine.direction(0, MIDDLE), 1);
  mine.key('KeyS', false);
  assert.equal(mine.direction(0, MIDDLE), -1);
});

test('a tap between two looks is not lost', () => {
  const mine = controls(0);
  mine.key('KeyS', true);
  mine.key('KeyS', false);
  assert.equal(mine.direction(0, MIDDLE), 1);
  assert.equal(mine.direction(0, MIDDLE), 0);
});

test('a pointer leads the paddle there, and it stands still when it is there', () => {
  const mine = controls(0);
  mine.aim(0, MIDDLE + 10_000);
  let paddle = MIDDLE;
  const seen = [];
  for (let i = 0; i < 20; i += 1) {
    const dir = mine.direction(0, paddle);
    seen.push(dir);
    paddle += dir * PADDLE_STEP;
  }
  assert.equal(seen.indexOf(0), 7);
  assert.ok(
    seen.slice(7).every((dir) => dir === 0),
    'it trembles',
  );
  assert.ok(Math.abs(paddle - (MIDDLE + 10_000)) < PADDLE_STEP);
});

test('a key takes the paddle from the pointer', () => {
  const mine = controls(0);
  mine.aim(0, 0);
  mine.key('KeyS', true);
  mine.key('KeyS', false);
  mine.direction(0, MIDDLE);
  assert.equal(mine.direction(0, MIDDLE), 0);
});

test('a finger that turns around turns the paddle at once', () => {
  const mine = controls(0);
  mine.pull(0, -500_000, MIDDLE);
  assert.equal(mine.direction(0, 8_500), -1);
  mine.pull(0, 20_000, 8_500);
  assert.equal(mine.direction(0, 8_500), 1);
});

test('a finger that went on at the wall has not to come back first', () => {
  const mine = controls(0);
  mine.pull(0, -500_000, MIDDLE, 8_500);
  mine.pull(0, 2_000, 8_500, 8_500);
  assert.equal(mine.direction(0, 8_500), 1);
});

test('letting go of everything stops both', () => {
  const both = controls(0, 1);
  both.key('KeyW', true);
  both.aim(1, 0);
  both.release();
  assert.equal(both.direction(0, MIDDLE), 0);
  assert.equal(both.direction(1, MIDDLE), 0);
});
