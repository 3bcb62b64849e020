import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Net, watched } from '../core/net.js';
import { settle } from './fakes.mjs';

test('the net doubts after a failure, probes, and recovers by itself', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let up = false;
  let probes = 0;
  const net = new Net({
    probe: async () => {
      probes += 1;
      if (!up) throw new Error('down');
      return true;
    },
    random: () => 1,
  });
  net.failed();
  assert.equal(net.online.value, false);
  mock.timers.tick(1_000);
  await settle();
  assert.equal(probes, 1);
  assert.equal(net.online.value, false);
  up = true;
  mock.timers.tick(2_000);
  await settle();
  assert.equal(probes, 2);
  assert.equal(net.online.value, true);
  mock.timers.reset();
});

test('the browser telling of a network makes the net look at once', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const events = new EventTarget();
  const net = new Net({ probe: async () => true, events });
  events.dispatchEvent(new Event('offline'));
  assert.equal(net.online.value, false);
  events.dispatchEvent(new Event('online'));
  await settle();
  assert.equal(net.online.value, true);
  mock.timers.reset();
});

test('every answer is a sign of life, an aborted request is none of death', async () => {
  const net = new Net({ probe: async () => true });
  const aborted = new AbortController();
  aborted.abort();
  const failing = watched(async () => {
    throw new TypeError('lost');
  }, net);
  await assert.rejects(failing('/x', { signal: aborted.signal }));
  assert.equal(net.online.value, true);
  net.online.set(false);
  await watched(async () => new Response(null, { status: 500 }), net)('/x');
  assert.equal(net.online.value, true);
});
