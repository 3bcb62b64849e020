import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ME, NOBODY, browser, collect, onMockTime, pass, seated } from './line-fakes.mjs';
import { settle } from './fakes.mjs';

onMockTime();

test('nobody connects before it is known who is there, an anonymous visitor with the first topic only', async () => {
  const world = browser();
  const { live } = await world.tab();
  const { seen } = collect(live, 'shop.book:1');
  await settle();
  assert.equal(world.sockets.length, 0);
  live.identify(NOBODY);
  await settle();
  assert.equal(world.sockets.length, 1);
  assert.equal(live.state.value, 'connecting');
  world.socket.greet();
  assert.equal(live.state.value, 'open');
  assert.deepEqual(world.socket.sent, [{ sub: ['shop.book:1'] }]);
  world.socket.say('shop.book:1', 5);
  world.socket.onmessage?.({ data: 'no json' });
  world.socket.onmessage?.({ data: 'null' });
  assert.deepEqual(seen, [5]);

  const idle = await world.tab();
  idle.live.identify(NOBODY);
  const other = browser();
  (await other.tab()).live.identify(NOBODY);
  await settle();
  assert.equal(other.sockets.length, 0);
});

test('who is signed in is connected at once, and personal topics are never asked for', async () => {
  const world = browser();
  const tab = await seated(world);
  collect(tab.live, 'friends');
  collect(tab.live, 'inbox');
  assert.deepEqual(world.socket.sent, []);
  assert.equal(tab.live.state.value, 'open');
  assert.equal(tab.calls.fresh, 1);
});

test('all tabs share one socket, and each hears only what it follows', async () => {
  const world = browser();
  const one = await seated(world);
  const two = await world.tab();
  two.live.identify(ME);
  const a = collect(one.live, 'a');
  const both = [collect(one.live, 'both'), collect(two.live, 'both')];
  await settle();
  assert.equal(world.sockets.length, 1);
  world.socket.say('a', 1);
  world.socket.say('both', 2);
  assert.deepEqual(a.seen, [1]);
  assert.deepEqual([both[0]?.seen, both[1]?.seen], [[2], [2]]);
  assert.equal(two.told.filter(({ t }) => t === 'a').length, 0);
  assert.equal(two.live.state.value, 'open');

  world.socket.sent = [];
  both[0]?.stop();
  assert.deepEqual(world.socket.sent, []);
  both[1]?.stop();
  assert.deepEqual(world.socket.sent, [{ unsub: ['both'] }]);
});

test('a tab that comes late gets every topic whole', async () => {
  const world = browser();
  const early = await seated(world);
  collect(early.live, 'shop.book:1');
  world.socket.say('friends', {
    friends: [{ user_id: 1, profile_name: 'a', image: null, status: 'online' }],
  });
  world.socket.say('inbox', { unread: 1, last: 10 });
  world.socket.say('friends', {
    event: 'online',
    user_id: 2,
    profile_name: 'b',
    image: null,
    status: 'idle',
  });
  world.socket.say('friends', { event: 'renamed', user_id: 1, old: 'a', new: 'c' });
  world.socket.say('inbox', { notification: { id: 3, seq: 11 }, unread: 2, last: 11 });
  world.socket.sent = [];
  const late = await world.tab();
  late.live.identify(ME);
  const [friends, inbox] = [collect(late.live, 'friends'), collect(late.live, 'inbox')];
  collect(late.live, 'shop.book:1');
  await settle();
  assert.deepEqual(friends.seen, [
    {
      friends: [
        { user_id: 1, profile_name: 'c', image: null, status: 'online' },
        { user_id: 2, profile_name: 'b', image: null, status: 'idle' },
      ],
    },
  ]);
  assert.deepEqual(inbox.seen, [{ unread: 2, last: 11 }]);
  // The server sends a state again to whoever asks again.
  assert.deepEqual(world.socket.sent, [{ sub: ['shop.book:1'] }]);
});

test('a tab that dies without a word is noticed by its lock', async () => {
  const world = browser();
  const stays = await seated(world);
  const dies = await world.tab();
  dies.live.identify(ME);
  collect(stays.live, 'both');
  collect(dies.live, 'both');
  collect(dies.live, 'own');
  await settle();
  world.socket.sent = [];
  await dies.die();
  assert.deepEqual(world.socket.sent, [{ unsub: ['own'] }]);
  await stays.die();
  assert.equal(world.socket.closed, true);
});

test('without locks it is noticed by its silence; one that wakes up begins anew', async () => {
  const world = browser({ locks: false });
  const stays = await seated(world);
  const sleeps = await world.tab();
  sleeps.live.identify(ME);
  const { seen } = collect(sleeps.live, 'own');
  await settle();
  for (let i = 0; i < 3; i += 1) {
    world.clock.now += 30_000;
    await pass(30_000);
  }
  assert.deepEqual(world.socket.said('unsub'), []);
  sleeps.calls.dead = true;
  for (let i = 0; i < 5; i += 1) {
    world.clock.now += 30_000;
    await pass(30_000);
  }
  assert.deepEqual(world.socket.said('unsub'), [['own']]);
  assert.equal(stays.live.state.value, 'open');

  // What was posted to it meanwhile is delivered now.
  world.socket.sent = [];
  sleeps.wake();
  await settle();
  assert.deepEqual(world.socket.said('sub'), [['own']]);
  world.socket.say('own', 1);
  assert.deepEqual(seen, ['resume', 1]);
});

test('the worker may die with the process that it lives in: its tabs begin another one', async () => {
  const world = browser();
  const one = await seated(world);
  const two = await world.tab();
  two.live.identify(ME);
  const { seen } = collect(two.live, 't');
  await settle();
  await world.crash();
  assert.equal(world.sockets.length, 2);
  world.socket.greet(7);
  assert.deepEqual(world.socket.sent, [{ sub: ['t'] }]);
  world.socket.say('t', 1);
  assert.deepEqual(seen, ['resume', 1]);
  assert.equal(one.live.state.value, 'open');
});

test('a page that is left is gone at once, and is back when it is come back to', async () => {
  const world = browser();
  const stays = await seated(world);
  const { live } = await world.tab();
  live.identify(ME);
  const { seen } = collect(live, 't');
  await settle();
  live.suspend();
  assert.deepEqual(world.socket.said('unsub'), [['t']]);
  world.socket.say('t', 1);
  live.restore();
  await settle();
  world.socket.say('t', 2);
  assert.deepEqual(seen, ['resume', 2]);
  assert.equal(stays.live.state.value, 'open');
});

test('after a break with growing delays everything is asked for again, the inbox from where it was', async () => {
  const world = browser();
  const { live, calls } = await seated(world);
  collect(live, 't');
  const inbox = collect(live, 'inbox');
  world.socket.say('inbox', { unread: 0, last: 56 });
  world.socket.say('inbox', { notification: { id: 1, seq: 57 }, unread: 1, last: 57 });
  world.socket.end(1006);
  assert.equal(live.state.value, 'waiting');
  assert.equal(calls.lost, 1);
  await pass(999);
  assert.equal(world.sockets.length, 1);
  await pass(1);
  assert.equal(world.sockets.length, 2);
  world.socket.end(1006);
  await pass(1_999);
  assert.equal(world.sockets.length, 2);
  await pass(1);
  assert.equal(world.sockets.length, 3);
  inbox.seen.length = 0;
  world.socket.greet(7);
  assert.deepEqual(world.socket.sent, [{ sub: ['t'] }, { resume: { inbox: 57 } }]);
  assert.deepEqual(inbox.seen, ['resume']);

  // Its own greeting tells where the inbox is, before what was missed has come: a break here loses nothing.
  world.socket.say('inbox', { unread: 3, last: 59 });
  world.socket.end(1001);
  await pass(4_000);
  world.socket.greet(7);
  assert.deepEqual(world.socket.said('resume'), [{ inbox: 57 }]);
  world.socket.say('inbox', { unread: 3, last: 59 });
  world.socket.say('inbox', { notification: { id: 2, seq: 58 }, unread: 3, last: 58 });
  world.socket.say('inbox', { notification: { id: 3, seq: 59 }, unread: 3, last: 59 });
  world.socket.say('inbox', { unread: 3, last: 59 });
  world.socket.end(1006);
  await pass(30_000);
  world.socket.greet(7);
  assert.deepEqual(world.socket.said('resume'), [{ inbox: 59 }]);
});

test('the delay is chance all over, and short again after a connection that held', async () => {
  let chance = 0;
  const world = browser({ random: () => chance });
  await seated(world);
  world.socket.end(1006);
  await pass(0);
  assert.equal(world.sockets.length, 2);
  chance = 1;
  for (const delay of [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    /** @type {number} */
    const before = world.sockets.length;
    world.socket.end(1013);
    await pass(delay - 1);
    assert.equal(world.sockets.length, before);
    await pass(1);
    assert.equal(world.sockets.length, before + 1);
  }
  world.socket.greet(7);
  world.clock.now += 4_999;
  world.socket.end(1006);
  await pass(29_999);
  const before = world.sockets.length;
  await pass(1);
  assert.equal(world.sockets.length, before + 1);
  world.socket.greet(7);
  world.clock.now += 5_000;
  world.socket.end(4008);
  await pass(1_000);
  assert.equal(world.sockets.length, before + 2);
});

test('the network coming back cuts the delay short; another network gets another socket', async () => {
  const world = browser();
  const { live } = await seated(world);
  world.socket.end(1006);
  live.hurry();
  await settle();
  assert.equal(world.sockets.length, 2);
  live.hurry();
  await settle();
  assert.equal(world.sockets.length, 2);
  world.socket.greet(7);
  live.hurry();
  live.hurry({ anew: true });
  await settle();
  assert.equal(world.sockets[1]?.closed, true);
  assert.equal(world.sockets.length, 3);
});

test('a machine that slept gets a new socket: the old one may have died unheard', async () => {
  const world = browser();
  await seated(world);
  world.clock.now += 20_000;
  await pass(20_000);
  assert.equal(world.sockets.length, 1);
  world.clock.now += 3_600_000;
  await pass(20_000);
  assert.equal(world.sockets.length, 2);
  assert.equal(world.sockets[0]?.closed, true);
});

test('another identity gets another socket, once for all tabs; a tab that is behind changes nothing', async () => {
  const world = browser();
  const one = await seated(world);
  const two = await world.tab();
  two.live.identify(ME);
  await settle();
  const friends = collect(two.live, 'friends');
  world.socket.say('friends', { friends: [] });
  const old = world.socket;
  one.live.identify({ user: 8, since: 9 });
  await settle();
  assert.equal(old.closed, true);
  assert.equal(world.sockets.length, 2);
  two.live.identify(ME);
  two.live.identify({ user: 8, since: 9 });
  await settle();
  assert.equal(world.sockets.length, 2);
  old.say('friends', { event: 'removed', user_id: 1 });
  old.end(1006);
  assert.deepEqual(friends.seen, [{ friends: [] }]);
  world.socket.greet(8);
  const late = await world.tab();
  late.live.identify({ user: 8, since: 9 });
  // Nothing of the former person.
  const after = collect(late.live, 'friends');
  await settle();
  assert.deepEqual(after.seen, []);
  one.live.identify({ user: null, since: 12 });
  await settle();
  assert.equal(world.socket.closed, true);
  assert.equal(world.sockets.length, 2);
});

test('the same person signed in again is another session', async () => {
  const world = browser();
  const { live } = await seated(world);
  live.identify({ user: 7, since: 6 });
  await settle();
  assert.equal(world.sockets.length, 2);
});

test('a handshake waits until the login is renewed, but not for ever', async () => {
  const world = browser();
  /** @type {(() => void)|undefined} */
  let renewed;
  const { live } = await world.tab({
    fresh: () => new Promise((resolve) => (renewed = () => resolve(undefined))),
  });
  live.identify(ME);
  await settle();
  assert.equal(world.sockets.length, 0);
  renewed?.();
  await settle();
  assert.equal(world.sockets.length, 1);
  world.socket.end(1006);
  await pass(1_000);
  await pass(4_999);
  assert.equal(world.sockets.length, 1);
  await pass(1);
  assert.equal(world.sockets.length, 2);
});

test('a connection that the server takes for a stranger is not used: the login is looked at', async () => {
  const world = browser();
  const { live, calls } = await world.tab();
  collect(live, 't');
  live.identify(ME);
  await settle();
  world.socket.greet(null);
  assert.equal(world.socket.closed, true);
  assert.deepEqual(world.socket.sent, []);
  assert.equal(live.state.value, 'waiting');
  assert.equal(calls.check, 1);
  await pass(1_000);
  world.socket.greet(7);
  assert.equal(live.state.value, 'open');
});
