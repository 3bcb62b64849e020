import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { png, pngFile } from './drawing.mjs';
import { SIZES, world } from './harness.mjs';
import { someone, toast } from './people.mjs';

/** @typedef {import('./people.mjs').Someone} Someone */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

const POSTS = '/api/styles/posts/';
const WIDE = png(1200, 600);
const TALL = png(600, 900, [40, 140, 90], [230, 200, 60]);

/** @param {Someone} someone */
async function finish({ visitor }) {
  visitor.clean();
  await visitor.close();
}

/** @param {Someone} someone @returns {number} the number of the post that is shown */
const postId = ({ page }) => Number(/posts\/(\d+)$/.exec(new URL(page.url()).pathname)?.[1]);

/** @param {Someone} someone @param {string} url @returns {Promise<{width: number, height: number, left: number[]}>} */
const measure = ({ page }, url) =>
  page.evaluate(async (address) => {
    const image = new Image();
    image.src = new URL(address).pathname;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.drawImage(image, 0, 0);
    const left = [...context.getImageData(4, Math.round(canvas.height / 2), 1, 1).data].slice(0, 3);
    return { width: image.naturalWidth, height: image.naturalHeight, left };
  }, url);

/** @param {number[]} seen @param {number[]} wanted JPEG keeps a colour, not its numbers */
const alike = (seen, wanted) => seen.every((value, i) => Math.abs(value - (wanted[i] ?? 0)) < 24);

for (const [name, size] of Object.entries(SIZES)) {
  test(`several pictures are chosen, put in order, cut, tagged and posted: ${name}`, async () => {
    const ann = await someone(rally, { size });
    const { page, visitor } = ann;
    await visitor.open('/style/new');
    await visitor.inspect('compose-empty');
    await page
      .locator('rally-composer input[type=file]')
      .first()
      .setInputFiles([pngFile('wide.png', WIDE), pngFile('tall.png', TALL)]);
    await page.getByText('Picture 1 of 2').last().waitFor();
    await page.getByLabel('1:1').check();
    await page.getByRole('button', { name: 'Move back' }).click();
    await page.getByText('Picture 2 of 2').last().waitFor();

    // The left half alone: moved with the keys as far as it goes.
    const stage = page.getByRole('group', { name: 'What is shown' });
    await stage.focus();
    for (let i = 0; i < 40; i += 1) await page.keyboard.press('ArrowLeft');
    await page.getByLabel('Tag products').check();
    const box = await stage.boundingBox();
    assert.ok(box);
    await stage.click({ position: { x: box.width * 0.25, y: box.height * 0.5 } });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('searchbox').fill('court');
    await dialog.locator('.picker-choice', { hasText: /court/i }).first().click();
    await page.waitForFunction(() => document.activeElement?.matches('[data-dot]'));
    await page.keyboard.press('ArrowRight');
    await visitor.inspect('compose');

    await page.getByLabel('Words').fill(`Made by hand #rally_test <b>${ann.name}</b>`);
    await page.getByRole('button', { name: 'Post', exact: true }).click();
    await page.waitForURL(/\/style\/posts\/\d+$/);
    await toast(visitor, 'Your post is online');
    const post = await visitor.get(`${POSTS}${postId(ann)}/`);
    assert.equal(post.image_ratio, 1);
    assert.equal(post.content, `Made by hand #rally_test <b>${ann.name}</b>`);
    const [first, second] = await Promise.all(
      post.images.map((/** @type {string} */ url) => measure(ann, url)),
    );
    assert.deepEqual([first?.width, first?.height], [600, 600]);
    assert.deepEqual([second?.width, second?.height], [600, 600]);
    assert.ok(alike(first?.left ?? [], [40, 140, 90]), 'the tall one comes first');
    assert.ok(alike(second?.left ?? [], [200, 90, 60]));
    const [tag] = post.products;
    assert.equal(tag.picture, 1);
    assert.ok(Math.abs(tag.x - 0.27) < 0.02 && Math.abs(tag.y - 0.5) < 0.02, `${tag.x} ${tag.y}`);
    await page.getByRole('link', { name: '#rally_test' }).click();
    await page.waitForURL('**/style/tags/rally_test');
    await page.locator(`.masonry > li[data-key="${post.id}"]`).waitFor();
    await finish(ann);
  });
}

test('a post is changed: a picture goes, another comes, the words are others', async () => {
  const ann = await someone(rally);
  const { page, visitor } = ann;
  await visitor.open('/style');
  await page.getByRole('link', { name: 'New post' }).first().click();
  await page.waitForURL('**/style/new');
  await page
    .locator('rally-composer input[type=file]')
    .first()
    .setInputFiles([pngFile('a.png', TALL), pngFile('b.png', WIDE)]);
  await page.getByText('Picture 1 of 2').last().waitFor();
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  await page.waitForURL(/\/style\/posts\/\d+$/);
  const id = postId(ann);
  const before = await visitor.get(`${POSTS}${id}/`);
  assert.equal(before.image_ratio, 0.8);

  await page.getByRole('button', { name: 'More for this post' }).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.waitForURL(`**/style/posts/${id}/edit`);
  await page.getByText('Picture 1 of 2').last().waitFor();
  await page.getByRole('button', { name: 'Move back' }).click();
  await page.getByRole('button', { name: 'Remove picture' }).click();
  await page.locator('.compose-tools input[type=file]').setInputFiles(pngFile('c.png', WIDE));
  await page.getByText('Picture 2 of 2').last().waitFor();
  await page.getByLabel('Words').fill('Now with words');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.waitForURL(`**/style/posts/${id}`);
  await page.getByText('Now with words').waitFor();
  const after = await visitor.get(`${POSTS}${id}/`);
  assert.equal(after.images[0], before.images[1], 'what stays is not sent again');
  assert.equal(after.images.length, 2);
  assert.ok(!before.images.includes(after.images[1]));
  assert.equal(after.image_ratio, 0.8);
  assert.ok(after.edited_at);
  // The page before that one is the one before the post, not a form.
  await page.goBack();
  await page.waitForURL((url) => url.pathname === '/style');
  await finish(ann);
});

test('what is wrong stands at its place, and nothing that was written is lost', async () => {
  const ann = await someone(rally);
  const { page, visitor } = ann;
  await visitor.open('/style');
  await page.getByRole('link', { name: 'New post' }).first().click();
  await page.waitForURL('**/style/new');
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  await page.getByText('Add a picture or some words.').waitFor();
  await page.getByLabel('Words').fill('👟'.repeat(1001));
  await page.getByText('1001/1000').waitFor();
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  await page.locator('.field-error', { hasText: '1000' }).waitFor();
  await page
    .locator('rally-composer input[type=file]')
    .first()
    .setInputFiles([
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('words') },
      { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') },
    ]);
  await page.getByText(/notes\.txt: .* broken\.png: /).waitFor();

  await page.getByLabel('Words').fill('Half a thought');
  visitor.expect(429);
  await page.route(`**${POSTS}`, (route) =>
    route.fulfill({ status: 429, json: { code: 'style.too_many_posts', detail: 'Slow down.' } }),
  );
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  await page.getByText('You posted a lot.').waitFor();
  assert.equal(await page.getByLabel('Words').inputValue(), 'Half a thought');
  await page.unroute(`**${POSTS}`);

  // Whoever leaves is asked first.
  await page.getByRole('link', { name: 'Shop', exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Stay' }).evaluate((/** @type {HTMLElement} */ stay) => {
    stay.click();
    // At once, before the browser has told that the dialog is closed.
    history.back();
  });
  await page.getByRole('button', { name: 'Leave' }).waitFor();
  assert.equal(await page.getByLabel('Words').inputValue(), 'Half a thought');
  await dialog.getByRole('button', { name: 'Leave' }).click();
  await page.waitForURL((url) => url.pathname === '/style');
  await finish(ann);
});

test('an upload shows how far it is, and can be called off', async () => {
  const ann = await someone(rally);
  const { page, visitor } = ann;
  await visitor.open('/style/new');
  await page.locator('rally-composer input[type=file]').first().setInputFiles(pngFile('a.png', TALL));
  await page.getByText('Picture 1 of 1').last().waitFor();
  /** @type {() => void} */
  let free = () => {};
  const held = new Promise((resolve) => (free = () => resolve(undefined)));
  await page.route(`**${POSTS}`, async (route) => {
    await held;
    await route.abort().catch(() => {});
  });
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  await page.getByRole('progressbar', { name: 'Uploading' }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await toast(visitor, 'Upload cancelled');
  free();
  await page.unroute(`**${POSTS}`);
  await page.getByRole('progressbar', { name: 'Uploading' }).waitFor({ state: 'hidden' });
  assert.ok(await page.locator('.crop-window').isVisible(), 'what was chosen is still there');
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  await page.waitForURL(/\/style\/posts\/\d+$/);
  await finish(ann);
});
