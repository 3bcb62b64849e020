import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN, SELLER, SHOPPER, becomes, market, rowOf, won, world } from './harness.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** @typedef {import('./harness.mjs').Visitor} Visitor */

/** @param {string} email */
async function person(email) {
  const visitor = await rally.visit({ lang: 'en-US' });
  await visitor.signIn(email);
  return visitor;
}

/**
 * The seller asks, the buyer takes it.
 *
 * @param {Visitor} buyer @param {Visitor} seller
 */
async function deal(buyer, seller) {
  const found = await market(buyer);
  const price = found.ask - found.tick;
  await seller.post(`/api/shop/products/${found.product.id}/bids/?type=sales`, { price });
  const order = await buyer.post(`/api/shop/products/${found.product.id}/transorders/?type=purchase`, {
    expected_price: price,
  });
  return { ...found, price, order, path: `/my/orders/${order.id}` };
}

/** @param {Visitor} who @param {number} id @param {string} action @param {object} [body] */
const step = (who, id, action, body = {}) => who.post(`/api/shop/orders/${id}/${action}/`, body);

const PARCEL = { carrier: 'CJ Logistics', tracking: '688912345678' };

/** @param {Visitor[]} visitors */
async function leave(...visitors) {
  for (const visitor of visitors) {
    visitor.clean();
    await visitor.close();
  }
}

test('an order goes from the trade to the settlement through the pages of all three', async () => {
  const [buyer, seller, staff] = [await person(SHOPPER), await person(SELLER), await person(ADMIN)];
  const { path, order, info } = await deal(buyer, seller);

  await buyer.open(path);
  await buyer.page.getByText('The seller sends the goods').waitFor();
  await seller.open('/my/orders?type=sales&active=true');
  await rowTo(seller, order.id)
    .getByText(/^Ship by /)
    .waitFor();
  await rowTo(seller, order.id).getByRole('link', { name: info.eng_name }).click();
  await seller.page.getByRole('button', { name: 'Enter the shipment' }).click();
  const form = seller.page.getByRole('dialog');
  await form.getByRole('button', { name: 'It is on its way' }).click();
  await form.getByText('This field is required.').first().waitFor();
  await form.getByLabel('Courier', { exact: true }).selectOption({ label: 'Korea Post' });
  await form.getByLabel('Tracking number').fill('12-34');
  await form.getByRole('button', { name: 'It is on its way' }).click();
  await form.getByText('A tracking number has 8 to 30').waitFor();
  await form.getByLabel('Tracking number').fill('6123-4567-89012');
  await form.getByRole('button', { name: 'It is on its way' }).click();
  await form.waitFor({ state: 'detached' });
  await seller.page.getByText('6123456789012').waitFor();
  assert.deepEqual((await seller.get(`/api/shop/orders/${order.id}/`)).shipment, {
    carrier: 'Korea Post',
    tracking: '6123456789012',
  });

  await staff.open(`/admin/orders/${order.id}`);
  await press(staff, 'Received');
  await press(staff, 'Pass');
  await staff.page.locator('.desk-panel').getByRole('button', { name: 'Send to the buyer' }).click();
  const parcel = staff.page.getByRole('dialog');
  await parcel.getByLabel('Courier', { exact: true }).selectOption({ label: 'Another one' });
  await parcel.getByLabel('Name of the courier').fill('Swift Van');
  await parcel.getByLabel('Tracking number').fill('SV00112233');
  await parcel.getByRole('button', { name: 'Send to the buyer' }).click();
  await parcel.waitFor({ state: 'detached' });

  await buyer.open(path);
  await buyer.page.getByText('Swift Van').waitFor();
  assert.equal(
    await buyer.page.getByText('6123456789012').count(),
    0,
    'the first parcel is not the buyer’s to see',
  );
  await buyer.page.getByRole('button', { name: 'Confirm receipt' }).click();
  await buyer.page.getByRole('dialog').getByRole('button', { name: 'Yes, I have them' }).click();
  await buyer.page.getByText('This order is over').waitFor();
  await becomes(() => buyer.page.locator('.stop-done').count(), 6);
  await buyer.open('/my/portfolio');
  await rowOf(buyer.page, info).getByText('See the order').first().waitFor();
  await buyer.inspect('portfolio');
  await leave(buyer, seller, staff);
});

/** @param {Visitor} visitor @param {number} id */
const rowTo = (visitor, id) =>
  visitor.page.locator('.row', { has: visitor.page.locator(`a.row-name[href="/my/orders/${id}"]`) });

/** One of the staff's steps that only has to be confirmed. @param {Visitor} staff @param {string} name */
async function press(staff, name) {
  await staff.page.locator('.desk-panel').getByRole('button', { name, exact: true }).click();
  await staff.page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  await staff.page.getByRole('dialog').waitFor({ state: 'detached' });
  await staff.settled();
}

test('who withdraws in time gets everything back, and the page says so', async () => {
  const [buyer, seller] = [await person(SHOPPER), await person(SELLER)];
  const { path, order } = await deal(buyer, seller);
  await buyer.open(path);
  await buyer.page
    .locator('.next-withdraw')
    .getByText(/minutes? .*left/)
    .waitFor();
  await buyer.page.getByRole('button', { name: 'Withdraw' }).click();
  await buyer.page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await buyer.page.getByText('You withdrew from this trade').waitFor();
  await buyer.page.locator('.money-refund', { hasText: won(order.total) }).waitFor();
  await seller.open(path);
  await seller.page.getByText('Don’t send anything.').waitFor();
  await leave(buyer, seller);
});

test('a step that somebody else was faster with is not taken: the order is read again', async () => {
  const [buyer, seller, staff] = [await person(SHOPPER), await person(SELLER), await person(ADMIN)];
  const { path, order } = await deal(buyer, seller);
  await seller.open(path);
  await seller.page.getByRole('button', { name: 'Enter the shipment' }).click();
  const form = seller.page.getByRole('dialog');
  await form.getByLabel('Courier', { exact: true }).selectOption({ label: 'Logen' });
  await form.getByLabel('Tracking number').fill('11112222333');
  await step(staff, order.id, 'cancel', { reason: 'Asked for by the buyer.' });
  seller.expect(409);
  await form.getByRole('button', { name: 'It is on its way' }).click();
  await seller.page.getByText('The order changed meanwhile.').waitFor();
  await seller.page.getByText('Rally cancelled this order.').waitFor();
  await seller.page.locator('.next .notice', { hasText: 'Asked for by the buyer.' }).waitFor();
  await leave(buyer, seller, staff);
});

test('goods that fail are replaced by the next ask, at the price that was shown', async () => {
  const [buyer, seller, staff] = [await person(SHOPPER), await person(SELLER), await person(ADMIN)];
  const { path, order, ask } = await deal(buyer, seller);
  await step(seller, order.id, 'ship', PARCEL);
  await step(staff, order.id, 'receive');
  await staff.open(`/admin/orders/${order.id}`);
  await staff.page.locator('.desk-panel').getByRole('button', { name: 'Fail' }).click();
  const why = staff.page.getByRole('dialog');
  await why.getByRole('button', { name: 'Fail' }).click();
  await why.getByText('This field is required.').waitFor();
  await why.getByLabel('Reason').fill('The sole is glued.');
  await why.getByRole('button', { name: 'Fail' }).click();
  await why.waitFor({ state: 'detached' });

  await buyer.open(path);
  await buyer.page.locator('.next .notice', { hasText: 'The sole is glued.' }).waitFor();
  await buyer.page.getByRole('button', { name: `Buy again for ${won(ask)}` }).click();
  const offer = buyer.page.getByRole('dialog');
  await offer.getByText('Paid already', { exact: true }).waitFor();
  // The market of the demo is calm: the first answer is what the server says of a price far from the last trade.
  /** @type {{expected_price: number, expected_fee: number, confirm: boolean}[]} */
  const sent = [];
  await buyer.page.route('**/rebuy/', async (route) => {
    sent.push(route.request().postDataJSON());
    if (sent.length > 1) return route.continue();
    const last = { price: ask / 2 };
    const problem = {
      title: 'Conflict',
      status: 409,
      detail: '…',
      code: 'shop.price_needs_confirmation',
      ...last,
    };
    return route.fulfill({
      status: 409,
      contentType: 'application/problem+json',
      body: JSON.stringify(problem),
    });
  });
  buyer.expect(409);
  await offer.getByRole('button', { name: `Buy for ${won(ask)}` }).click();
  await offer.getByText('is far from the last trade').waitFor();
  await offer.getByRole('button', { name: `Buy for ${won(ask)}` }).click();
  await buyer.page.waitForURL((url) => /^\/my\/orders\/\d+$/.test(url.pathname) && url.pathname !== path);
  await buyer.page.getByRole('link', { name: `See the order before, ${order.id}` }).click();
  await buyer.page.getByText('You took another seller’s pair instead').waitFor();
  // What was paid has not vanished: the bill says where it went, and leads there.
  const moved = buyer.page.locator('.money-moved', { hasText: won(order.total) });
  await moved.getByRole('link', { name: /^Moved to order \d+$/ }).click();
  await buyer.page.getByRole('link', { name: `See the order before, ${order.id}` }).waitFor();
  assert.deepEqual(
    sent.map(({ expected_price, confirm }) => ({ expected_price, confirm })),
    [
      { expected_price: ask, confirm: false },
      { expected_price: ask, confirm: true },
    ],
  );
  assert.ok(sent[0].expected_fee > 0, 'the fee that was shown is sent');
  await seller.open(path);
  await seller.page.getByText('Your goods did not pass').waitFor();
  await leave(buyer, seller, staff);
});

test('goods that fail are refunded, and the staff can take a failure back before', async () => {
  const [buyer, seller, staff] = [await person(SHOPPER), await person(SELLER), await person(ADMIN)];
  const { path, order } = await deal(buyer, seller);
  await step(seller, order.id, 'ship', PARCEL);
  await step(staff, order.id, 'receive');
  await step(staff, order.id, 'fail', { reason: 'Wrong box.' });
  await staff.open(`/admin/orders/${order.id}`);
  await staff.page.getByRole('button', { name: 'Take back the last step' }).click();
  const why = staff.page.getByRole('dialog');
  await why.getByLabel('Reason').fill('The box was right.');
  await why.getByRole('button', { name: 'Take back the last step' }).click();
  await staff.page.locator('.stop', { hasText: 'Step taken back' }).waitFor();
  await step(staff, order.id, 'fail', { reason: 'Worn.' });
  await buyer.open(path);
  await buyer.page.getByRole('button', { name: 'Take the refund' }).click();
  await buyer.page.getByRole('dialog').getByRole('button', { name: 'Take the refund' }).click();
  await buyer.page.getByText('you have all of your money back').waitFor();
  await buyer.page.locator('.money-refund', { hasText: won(order.total) }).waitFor();
  await leave(buyer, seller, staff);
});

test('a bid is renewed for longer, and the dialogs name what they change', async () => {
  const visitor = await person(SHOPPER);
  const { page } = visitor;
  const { product, bid, tick, info } = await market(visitor);
  await visitor.post(`/api/shop/products/${product.id}/bids/?type=purchase`, {
    price: bid - tick,
    expires_in_days: 1,
  });
  await visitor.open('/my/bids');
  const row = rowOf(page, info);
  await row.getByText('Ends soon').waitFor();
  await row.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByText(info.eng_name).waitFor();
  await page.keyboard.press('Escape');
  await row.getByRole('button', { name: 'Renew' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(info.eng_name).waitFor();
  await dialog.getByText('60 d', { exact: true }).locator('..').locator('input').check();
  await dialog.getByRole('button', { name: 'Renew' }).click();
  await dialog.waitFor({ state: 'detached' });
  await row.getByText('Ends soon').waitFor({ state: 'detached' });
  await leave(visitor);
});

test('a wish waits for a price, says when it is there, and lets go of it', async () => {
  const visitor = await person(SHOPPER);
  const { page } = visitor;
  const { product, ask, tick, info } = await market(visitor);
  await visitor.post(`/api/shop/products/${product.id}/wishes/`, { value: true });
  await visitor.open('/my/wishes');
  const row = rowOf(page, info);
  await row.getByRole('button', { name: /^Set a target/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('.price-input').fill(String(ask + tick));
  await dialog.locator('button[type=submit]').click();
  await dialog.waitFor({ state: 'detached' });
  await row.getByText(`Target ${won(ask + tick)}`).waitFor();
  await row.getByText('Target reached').waitFor();
  await row.getByRole('button', { name: /^Change target/ }).click();
  await dialog.getByRole('button', { name: /remove/i }).click();
  await row
    .getByText(/^Target/)
    .first()
    .waitFor({ state: 'detached' });
  await leave(visitor);
});
