import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SELLER, SHOPPER, becomes, market, rowOf, won, world } from './harness.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** @param {string} email @param {{width: number, height: number}} [size] */
async function person(email, size) {
  const visitor = await rally.visit({ lang: 'en-US', ...(size ? { size } : {}) });
  await visitor.signIn(email);
  return visitor;
}

test('the sum stands in sight on a laptop, and is what the server then charges', async () => {
  const visitor = await person(SHOPPER, { width: 1440, height: 800 });
  const { page } = visitor;
  const { path, product, ask } = await market(visitor);
  await visitor.open(`${path}&trade=purchase`);
  const sheet = page.getByRole('dialog');
  await sheet.locator('input[value=bid]').check();
  await visitor.settled();
  const sum = sheet.locator('.quote-sum dd').first();
  const covered = await sum.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2) !== element;
  });
  assert.equal(covered, false, 'the sum lies under something');

  await sheet.locator('input[value=now]').check();
  const quote = await visitor.get(`/api/shop/products/${product.id}/quote/?type=purchase&price=${ask}`);
  const rate = `${quote.fee_bps / 100}%`;
  await sheet.locator('.quote-brief', { hasText: `fee ${won(quote.fee)} (${rate})` }).waitFor();
  await sheet.getByRole('button', { name: 'Continue to buy' }).click();
  await sheet.locator('.facts', { hasText: `Fee (${rate})` }).waitFor();
  const sent = page.waitForRequest(
    (request) => request.method() === 'POST' && /transorders/.test(request.url()),
  );
  await sheet.getByRole('button', { name: `Buy for ${won(ask)}` }).click();
  const body = (await sent).postDataJSON();
  assert.deepEqual([body.expected_price, body.expected_fee], [ask, quote.fee]);
  await sheet.getByText('What happens next').waitFor();
  const href = await sheet.getByRole('link', { name: 'See the order' }).getAttribute('href');
  const order = await visitor.get(`/api/shop/orders/${href?.split('/').at(-1)}/`);
  assert.deepEqual([order.fee, order.total], [quote.fee, quote.total]);
  await sheet.locator('.facts', { hasText: won(quote.total) }).waitFor();
  visitor.clean();
  await visitor.close();
});

test("one's own bid is not an offer to oneself", async () => {
  const visitor = await person(SELLER);
  const { page } = visitor;
  const { path, product, ask, tick } = await market(visitor);
  await visitor.post(`/api/shop/products/${product.id}/bids/?type=sales`, { price: ask - tick });
  await visitor.open(`${path}&trade=purchase`);
  const sheet = page.getByRole('dialog');
  await sheet.getByText('Your own bid stands first in the book.').waitFor();
  await sheet.locator('.now-price', { hasText: won(ask) }).waitFor();
  await sheet.locator('.trio', { hasText: won(ask - tick) }).waitFor();
  visitor.clean();
  await visitor.close();
});

test('a fee that changed is shown and asked again', async () => {
  const visitor = await person(SHOPPER);
  const { page } = visitor;
  const { path, product, ask } = await market(visitor);
  const { fee } = await visitor.get(`/api/shop/products/${product.id}/quote/?type=purchase&price=${ask}`);
  await visitor.open(`${path}&trade=purchase`);
  visitor.expect(409);
  // What was seen is made up, so that the server finds another one.
  await page.route('**/quote/**', async (route) => {
    const answer = await route.fetch();
    const quote = await answer.json();
    await route.fulfill({ json: { ...quote, fee: quote.fee - 100, total: (quote.total ?? 0) - 100 } });
  });
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Continue to buy' }).click();
  await sheet.getByRole('button', { name: `Buy for ${won(ask)}` }).click({ trial: true });
  await page.unroute('**/quote/**');
  await sheet.getByRole('button', { name: `Buy for ${won(ask)}` }).click();
  await sheet.getByText(`The fee changed from ${won(fee - 100)} to ${won(fee)}.`).waitFor();
  await sheet.locator('.quote', { hasText: won(fee) }).waitFor();
  await sheet.getByRole('button', { name: `Buy for ${won(ask)}` }).click();
  await sheet.getByText('It is yours. The trade is done.').waitFor();
  visitor.clean();
  await visitor.close();
});

test('a trade far from the last one needs a second yes', async () => {
  const seller = await person(SELLER);
  const buyer = await person(SHOPPER);
  const { page } = buyer;
  const { path, product, book, bid, tick } = await market(buyer);
  // The best bid is taken away from view by a better one that is far from the last trade.
  const high = Math.ceil((book.last_trade.price * 1.4) / tick) * tick;
  const { purchase_price: lowest } = await buyer.get(`/api/shop/products/${product.id}/book/`);
  assert.ok(bid < lowest);
  for (let now = lowest; now !== null && now <= high;) {
    const order = await buyer.post(`/api/shop/products/${product.id}/transorders/?type=purchase`, {
      confirm: true,
    });
    assert.equal(order.price, now);
    now = (await buyer.get(`/api/shop/products/${product.id}/book/`)).purchase_price;
  }
  const last = (await buyer.get(`/api/shop/products/${product.id}/book/`)).last_trade.price;
  const far = Math.ceil((last * 1.4) / tick) * tick;
  await seller.post(`/api/shop/products/${product.id}/bids/?type=sales`, { price: far, confirm: true });
  const now = (await buyer.get(`/api/shop/products/${product.id}/book/`)).purchase_price;
  assert.ok(now > last * 1.3, `${now} is not far from ${last}`);
  buyer.expect(409);
  await buyer.open(`${path}&trade=purchase`);
  const sheet = page.getByRole('dialog');
  await sheet.getByRole('button', { name: 'Continue to buy' }).click();
  await sheet.getByRole('button', { name: `Buy for ${won(now)}` }).click();
  await sheet.getByText(`${won(now)} is far from the last trade, ${won(last)}.`).waitFor();
  await sheet.getByRole('button', { name: `Yes, ${won(now)}` }).click();
  await sheet.getByText('It is yours. The trade is done.').waitFor();
  for (const visitor of [seller, buyer]) {
    visitor.clean();
    await visitor.close();
  }
});

test('a wish waits for a price: on the step, saved, reached and taken away', async () => {
  const visitor = await person(SHOPPER);
  const { page } = visitor;
  const { path, info, product, ask, tick } = await market(visitor);
  /** @returns {Promise<number|null|undefined>} what the server keeps */
  const kept = async () => {
    const { results } = await visitor.get('/api/shop/wishes/?page_size=100');
    return results.find((/** @type {{product_id: number}} */ wish) => wish.product_id === product.id)
      ?.target_price;
  };
  await visitor.open(path);
  await page.locator('.wish').click();
  await page.getByRole('button', { name: 'Set a target price' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('.facts', { hasText: won(ask) }).waitFor();
  await dialog.getByLabel('Your target').fill(String(ask - tick - 1));
  if (tick > 1) {
    await dialog.getByRole('button', { name: 'Save target' }).click();
    await dialog.getByText(`Prices go in steps of ${won(tick)}.`).waitFor();
  }
  await dialog.getByLabel('Your target').fill(String(ask));
  await dialog.getByText('your target is reached').waitFor();
  await dialog.getByLabel('Your target').fill(String(ask - tick));
  await dialog.getByRole('button', { name: 'Save target' }).click();
  await page.getByText(`Target set to ${won(ask - tick)}.`).waitFor();
  assert.equal(await kept(), ask - tick);

  await page.getByRole('button', { name: `Tell me at ${won(ask - tick)}` }).click();
  await becomes(() => dialog.getByLabel('Your target').inputValue(), (ask - tick).toLocaleString('en-US'));
  await dialog.getByRole('button', { name: 'Remove target' }).click();
  await page.getByText('Target removed.').waitFor();
  assert.equal(await kept(), null, 'the wish itself stays');
  await visitor.open('/my/wishes');
  await rowOf(page, info).waitFor();
  visitor.clean();
  await visitor.close();
});
