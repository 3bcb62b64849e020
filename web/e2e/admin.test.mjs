import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN, SELLER, SHOPPER, SIZES, becomes, market, shifts, until, world } from './harness.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** @typedef {import('./harness.mjs').Visitor} Visitor */

/** @param {string} email @param {import('./harness.mjs').VisitOptions} [options] */
async function person(email, options = { lang: 'en-US' }) {
  const visitor = await rally.visit(options);
  await visitor.signIn(email);
  return visitor;
}

/** @param {string} name that nothing else has */
const unique = (name) => `${name} ${crypto.randomUUID().slice(0, 8)}`;

/** A picture of one pixel, and a file that is none. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

/** @param {Visitor} visitor */
async function leave(visitor) {
  visitor.clean();
  await visitor.close();
}

for (const [name, size] of Object.entries(SIZES)) {
  test(`every page of the staff is sound: ${name}`, async () => {
    const visitor = await person(ADMIN, { size });
    const orders = await visitor.get('/api/admin/shop/orders/?page_size=1');
    const infos = await visitor.get('/api/shop/productinfos/?page_size=1');
    const pages = {
      admin: '/admin',
      'admin-orders': '/admin/orders',
      'admin-orders-late': '/admin/orders?overdue=true',
      'admin-order': `/admin/orders/${orders.results[0].id}`,
      'admin-bids': '/admin/bids?status=open&side=sales',
      'admin-articles': '/admin/articles?category=shoes&page=2',
      'admin-article': `/admin/articles/${infos.results[0].id}`,
      'admin-new-article': '/admin/articles/new',
      'admin-brands': '/admin/brands',
      'admin-fees': '/admin/fees',
      'admin-audit': '/admin/audit',
    };
    for (const [page, address] of Object.entries(pages)) {
      await visitor.open(address);
      await visitor.inspect(page);
    }
    await visitor.close();
  });
}

for (const [name, { width }] of Object.entries(SIZES)) {
  test(`what comes late to the staff moves nothing: ${name}`, async () => {
    // So tall that all of it is in sight.
    const visitor = await person(ADMIN, { size: { width, height: 2400 }, lang: 'en-US' });
    const { page } = visitor;
    const infos = await visitor.get('/api/shop/productinfos/?page_size=1&ordering=popular');
    for (const path of [`/admin/articles/${infos.results[0].id}`, '/admin/brands', '/admin/fees']) {
      /** @type {() => void} */
      let release = () => {};
      const held = new Promise((done) => (release = () => done(null)));
      await page.route(/\/api\/(admin\/)?shop\//, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(path);
      await page.locator('main .skeleton').first().waitFor();
      release();
      await visitor.settled();
      const moved = await shifts(page);
      assert.ok(moved < 0.02, `${path} moves by ${moved}`);
      await page.unroute(/\/api\/(admin\/)?shop\//);
    }
    await leave(visitor);
  });
}

test('to everybody else the desk is an address that leads nowhere', async () => {
  const visitor = await person(SELLER);
  for (const path of ['/admin', '/admin/orders/1', '/admin/audit']) {
    await visitor.open(path);
    await visitor.page.getByText('it is not for you to see').waitFor();
  }
  assert.equal(await visitor.page.getByRole('link', { name: 'Admin' }).count(), 0);
  await leave(visitor);
});

test('a brand is added, found, renamed and deleted, and the log tells of it', async () => {
  const visitor = await person(ADMIN);
  const { page } = visitor;
  const [first, second] = [unique('Brand'), unique('Other')];
  const dialog = page.getByRole('dialog');
  await visitor.open('/admin/brands');
  await page.getByRole('button', { name: 'Add a brand' }).click();
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByText('This field is required.').waitFor();
  await dialog.getByLabel('Brand name').fill(first);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });

  await page.getByLabel('Name of the brand').fill(first);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.searchParams.get('search') === first);
  await page.getByRole('button', { name: `Rename: ${first}` }).click();
  await dialog.getByLabel('Brand name').fill(second);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Nothing matches').waitFor();

  await visitor.open(`/admin/brands?search=${encodeURIComponent(second)}`);
  await page.getByRole('button', { name: `Delete: ${second}` }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('Nothing matches').waitFor();

  await visitor.open('/admin/audit?action=shop.brand.change');
  const entry = page.locator('.audit-entry', { hasText: second });
  await entry.locator('del', { hasText: first }).waitFor();
  await entry.locator('ins', { hasText: second }).waitFor();
  await leave(visitor);
});

test('an article is written, given sizes and pictures, changed and deleted', async () => {
  const visitor = await person(ADMIN);
  const { page } = visitor;
  const name = unique('Article');
  const dialog = page.getByRole('dialog');
  await visitor.open('/admin/articles/new');
  await page.getByRole('button', { name: 'Add an article' }).click();
  await page.getByText('This field is required.').first().waitFor();
  await page.getByLabel('Brand', { exact: true }).selectOption({ index: 1 });
  await page.getByLabel('English name').fill(name);
  await page.getByLabel('Category').selectOption('shoes');
  await page.getByLabel('Sold by').selectOption('brand');
  await page.getByLabel('Retail price').fill('119,000');
  await page.getByLabel('Price step').fill('0');
  await page.getByRole('button', { name: 'Add an article' }).click();
  await page.getByText('Enter a number from 1 to 1,000,000.').waitFor();
  await page.getByLabel('Price step').fill('1000');
  await page.getByRole('button', { name: 'Add an article' }).click();
  await page.waitForURL((url) => /^\/admin\/articles\/\d+$/.test(url.pathname));
  const path = new URL(page.url()).pathname;
  const id = path.split('/').at(-1);
  assert.equal((await visitor.get(`/api/shop/productinfos/${id}/`)).retail_price, 119_000);

  await page.getByRole('button', { name: 'Add a size' }).click();
  await dialog.getByLabel('Size').fill('260');
  await dialog.getByLabel('Store price').fill('89000');
  await dialog.getByLabel('Stock').fill('12');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  const row = page.getByRole('row', { name: '260' });
  await row.getByText('₩89,000').waitFor();
  await row.getByRole('button', { name: 'Edit: 260' }).click();
  await dialog.getByLabel('Stock').fill('3');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await row.getByText('3', { exact: true }).waitFor();

  visitor.expect(400);
  await page.locator('input[type=file]').setInputFiles([
    { name: 'one.png', mimeType: 'image/png', buffer: PNG },
    { name: 'two.png', mimeType: 'image/png', buffer: PNG },
    { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('words') },
  ]);
  await page.locator('.picture').nth(1).waitFor();
  await page.locator('.upload-bad', { hasText: 'broken.png' }).waitFor();
  await page
    .locator('.upload-bad', { hasText: 'notes.txt' })
    .getByRole('button', { name: /^Dismiss/ })
    .click();
  await becomes(() => page.locator('.upload').count(), 1);
  await page.getByRole('button', { name: 'Delete picture 2' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.locator('.picture').nth(1).waitFor({ state: 'detached' });
  assert.equal((await visitor.get(`/api/shop/productinfos/${id}/images/`)).length, 1);

  await page.getByLabel('Retail price').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await until(
    async () => (await visitor.get(`/api/shop/productinfos/${id}/`)).retail_price === null,
    'the price to be gone',
  );

  await page.getByRole('button', { name: 'Delete the article' }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL((url) => url.pathname === '/admin/articles');
  await leave(visitor);
});

test('what is not saved is not left by accident, by a link or by the way back', async () => {
  const visitor = await person(ADMIN);
  const { page } = visitor;
  const dialog = page.getByRole('dialog');
  // Somebody who steps again as soon as the browser has stepped.
  await page.addInitScript(() =>
    addEventListener('popstate', () => {
      if (!document.body.dataset['hurry']) return;
      delete document.body.dataset['hurry'];
      history.back();
    }),
  );
  await visitor.open('/admin/articles');
  await page.getByRole('link', { name: 'Add an article' }).click();
  await page.getByLabel('English name').fill('Half an article');
  await page.getByRole('link', { name: 'Shop', exact: true }).first().click();
  await dialog.getByRole('button', { name: 'Stay' }).click();
  assert.equal(new URL(page.url()).pathname, '/admin/articles/new');
  assert.equal(await page.getByLabel('English name').inputValue(), 'Half an article');
  // The browser steps first and is brought back: only then is the page where it stays.
  const asked = async () => {
    await dialog.waitFor();
    await page.waitForURL((url) => url.pathname === '/admin/articles/new');
  };
  await page.goBack();
  await asked();
  await dialog.getByRole('button', { name: 'Stay' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(new URL(page.url()).pathname, '/admin/articles/new');
  // Whoever steps twice is asked once.
  await page.evaluate(() => (document.body.dataset['hurry'] = 'yes'));
  await page.evaluate(() => history.back());
  await asked();
  await dialog.getByRole('button', { name: 'Leave' }).click();
  await page.waitForURL((url) => url.pathname === '/admin/articles');
  await leave(visitor);
});

test('a bid is cancelled with a reason, and its owner has it no more', async () => {
  const staff = await person(ADMIN);
  const owner = await person(SHOPPER);
  const { product, bid, tick, info } = await market(owner);
  const placed = await owner.post(`/api/shop/products/${product.id}/bids/?type=purchase`, {
    price: bid - tick,
  });
  const { id: user } = await owner.get('/api/accounts/user/');
  await staff.open(`/admin/bids?user=${user}&status=open`);
  const row = staff.page.getByRole('row', { name: info.eng_name }).first();
  await row.getByRole('button', { name: /^Cancel/ }).click();
  const dialog = staff.page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('A mistake of the house.');
  await dialog.getByRole('button', { name: 'Cancel the bid' }).click();
  await dialog.waitFor({ state: 'detached' });
  const open = await owner.get('/api/shop/purchasebids/?page_size=100');
  assert.equal(
    open.results.some((/** @type {any} */ row) => row.id === placed.id),
    false,
  );
  await staff.open(`/admin/audit?target=bid:${placed.id}`);
  await staff.page.getByText('A mistake of the house.').waitFor();
  await leave(owner);
  await leave(staff);
});

test('fees are scheduled ahead, checked before they are sent, and taken back', async () => {
  const visitor = await person(ADMIN);
  const { page } = visitor;
  const dialog = page.getByRole('dialog');
  await visitor.open('/admin/fees');
  // What is charged today is there before anything was ever scheduled.
  const today = page.locator('.fees-now');
  await today.locator('div', { hasText: /^Buyer% of the price1\.5%$/ }).waitFor();
  await today.locator('div', { hasText: /^Seller% of the price3%$/ }).waitFor();
  await page.getByRole('button', { name: 'Schedule new fees' }).click();
  await becomes(() => dialog.getByLabel('Not shipped', { exact: true }).inputValue(), '10');
  await dialog.getByLabel('From').fill('2026-01-01T10:00');
  await dialog.getByLabel('Buyer', { exact: true }).fill('51');
  for (const rate of ['Seller', 'Not shipped', 'Failed', 'To the buyer'])
    await dialog.getByLabel(rate, { exact: true }).fill('2.5');
  await dialog.getByRole('button', { name: 'Schedule' }).click();
  await dialog.getByText('It must begin at least an hour from now.').waitFor();
  await dialog.getByText('Enter 0 to 50, with up to two decimals.').waitFor();
  const ahead = new Date(Date.now() + (200 + Math.random() * 100) * 86_400_000);
  await dialog.getByLabel('From').fill(ahead.toISOString().slice(0, 16));
  await dialog.getByLabel('Buyer', { exact: true }).fill('1.25');
  await dialog.getByRole('button', { name: 'Schedule' }).click();
  await dialog.waitFor({ state: 'detached' });
  const row = page.getByRole('row', { name: /1\.25%/ }).first();
  await row.getByRole('button', { name: /^Delete/ }).click();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached' });
  await leave(visitor);
});

test('lists of the staff keep what is asked of them in the address', async () => {
  const visitor = await person(ADMIN);
  const { page } = visitor;
  await visitor.open('/admin/articles');
  await page.getByRole('link', { name: 'Next' }).click();
  await page.waitForURL((url) => url.searchParams.get('page') === '2');
  await page.getByLabel('Category').selectOption('shoes');
  await page.waitForURL(
    (url) => url.searchParams.get('category') === 'shoes' && !url.searchParams.has('page'),
  );
  const { count } = await visitor.get('/api/shop/productinfos/?category=shoes&page_size=1');
  await page.locator('.listing-count', { hasText: new RegExp(`^${count} `) }).waitFor();
  await page.reload();
  await page.locator('.listing-count', { hasText: new RegExp(`^${count} `) }).waitFor();
  assert.equal(await page.getByLabel('Category').inputValue(), 'shoes');
  await leave(visitor);
});
