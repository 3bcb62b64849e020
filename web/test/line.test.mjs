import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { ME, NOBODY, browser, collect, onMockTime, pass, seated } from './line-fakes.mjs';
import { settle } from './fakes.mjs';

onMockTime();

test('a topic that was refused for now is asked for again', async () => {
  const world = browser();
  const { live } = await seated(world);
  const a = collect(live, 'a');
  collect(live, 'b');
  collect(live, 'c');
  world.socket.say('error', { code: 'ws.too_many_topics', topic: 'b' });
  world.socket.say('error', { code: 'ws.unknown_topic', topic: 'c' });
  world.socket.sent = [];
  a.stop();
  assert.deepEqual(world.socket.sent, [{ unsub: ['a'] }, { sub: ['b'] }]);
  world.socket.say('error', { code: 'ws.rate_limited', topic: 'b' });
  await pass(5_000);
  assert.deepEqual(world.socket.said('sub'), [['b'], ['b']]);
});

test('many topics are asked for in portions that fit into a frame', async () => {
  const world = browser();
  const { live } = await world.tab();
  for (let i = 0; i < 60; i += 1) collect(live, `shop.book:${i}`);
  live.identify(NOBODY);
  await settle();
  world.socket.greet();
  assert.deepEqual(
    world.socket.said('sub').map((topics) => topics.length),
    [25, 25, 10],
  );
});

test('a person is idle when all of their tabs are', async () => {
  const world = browser();
  const one = await seated(world);
  const two = await world.tab();
  two.live.identify(ME);
  await settle();
  one.live.setIdle(true);
  assert.deepEqual(world.socket.said('idle'), []);
  two.live.setIdle(true);
  two.live.setIdle(true);
  assert.deepEqual(world.socket.said('idle'), [true]);
  one.live.setIdle(false);
  assert.deepEqual(world.socket.said('idle'), [true, false]);
  one.live.setIdle(true);
  // A new connection begins as somebody who is there.
  world.socket.end(1006);
  await pass(1_000);
  world.socket.greet(7);
  assert.deepEqual(world.socket.said('idle'), [true]);
  // Who was there is gone: the one that is left is idle.
  two.live.setIdle(false);
  await two.die();
  assert.deepEqual(world.socket.said('idle'), [true, false, true]);
});

test('without a shared worker, and where it does not start, each tab has a line of its own', async () => {
  const world = browser({ shared: false });
  const one = await seated(world);
  const two = await world.tab();
  two.live.identify(ME);
  collect(two.live, 't');
  await settle();
  assert.equal(world.sockets.length, 2);
  world.socket.greet(7);
  assert.deepEqual(world.socket.sent, [{ sub: ['t'] }]);
  one.live.suspend();
  assert.equal(world.sockets[0]?.closed, true);
  one.live.restore();
  await settle();
  assert.equal(world.sockets.length, 3);

  /** @type {any} */
  const port = { post: () => {}, onmessage: null, onerror: null };
  for (const fail of [() => port.onerror(), () => mock.timers.tick(10_000)]) {
    const mute = browser();
    const tab = await mute.tab({ shared: () => port });
    tab.live.identify(ME);
    collect(tab.live, 't');
    await settle();
    assert.equal(mute.sockets.length, 0);
    fail();
    await settle();
    assert.equal(mute.sockets.length, 1);
    mute.socket.greet(7);
    assert.deepEqual(mute.socket.sent, [{ sub: ['t'] }]);
    assert.equal(port.onmessage, null);
  }
});
