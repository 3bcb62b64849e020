import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SELLER, SIZES, market, ownTest, until, won, world } from './harness.mjs';
import { newPerson } from './people.mjs';

/**
 * The live connection in a real browser: one for all tabs, one device a person, and back by itself.
 *
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./harness.mjs').Visitor} Visitor
 */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** @param {'sockets'|'subscriptions'} what @returns {Promise<number>} as the server counts them */
async function counted(what) {
  const text = await (await fetch(`${rally.server.url}/metrics`)).text();
  return Number(new RegExp(`^rally_ws_${what} (\\d+)`, 'm').exec(text)?.[1] ?? NaN);
}

/** @param {'sockets'|'subscriptions'} what @param {number} n */
const count = (what, n) => until(async () => (await counted(what)) === n, `${n} ${what}`);

/** The price that a page of an article shows. @param {Page} page @param {number} price */
const asks = (page, price) =>
  page
    .locator('.trio-large > div', { hasText: 'Lowest ask' })
    .locator('strong', { hasText: won(price) })
    .waitFor();

/** @param {Visitor} visitor @param {string} path */
async function tab(visitor, path) {
  const page = await visitor.context.newPage();
  visitor.watch(page);
  await page.goto(path);
  return page;
}

/** @param {Page} page */
const elsewhere = (page) => page.getByRole('dialog', { name: /^Rally is already open on/ });
/** @param {Visitor} visitor @returns {Promise<string>} what the server calls the browser that they use */
async function deviceOf(visitor) {
  const sessions = await visitor.get('/api/accounts/sessions/');
  const rows = sessions.results ?? sessions;
  return rows.find((/** @type {{current: boolean}} */ row) => row.current).device;
}

/** @param {Page} page */
const ended = (page) => page.getByRole('dialog', { name: 'You were signed out here' });
/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

ownTest('two tabs share one socket, and a tab that crashes is noticed', async () => {
  const seller = await rally.visit({ lang: 'en-US' });
  await seller.signIn(SELLER);
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const deal = await market(seller);
  await visitor.signIn((await newPerson(visitor)).email, 'paddle-and-net-9');
  await count('sockets', 2);
  await visitor.open(deal.path);
  await asks(page, deal.ask);
  await until(async () => (await counted('subscriptions')) > 0, 'subscriptions');
  const topics = await counted('subscriptions');
  const second = await tab(visitor, deal.path);
  const third = await tab(visitor, '/shop');
  await asks(second, deal.ask);
  assert.equal(await counted('subscriptions'), topics);
  assert.equal(await counted('sockets'), 2);

  const price = deal.ask - deal.tick;
  await seller.post(`/api/shop/products/${deal.product.id}/bids/?type=sales`, { price, expires_in_days: 7 });
  for (const each of [page, second]) await asks(each, price);

  // The first tab's process may be the one that the shared worker lives in: the others begin another one.
  const crash = await visitor.context.newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  crash.send('Page.crash').catch(() => {});
  await crashed;
  await count('subscriptions', topics);
  await count('sockets', 2);
  const next = price - deal.tick;
  await seller.post(`/api/shop/products/${deal.product.id}/bids/?type=sales`, {
    price: next,
    expires_in_days: 7,
  });
  await asks(second, next);
  await second.close();
  // The seller's page shows people, whose names are followed, and who plays; the tab that is left shows nobody.
  await count('subscriptions', 2);
  assert.equal(await counted('sockets'), 2);
  await third.close();
  await count('sockets', 1);
  visitor.clean();
  seller.clean();
  await Promise.all([visitor.close(), seller.close()]);
});

ownTest('a browser without shared workers has a socket in each tab', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  await visitor.context.addInitScript(() => {
    Object.defineProperty(globalThis, 'SharedWorker', { value: undefined });
  });
  const deal = await market(visitor);
  await visitor.open(deal.path);
  const second = await visitor.context.newPage();
  visitor.watch(second);
  // The server counts a socket before the page knows that it is open.
  const greeted = new Promise((done) =>
    second.on('websocket', (socket) => socket.on('framereceived', () => done(undefined))),
  );
  await second.goto(deal.path);
  await greeted;
  await count('sockets', 2);
  await second.close();
  await count('sockets', 1);
  visitor.clean();
  await visitor.close();
  await count('sockets', 0);
});

test('a second device asks, takes over, and the first one is signed out', async () => {
  const first = await rally.visit({ lang: 'en-US' });
  const person = await newPerson(first);
  await first.signIn(person.email, person.password);
  const firstTab = await tab(first, '/shop');
  const second = await rally.visit({ lang: 'en-US' });
  await second.signIn(person.email, person.password);
  const secondTab = await tab(second, '/shop');
  const name = `Rally is already open on ${await deviceOf(first)}`;
  for (const page of [second.page, secondTab])
    await page.getByRole('dialog', { name, exact: true }).waitFor();
  assert.equal(await elsewhere(first.page).count(), 0);

  // Nothing behind it can be reached by keyboard.
  for (let i = 0; i < 8; i += 1) {
    await second.page.keyboard.press('Tab');
    const inside = await second.page.evaluate(
      () => document.activeElement === document.body || !!document.activeElement?.closest('.elsewhere'),
    );
    assert.ok(inside, `after ${i + 1} tabs`);
  }
  await second.page.keyboard.press('Escape');
  for (const page of [second.page, secondTab]) {
    await elsewhere(page).waitFor({ state: 'detached' });
    await page.getByText('Live updates are off: Rally is open on another device.').waitFor();
  }
  // The site goes on without the line.
  await second.open('/my/profile');
  await second.inspect('elsewhere-bar', ['light']);

  first.expect(401);
  await press(second.page, 'Use it here');
  for (const page of [second.page, secondTab])
    await page.getByText('Live updates are off').waitFor({ state: 'detached' });
  for (const page of [first.page, firstTab]) await ended(page).waitFor();
  const answer = await first.context.request.get('/api/accounts/user/');
  assert.equal(answer.status(), 401);
  assert.equal((await second.get('/api/accounts/user/')).email, person.email);
  await first.inspect('signed-out-here');

  // Signing in again is the way back, and now the second one is the other device.
  await press(first.page, 'Sign in');
  await ended(firstTab).waitFor({ state: 'detached' });
  await first.page.waitForURL((url) => url.pathname === '/signin');
  await first.present(person.email, person.password);
  await elsewhere(first.page).waitFor();
  second.expect(401);
  await press(first.page, 'Use it here');
  await elsewhere(first.page).waitFor({ state: 'detached' });
  await elsewhere(firstTab).waitFor({ state: 'detached' });
  await ended(second.page).waitFor();
  await press(second.page, 'Look around without signing in');
  await ended(second.page).waitFor({ state: 'detached' });
  await ended(secondTab).waitFor({ state: 'detached' });
  first.clean();
  second.clean();
  await Promise.all([first.close(), second.close()]);
});

/** @param {import('playwright-core').Locator} place */
const colour = (place) => place.evaluate((element) => getComputedStyle(element).backgroundColor);

test('the page of the other device, on both sizes, in both languages', async () => {
  const holder = await rally.visit({ lang: 'en-US' });
  const person = await newPerson(holder);
  await holder.signIn(person.email, person.password);
  const name = `${await deviceOf(holder)}에서 Rally를 쓰고 있습니다`;
  for (const size of [SIZES.desktop, SIZES.phone]) {
    const visitor = await rally.visit({ lang: 'ko-KR', size });
    await visitor.signIn(person.email, person.password);
    const page = visitor.page.getByRole('dialog', { name, exact: true });
    await page.waitFor();
    await visitor.inspect('elsewhere');
    // It is a page, so beside it, in the scrollbar's place, nothing is veiled.
    const root = visitor.page.locator('html');
    assert.equal(await colour(root), await colour(page));
    await page.getByRole('button', { name: '이 기기에서 로그아웃' }).click();
    await page.waitFor({ state: 'detached' });
    await visitor.page.getByRole('link', { name: '로그인' }).first().waitFor();
    visitor.clean();
    await visitor.close();
  }
  // Who signs out is not told that they were signed out.
  await holder.page.getByRole('button', { name: 'My account' }).click();
  await press(holder.page, 'Sign out');
  await holder.page.getByRole('link', { name: 'Sign in' }).first().waitFor();
  await holder.page.waitForTimeout(1_500);
  assert.equal(await ended(holder.page).count(), 0);
  holder.clean();
  await holder.close();
});

ownTest('when the server was away a bar says so, and everything comes back by itself', async () => {
  const seller = await rally.visit({ lang: 'en-US' });
  await seller.signIn(SELLER);
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const deal = await market(visitor);
  await visitor.signIn((await newPerson(visitor)).email, 'paddle-and-net-9');
  await visitor.open(deal.path);
  await asks(page, deal.ask);
  await until(async () => (await counted('subscriptions')) > 0, 'subscriptions');
  const topics = await counted('subscriptions');
  const top = () => page.locator('main h1').evaluate((title) => title.getBoundingClientRect().top);
  const before = await top();

  for (const each of [visitor, seller]) {
    each.expectOffline(true);
    each.expect(502, 503);
  }
  await rally.server.halt();
  await page.getByText('You are offline. Reconnecting').waitFor();
  assert.equal(await top(), before);
  await rally.server.start();
  await page.getByText('You are offline. Reconnecting').waitFor({ state: 'detached' });
  await count('subscriptions', topics);
  await page.locator('rally-net[data-state=none]').waitFor({ state: 'attached' });

  const price = deal.ask - deal.tick;
  await seller.post(`/api/shop/products/${deal.product.id}/bids/?type=sales`, { price, expires_in_days: 7 });
  await asks(page, price);
  visitor.clean();
  await Promise.all([visitor.close(), seller.close()]);
});

test('a line that is away while pages work is told, too', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  // Sockets of a worker are out of this test's reach.
  await visitor.context.addInitScript(() => {
    Object.defineProperty(globalThis, 'SharedWorker', { value: undefined });
  });
  let through = false;
  await page.routeWebSocket(/\/ws$/, (socket) => {
    if (through) socket.connectToServer();
    else socket.close({ code: 1013 });
  });
  const deal = await market(visitor);
  await visitor.open(deal.path);
  await page.getByText('Live updates are paused. Reconnecting').waitFor();
  through = true;
  await press(page, 'Try again');
  await page.getByText('Live updates are paused. Reconnecting').waitFor({ state: 'detached' });
  visitor.clean();
  await visitor.close();
});
