import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { ADMIN, SIZES, ownTest, until, world } from './harness.mjs';
import { end, someone } from './people.mjs';

/** @typedef {import('./people.mjs').Someone} Someone */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world({ settings: { RALLY_PONG_PRIZES: 'true' } });
});
after(() => rally?.stop());

/**
 * Lets whoever stands second in each pairing give up.
 *
 * @param {string} path of the tournament
 * @param {Someone[]} people
 * @returns {Promise<Someone>} the champion
 */
async function playOut(path, people) {
  const [{ visitor }] = /** @type {[Someone]} */ (people);
  const by = (/** @type {number} */ id) => /** @type {Someone} */ (people.find((one) => one.id === id));
  await visitor.post(`${path}start/`, {});
  for (const round of [0, 1]) {
    /** @type {any[]} */
    let pairings = [];
    await until(async () => {
      pairings = (await visitor.get(path)).rounds[round];
      return pairings.every(({ match_id: match }) => match !== null);
    }, 'the round is called');
    for (const { players, match_id: match } of pairings)
      await by(players[1]).visitor.post(`/api/pong/matches/${match}/forfeit/`, {});
  }
  await until(async () => (await visitor.get(path)).state === 'finished', 'there is a champion');
  return by((await visitor.get(path)).champion.user_id);
}

ownTest('the staff puts up a prize, and the champion gets it', { timeout: 240_000 }, async () => {
  const people = [];
  for (const size of [SIZES.desktop, SIZES.phone, SIZES.desktop, SIZES.phone])
    people.push(await someone(rally, { size }));
  const [ann] = /** @type {[Someone]} */ (people);
  const name = `Prize ${Date.now()}`;
  const { id } = await ann.visitor.post('/api/pong/tournaments/', { name, size: 8, points: 3 });
  const path = `/api/pong/tournaments/${id}/`;
  for (const { visitor } of people) await visitor.post(`${path}join/`, {});

  const staff = await rally.visit({ lang: 'en-US' });
  const { page } = staff;
  await staff.signIn(ADMIN);
  await staff.open('/admin/tournaments?state=open');
  const begin = page.getByRole('button', { name: `Prize of ${name}` });
  await begin.click();
  await page.getByRole('dialog').getByText('Ask a lawyer').waitFor();
  await staff.inspect('admin-prize');
  await page.getByRole('button', { name: 'Choose an article' }).click();
  await page.locator('.picker-choice').first().click();
  await page.getByRole('dialog').getByLabel('Size').waitFor();
  await staff.inspect('admin-prize-size');
  await page.getByRole('button', { name: 'Put it up' }).click();
  await until(async () => (await staff.get(path)).prize !== null, 'there is a prize');
  await ann.visitor.open(`/pong/t/${id}`);
  await ann.page.locator('main').getByText('Prize:').first().waitFor();

  // What is put up can be taken back, and put up again.
  await begin.click();
  await page.getByRole('button', { name: 'Take it back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await until(async () => (await staff.get(path)).prize === null, 'there is none');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await begin.click();
  await page.getByRole('button', { name: 'Choose an article' }).click();
  await page.locator('.picker-choice').nth(1).click();
  await page.getByRole('button', { name: 'Put it up' }).click();
  await until(async () => (await staff.get(path)).prize !== null, 'there is a prize');

  const champion = await playOut(path, people);
  await until(
    async () => (await champion.visitor.get('/api/shop/orders/')).results.length > 0,
    'the champion has an order',
  );
  const [order] = (await champion.visitor.get('/api/shop/orders/')).results;
  assert.equal(order.kind, 'prize');
  await champion.visitor.open('/my/orders');
  await champion.page.getByRole('strong').getByText('Prize', { exact: true }).waitFor();
  await champion.visitor.inspect('orders-prize');
  await champion.visitor.open(`/my/orders/${order.id}`);
  await champion.page.getByText('Nothing to pay').waitFor();
  await champion.visitor.inspect('order-prize');
  await champion.visitor.open('/inbox');
  await champion.page.getByText('The prize you won is on order').first().waitFor();

  await staff.open(`/admin/orders/${order.id}`);
  await staff.inspect('admin-order-prize');
  await staff.post(`/api/shop/orders/${order.id}/dispatch/`, {
    carrier: 'CJ Logistics',
    tracking: '688812345678',
  });
  await champion.visitor.open(`/my/orders/${order.id}`);
  await champion.page.getByRole('button', { name: 'Confirm' }).first().click();
  await champion.page.getByRole('dialog').getByRole('button').last().click();
  await until(
    async () => (await champion.visitor.get(`/api/shop/orders/${order.id}/`)).status === 'settled',
    'it is received',
  );
  await champion.visitor.open('/my/portfolio');
  await champion.page.getByText('Prize of').first().waitFor();
  await champion.visitor.inspect('portfolio-prize');
  staff.clean();
  await staff.close();
  await end(...people);
});
