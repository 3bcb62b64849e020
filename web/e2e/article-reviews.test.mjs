import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN, PASSWORD, SELLER, SHOPPER, becomes, market, world } from './harness.mjs';

/** @typedef {import('./harness.mjs').Visitor} Visitor */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** @param {string} email */
async function person(email) {
  const visitor = await rally.visit({ lang: 'en-US' });
  await visitor.signIn(email);
  return visitor;
}

/** @param {Visitor} visitor @param {string} text @returns the review with these words */
const review = ({ page }, text) => page.locator('.review', { hasText: text });

/** @param {Visitor} visitor @param {string} text */
async function write(visitor, text) {
  const { page } = visitor;
  await page.getByLabel('Your review').fill(text);
  await page.getByRole('button', { name: 'Post review' }).click();
  await review(visitor, text).waitFor();
}

test('people write, answer, change and delete, and words stay words', async () => {
  const writer = await person(SHOPPER);
  const other = await person(SELLER);
  const { path } = await market(writer);
  await writer.open(path);
  // The demo's people write, too: the number tells ours from theirs.
  const mark = Date.now();
  const words = `<img src=x onerror="document.title=1"> 신어 보니 편해요 👟 ${mark}`;
  await write(writer, words);
  await writer.page.evaluate(() => scrollTo(0, 0));
  await writer.inspect('article-reviews');

  await other.open(path);
  const seen = review(other, words);
  assert.equal(await seen.locator('img[src="x"]').count(), 0);
  assert.equal(await seen.getByRole('button', { name: 'Delete' }).count(), 0, 'it is not theirs');
  await seen.getByRole('button', { name: 'Reply' }).first().click();
  await seen.getByLabel(/^Reply to/).fill('What is your usual size?');
  await seen.getByRole('button', { name: 'Post reply' }).click();
  await seen.locator('.replies', { hasText: 'What is your usual size?' }).waitFor();

  await writer.page.reload();
  await writer.settled();
  const mine = review(writer, words);
  const answer = mine.locator('.remark-replies', { hasText: 'What is your usual size?' });
  await answer.getByRole('button', { name: 'Reply' }).click();
  await mine.getByLabel(/^Reply to/).fill('It is 265.');
  await mine.getByRole('button', { name: 'Post reply' }).click();
  // To a person: their name stands before the words, and the oldest reply stays first.
  const replies = mine.locator('.remark-replies .remark-words');
  await replies.nth(1).getByText('It is 265.').waitFor();
  assert.match((await replies.nth(1).textContent()) ?? '', /^@\S.* It is 265\.$/);

  await mine.locator('.remark-comments').getByRole('button', { name: 'Edit' }).click();
  await writer.page.getByRole('textbox', { name: 'Edit' }).fill(`Runs small. ${mark}`);
  await writer.page.getByRole('button', { name: 'Save' }).click();
  const changed = review(writer, `Runs small. ${mark}`);
  await changed.locator('.remark-comments').getByText('(edited)').waitFor();
  await changed.locator('.remark-comments').getByRole('button', { name: 'Delete' }).click();
  const dialog = writer.page.getByRole('dialog');
  await dialog.getByText('2 replies go with it.').waitFor();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await changed.waitFor({ state: 'detached' });
  for (const visitor of [writer, other]) {
    visitor.clean();
    await visitor.close();
  }
});

test('the staff deletes what somebody else wrote', async () => {
  const writer = await person(SHOPPER);
  const staff = await person(ADMIN);
  const { path } = await market(writer);
  await writer.open(path);
  await write(writer, 'Buy these elsewhere');
  await staff.open(path);
  await review(staff, 'Buy these elsewhere').getByRole('button', { name: 'Delete' }).click();
  await staff.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await review(staff, 'Buy these elsewhere').waitFor({ state: 'detached' });
  await writer.page.reload();
  await writer.settled();
  assert.equal(await review(writer, 'Buy these elsewhere').count(), 0);
  for (const visitor of [writer, staff]) {
    visitor.clean();
    await visitor.close();
  }
});

test('whoever is not signed in is asked to, and comes back to write', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const { path } = await market(visitor);
  await visitor.open(path);
  await page.getByRole('button', { name: 'Sign in to write' }).click();
  await page.waitForURL((url) => url.pathname === '/signin');
  await visitor.present(SHOPPER, PASSWORD);
  await page.waitForURL((url) => `${url.pathname}${url.search}` === path);
  await page.waitForFunction(() => document.activeElement?.matches('.review-write textarea'));
  visitor.clean();
  await visitor.close();
});

test('a like shows at once, and goes back visibly when the server refuses', async () => {
  const writer = await person(SHOPPER);
  const { page } = writer;
  const { path } = await market(writer);
  await writer.open(path);
  await write(writer, 'Worth a like, no. 7');
  const like = review(writer, 'Worth a like, no. 7').getByRole('button', { name: /^Like/ });
  await like.click();
  await review(writer, 'Worth a like, no. 7').locator('.like[aria-pressed=true]', { hasText: '1' }).waitFor();
  await page.reload();
  await writer.settled();
  assert.equal(await like.getAttribute('aria-pressed'), 'true', 'the server has it, too');

  writer.expect(500);
  await page.route('**/like/', (route) =>
    route.fulfill({ status: 500, json: { code: 'internal', detail: 'Broken.', request_id: 'req-78' } }),
  );
  await like.click();
  await page.locator('.toast', { hasText: 'req-78' }).waitFor();
  await review(writer, 'Worth a like, no. 7').locator('.like[aria-pressed=true]', { hasText: '1' }).waitFor();
  writer.clean();
  await writer.close();
});

test('too much is counted and not sent; what is written outlives a reload', async () => {
  const writer = await person(SHOPPER);
  const { page } = writer;
  const { path } = await market(writer);
  await writer.open(path);
  const area = page.getByLabel('Your review');
  await area.fill('👟'.repeat(501));
  await page.getByText('501/500').waitFor();
  await becomes(() => page.getByRole('button', { name: 'Post review' }).isDisabled(), true);
  await area.fill('👟'.repeat(500));
  await becomes(() => page.getByRole('button', { name: 'Post review' }).isEnabled(), true);
  await area.fill('Half a thought');
  await page.reload();
  await writer.settled();
  assert.equal(await page.getByLabel('Your review').inputValue(), 'Half a thought');
  writer.clean();
  await writer.close();
});
