import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SELLER, SHOPPER, SIZES, becomes, market, until, won, world } from './harness.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** @param {import('playwright-core').Page} page */
const plot = (page) => page.locator('.chart-plot');

/** @param {import('playwright-core').Page} page @param {string} name */
const figure = (page, name) =>
  page.locator('.stat', { has: page.locator(`[data-stat=${name}]`) }).locator('.stat-value');

test('the chart keeps its range in the address and says its points to the arrow keys', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const { path, product } = await market(visitor);
  /** @param {string} range */
  const points = async (range) =>
    (await visitor.get(`/api/shop/products/${product.id}/chart/?range=${range}`)).points;
  const all = await points('all');
  assert.ok(all.length > 1, 'the demo world has traded it');
  await visitor.open(path);
  await page.locator('rally-chart').getByRole('radio', { name: 'All' }).check();
  await page.waitForURL((url) => url.searchParams.get('range') === 'all');
  await visitor.settled();

  await plot(page).focus();
  await page.keyboard.press('End');
  const newest = won(all.at(-1).price);
  const said = () => plot(page).getAttribute('aria-valuetext');
  await until(async () => (await said())?.includes(newest) ?? false, `the chart to say ${newest}`);
  await becomes(() => page.locator('.chart-tip').isVisible(), true);
  await page.keyboard.press('ArrowLeft');
  await becomes(() => plot(page).getAttribute('aria-valuenow'), String(all.length - 1));
  await page.keyboard.press('Escape');
  await becomes(() => page.locator('.chart-tip').isHidden(), true);

  await page.getByText('Show as a table').click();
  await becomes(() => page.locator('.chart-table tbody tr').count(), all.length);
  await page.reload();
  await visitor.settled();
  assert.ok(await page.locator('rally-chart').getByRole('radio', { name: 'All' }).isChecked());
  await page.locator('rally-chart').getByRole('radio', { name: '3M' }).check();
  await page.waitForURL((url) => !url.searchParams.has('range') && url.searchParams.has('size'));
  visitor.clean();
  await visitor.close();
});

test('the chart has the same height with many points, with one, and with none', async () => {
  const visitor = await rally.visit({ lang: 'en-US', size: SIZES.phone });
  const { page } = visitor;
  const { path } = await market(visitor);
  const one = { at: '2026-01-05', price: 120_000, high: 125_000, low: 118_000, volume: 3 };
  /** @type {object[]} */
  let points = [];
  await page.route('**/chart/**', (route) =>
    route.fulfill({ json: { product: 1, range: '3m', from: '2026-01-01', points, retail_price: 119_000 } }),
  );
  const heights = [];
  for (points of [[], [one], [one, { ...one, at: '2026-01-09' }]]) {
    await visitor.open(path);
    if (points.length === 0) await page.getByText('No trades in this period').waitFor();
    else assert.equal(await plot(page).getAttribute('data-points'), String(points.length));
    heights.push((await page.locator('.chart-stage').boundingBox())?.height);
    await visitor.inspect(`article-chart-${points.length}`);
  }
  assert.equal(new Set(heights).size, 1, heights.join(', '));
  await page.unroute('**/chart/**');
  await visitor.close();
});

test('a trade moves the chart and the figures while one looks at them', async () => {
  const watcher = await rally.visit({ lang: 'en-US' });
  const buyer = await rally.visit({ lang: 'en-US' });
  await buyer.signIn(SHOPPER);
  const { path, product } = await market(watcher);
  const stats = await watcher.get(`/api/shop/products/${product.id}/stats/`);
  await watcher.open(path);
  await figure(watcher.page, 'volume').getByText(`${stats.volume_90d} trade`).waitFor();
  // What a buyer pays is not the last trade's price in this market.
  const order = await buyer.post(`/api/shop/products/${product.id}/transorders/?type=purchase`, {});
  await figure(watcher.page, 'volume')
    .getByText(`${stats.volume_90d + 1} trade`)
    .waitFor();
  await figure(watcher.page, 'last').getByText(won(order.price)).waitFor();
  const { page } = watcher;
  await page.waitForFunction(
    (price) => document.querySelector('.chart-plot')?.getAttribute('aria-valuetext')?.includes(price),
    won(order.price),
  );
  watcher.clean();
  buyer.clean();
  await Promise.all([watcher.close(), buyer.close()]);
});

test('each figure says on demand what it means', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const { path } = await market(visitor);
  await visitor.open(path);
  const name = page.getByRole('button', { name: 'Volatility' });
  await name.click();
  await page.getByText('How much prices spread around their average').waitFor();
  await becomes(() => name.getAttribute('aria-expanded'), 'true');
  await name.click();
  await becomes(() => page.locator('.stats-note').isHidden(), true);
  visitor.clean();
  await visitor.close();
});

test('the depth adds up, from the best price outward', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const { path, book } = await market(visitor);
  await visitor.open(path);
  const sums = await page.locator('.ladder-bids .level-sum').allTextContents();
  let sum = 0;
  const expected = book.bids
    .slice(0, 5)
    .map((/** @type {{count: number}} */ { count }) => String((sum += count)));
  assert.deepEqual(sums, expected);
  visitor.clean();
  await visitor.close();
});

test('a size that is chosen takes book, chart, figures and trades along', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  await visitor.signIn(SELLER);
  const { info, product } = await market(visitor);
  await visitor.open(`/shop/${info.id}`);
  const read = Promise.all(
    ['book', 'chart', 'stats', 'trades'].map((what) =>
      page.waitForResponse((response) => response.url().includes(`/products/${product.id}/${what}/`)),
    ),
  );
  await page
    .locator('.sizes')
    .getByRole('radio', { name: new RegExp(`^${product.size} `) })
    .check();
  await read;
  await visitor.settled();
  visitor.clean();
  await visitor.close();
});
