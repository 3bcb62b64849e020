import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SIZES, becomes, shifts, world } from './harness.mjs';
import { someone, toast } from './people.mjs';

/**
 * @typedef {import('./harness.mjs').Visitor} Visitor
 * @typedef {import('../core/style-types.js').Post} Post
 */

/** @type {import('./harness.mjs').World} */
let rally;
/** A post of words alone. @type {Post} */
let plain;
before(async () => {
  rally = await world();
  const { visitor } = await someone(rally);
  plain = await visitor.post(POSTS, { content: 'No picture today, only words.' });
  await visitor.close();
});
after(() => rally?.stop());

const POSTS = '/api/styles/posts/';

/** @param {Visitor} visitor @param {string} query @returns {Promise<Post[]>} */
const list = async (visitor, query) => (await visitor.get(`${POSTS}?${query}`)).results;

/** @param {Visitor} visitor @param {(post: Post) => boolean} wanted @returns {Promise<Post>} one of the demo's */
async function found(visitor, wanted) {
  const post = (await list(visitor, 'type=latest&page_size=100')).find(wanted);
  assert.ok(post, 'the demo world has no such post');
  return post;
}

/** @param {Visitor} visitor */
const cards = ({ page }) => page.locator('.masonry > li');

/** @param {Visitor} visitor the numbers of the posts, as they stand in the document */
const shown = (visitor) =>
  cards(visitor).evaluateAll((items) => items.map((item) => Number(item.getAttribute('data-key'))));

/** Where the first card in sight is. @param {Visitor} visitor */
const place = ({ page }) =>
  page.evaluate(() => {
    const card = [...document.querySelectorAll('.masonry > li')].find(
      (item) => item.getBoundingClientRect().bottom > 96,
    );
    return { key: card?.getAttribute('data-key'), top: Math.round(card?.getBoundingClientRect().top ?? 0) };
  });

for (const [name, size] of Object.entries(SIZES)) {
  test(`every page of the feed is sound: ${name}`, async () => {
    const visitor = await rally.visit({ size });
    const post = await found(
      visitor,
      ({ products, images }) => images.length > 1 && products.some(({ x }) => x !== null),
    );
    const tagged = await found(visitor, ({ content }) => /#[\p{L}\d_]+/u.test(content));
    const tag = /#([\p{L}\d_]+)/u.exec(tagged.content)?.[1] ?? '';
    const author = post.created_by.profile_name;
    const pages = {
      style: '/style',
      'style-latest': '/style?type=latest',
      'style-following': '/style?type=following',
      post: `/style/posts/${post.id}`,
      'post-plain': `/style/posts/${plain.id}`,
      person: `/u/${author}`,
      'person-mentioned': `/u/${author}?tab=mentioned`,
      'style-tag': `/style/tags/${encodeURIComponent(tag)}`,
      'style-search': `/style/search?q=${author.slice(0, 4)}`,
      'style-search-start': '/style/search',
      'style-product': `/style/products/${post.products[0]?.info_id}`,
    };
    for (const [page, address] of Object.entries(pages)) {
      await visitor.open(address);
      await visitor.inspect(page);
    }
    await visitor.close();
  });

  test(`one reads on, and comes back to the same card: ${name}`, async () => {
    const visitor = await rally.visit({ size });
    const { page } = visitor;
    await visitor.open('/style?type=latest');
    const first = await list(visitor, 'type=latest&page_size=24');
    assert.deepEqual(
      await shown(visitor),
      first.map(({ id }) => id),
      'in the order of reading',
    );
    const columns = await cards(visitor).evaluateAll(
      (items) => new Set(items.map((item) => item.getBoundingClientRect().left)).size,
    );
    assert.equal(columns, size.width < 600 ? 2 : 5);

    // Nobody's card changes its column while more come.
    const before = await cards(visitor).evaluateAll((items) =>
      items.map((item) => item.getBoundingClientRect().left),
    );
    for (const more of [48, 72]) {
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await cards(visitor)
        .nth(more - 1)
        .waitFor();
    }
    const after = await cards(visitor).evaluateAll((items) =>
      items.map((item) => item.getBoundingClientRect().left),
    );
    assert.deepEqual(after.slice(0, before.length), before);
    const keys = await shown(visitor);
    assert.equal(new Set(keys).size, keys.length, 'nothing stands twice');

    const card = cards(visitor).nth(50);
    await card.scrollIntoViewIfNeeded();
    await visitor.settled();
    const there = await place(visitor);
    /** @type {string[]} */
    const read = [];
    page.on('request', (request) => {
      if (request.url().includes(`${POSTS}?`)) read.push(request.url());
    });
    await card.locator('.post-link').evaluate((link) => /** @type {HTMLElement} */ (link).click());
    await page.waitForURL(/\/style\/posts\/\d+$/);
    await visitor.settled();
    await page.goBack();
    await becomes(() => place(visitor), there);
    assert.deepEqual(read, [], 'nothing had to be read again');
    assert.ok((await shifts(page)) < 0.02);

    // A narrower window has other columns; whoever reads goes on reading the same card.
    await page.setViewportSize({ ...size, width: size.width < 600 ? 700 : 820 });
    const same = page.locator(`.masonry > li[data-key="${there.key}"]`);
    await becomes(async () => Math.round((await same.boundingBox())?.y ?? 0), there.top);
    visitor.clean();
    await visitor.close();
  });
}

test('nothing moves while pictures are on their way, and they come as small as they are shown', async () => {
  const visitor = await rally.visit({ size: SIZES.phone });
  const { page } = visitor;
  /** @type {string[]} */
  const read = [];
  await page.route('**/media/**', async (route) => {
    read.push(route.request().url());
    await new Promise((later) => setTimeout(later, 300));
    await route.continue();
  });
  await visitor.open('/style');
  assert.ok((await shifts(page)) < 0.02);
  const frames = await page
    .locator('.post-frame')
    .evaluateAll((items) => items.slice(0, 4).map((item) => item.getBoundingClientRect().height > 80));
  assert.ok(frames.every(Boolean));
  assert.ok(
    read.some((url) => /-[sm]\.\w+$/.test(url)),
    'a variant',
  );
  visitor.clean();
  await visitor.close();
});

test('a like shows at once, goes back visibly, and is there on the post and back in the feed', async () => {
  const { visitor, page } = await someone(rally);
  await visitor.open('/style?type=latest');
  const card = cards(visitor).first();
  const like = card.getByRole('button', { name: /^Like/ });
  const n = Number((await list(visitor, 'type=latest&page_size=1'))[0]?.num_likes);
  visitor.expect(500);
  await page.route('**/like/', (route) =>
    route.fulfill({ status: 500, json: { code: 'internal', detail: 'Broken.', request_id: 'req-91' } }),
  );
  await like.click();
  await toast(visitor, 'req-91');
  await becomes(() => like.getAttribute('aria-pressed'), 'false');
  await page.unroute('**/like/');

  await card.locator('.post-link').click();
  await page.waitForURL(/\/style\/posts\/\d+$/);
  await page.locator('.post-acts').getByRole('button', { name: /^Like/ }).click();
  await page.locator('.post-acts .like[aria-pressed=true]', { hasText: String(n + 1) }).waitFor();
  await becomes(async () => (await list(visitor, 'type=latest&page_size=1'))[0]?.num_likes, n + 1);
  await page.goBack();
  await card.locator('.like[aria-pressed=true]', { hasText: String(n + 1) }).waitFor();
  visitor.clean();
  await visitor.close();
});

test('whoever is not signed in is invited to follow, and to like', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  await visitor.open('/style?type=following');
  await page.getByText('See the people you follow').waitFor();
  const link = page.locator('main').getByRole('link', { name: 'Sign in' });
  assert.equal(await link.getAttribute('href'), '/signin?next=%2Fstyle%3Ftype%3Dfollowing');
  await page.getByRole('link', { name: 'Popular' }).click();
  await cards(visitor).first().getByRole('button', { name: /^Like/ }).click();
  await page.waitForURL(
    ({ pathname, searchParams }) => pathname === '/signin' && searchParams.get('next') === '/style',
  );
  visitor.clean();
  await visitor.close();
});

test('a broken feed says so and can be read again', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  visitor.expect(500);
  await page.route(`**${POSTS}*`, (route) =>
    route.fulfill({ status: 500, json: { code: 'internal', detail: 'Broken.', request_id: 'req-7' } }),
  );
  await page.goto('/style');
  await page.getByText('req-7').waitFor();
  await page.unroute(`**${POSTS}*`);
  await page.getByRole('button', { name: 'Try again' }).click();
  await cards(visitor).first().waitFor();
  visitor.clean();
  await visitor.close();
});

test('the home page and an article show posts, too', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const post = await found(visitor, ({ products }) => products.length > 0);
  await visitor.open('/');
  await page.getByRole('heading', { name: 'Popular style' }).waitFor();
  assert.equal(await page.locator('.post-shelf .post-card').count(), 8);
  const info = post.products[0]?.info_id;
  await visitor.open(`/shop/${info}`);
  const seen = page.locator('.article-style');
  await seen.locator('.post-card').first().waitFor();
  const { shares } = await visitor.get(`/api/shop/productinfos/${info}/`);
  assert.equal(await seen.locator('.review-count').textContent(), String(shares));
  await seen.locator('.section-all').click();
  await page.waitForURL(`**/style/products/${info}`);
  await cards(visitor).first().waitFor();
  visitor.clean();
  await visitor.close();
});
