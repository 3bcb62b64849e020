import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SIZES, becomes, market, world } from './harness.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

for (const [name, size] of Object.entries(SIZES)) {
  test(`every public page is sound: ${name}`, async () => {
    const visitor = await rally.visit({ size });
    const { path, info } = await market(visitor);
    const store = (await visitor.get('/api/shop/productinfos/?delivery_tag=brand&page_size=1')).results[0];
    const pages = {
      home: '/',
      shop: '/shop',
      'shop-filtered': `/shop?category=shoes&brand_id=${info.brand}&ordering=price`,
      'shop-empty': '/shop?search=zzzzzzzz',
      article: path,
      'article-all': `/shop/${info.id}`,
      ...(store ? { 'article-store': `/shop/${store.id}` } : {}),
      signin: '/signin?next=/my/orders',
      signup: '/signup',
      outbox: '/outbox',
      missing: '/no/such/page',
    };
    for (const [page, address] of Object.entries(pages)) {
      await visitor.open(address);
      await visitor.inspect(page);
    }
    await visitor.close();
  });

  test(`every page of a person is sound: ${name}`, async () => {
    const visitor = await rally.visit({ size });
    await visitor.signIn();
    const deal = await market(visitor);
    const { product, ask, bid, tick, path } = deal;
    const order = await visitor.post(`/api/shop/products/${product.id}/transorders/?type=purchase`, {
      expected_price: ask,
    });
    await visitor.post(`/api/shop/products/${product.id}/bids/?type=purchase`, { price: bid - tick });
    await visitor.post(`/api/shop/products/${product.id}/wishes/`, {});
    const pages = {
      'home-own': '/',
      'article-own': path,
      orders: '/my/orders',
      'orders-sold': '/my/orders?type=sales',
      order: `/my/orders/${order.id}`,
      bids: '/my/bids',
      'bids-sales': '/my/bids?type=sales',
      wishes: '/my/wishes',
      profile: '/my/profile',
    };
    for (const [page, address] of Object.entries(pages)) {
      await visitor.open(address);
      assert.equal(new URL(visitor.page.url()).pathname, address.split('?')[0]);
      await visitor.inspect(page);
    }
    // The sheet is part of a page, and has an address, too.
    await visitor.open(`${path}&trade=purchase`);
    await visitor.page.getByRole('dialog').waitFor();
    await visitor.inspect('trade-now');
    await visitor.page.locator('dialog input[value=bid]').check();
    await visitor.inspect('trade-bid');
    await visitor.page.locator('dialog form button[type=submit]').click();
    await visitor.page.locator('dialog .dialog-actions').waitFor();
    await visitor.inspect('trade-confirm');
    await visitor.close();
  });
}

test('an article that does not exist says so', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  visitor.expect(404);
  await visitor.page.goto('/shop/999999999');
  await visitor.page.getByRole('heading', { name: 'This product does not exist' }).waitFor();
  visitor.clean();
  await visitor.close();
});

test('the keyboard reaches the content and stays inside a dialog', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  await visitor.signIn();
  const { path } = await market(visitor);
  await visitor.open(path);
  const { page } = visitor;
  await page.keyboard.press('Tab');
  await becomes(() => page.evaluate(() => document.activeElement?.className), 'skip');
  await page.keyboard.press('Enter');
  await becomes(() => page.evaluate(() => document.activeElement?.id), 'main');

  await page.getByRole('button', { name: /^Buy/ }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.waitForURL(/trade=purchase/);
  for (let i = 0; i < 30; i += 1) {
    await page.keyboard.press('Tab');
    // The browser's own bar is the one other place the focus may pass through.
    const inside = await page.evaluate(
      () => document.activeElement === document.body || Boolean(document.activeElement?.closest('dialog')),
    );
    assert.ok(inside);
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.waitForURL((url) => !url.searchParams.has('trade'));
  visitor.clean();
  await visitor.close();
});

test('a page has a title, and moving on puts the focus on its heading', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  await visitor.open('/');
  const { page } = visitor;
  assert.equal(await page.title(), 'Home · Rally');
  await page.getByRole('link', { name: 'Browse the shop' }).click();
  await page.waitForURL('**/shop');
  await visitor.settled();
  await becomes(() => page.title(), 'Shop · Rally');
  await page.waitForFunction(() => document.activeElement?.localName === 'h1');
  visitor.clean();
  await visitor.close();
});

test('language and theme switch at once and are kept', async () => {
  const visitor = await rally.visit({ lang: 'ko-KR' });
  await visitor.open('/shop');
  const { page } = visitor;
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ko');
  await page.locator('.icon-button.settings-menu').click();
  await page.getByLabel('English').check();
  await page.getByRole('heading', { level: 1, name: 'Shop' }).waitFor();
  await becomes(() => page.evaluate(() => document.documentElement.lang), 'en');
  await page.getByLabel('Dark').check();
  await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Shop' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark');
  visitor.clean();
  await visitor.close();
});
