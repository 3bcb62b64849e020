import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ME, browser, collect, onMockTime, pass } from './line-fakes.mjs';
import { settle } from './fakes.mjs';

const CHROME = { state: 'elsewhere', device: 'Chrome on Linux' };

onMockTime();

/** Two tabs of somebody who is connected on another device already. */
async function outside() {
  const world = browser();
  const [one, two] = [await world.tab(), await world.tab()];
  collect(one.live, 't');
  for (const { live } of [one, two]) live.identify(ME);
  await settle();
  world.socket.greet(7, false);
  world.socket.say('session', CHROME);
  return { world, one, two };
}

/** @param {Awaited<ReturnType<ReturnType<typeof browser>['tab']>>} tab */
const seat = ({ live }) => live.seat.value;

test('all tabs learn where else the person is; nothing is subscribed to meanwhile', async () => {
  const { world, one, two } = await outside();
  for (const tab of [one, two]) assert.deepEqual(seat(tab), { ...CHROME, later: false });
  assert.equal(one.live.state.value, 'shut');
  assert.deepEqual(world.socket.sent, []);
  const late = await world.tab();
  late.live.identify(ME);
  await settle();
  assert.equal(seat(late).state, 'elsewhere');
  assert.equal(world.sockets.length, 1);
});

test('taking over asks once and ends the question in every tab', async () => {
  const { world, one, two } = await outside();
  one.live.useHere();
  assert.deepEqual(world.socket.sent, [{ takeover: true }]);
  world.socket.say('session', { state: 'here' });
  for (const tab of [one, two]) assert.equal(seat(tab).state, 'here');
  assert.equal(one.live.state.value, 'open');
  assert.deepEqual(world.socket.said('sub'), [['t']]);
});

test('who waits too long is sent away, does not come back by itself, and can still take over', async () => {
  const { world, one, two } = await outside();
  world.socket.end(4001);
  await pass(120_000);
  assert.equal(world.sockets.length, 1);
  assert.deepEqual(seat(two), { ...CHROME, later: false });
  collect(two.live, 'u');
  one.live.hurry();
  one.live.hurry({ anew: true });
  await settle();
  assert.equal(world.sockets.length, 1);

  two.live.useHere();
  await settle();
  assert.equal(world.sockets.length, 2);
  // The way there may fail: the wish stands.
  world.socket.end(1006);
  await pass(1_000);
  world.socket.greet(7, false);
  world.socket.say('session', CHROME);
  assert.deepEqual(world.socket.sent, [{ takeover: true }]);
  world.socket.say('session', { state: 'here' });
  assert.equal(seat(one).state, 'here');
  assert.deepEqual(world.socket.said('sub'), [['t', 'u']]);

  // The next time it is asked again.
  world.socket.end(1006);
  await pass(30_000);
  world.socket.greet(7, false);
  world.socket.say('session', CHROME);
  assert.deepEqual(world.socket.sent, []);
  assert.equal(seat(one).state, 'elsewhere');
});

test('not now is said once for all tabs, and a new page looks whether the other device is still there', async () => {
  const { world, one, two } = await outside();
  two.live.later();
  assert.deepEqual(seat(one), { ...CHROME, later: true });
  world.socket.end(4001);
  assert.deepEqual(seat(one), { ...CHROME, later: true });
  const late = await world.tab();
  late.live.identify(ME);
  await settle();
  assert.equal(world.sockets.length, 2);
  world.socket.greet(7, false);
  world.socket.say('session', CHROME);
  assert.deepEqual(seat(late), { ...CHROME, later: true });
  world.socket.say('session', { state: 'free' });
  await settle();
  // The other device may only have reloaded its page.
  assert.equal(world.sockets.length, 2);
  await pass(3_000);
  assert.equal(world.sockets.length, 3);
  world.socket.greet(7);
  assert.equal(seat(one).state, 'here');
});

test('a session that was ended from elsewhere: the login is looked at before anything is shown', async () => {
  const world = browser();
  /** @type {(() => void)[]} */
  const checks = [];
  const tab = await world.tab({
    check: () => new Promise((resolve) => checks.push(() => resolve(undefined))),
  });
  tab.live.identify(ME);
  collect(tab.live, 't');
  await settle();
  world.socket.greet(7);
  world.socket.end(4002);
  await pass(699);
  assert.equal(checks.length, 0);
  await pass(1);
  assert.equal(seat(tab).state, 'here');
  tab.live.identify({ user: null, since: 6 });
  checks[0]?.();
  await settle();
  assert.equal(seat(tab).state, 'ended');
  // Topics are for everybody: as nobody it goes on.
  assert.equal(world.sockets.length, 2);
  world.socket.greet();
  assert.deepEqual(world.socket.said('sub'), [['t']]);
  assert.equal(seat(tab).state, 'ended');
  tab.live.later();
  assert.equal(seat(tab).state, 'here');
});

test('the news of the ended login may overtake the connection that closes', async () => {
  const world = browser();
  const tab = await world.tab();
  tab.live.identify(ME);
  await settle();
  world.socket.greet(7);
  world.socket.end(4002);
  tab.live.identify({ user: null, since: 6 });
  await pass(700);
  assert.equal(seat(tab).state, 'ended');
  // Signing in is the answer to it.
  tab.live.identify({ user: 7, since: 8 });
  await settle();
  assert.equal(seat(tab).state, 'here');
  assert.equal(world.sockets.length, 2);
});

test('a login that stands although its connection was ended can be used here again', async () => {
  const world = browser();
  const tab = await world.tab();
  tab.live.identify(ME);
  await settle();
  world.socket.greet(7);
  world.socket.end(4002);
  await pass(700);
  tab.live.identify(ME);
  await settle();
  assert.equal(seat(tab).state, 'ended');
  assert.equal(tab.calls.check, 1);
  assert.equal(world.sockets.length, 1);
  tab.live.useHere();
  await settle();
  world.socket.greet(7);
  assert.equal(seat(tab).state, 'here');
});

test('who signs out here is not told that they were signed out', async () => {
  for (const early of [true, false]) {
    const world = browser();
    const tab = await world.tab();
    const other = await world.tab();
    for (const { live } of [tab, other]) live.identify(ME);
    await settle();
    world.socket.greet(7);
    if (early) tab.live.leaving();
    world.socket.end(4002);
    // The answer to a request that ends all sessions comes after their sockets closed.
    await pass(200);
    if (!early) tab.live.leaving();
    for (const { live } of [tab, other]) live.identify({ user: null, since: 6 });
    await pass(10_000);
    assert.equal(seat(tab).state, 'here');
    assert.equal(seat(other).state, 'here');
    assert.equal(world.sockets.length, 1);
  }
});
