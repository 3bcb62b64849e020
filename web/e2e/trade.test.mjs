import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN, SELLER, SHOPPER, SIZES, becomes, market, rowOf, until, won, world } from './harness.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('./harness.mjs').Visitor} Visitor */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** @param {string} email @param {{width: number, height: number}} [size] */
async function person(email, size = SIZES.desktop) {
  const visitor = await rally.visit({ lang: 'en-US', size });
  await visitor.signIn(email);
  return visitor;
}

/** The three prices above the sizes. @param {Page} page @param {string} name */
const stat = (page, name) => page.locator('.trio-large > div', { hasText: name }).locator('strong');

/** @param {Page} page @param {string} name @param {number} price */
const reads = (page, name, price) =>
  page
    .locator('.trio-large > div', { hasText: name })
    .locator('strong', { hasText: won(price) })
    .waitFor();

/** Opens the sheet and chooses to bid. @param {Visitor} visitor @param {'Buy'|'Sell'} verb */
async function bidForm(visitor, verb) {
  const { page } = visitor;
  await page
    .locator('.deal')
    .getByRole('button', { name: new RegExp(`^${verb}`) })
    .click();
  const sheet = page.getByRole('dialog');
  await sheet.locator('input[value=bid]').check();
  return sheet;
}

test('two people trade, and both see the book move without a reload', async () => {
  const seller = await person(SELLER);
  const buyer = await person(SHOPPER, SIZES.phone);
  const deal = await market(seller);
  const price = deal.ask - deal.tick;
  await Promise.all([seller.open(deal.path), buyer.open(deal.path)]);
  for (const { page } of [seller, buyer]) {
    await reads(page, 'Lowest ask', deal.ask);
    // A reload would take this mark away.
    await page.evaluate(() => (document.body.dataset['mark'] = 'here'));
  }

  const ask = await bidForm(seller, 'Sell');
  await ask.getByLabel('Your ask').fill(String(price));
  await ask.getByRole('button', { name: 'Continue with this ask' }).click();
  await ask.getByRole('button', { name: `Ask ${won(price)}` }).click();
  await ask.getByText('Your ask is in the book.').waitFor();
  await ask.getByRole('button', { name: 'Keep browsing' }).click();

  await reads(buyer.page, 'Lowest ask', price);
  await buyer.page.locator('.ladder-asks', { hasText: won(price) }).waitFor();

  await buyer.page.locator('.deal').getByRole('button', { name: /^Buy/ }).click();
  const sheet = buyer.page.getByRole('dialog');
  await sheet.locator('.now-price', { hasText: won(price) }).waitFor();
  await sheet.getByRole('button', { name: 'Continue to buy' }).click();
  await sheet.getByRole('button', { name: `Buy for ${won(price)}` }).click();
  await sheet.getByText('It is yours.').waitFor();

  // The other one's page moved, too: the ask is gone, the trade is there.
  await reads(seller.page, 'Lowest ask', deal.ask);
  await reads(seller.page, 'Last trade', price);
  await seller.page.locator('.trades tbody tr').first().getByText(won(price)).waitFor();
  for (const { page } of [seller, buyer]) {
    assert.equal(await page.evaluate(() => document.body.dataset['mark']), 'here');
  }

  await sheet.getByRole('link', { name: 'See the order' }).click();
  await buyer.page.waitForURL(/\/my\/orders\/\d+$/);
  await buyer.page.getByRole('heading', { name: /^Order \d+$/ }).waitFor();
  await buyer.page.getByText('Matched').first().waitFor();
  await buyer.page.goBack();
  await buyer.page.waitForURL((url) => url.pathname + url.search === deal.path);

  await seller.open('/my/orders?type=sales');
  const sold = seller.page.locator('.row').first();
  await sold.getByText(deal.info.eng_name).waitFor();
  await sold.getByText(won(price)).waitFor();
  for (const visitor of [seller, buyer]) {
    visitor.clean();
    await visitor.close();
  }
});

test('a bid is quoted, confirmed, placed, edited and cancelled', async () => {
  const visitor = await person(SHOPPER);
  const { page } = visitor;
  const { path, product, bid, tick, info } = await market(visitor);
  const price = bid + tick;
  const quote = await visitor.get(`/api/shop/products/${product.id}/quote/?type=purchase&price=${price}`);
  await visitor.open(path);
  const sheet = await bidForm(visitor, 'Buy');

  await sheet.getByLabel('Your bid').fill(String(price + 1));
  await sheet.getByText(`Prices go in steps of ${won(tick)}.`).waitFor();
  await becomes(() => sheet.locator('form button[type=submit]').isDisabled(), true);
  await sheet.getByLabel('Your bid').fill(String(price));
  await sheet.getByRole('button', { name: `Up by ${won(tick)}` }).click();
  await sheet.getByRole('button', { name: `Down by ${won(tick)}` }).click();
  await becomes(() => sheet.getByLabel('Your bid').inputValue(), price.toLocaleString('en-US'));
  await sheet.getByText('7 d', { exact: true }).locator('..').locator('input').check();
  await sheet.locator('.facts-sum', { hasText: won(quote.total) }).waitFor();
  await sheet
    .locator('.facts', { hasText: won(quote.fee) })
    .first()
    .waitFor();
  await sheet.getByRole('button', { name: 'Continue with this bid' }).click();
  await sheet.locator('.facts-sum', { hasText: won(quote.total) }).waitFor();
  await sheet.getByRole('button', { name: `Bid ${won(price)}` }).click();
  await sheet.getByText('Your bid is in the book.').waitFor();
  await page.waitForURL((url) => !url.searchParams.has('trade'));
  await reads(page, 'Highest bid', price);
  await sheet.getByRole('link', { name: 'See my bids' }).click();
  await page.waitForURL('**/my/bids');

  const row = rowOf(page, info);
  await row.getByText(won(price)).waitFor();
  await row.getByRole('button', { name: 'Edit' }).click();
  const editor = page.getByRole('dialog');
  await editor.getByLabel('Your bid').fill(String(bid - tick));
  await editor.getByText('goes to the back of its queue').waitFor();
  await editor.getByRole('button', { name: 'Save' }).click();
  await editor.waitFor({ state: 'detached' });
  await row.getByText(won(bid - tick)).waitFor();

  await row.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the bid' }).click();
  await row.waitFor({ state: 'detached' });
  assert.equal((await visitor.get(`/api/shop/products/${product.id}/book/`)).sales_price, bid);
  visitor.clean();
  await visitor.close();
});

test('typing past the book turns a bid into a trade at the price of the book', async () => {
  const visitor = await person(SHOPPER);
  const { path, ask, bid, tick } = await market(visitor);
  await visitor.open(path);
  const sheet = await bidForm(visitor, 'Buy');
  await sheet.getByLabel('Your bid').fill(String(ask + 5 * tick));
  await sheet.getByText(`you will buy it now, at ${won(ask)}`).waitFor();
  await sheet.getByRole('button', { name: 'Continue to buy' }).click();
  await sheet.getByText('Instead of a bid you buy now').waitFor();
  await sheet.getByRole('button', { name: `Buy for ${won(ask)}` }).click();
  await sheet.getByText('It is yours.').waitFor();
  await sheet.getByRole('button', { name: 'Keep browsing' }).click();

  // The other way round: a seller who asks less than somebody pays.
  const again = await bidForm(visitor, 'Sell');
  await again.getByLabel('Your ask').fill(String(bid - tick));
  await again.getByText(`you will sell it now, at ${won(bid)}`).waitFor();
  visitor.clean();
  await visitor.close();
});

test('a price that moved is shown and asked again', async () => {
  const buyer = await person(SHOPPER);
  const seller = await person(SELLER);
  const { path, product, ask, tick } = await market(buyer);
  const cheaper = ask - tick;
  await buyer.open(path);
  await buyer.page.locator('.deal').getByRole('button', { name: /^Buy/ }).click();
  const sheet = buyer.page.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Continue to buy' }).click();
  await sheet.getByRole('button', { name: `Buy for ${won(ask)}` }).waitFor();

  await seller.post(`/api/shop/products/${product.id}/bids/?type=sales`, { price: cheaper });
  await reads(buyer.page, 'Lowest ask', cheaper);
  // What is being confirmed doesn't change under the finger.
  buyer.expect(409);
  await sheet.getByRole('button', { name: `Buy for ${won(ask)}` }).click();
  await sheet.getByText(`The price moved from ${won(ask)} to ${won(cheaper)}`).waitFor();
  await sheet.getByRole('button', { name: `Buy for ${won(cheaper)}` }).click();
  await sheet.getByText('It is yours.').waitFor();
  buyer.clean();
  await buyer.close();
  await seller.close();
});

test('a bid far from the last trade needs a second yes', async () => {
  const visitor = await person(SHOPPER);
  const { path, book, tick } = await market(visitor);
  const low = Math.floor((book.last_trade.price * 0.5) / tick) * tick;
  await visitor.open(path);
  const sheet = await bidForm(visitor, 'Buy');
  await sheet.getByLabel('Your bid').fill(String(low));
  await sheet.getByText(/\d+% below the last trade/).waitFor();
  await sheet.getByRole('button', { name: 'Continue with this bid' }).click();
  visitor.expect(409);
  await sheet.getByRole('button', { name: `Bid ${won(low)}` }).click();
  await sheet.getByText('far from the last trade').waitFor();
  await sheet.getByRole('button', { name: 'Change the price' }).click();
  await sheet.getByRole('button', { name: 'Continue with this bid' }).click();
  await sheet.getByRole('button', { name: `Bid ${won(low)}` }).click();
  await sheet.getByRole('button', { name: `Yes, ${won(low)}` }).click();
  await sheet.getByText('Your bid is in the book.').waitFor();
  visitor.clean();
  await visitor.close();
});

test('an answer that got lost is asked for again and trades once', async () => {
  const visitor = await person(SHOPPER);
  const { page } = visitor;
  const { path, ask } = await market(visitor);
  const before = (await visitor.get('/api/shop/orders/?type=purchase')).count;
  await visitor.open(path);
  await page.locator('.deal').getByRole('button', { name: /^Buy/ }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Continue to buy' }).click();
  visitor.expectOffline(true);
  let sent = 0;
  await page.route('**/transorders/**', async (route) => {
    sent += 1;
    if (sent > 1) return route.continue();
    // The server trades, and its answer never arrives.
    await route.fetch();
    return route.abort('failed');
  });
  await sheet.getByRole('button', { name: `Buy for ${won(ask)}` }).click();
  await sheet.getByText('The server is out of reach.').waitFor();
  await sheet.getByRole('button', { name: `Buy for ${won(ask)}` }).click();
  await sheet.getByText('It is yours.').waitFor();
  assert.equal(sent, 2);
  assert.equal((await visitor.get('/api/shop/orders/?type=purchase')).count, before + 1);
  visitor.clean();
  await visitor.close();
});

test('without a size the sheet asks for one first', async () => {
  const visitor = await person(SHOPPER, SIZES.phone);
  const { page } = visitor;
  const { info, product, ask } = await market(visitor);
  await visitor.open(`/shop/${info.id}`);
  await page.locator('.deal').getByRole('button', { name: /^Buy/ }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('radio', { name: new RegExp(`^${product.size} `) }).click();
  await sheet.locator('.now-price', { hasText: won(ask) }).waitFor();
  await page.waitForURL((url) => url.searchParams.get('size') === product.size);
  await page.goBack();
  await sheet.waitFor({ state: 'detached' });
  visitor.clean();
  await visitor.close();
});

test('a store good is bought from the store', async () => {
  const visitor = await person(SHOPPER);
  const { page } = visitor;
  const goods = await visitor.get('/api/shop/productinfos/?delivery_tag=brand&page_size=20');
  const info = goods.results.find((/** @type {any} */ row) => row.price !== null);
  assert.ok(info);
  await visitor.open(`/shop/${info.id}`);
  await page.locator('.deal').getByRole('button', { name: 'Buy' }).click();
  const sheet = page.getByRole('dialog');
  const size = sheet.getByRole('radio').first();
  const go = sheet.getByRole('button', { name: /^Buy for/ });
  await size.or(go).first().waitFor();
  if (await size.isVisible()) await size.click();
  await go.waitFor();

  // The store asks for more while the buyer looks at the confirmation.
  const staff = await person(ADMIN);
  const chosen = (await visitor.get(`/api/shop/productinfos/${info.id}/products/`)).filter(
    (/** @type {any} */ row) => row.purchase_price !== null,
  );
  for (const row of chosen) {
    const changed = await staff.context.request.patch(
      `/api/shop/productinfos/${info.id}/products/${row.size}/`,
      {
        data: { purchase_price: 2 * row.purchase_price },
      },
    );
    assert.equal(changed.status(), 200);
  }
  visitor.expect(409);
  await go.click();
  await sheet.getByText('The price moved').waitFor();
  const dearer = /** @type {any} */ (await go.textContent());
  assert.ok(
    chosen.some((/** @type {any} */ row) => dearer.includes(won(2 * row.purchase_price))),
    dearer,
  );
  await go.click();
  await sheet.getByText('It is yours.').waitFor();
  await staff.close();
  visitor.clean();
  await visitor.close();
});

test('losing the server shows a bar, and everything comes back by itself', async (t) => {
  if (!rally.server.own) return t.skip('needs a server it may stop');
  const visitor = await person(SHOPPER);
  const seller = await person(SELLER);
  const { page } = visitor;
  const { path, product, ask, tick } = await market(visitor);
  await visitor.open(path);
  await reads(page, 'Lowest ask', ask);
  visitor.expectOffline(true);
  await rally.server.halt();
  await page.getByText('You are offline. Reconnecting').waitFor();
  await rally.server.start();
  await page.getByText('You are offline. Reconnecting').waitFor({ state: 'detached' });
  await seller.post(`/api/shop/products/${product.id}/bids/?type=sales`, { price: ask - tick });
  await reads(page, 'Lowest ask', ask - tick);
  visitor.clean();
  await visitor.close();
  await seller.close();
});

test('a browser without a network says so, and a failed list tries again by itself', async () => {
  const visitor = await person(SHOPPER);
  const { page } = visitor;
  await visitor.open('/shop');
  visitor.expectOffline(true);
  await visitor.context.setOffline(true);
  await page.getByText('You are offline. Reconnecting').waitFor();
  await page
    .locator('.shop-side')
    .getByLabel(/^Shoes/)
    .check();
  await page.getByRole('main').getByText('No connection').waitFor();
  await visitor.context.setOffline(false);
  await page.getByText('You are offline. Reconnecting').waitFor({ state: 'detached' });
  await page.locator('.shop-main .card').first().waitFor();
  visitor.clean();
  await visitor.close();
});

test('an older version of the book never replaces a newer one', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const { path, product, ask, book } = await market(visitor);
  // Sockets of a worker are out of this test's reach.
  await page.addInitScript(() => Object.defineProperty(globalThis, 'SharedWorker', { value: undefined }));
  /** @type {import('playwright-core').WebSocketRoute|null} */
  let wire = null;
  await page.routeWebSocket(/\/ws$/, (socket) => {
    socket.connectToServer();
    wire = socket;
  });
  await visitor.open(path);
  await until(async () => wire !== null, 'the websocket');
  const send = (/** @type {object} */ change) =>
    wire?.send(JSON.stringify({ t: `shop.book:${product.id}`, d: { ...book, ...change } }));
  send({ version: book.version + 100, purchase_price: ask + 7_000 });
  await reads(page, 'Lowest ask', ask + 7_000);
  send({ version: book.version + 50, purchase_price: ask + 3_000 });
  send({ version: book.version + 101, sales_price: 1_000 });
  await reads(page, 'Highest bid', 1_000);
  assert.equal(await stat(page, 'Lowest ask').textContent(), won(ask));
  visitor.clean();
  await visitor.close();
});
