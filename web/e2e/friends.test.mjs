import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SIZES, becomes, market, until, world } from './harness.mjs';
import { befriend, end, newName, rename, someone, toast } from './people.mjs';

/**
 * @typedef {import('./harness.mjs').Visitor} Visitor
 * @typedef {import('./people.mjs').Someone} Someone
 */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** @param {import('./harness.mjs').VisitOptions} [options] */
const person = (options) => someone(rally, options);

/** @param {Someone} someone @param {string} name the row of somebody on the page, not in the rail */
const row = ({ page }, name) => page.locator('main .person', { hasText: name });

/** @param {Someone} someone @param {string} q */
async function search({ page }, q) {
  await page.getByRole('searchbox', { name: 'Find people by name' }).fill(q);
}

test('two people find each other, become friends, and see each other come and go', async () => {
  const ann = await person();
  const bob = await person();
  await ann.visitor.open('/friends');
  await ann.page.getByText('No friends yet').first().waitFor();
  await ann.visitor.inspect('friends-empty');

  await ann.page.locator('main').getByRole('link', { name: 'Find friends' }).last().click();
  await search(ann, bob.name.slice(0, -1));
  await row(ann, bob.name).getByRole('button', { name: 'Add friend' }).click();
  await row(ann, bob.name).getByRole('button', { name: 'Cancel request' }).waitFor();
  await ann.visitor.settled();
  await ann.page.waitForURL(/\/friends\/search\?q=/);
  await ann.visitor.inspect('friends-search');

  // It arrives without a reload: in the list, and as a number wherever the way there stands.
  await bob.visitor.open('/friends/requests');
  await row(bob, ann.name).waitFor();
  await bob.page
    .getByRole('banner')
    .getByRole('link', { name: /^Friends.*1 request waiting$/ })
    .waitFor();
  await bob.visitor.inspect('friends-requests');
  await row(bob, ann.name).getByRole('button', { name: 'Accept' }).click();
  await toast(bob.visitor, 'are friends now');
  await bob.page.getByText('No requests for you').waitFor();
  await row(ann, bob.name).locator('.relation-is').waitFor();

  await ann.visitor.open('/friends');
  await row(ann, bob.name).getByText('Online').waitFor();
  await ann.visitor.inspect('friends-list');
  // In the rail, too, with a count of those who are here.
  await ann.page.locator('rally-rail .person', { hasText: bob.name }).getByText('Online').waitFor();
  await ann.page
    .getByRole('complementary', { name: 'Friends' })
    .getByRole('img', { name: '1 online' })
    .waitFor();

  await bob.page.goto('about:blank');
  await row(ann, bob.name).getByText('Last seen').waitFor();
  await bob.visitor.open('/friends');
  await row(ann, bob.name).getByText('Online').waitFor();
  await end(ann, bob);
});

test('a new name is shown in place, once, in every list that is open', async () => {
  const ann = await person();
  const bob = await person();
  const cat = await person();
  await befriend(ann, bob);
  await cat.visitor.post('/api/friends/requests/', { user_id: ann.id });
  await ann.visitor.open('/friends');
  const tab = await ann.visitor.context.newPage();
  ann.visitor.watch(tab);
  await tab.goto('/friends/requests');
  await tab.locator('main .person', { hasText: cat.name }).waitFor();
  await row(ann, bob.name).waitFor();
  const first = await row(ann, bob.name).elementHandle();

  const [bobs, cats] = [newName(), newName()];
  await rename(bob.visitor, bobs);
  await rename(cat.visitor, cats);
  await row(ann, bobs).waitFor();
  await tab.locator('main .person', { hasText: cats }).waitFor();
  for (const area of ['main', 'rally-rail']) {
    assert.equal(await ann.page.locator(`${area} .person`).count(), 1, area);
    await becomes(() => ann.page.locator(`${area} .person`, { hasText: bob.name }).count(), 0);
  }
  assert.equal(await tab.locator('main .person').count(), 1);
  assert.ok(await first?.evaluate((node) => node.isConnected), 'the row is the same one');
  await end(ann, bob, cat);
});

test('requests that cross make friends, and a refused answer visibly comes back', async () => {
  const ann = await person();
  const bob = await person();
  await ann.visitor.open('/friends/search');
  await search(ann, bob.name);
  await row(ann, bob.name).getByRole('button', { name: 'Add friend' }).waitFor();
  await bob.visitor.post('/api/friends/requests/', { user_id: ann.id });
  // The open search has heard of it.
  await row(ann, bob.name).getByRole('button', { name: 'Accept' }).waitFor();
  ann.visitor.expect(503);
  await ann.page.route('**/accept/', (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      body: '{"code":"x.down","detail":"Down."}',
    }),
  );
  await row(ann, bob.name).getByRole('button', { name: 'Accept' }).click();
  await ann.page.locator('.toast-bad').waitFor();
  await row(ann, bob.name).getByRole('button', { name: 'Accept' }).waitFor();
  await ann.page.unroute('**/accept/');
  // Asking is accepting, where the other has asked.
  const crossed = await ann.visitor.post('/api/friends/requests/', { user_id: bob.id });
  assert.equal(crossed.status, 'accepted');
  await row(ann, bob.name).locator('.relation-is').waitFor();
  await bob.visitor.open('/friends');
  await row(bob, ann.name).waitFor();
  await end(ann, bob);
});

test('a friendship is ended only after a question, and both lists know', async () => {
  const ann = await person();
  const bob = await person();
  await befriend(ann, bob);
  await ann.visitor.open('/friends');
  await bob.visitor.open('/friends');
  await row(bob, ann.name).waitFor();
  const menu = row(ann, bob.name).getByRole('button', { name: `More about ${bob.name}` });
  await menu.focus();
  await ann.page.keyboard.press('Enter');
  // Past the invitation to a match.
  await ann.page.keyboard.press('Tab');
  await ann.page.keyboard.press('Tab');
  await ann.page.locator(':focus', { hasText: 'Remove friend' }).waitFor();
  await ann.page.keyboard.press('Enter');
  const dialog = ann.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await row(ann, bob.name).waitFor();
  await menu.click();
  await ann.page.getByRole('button', { name: 'Remove friend' }).click();
  await dialog.getByRole('button', { name: 'Remove friend' }).click();
  await row(ann, bob.name).waitFor({ state: 'detached' });
  await row(bob, ann.name).waitFor({ state: 'detached' });
  await end(ann, bob);
});

test('whoever is blocked is gone from comments and searches, until they are unblocked', async () => {
  const ann = await person();
  const bob = await person();
  const { info, path } = await market(ann.visitor);
  const words = `Fits well. ${bob.name}`;
  await bob.visitor.post(`/api/shop/productinfos/${info.id}/comments/`, { content: words });
  const other = `Mine. ${ann.name}`;
  const mine = await ann.visitor.post(`/api/shop/productinfos/${info.id}/comments/`, { content: other });
  await bob.visitor.post(`/api/shop/comments/${mine.id}/replies/`, { content: `And yours? ${bob.name}` });
  await ann.visitor.open(path);
  const theirs = ann.page.locator('.remark', { hasText: bob.name });
  const review = ann.page.locator('.remark-comments', { hasText: words });
  await review.scrollIntoViewIfNeeded();
  await theirs.nth(1).waitFor();
  await review.getByRole('button', { name: `More about ${bob.name}` }).click();
  await ann.visitor.inspect('friends-comment-menu', ['light']);
  await ann.page.getByRole('button', { name: 'Block this person' }).click();
  const dialog = ann.page.getByRole('dialog');
  await dialog.getByText(`Block ${bob.name}?`).waitFor();
  await dialog.getByRole('button', { name: 'Block', exact: true }).click();
  await until(async () => (await theirs.count()) === 0, 'what they wrote to vanish');
  await ann.page.locator('.remark', { hasText: other }).waitFor();
  await ann.page.reload();
  await ann.visitor.settled();
  await ann.page.locator('.remark', { hasText: other }).waitFor();
  assert.equal(await theirs.count(), 0);

  // Each is hidden from the other.
  for (const [one, name] of /** @type {[Someone, string][]} */ ([
    [ann, bob.name],
    [bob, ann.name],
  ])) {
    await one.visitor.open(`/friends/search?q=${name}`);
    await one.page.getByText(/^Nobody’s name begins with/).waitFor();
  }
  await ann.visitor.open('/friends/blocked');
  await row(ann, bob.name).waitFor();
  await ann.visitor.inspect('friends-blocked');
  await row(ann, bob.name).getByRole('button', { name: 'Unblock' }).click();
  await ann.page.getByText('You have blocked nobody').waitFor();
  await ann.visitor.open(`/friends/search?q=${bob.name}`);
  await row(ann, bob.name).getByRole('button', { name: 'Add friend' }).waitFor();
  await end(ann, bob);
});

test('whoever appears offline is not seen, and sees the others', async () => {
  const ann = await person();
  const bob = await person();
  await befriend(ann, bob);
  await bob.visitor.open('/friends');
  await row(bob, ann.name).waitFor();
  await ann.visitor.open('/friends');
  await row(bob, ann.name).getByText('Online').waitFor();
  const hidden = ann.page.getByRole('switch', { name: /Appear offline/ });
  await hidden.check();
  await row(bob, ann.name)
    .getByText(/Last seen|Offline/)
    .waitFor();
  await row(ann, bob.name).getByText('Online').waitFor();
  await ann.page.reload();
  await ann.visitor.settled();
  assert.ok(await hidden.isChecked());
  await hidden.uncheck();
  await row(bob, ann.name).getByText('Online').waitFor();
  await end(ann, bob);
});

test('on a phone everything is within reach of a thumb', async () => {
  const ann = await person({ size: SIZES.phone });
  const bob = await person();
  const cat = await person();
  await befriend(ann, bob);
  await cat.visitor.post('/api/friends/requests/', { user_id: ann.id });
  await ann.visitor.open('/');
  await ann.page.locator('.online-person', { hasText: bob.name }).waitFor();
  await ann.visitor.inspect('friends-home');
  assert.equal(await ann.page.locator('rally-rail').isVisible(), false);
  await ann.page
    .locator('.tabs')
    .getByRole('link', { name: /^Friends/ })
    .click();
  await row(ann, bob.name).waitFor();
  await ann.visitor.inspect('friends-list');
  await ann.page
    .locator('.my-nav')
    .getByRole('link', { name: /^Requests/ })
    .click();
  await row(ann, cat.name).getByRole('button', { name: 'Accept' }).waitFor();
  await ann.visitor.inspect('friends-requests');
  await ann.page.locator('.my-nav').getByRole('link', { name: 'Find friends' }).click();
  await search(ann, cat.name);
  await row(ann, cat.name).getByRole('button', { name: 'Accept' }).waitFor();
  await ann.visitor.inspect('friends-search');
  await ann.visitor.open('/friends/blocked');
  await ann.visitor.inspect('friends-blocked');
  await end(ann, bob, cat);
});

test('the rail can be folded away, stays so, and no page is cramped by it', async () => {
  const ann = await person();
  const bob = await person();
  await befriend(ann, bob);
  await ann.visitor.open('/');
  const rail = ann.page.getByRole('complementary', { name: 'Friends' });
  await rail.locator('.person', { hasText: bob.name }).waitFor();
  await ann.visitor.inspect('friends-home');
  await rail.getByRole('button', { name: 'Hide friends' }).click();
  await becomes(() => rail.locator('.person').count(), 0);
  await ann.page.reload();
  await ann.visitor.settled();
  assert.equal(await rail.locator('.person').count(), 0);
  await ann.visitor.inspect('friends-rail-closed', ['light']);
  await rail.getByRole('button', { name: 'Show friends' }).click();
  await rail.locator('.person', { hasText: bob.name }).waitFor();
  await ann.page.setViewportSize({ width: 1200, height: 800 });
  for (const path of ['/', '/shop', '/my/orders', '/friends']) {
    await ann.visitor.open(path);
    await ann.visitor.inspect(`friends-narrow${path.replaceAll('/', '-')}`, ['light']);
  }
  await end(ann, bob);
});
