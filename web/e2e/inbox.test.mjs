import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN, PASSWORD, SIZES, becomes, market, shifts, until, won, world } from './harness.mjs';
import { newPerson, toast } from './people.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('./harness.mjs').Visitor} Visitor */
/** @typedef {import('./harness.mjs').Market} Market */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** Somebody new, signed in: nobody else sits on their seat. @param {string} name */
async function somebody(name, size = SIZES.desktop, lang = 'en-US') {
  const visitor = await rally.visit({ lang, size });
  const { email, password } = await newPerson(visitor, name);
  await visitor.signIn(email, password);
  const { user_id, profile_name } = await visitor.get('/api/accounts/profile/');
  return Object.assign(visitor, { id: user_id, name: profile_name, email });
}

/** Whoever only acts needs no page. */
async function staff() {
  const visitor = await rally.visit({ lang: 'en-US' });
  await visitor.post('/api/accounts/login/', { email: ADMIN, password: PASSWORD });
  return visitor;
}

/** @param {Visitor} visitor @param {string} path a second tab of theirs */
async function tab(visitor, path) {
  const page = await visitor.context.newPage();
  visitor.watch(page);
  await page.goto(path);
  await page.locator('main h1').waitFor();
  return page;
}

/** @param {Page} page @param {number} n what the bell says */
async function rings(page, n) {
  const name = n === 0 ? 'Inbox' : `Inbox, ${n} unread`;
  await page.getByRole('banner').getByRole('button', { name, exact: true }).waitFor();
  await page.waitForFunction(
    (start) => (start ? document.title.startsWith(start) : !document.title.startsWith('(')),
    n === 0 ? '' : `(${n}) `,
  );
}

/** A reload would take this mark away. @param {Page[]} pages */
async function mark(...pages) {
  for (const page of pages) await page.evaluate(() => (document.body.dataset['mark'] = 'here'));
}

/** @param {Page[]} pages */
async function unbroken(...pages) {
  for (const page of pages) assert.equal(await page.evaluate(() => document.body.dataset['mark']), 'here');
}

/** @param {Visitor} who @param {Market} deal @param {'purchase'|'sales'} type @param {number} price */
const bid = (who, deal, type, price) =>
  who.post(`/api/shop/products/${deal.product.id}/bids/?type=${type}`, { price });

/** @param {Visitor} who @param {Market} deal @param {'purchase'|'sales'} type @param {number} price */
const take = (who, deal, type, price) =>
  who.post(`/api/shop/products/${deal.product.id}/transorders/?type=${type}`, { expected_price: price });

/** @param {Visitor} who @param {number} id @param {string} action @param {object} [body] */
const step = (who, id, action, body = {}) => who.post(`/api/shop/orders/${id}/${action}/`, body);

const PARCEL = { carrier: 'CJ Logistics', tracking: '688912345678' };

/** @param {Page} page @param {string} text */
const noteOf = (page, text) => page.locator('main .note', { hasText: text });

/** @param {Visitor[]} visitors */
async function leave(...visitors) {
  for (const visitor of visitors) {
    visitor.clean();
    await visitor.close();
  }
}

test('a bid that is taken rings the bell in every tab, and every step of the order does', async () => {
  const [buyer, seller, desk] = [await somebody('buyer'), await somebody('seller'), await staff()];
  const deal = await market(buyer);
  const price = deal.bid + deal.tick;
  await bid(buyer, deal, 'purchase', price);
  const { page } = buyer;
  await buyer.open('/my/bids');
  await page.locator('.row', { hasText: won(price) }).waitFor();
  const second = await tab(buyer, '/shop');
  await rings(page, 0);
  await rings(second, 0);
  await mark(page, second);

  const order = await take(seller, deal, 'sales', price);
  await rings(page, 1);
  await rings(second, 1);
  await toast(buyer, `Bought: your bid of ${won(price)} was taken`);
  await page.getByText('1 unread notification', { exact: true }).waitFor();
  // The bid is not open any more: the list knows by itself.
  await page.locator('.row', { hasText: won(price) }).waitFor({ state: 'detached' });

  await page.getByRole('banner').getByRole('button', { name: 'Inbox, 1 unread' }).click();
  const menu = page.getByRole('dialog', { name: 'Inbox' });
  const entry = menu.getByRole('link', { name: `Bought: your bid of ${won(price)} was taken` });
  await entry.getByText(deal.info.eng_name).waitFor();
  await entry.click();
  await page.waitForURL((url) => url.pathname === `/my/orders/${order.id}`);
  await menu.waitFor({ state: 'hidden' });
  await rings(page, 0);
  await rings(second, 0);

  // Whoever has the order open sees it move.
  await page.getByText('The seller sends the goods').waitFor();
  await step(seller, order.id, 'ship', PARCEL);
  await page.locator('.order-status', { hasText: 'Shipping' }).waitFor();
  await rings(second, 1);
  await second.getByRole('button', { name: 'Inbox, 1 unread' }).click();
  await second.getByRole('link', { name: 'See all' }).click();
  const entries = noteOf(second, deal.info.eng_name);
  await noteOf(second, 'The seller sent your goods to inspection').getByText('Unread').waitFor();
  await step(desk, order.id, 'receive');
  await noteOf(second, 'Your goods arrived for inspection').getByText('2 updates').waitFor();
  assert.equal(await entries.count(), 2, 'the trade, and the steps as one');
  await rings(page, 1);
  await page.locator('.order-status', { hasText: 'Inspecting' }).waitFor();

  await second.getByRole('button', { name: 'Mark all read' }).click();
  await rings(page, 0);
  await until(async () => (await second.locator('main .note:not(.is-read)').count()) === 0, 'all read');
  assert.equal((await buyer.get('/api/inbox/unread-count/')).unread, 0);
  // A step after that stands alone.
  await step(desk, order.id, 'pass');
  await noteOf(second, 'Your goods passed inspection').getByText('Unread').waitFor();
  assert.equal(await entries.count(), 3);
  await unbroken(page, second);
  await second.reload();
  await rings(second, 1);
  await leave(buyer, seller, desk);
});

test('the list of orders moves, too', async () => {
  const [buyer, seller] = [await somebody('buyer'), await somebody('seller')];
  const deal = await market(buyer);
  const price = deal.bid + deal.tick;
  await bid(buyer, deal, 'purchase', price);
  await buyer.open('/my/orders');
  await buyer.page.getByText('No orders yet').waitFor();
  await mark(buyer.page);
  const order = await take(seller, deal, 'sales', price);
  const row = buyer.page.locator('.row', {
    has: buyer.page.locator(`a.row-name[href="/my/orders/${order.id}"]`),
  });
  await row.getByText('Matched').waitFor();
  await step(seller, order.id, 'ship', PARCEL);
  await row.getByText('Shipping').waitFor();
  await unbroken(buyer.page);
  await leave(buyer, seller);
});

test('a price that a wish waited for is told, and leads to the article', async () => {
  const [buyer, seller] = [await somebody('wisher'), await somebody('seller')];
  const deal = await market(buyer);
  const price = deal.ask - deal.tick;
  await buyer.post(`/api/shop/products/${deal.product.id}/wishes/`, { value: true, target_price: price });
  await buyer.open('/');
  await rings(buyer.page, 0);
  await bid(seller, deal, 'sales', price);
  await rings(buyer.page, 1);
  const said = `Your target price is reached: ${won(price)}`;
  await buyer.page.locator('a.toast', { hasText: said }).click();
  await buyer.page.waitForURL((url) => url.pathname === `/shop/${deal.info.id}`);
  await buyer.open('/inbox');
  await noteOf(buyer.page, said).click();
  await buyer.page.waitForURL((url) => url.pathname === `/shop/${deal.info.id}`);
  await rings(buyer.page, 0);
  await buyer.page.goBack();
  await noteOf(buyer.page, said).and(buyer.page.locator('.is-read')).waitFor();
  await leave(buyer, seller);
});

test('what is switched off is not told; what can’t be kept goes back and says why', async () => {
  const [buyer, seller] = [await somebody('quiet'), await somebody('seller')];
  const { page } = buyer;
  const deal = await market(buyer);
  const price = deal.bid + deal.tick;
  await buyer.open('/my/settings');
  const matched = page.getByRole('switch', { name: /^Matched bids/ });
  assert.ok(await matched.isChecked());
  const security = page.getByRole('switch', { name: /^Security/ });
  assert.ok(await security.isChecked());
  assert.ok(await security.isDisabled());
  await page.getByText('Always on, so that nobody can use your account unnoticed.').waitFor();
  await matched.click();
  await until(
    async () => (await buyer.get('/api/inbox/settings/')).kinds.bid_matched === false,
    'the choice to be kept',
  );

  buyer.expect(503);
  await page.route('**/api/inbox/settings/', (route) =>
    route.request().method() === 'PUT'
      ? route.fulfill({ status: 503, json: { code: 'server.busy', detail: 'Too busy just now.' } })
      : route.continue(),
  );
  const trades = page.getByRole('group', { name: 'Trades' });
  assert.ok(await trades.getByRole('radio', { name: 'Nobody' }).isChecked());
  await trades.getByRole('radio', { name: 'Friends' }).click();
  await page
    .locator('#audience')
    .getByText(/Not saved, and set back/)
    .waitFor();
  await becomes(() => trades.getByRole('radio', { name: 'Nobody' }).isChecked(), true);
  const steps = page.getByRole('switch', { name: /^Order steps/ });
  await steps.click();
  await page
    .locator('#notifications')
    .getByText(/Not saved, and set back/)
    .waitFor();
  await becomes(() => steps.isChecked(), true);
  await page.unroute('**/api/inbox/settings/');
  await trades.getByRole('radio', { name: 'Friends' }).check();
  await until(
    async () => (await buyer.get('/api/inbox/settings/')).audience.trade === 'friends',
    'the audience to be kept',
  );

  await bid(buyer, deal, 'purchase', price);
  const order = await take(seller, deal, 'sales', price);
  // Order steps are on: when they have come, the matched bid would have.
  await step(seller, order.id, 'ship', PARCEL);
  await rings(page, 1);
  await buyer.open('/inbox');
  await noteOf(page, 'The seller sent your goods to inspection').waitFor();
  assert.equal(await page.locator('main .note').count(), 1);
  await leave(buyer, seller);
});

test('a name is changed for everybody, and only to one that is free', async () => {
  const [person, other] = [await somebody('namer'), await somebody('named')];
  const { page } = person;
  await person.open('/my/profile');
  const name = page.getByLabel('Name', { exact: true });
  const save = page.locator('section', { hasText: 'Public profile' }).getByRole('button', { name: 'Save' });
  person.expect(400);
  await name.fill(other.name);
  await save.click();
  await page.getByText('Somebody has this name already.').waitFor();
  await becomes(() => name.getAttribute('aria-invalid'), 'true');
  await name.fill('a name that has sixteen');
  await save.click();
  await page.getByText('Use 2 to 15 letters').waitFor();
  const fresh = `n${Date.now().toString(36)}`;
  await name.fill(fresh);
  await page.getByLabel(/^Introduction/).fill('둘째 👟 collector');
  await page.getByText('14/100').waitFor();
  await person.inspect('profile');
  await save.click();
  await toast(person, 'Saved.');
  const now = await person.get('/api/accounts/profile/');
  assert.deepEqual([now.profile_name, now.introduction], [fresh, '둘째 👟 collector']);
  await page.getByRole('button', { name: 'My account' }).click();
  await page.locator('.menu-who', { hasText: fresh }).waitFor();
  await leave(person, other);
});

/** @param {Visitor} visitor @param {string} path @param {string} name */
async function look(visitor, path, name) {
  await visitor.open(path);
  const moved = await shifts(visitor.page);
  assert.ok(moved < 0.02, `${name} moves by ${moved}`);
  await visitor.inspect(name);
}

test('every page of it looks right, with much and with nothing in it', async () => {
  const [reader, seller, desk] = [await somebody('reader'), await somebody('seller'), await staff()];
  const friends = [await somebody('friend'), await somebody('friend'), await somebody('friend')];
  const { page } = reader;
  await look(reader, '/inbox', 'inbox-empty');
  await look(reader, '/inbox/activity', 'activity-empty');

  const deal = await market(reader);
  await bid(reader, deal, 'purchase', deal.bid + deal.tick);
  const order = await take(seller, deal, 'sales', deal.bid + deal.tick);
  await reader.post('/api/inbox/read/', { all: true });
  const other = await market(reader);
  const price = other.ask - other.tick;
  await bid(reader, other, 'sales', price);
  await take(seller, other, 'purchase', price);
  await step(seller, order.id, 'ship', PARCEL);
  await step(desk, order.id, 'receive');
  for (const friend of friends) await friend.post('/api/friends/requests/', { user_id: reader.id });
  const { id } = await reader.post('/api/friends/requests/', { user_id: seller.id });
  await seller.post(`/api/friends/requests/${id}/accept/`, {});
  const list = await reader.get('/api/friends/requests/');
  for (const request of list.results.slice(0, 2))
    await reader.post(`/api/friends/requests/${request.id}/accept/`, {});
  await seller.post(`/api/shop/productinfos/${deal.info.id}/comments/`, { content: 'Good shape.' });
  await until(
    async () => (await reader.get('/api/inbox/activity/')).results.length >= 2,
    'the activity of friends',
  );

  for (const [lang, size] of /** @type {const} */ ([
    ['en', SIZES.desktop],
    ['ko', SIZES.phone],
  ])) {
    await page.setViewportSize(size);
    await page.evaluate((chosen) => localStorage.setItem('rally.lang', chosen), lang);
    await look(reader, '/inbox', `inbox-${lang}`);
    await look(reader, '/inbox/activity', `activity-${lang}`);
    await look(reader, '/my/settings', `settings-inbox-${lang}`);
    await look(reader, '/my/profile', `profile-${lang}`);
    if (size === SIZES.phone) {
      await page.locator('.bell-link').click();
      await page.waitForURL((url) => url.pathname === '/inbox');
    } else {
      await reader.open('/shop');
      await page.locator('.bell-button').click();
      await page.locator('#inbox-menu .note').first().waitFor();
      await reader.inspect(`bell-${lang}`);
    }
  }
  await leave(reader, seller, desk, ...friends);
});
