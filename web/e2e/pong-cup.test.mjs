import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SIZES, until, world } from './harness.mjs';
import { end, someone } from './people.mjs';
import { MATCH_MS, comesTo, getReady, playOn } from './pong.mjs';

/** @typedef {import('./people.mjs').Someone} Someone */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** Plays all of somebody's matches of a tournament, until it is over. @param {Someone} someone @param {string} path */
async function playThrough(someone, path) {
  const { page, visitor } = someone;
  const finished = async () => (await visitor.get(path)).state === 'finished';
  let played = 0;
  while (!(await finished())) {
    const { my_pairing: mine } = await visitor.get(path);
    if (mine?.match_id && ['called', 'playing'].includes(mine.state) && mine.match_id !== played) {
      played = mine.match_id;
      // Whoever looks at the bracket is called there.
      await page.getByRole('link', { name: /^Go/ }).first().click();
      await page.waitForURL(new RegExp(`/pong/m/${played}$`));
      await comesTo(someone, 'waiting');
      await getReady(someone);
      await comesTo(someone, 'playing');
      await playOn(someone);
      await comesTo(someone, 'over');
      await page.getByRole('link', { name: 'To the tournament' }).click();
      await page.waitForURL(/\/pong\/t\/\d+$/);
    } else await page.waitForTimeout(250);
  }
}

test('four people play a tournament to its champion', { timeout: 4 * MATCH_MS }, async () => {
  const people = await Promise.all([1, 2, 3, 4].map(() => someone(rally)));
  const [ann, ...others] = /** @type {[Someone, ...Someone[]]} */ (people);
  const { page } = ann;
  await ann.visitor.open('/pong/tournaments');
  await page.getByRole('button', { name: 'New', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Evening cup');
  await dialog.getByRole('radio', { name: '3', exact: true }).check();
  await ann.visitor.inspect('pong-cup-new');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.waitForURL(/\/pong\/t\/\d+$/);
  const place = new URL(page.url()).pathname;
  const path = `/api/pong/tournaments/${place.split('/').at(-1)}/`;
  await page.getByRole('button', { name: 'Enter' }).click();

  // The others come, and those who are there already see them.
  for (const other of others) {
    await other.visitor.open(place);
    await other.page.getByRole('button', { name: 'Enter' }).click();
    await page.locator('main').getByRole('link', { name: other.name }).first().waitFor();
  }
  await ann.visitor.inspect('pong-cup-open');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click();
  await until(async () => (await ann.visitor.get(path)).state === 'running', 'the tournament runs');
  await page.getByRole('heading', { name: 'Bracket' }).waitFor();
  await ann.visitor.inspect('pong-cup-running');

  await Promise.all(people.map((one) => playThrough(one, path)));
  const cup = await ann.visitor.get(path);
  assert.ok(people.some(({ id }) => id === cup.champion.user_id));
  assert.deepEqual(cup.players.map((/** @type {any} */ { place }) => place).sort(), [1, 2, 3, 3]);
  for (const one of people) {
    await one.page.waitForURL((url) => url.pathname === place);
    await one.page.getByRole('region', { name: 'Champion' }).getByText(cup.champion.profile_name).waitFor();
  }
  await ann.visitor.inspect('pong-cup-finished');

  const guest = await rally.visit({ lang: 'en-US', size: SIZES.phone });
  await guest.open(place);
  await guest.inspect('pong-cup-finished-phone');
  await guest.open('/pong/leaderboard');
  await guest.page.getByRole('link', { name: cup.champion.profile_name }).first().waitFor();
  await guest.inspect('pong-leaderboard');
  guest.clean();
  await guest.close();
  await end(...people);
});
