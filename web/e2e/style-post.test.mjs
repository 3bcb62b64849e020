import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN, SIZES, becomes, world } from './harness.mjs';
import { someone, toast } from './people.mjs';

/**
 * @typedef {import('./harness.mjs').Visitor} Visitor
 * @typedef {import('./people.mjs').Someone} Someone
 * @typedef {import('../core/style-types.js').Post} Post
 */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

const POSTS = '/api/styles/posts/';

/** Words of somebody, by the server's own door. @param {Someone} by @param {string} content @returns {Promise<Post>} */
const write = ({ visitor }, content) => visitor.post(POSTS, { content });

/** @param {Someone|{visitor: Visitor, page: Visitor['page']}} someone @param {string} text the comment with these words */
const comment = ({ page }, text) => page.locator('.review', { hasText: text });

/** @param {...{visitor: Visitor}} people */
async function end(...people) {
  for (const { visitor } of people) {
    visitor.clean();
    await visitor.close();
  }
}

for (const [name, size] of Object.entries(SIZES)) {
  test(`pictures are leafed through, and the articles on them lead to the shop: ${name}`, async () => {
    const visitor = await rally.visit({ size, lang: 'en-US' });
    const { page } = visitor;
    /** @type {Post[]} */
    const posts = (await visitor.get(`${POSTS}?type=latest&page_size=100`)).results;
    const post = posts.find(
      ({ images, products }) =>
        images.length > 1 && products.some(({ x, picture }) => x !== null && picture === 0),
    );
    assert.ok(post);
    await visitor.open(`/style/posts/${post.id}`);
    const track = page.locator('.gallery-track');
    const at = () =>
      page
        .locator('.gallery-mark')
        .evaluateAll((marks) => marks.findIndex((mark) => mark.ariaCurrent === 'true'));
    assert.equal(await at(), 0);
    await track.focus();
    await page.keyboard.press('ArrowRight');
    await becomes(at, 1);
    await page.getByRole('button', { name: 'Show picture 1' }).click();
    await becomes(at, 0);
    const shape = await page
      .locator('.gallery-item .tile')
      .first()
      .evaluate((tile) => {
        const { width, height } = tile.getBoundingClientRect();
        return width / height;
      });
    assert.ok(Math.abs(shape - post.image_ratio) < 0.02, 'the frame is as wide as the post says');

    const toggle = page.getByRole('button', { name: 'Show product names' });
    await toggle.click();
    await becomes(() => toggle.getAttribute('aria-pressed'), 'true');
    const product = post.products.find(({ x, picture }) => x !== null && picture === 0);
    const tag = page.locator(`.gallery-item .post-tag[href="/shop/${product?.info_id}"]`).first();
    assert.ok(product);
    const label = tag.locator('.post-tag-label', { hasText: product.eng_name });
    await becomes(() => label.evaluate((node) => getComputedStyle(node).opacity), '1');
    await visitor.inspect('post-tags');
    await tag.click();
    await page.waitForURL(`**/shop/${product?.info_id}`);
    await end({ visitor });
  });
}

test('people comment, answer, name each other, like, change and delete', async () => {
  const ann = await someone(rally);
  const bob = await someone(rally);
  const { id } = await write(ann, `Words alone. ${Date.now()}`);
  const path = `/style/posts/${id}`;
  await ann.visitor.open(path);
  await bob.visitor.open(path);
  await bob.page.getByText('No comments yet').waitFor();
  const area = bob.page.getByLabel('Your comment');
  await area.fill('x'.repeat(101));
  await bob.page.getByText('101/100').waitFor();
  await becomes(() => bob.page.getByRole('button', { name: 'Post comment' }).isDisabled(), true);
  // Names are completed while one writes.
  await area.fill('');
  await area.pressSequentially(`Nice, @${ann.name.slice(0, 5)}`);
  await bob.page.getByRole('option', { name: ann.name }).waitFor();
  await bob.page.keyboard.press('Enter');
  await becomes(() => area.inputValue(), `Nice, @${ann.name} `);
  await bob.page.getByRole('button', { name: 'Post comment' }).click();
  const link = comment(bob, 'Nice,').getByRole('link', { name: `@${ann.name}` });
  assert.equal(await link.getAttribute('href'), `/u/${ann.name}`);
  await becomes(() => bob.page.locator('.review-count').textContent(), '1');

  await ann.page.reload();
  await ann.visitor.settled();
  const seen = comment(ann, 'Nice,');
  assert.equal(await seen.getByRole('button', { name: 'Delete' }).count(), 0, 'it is not hers');
  await seen.getByRole('button', { name: /^Like/ }).click();
  await seen.locator('.like[aria-pressed=true]', { hasText: '1' }).waitFor();
  await seen.getByRole('button', { name: 'Reply' }).click();
  await seen.getByLabel(/^Reply to/).fill('Thank you!');
  await seen.getByRole('button', { name: 'Post reply' }).click();
  await seen.locator('.remark-replies', { hasText: 'Thank you!' }).waitFor();
  await ann.visitor.inspect('post-comments');

  await bob.page.reload();
  await bob.visitor.settled();
  const mine = comment(bob, 'Nice,');
  await mine.locator('.remark-comments').getByRole('button', { name: 'Edit' }).click();
  await bob.page.getByRole('textbox', { name: 'Edit' }).fill('Very nice.');
  await bob.page.getByRole('button', { name: 'Save' }).click();
  const changed = comment(bob, 'Very nice.');
  await changed.locator('.remark-comments').getByText('(edited)').waitFor();
  await changed.locator('.remark-comments').getByRole('button', { name: 'Delete' }).click();
  const dialog = bob.page.getByRole('dialog');
  await dialog.getByText('1 reply goes with it.').waitFor();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await changed.waitFor({ state: 'detached' });
  await end(ann, bob);
});

test('whoever is not signed in is invited, and comes back to write', async () => {
  const ann = await someone(rally);
  const { id } = await write(ann, 'Come in');
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  await visitor.open(`/style/posts/${id}`);
  await page.getByRole('button', { name: 'Sign in to read and write' }).click();
  await page.waitForURL((url) => url.pathname === '/signin');
  await visitor.present('shopper@rally.test', 'rally-demo-2026');
  await page.waitForURL((url) => `${url.pathname}${url.search}` === `/style/posts/${id}`);
  await page.waitForFunction(() => document.activeElement?.matches('.review-write textarea'));
  await end(ann, { visitor });
});

test('who likes a post is listed, and can be followed there', async () => {
  const ann = await someone(rally);
  const bob = await someone(rally);
  const { id } = await write(ann, 'Like me');
  await bob.visitor.open(`/style/posts/${id}`);
  await bob.page.locator('.post-acts').getByRole('button', { name: /^Like/ }).click();
  await bob.page.getByRole('button', { name: '1 like' }).waitFor();
  await ann.visitor.open(`/style/posts/${id}`);
  await ann.page.getByRole('button', { name: '1 like' }).click();
  const dialog = ann.page.getByRole('dialog');
  await dialog.getByRole('button', { name: `Follow: ${bob.name}`, exact: true }).click();
  await dialog.getByRole('button', { name: `Following: ${bob.name}` }).waitFor();
  await ann.visitor.inspect('post-likers');
  await dialog.getByRole('link', { name: bob.name }).click();
  await ann.page.waitForURL(`**/u/${bob.name}`);
  await ann.page.getByRole('heading', { name: bob.name }).waitFor();
  await end(ann, bob);
});

test('what is reported reaches the staff, who hide it and show it again', async () => {
  const ann = await someone(rally);
  const bob = await someone(rally);
  const staff = await rally.visit({ lang: 'en-US' });
  await staff.signIn(ADMIN);
  const words = `Fake shoes for sale ${Date.now()}`;
  const { id } = await write(ann, words);
  await bob.visitor.open(`/style/posts/${id}`);
  await bob.page.getByRole('button', { name: 'More for this post' }).click();
  await bob.page.getByRole('button', { name: 'Report' }).click();
  const dialog = bob.page.getByRole('dialog');
  await dialog.getByLabel('Counterfeit goods').check();
  await dialog.getByLabel('Details').fill('I bought a pair.');
  await bob.visitor.inspect('report');
  await dialog.getByRole('button', { name: 'Send report' }).click();
  await toast(bob.visitor, 'The staff will look into it');

  await staff.open('/admin/reports');
  const row = staff.page.locator('.report', { hasText: words });
  await row.getByText('Counterfeit goods 1').waitFor();
  await row.getByText('I bought a pair.').waitFor();
  await staff.inspect('admin-reports');
  await row.getByRole('button', { name: 'Hide' }).click();
  await staff.page.getByRole('dialog').getByLabel('Reason').fill('Not allowed here');
  await staff.page.getByRole('dialog').getByRole('button', { name: 'Hide' }).click();
  await row.waitFor({ state: 'detached' });

  bob.visitor.expect(404);
  await bob.page.reload();
  await bob.page.locator('main').getByText('This post does not exist').last().waitFor();
  await ann.visitor.open(`/style/posts/${id}`);
  await ann.page.getByText('The staff has hidden this post.').waitFor();

  await staff.page.getByRole('link', { name: 'Hidden' }).click();
  await row.getByRole('button', { name: 'Restore' }).click();
  await staff.page.getByRole('dialog').getByLabel('Reason').fill('It was fine');
  await staff.page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await row.waitFor({ state: 'detached' });
  await bob.visitor.open(`/style/posts/${id}`);
  await bob.page.getByText(words).waitFor();
  await end(ann, bob, { visitor: staff });
});

test('a post is deleted with what hangs on it, and is gone from the feed that was left', async () => {
  const ann = await someone(rally);
  const { id } = await write(ann, 'Soon gone');
  await ann.visitor.open('/style?type=latest');
  const card = ann.page.locator(`.masonry > li[data-key="${id}"]`);
  await card.locator('.post-link').click();
  await ann.page.waitForURL(`**/style/posts/${id}`);
  await ann.page.getByRole('button', { name: 'More for this post' }).click();
  await ann.page.getByRole('button', { name: 'Delete' }).click();
  await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await ann.page.waitForURL((url) => url.pathname === '/style');
  await ann.page.goBack();
  await ann.visitor.settled();
  assert.equal(await card.count(), 0);
  ann.visitor.expect(404);
  await ann.page.goto(`/style/posts/${id}`);
  await ann.page.locator('main').getByText('This post does not exist').last().waitFor();
  await end(ann);
});
