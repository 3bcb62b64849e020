import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SIZES, becomes, market, rowOf, world } from './harness.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** @param {import('playwright-core').Page} page @param {number} count */
const shows = (page, count) =>
  page.locator('.shop-count', { hasText: new RegExp(`^${count} products?$`) }).waitFor();

test('filters live in the address: back, forward, reload and a new tab show the same', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const all = (await visitor.get('/api/shop/productinfos/')).count;
  const shoes = (await visitor.get('/api/shop/productinfos/?category=shoes')).count;
  const both = (await visitor.get('/api/shop/productinfos/?category=shoes&price=-200000')).count;
  await visitor.open('/shop');
  await shows(page, all);

  await page
    .locator('.shop-side')
    .getByLabel(/^Shoes/)
    .check();
  await page.waitForURL('**/shop?category=shoes');
  await shows(page, shoes);
  await page.locator('.shop-side').getByPlaceholder('Highest price').fill('200000');
  await page.locator('.shop-side').getByRole('button', { name: 'Apply' }).click();
  await page.waitForURL((url) => url.searchParams.get('price') === '-200000');
  await shows(page, both);

  await page.goBack();
  await page.waitForURL('**/shop?category=shoes');
  await shows(page, shoes);
  await becomes(
    () =>
      page
        .locator('.shop-side')
        .getByLabel(/^Shoes/)
        .isChecked(),
    true,
  );
  await page.goForward();
  await shows(page, both);
  await page.reload();
  await shows(page, both);
  const copy = await visitor.context.newPage();
  visitor.watch(copy);
  await copy.goto(page.url());
  await shows(copy, both);

  await page.getByRole('button', { name: 'Remove filter: Shoes' }).click();
  await page.waitForURL((url) => !url.searchParams.has('category'));
  await page.getByRole('button', { name: 'Clear all' }).click();
  await page.waitForURL((url) => url.pathname === '/shop' && url.search === '');
  await shows(page, all);
  visitor.clean();
  await visitor.close();
});

test('counts next to a filter are what the filter then shows', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  await visitor.open('/shop');
  const label = page.locator('.shop-side label.check', { hasText: 'Clothing' });
  const promised = Number(await label.locator('.check-count').textContent());
  await label.click();
  await shows(page, promised);
  visitor.clean();
  await visitor.close();
});

test('the grid reads on while scrolling and comes back where one was', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const all = (await visitor.get('/api/shop/productinfos/')).count;
  await visitor.open('/shop');
  const cards = page.locator('.shop-main .card');
  while ((await cards.count()) < all) {
    const before = await cards.count();
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForFunction((n) => document.querySelectorAll('.shop-main .card').length > n, before);
  }
  await page.getByText('That is all.').waitFor();
  assert.equal(
    new Set(await cards.evaluateAll((links) => links.map((link) => link.getAttribute('href')))).size,
    all,
  );

  const target = cards.nth(all - 10);
  await target.scrollIntoViewIfNeeded();
  const y = await page.evaluate(() => scrollY);
  assert.ok(y > 1000);
  const href = await target.getAttribute('href');
  await target.click();
  await page.waitForURL(`**${href}`);
  await visitor.settled();
  assert.equal(await page.evaluate(() => scrollY), 0);
  await page.goBack();
  await page.waitForURL('**/shop');
  await page.waitForFunction((wanted) => Math.abs(scrollY - wanted) < 4, y);
  assert.equal(await cards.count(), all);
  visitor.clean();
  await visitor.close();
});

test('a link opens in a new tab, and the router keeps its hands off', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  await visitor.open('/shop');
  const [popup] = await Promise.all([
    visitor.context.waitForEvent('page'),
    page
      .locator('.shop-main .card')
      .first()
      .click({ modifiers: ['ControlOrMeta'] }),
  ]);
  await popup.getByRole('heading', { level: 1 }).waitFor();
  assert.match(popup.url(), /\/shop\/\d+$/);
  assert.match(page.url(), /\/shop$/);
  await visitor.close();
});

test('search keeps the filters of the shop and starts anew elsewhere', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const { info } = await market(visitor);
  await visitor.open('/shop?category=shoes');
  const box = page.getByRole('banner').getByRole('searchbox');
  await box.fill(info.eng_name);
  await box.press('Enter');
  await page.waitForURL(
    (url) => url.searchParams.get('category') === 'shoes' && url.searchParams.has('search'),
  );
  await page.locator(`.card[href="/shop/${info.id}"]`).waitFor();
  await visitor.open('/');
  await box.fill('zzzzzzzz');
  await box.press('Enter');
  await page.waitForURL((url) => url.pathname === '/shop' && !url.searchParams.has('category'));
  await page.getByText('Nothing matches').waitFor();
  await page.getByRole('link', { name: 'Show everything' }).click();
  await page.waitForURL((url) => url.pathname === '/shop' && url.search === '');
  visitor.clean();
  await visitor.close();
});

test('on a phone the filters are a sheet and one step in the history', async () => {
  const visitor = await rally.visit({ lang: 'en-US', size: SIZES.phone });
  const { page } = visitor;
  const wanted = (await visitor.get('/api/shop/productinfos/?category=shoes&delivery_tag=immediate')).count;
  await visitor.open('/shop');
  await page.getByRole('button', { name: /^Filters/ }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel(/^Shoes/).check();
  await sheet.getByLabel(/^Traded between people/).check();
  await sheet.getByRole('button', { name: new RegExp(`^Show ${wanted} result`) }).click();
  await page.waitForURL('**/shop?category=shoes&delivery_tag=immediate');
  await shows(page, wanted);
  await page.goBack();
  await page.waitForURL((url) => url.pathname === '/shop' && url.search === '');
  visitor.clean();
  await visitor.close();
});

test('a wish shows at once, stands on its page and goes again', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  await visitor.signIn();
  const { path, info } = await market(visitor);
  await visitor.open(path);
  const button = page.locator('.wish');
  assert.equal(await button.getAttribute('aria-pressed'), 'false');
  await button.click();
  await page.locator('.wish[aria-pressed=true]').waitFor();
  await visitor.open('/my/wishes');
  const row = rowOf(page, info);
  await row.waitFor();
  await row.getByRole('button', { name: /^Remove from wishes/ }).click();
  await row.waitFor({ state: 'detached' });
  await visitor.open(path);
  assert.equal(await page.locator('.wish').getAttribute('aria-pressed'), 'false');
  visitor.clean();
  await visitor.close();
});

test('a wish that the server refuses is taken back visibly', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  await visitor.signIn();
  const { path } = await market(visitor);
  await visitor.open(path);
  visitor.expect(500);
  /** @type {() => void} */
  let answer = () => {};
  const held = new Promise((resolve) => (answer = () => resolve(undefined)));
  await page.route('**/wishes/', async (route) => {
    await held;
    await route.fulfill({ status: 500, json: { code: 'internal', detail: 'Broken.', request_id: 'req-77' } });
  });
  await page.locator('.wish').click();
  await page.locator('.wish[aria-pressed=true]').waitFor();
  answer();
  await page.locator('.wish[aria-pressed=false]').waitFor();
  await page.locator('.toast', { hasText: 'req-77' }).waitFor();
  visitor.clean();
  await visitor.close();
});

test('somebody who is not signed in is asked to, and comes back to the sheet', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const { path } = await market(visitor);
  await visitor.open(path);
  await page.getByRole('button', { name: /^Buy/ }).first().click();
  await page.waitForURL((url) => url.pathname === '/signin');
  await page.getByLabel('E-mail').fill('shopper@rally.test');
  await page.getByLabel('Password').fill('rally-demo-2026');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('dialog').waitFor();
  assert.ok(page.url().includes(path));
  visitor.clean();
  await visitor.close();
});
