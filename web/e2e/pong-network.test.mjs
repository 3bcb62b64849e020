import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BadNetwork } from './bad-network.mjs';
import { world } from './harness.mjs';
import { end, someone } from './people.mjs';
import { comesTo, follow, getReady, stats } from './pong.mjs';

/** @typedef {import('./people.mjs').Someone} Someone */

/** A hundred and fifty milliseconds there and back, thirty of jitter, and one in twenty sent again. */
const FAR = { delay: 60, jitter: 30, loss: 0.05, again: 200 };
/** @type {import('./harness.mjs').World} */
let rally;
/** @type {BadNetwork} */
let network;
/** @type {string} */
let far;
before(async () => {
  rally = await world();
  network = new BadNetwork(rally.server.url, FAR);
  far = await network.start();
});
after(async () => {
  network?.stop();
  await rally?.stop();
});

test('a match is playable from far away over a bad line', async (t) => {
  const ann = await someone(rally, { origin: far });
  const bob = await someone(rally, { origin: far });
  const { id } = await ann.visitor.post('/api/pong/matches/', {
    mode: 'invite',
    opponent: bob.id,
    points: 3,
  });
  await bob.visitor.post(`/api/pong/matches/${id}/accept/`, {});
  await Promise.all([ann, bob].map(({ visitor }) => visitor.open(`/pong/m/${id}`)));
  await Promise.all([comesTo(ann, 'waiting'), comesTo(bob, 'waiting')]);
  await getReady(ann, bob);
  await Promise.all([comesTo(ann, 'playing'), comesTo(bob, 'playing')]);
  // One plays as well as they can, the other stands aside now and then.
  await Promise.all([follow(ann, 1), follow(bob, 0.8)]);
  await Promise.all([comesTo(ann, 'over'), comesTo(bob, 'over')]);
  for (const one of [ann, bob]) {
    const { rtt, lead, delay, jitter, rate, stalls, taken, passedOver, own, ball } = await stats(one);
    t.diagnostic(
      `rtt ${rtt.toFixed(0)} ms, lead ${lead.toFixed(1)} ticks, delay ${delay.toFixed(1)}, jitter ${jitter.toFixed(1)}, ${rate} snapshots/s, ` +
        `${stalls} stalls; ${taken} snapshots taken, ${passedOver} passed over; own paddle ${said(own)}; ball ${said(ball)}`,
    );
    assert.ok(rtt > 2 * FAR.delay, `the network is as far as it should be: ${rtt}`);
    assert.ok(taken > 100);
    // My own paddle is where I put it, but for what came too late.
    assert.ok(own.count < 0.02 * taken, `own paddle: ${said(own)} of ${taken}`);
    assert.ok(ball.count < 0.05 * taken, `ball: ${said(ball)} of ${taken}`);
  }
  const { state, reason, score } = await ann.visitor.get(`/api/pong/matches/${id}/`);
  assert.deepEqual([state, reason, Math.max(...score)], ['over', 'score', 3]);
  assert.ok(network.counts.again > 10);
  await end(ann, bob);
});

/** @param {{count: number, mean: number, p95: number, max: number}} distances in the court's unit */
function said({ count, mean, p95, max }) {
  return `${count} corrections, mean ${Math.round(mean)}, 95 % ${Math.round(p95)}, most ${Math.round(max)}`;
}
