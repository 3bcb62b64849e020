import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Idle } from '../core/idle.js';

const MINUTE = 60_000;

class Page extends EventTarget {
  visibilityState = 'visible';

  /** @param {'visible'|'hidden'} state */
  turn(state) {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

function make() {
  mock.timers.enable({ apis: ['setTimeout'] });
  const clock = { now: 1_000 };
  const page = new Page();
  const idle = new Idle({ page, now: () => clock.now });
  /** @param {number} ms @param {boolean} [timers] timers run, too */
  const pass = (ms, timers = true) => {
    clock.now += ms;
    if (timers) mock.timers.tick(ms);
  };
  return { page, idle: idle.state, pass, touch: () => page.dispatchEvent(new Event('keydown')) };
}

test('five minutes without input are idle, the next input ends it at once', () => {
  const { idle, pass, touch } = make();
  pass(4 * MINUTE);
  touch();
  pass(5 * MINUTE - 1);
  assert.equal(idle.value, false);
  pass(1);
  assert.equal(idle.value, true);
  touch();
  assert.equal(idle.value, false);
  pass(5 * MINUTE);
  assert.equal(idle.value, true);
  mock.timers.reset();
});

test('five minutes out of sight are idle, and coming back is being there', () => {
  const { page, idle, pass } = make();
  pass(MINUTE);
  page.turn('hidden');
  pass(4 * MINUTE);
  // The last input was five minutes ago.
  assert.equal(idle.value, true);
  page.turn('visible');
  assert.equal(idle.value, false);
  mock.timers.reset();
});

test('timers that do not run while a page sleeps do not matter', () => {
  const { page, idle, pass, touch } = make();
  page.turn('hidden');
  pass(60 * MINUTE, false);
  // A late timer, or any other sign of the page, compares the clocks.
  mock.timers.tick(5 * MINUTE);
  assert.equal(idle.value, true);
  page.turn('visible');
  pass(60 * MINUTE, false);
  touch();
  mock.timers.tick(5 * MINUTE);
  assert.equal(idle.value, false);
  pass(5 * MINUTE);
  assert.equal(idle.value, true);
  mock.timers.reset();
});
