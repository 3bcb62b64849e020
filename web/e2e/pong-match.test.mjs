import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SIZES, world } from './harness.mjs';
import { befriend, end, someone } from './people.mjs';
import { comesTo, getReady, matchOf, playOn, situation } from './pong.mjs';

/** @typedef {import('./people.mjs').Someone} Someone */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** @param {import('./harness.mjs').VisitOptions} [options] */
const person = (options) => someone(rally, options);

/** @param {Someone} someone @returns {Promise<any>} */
const read = (someone) => someone.visitor.get(`/api/pong/matches/${matchOf(someone)}/`);

test('two friends play a match to its end, and one reloads in the middle of it', async () => {
  const ann = await person();
  const bob = await person();
  await befriend(ann, bob);
  await bob.visitor.open('/shop');
  await ann.visitor.open('/pong');
  await ann.visitor.inspect('pong-lobby');

  // The invitation reaches Bob wherever he is.
  await ann.page.getByRole('button', { name: 'Choose' }).click();
  const dialog = ann.page.getByRole('dialog');
  await dialog.getByRole('radio', { name: '3' }).check();
  await dialog.getByRole('button', { name: `Invite ${bob.name} to play` }).click();
  await ann.page.getByText(`Waiting for ${bob.name} to answer`).first().waitFor();
  await bob.page.getByText(`${ann.name} wants to play you.`).first().waitFor();
  await bob.visitor.inspect('pong-invited');
  await bob.page
    .getByRole('button', { name: `Accept ${ann.name}’s invitation` })
    .first()
    .click();
  await bob.page.waitForURL(/\/pong\/m\/\d+$/);
  await ann.page.waitForURL(/\/pong\/m\/\d+$/);
  await comesTo(ann, 'waiting');
  await ann.visitor.inspect('pong-waiting');

  await getReady(ann, bob);
  await Promise.all([comesTo(ann, 'playing'), comesTo(bob, 'playing')]);
  await ann.page.locator('main').getByText('1 watching').waitFor({ state: 'detached' });
  // One point is played, then Bob's page is loaded anew: his seat is kept, and the match goes on.
  const score = async () =>
    (await read(ann)).score.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b);
  await playOn(ann, async () => (await score()) > 0);
  await bob.page.reload();
  await Promise.all([comesTo(bob, 'playing'), comesTo(ann, 'playing')]);
  assert.ok((await score()) > 0);
  await Promise.all([playOn(ann), playOn(bob)]);
  await Promise.all([comesTo(ann, 'over'), comesTo(bob, 'over')]);

  const { winner, score: final, players } = await read(ann);
  const [first, last] = winner === 0 ? [ann, bob] : [bob, ann];
  assert.equal(Math.max(...final), 3);
  await first.page.getByText('You won').first().waitFor();
  await last.page.getByText('You lost').first().waitFor();
  assert.ok(players[winner].after > players[winner].before);
  await first.visitor.inspect('pong-over');

  // The replay comes to the same score.
  await first.page.getByRole('link', { name: 'Watch the replay' }).click();
  await first.visitor.settled();
  const slider = first.page.getByRole('slider', { name: 'Position' });
  await slider.focus();
  await first.page.keyboard.press('End');
  await first.page.locator('.duel-score', { hasText: final.join(':') }).waitFor();
  await first.visitor.inspect('pong-replay');

  // And there it stands, in everybody's history.
  await last.visitor.open('/pong/history');
  await last.page.getByRole('link', { name: first.name }).first().waitFor();
  await last.visitor.inspect('pong-history');
  await end(ann, bob);
});

test('a rematch is asked for and taken', async () => {
  const ann = await person();
  const bob = await person();
  const { id } = await ann.visitor.post('/api/pong/matches/', {
    mode: 'invite',
    opponent: bob.id,
    points: 3,
  });
  await bob.visitor.post(`/api/pong/matches/${id}/accept/`, {});
  await ann.visitor.open(`/pong/m/${id}`);
  await bob.visitor.open(`/pong/m/${id}`);
  await getReady(ann, bob);
  await Promise.all([comesTo(ann, 'playing'), comesTo(bob, 'playing')]);
  await bob.page.getByRole('button', { name: 'Resign' }).click();
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Resign' }).click();
  await Promise.all([comesTo(ann, 'over'), comesTo(bob, 'over')]);
  await ann.page.getByRole('button', { name: 'Rematch' }).click();
  await bob.page.getByText(`${ann.name} wants a rematch.`).waitFor();
  await bob.page
    .getByRole('button', { name: /^(Accept|Rematch)$/ })
    .first()
    .click();
  await ann.page.waitForURL((url) => url.pathname !== `/pong/m/${id}`);
  await bob.page.waitForURL((url) => url.pathname !== `/pong/m/${id}`);
  assert.equal(matchOf(ann), matchOf(bob));
  await Promise.all([comesTo(ann, 'waiting'), comesTo(bob, 'waiting')]);
  await end(ann, bob);
});

test('a robot is played with a thumb, and the court moves nothing else', async () => {
  const ann = await person({ size: SIZES.phone });
  await ann.visitor.open('/pong');
  await ann.visitor.inspect('pong-lobby-phone');
  const { id } = await ann.visitor.post('/api/pong/matches/', { mode: 'ai', difficulty: 'easy', points: 3 });
  await ann.visitor.open(`/pong/m/${id}`);
  await getReady(ann);
  await comesTo(ann, 'playing');
  const canvas = ann.page.locator('rally-court canvas');
  const box = await canvas.boundingBox();
  assert.ok(box);
  const before = await ann.page.evaluate(() => scrollY);
  await ann.page.touchscreen.tap(box.x + box.width / 4, box.y + 10);
  assert.equal(await ann.page.evaluate(() => scrollY), before);
  assert.equal(await situation(ann), 'playing');
  // Left alone the match stops, and goes on where it was.
  await ann.page.goto('about:blank');
  await ann.visitor.open(`/pong/m/${id}`);
  await comesTo(ann, 'playing');
  await end(ann);
});

test('strangers watch, and are counted', async () => {
  const ann = await person();
  const { id } = await ann.visitor.post('/api/pong/matches/', { mode: 'ai', difficulty: 'hard', points: 3 });
  await ann.visitor.open(`/pong/m/${id}`);
  await getReady(ann);
  await comesTo(ann, 'playing');
  const guest = await rally.visit({ lang: 'en-US' });
  await guest.open('/pong');
  await guest.page
    .getByRole('link', { name: new RegExp(ann.name) })
    .first()
    .click();
  await guest.page.getByText('You are watching this match.').waitFor();
  await ann.page.getByText('1 watching').first().waitFor();
  await guest.inspect('pong-watching');
  guest.clean();
  await guest.close();
  await end(ann);
});
