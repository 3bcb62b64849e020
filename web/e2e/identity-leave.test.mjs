import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before } from 'node:test';
import { market, ownTest as test, world } from './harness.mjs';
import { isOut, mailed, newPerson, notNow } from './people.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

test('somebody leaves, is told until when there is a way back, and comes back', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'leaver');
  await visitor.signIn(person.email, person.password);
  const { product, bid, tick } = await market(visitor);
  await visitor.post(`/api/shop/products/${product.id}/bids/?type=purchase`, { price: bid - tick });
  const other = await rally.visit({ lang: 'en-US' });
  await other.signIn(person.email, person.password);
  await other.open('/my/orders');
  await notNow(other);
  other.expect(401);

  await visitor.open('/my/settings');
  const dialog = page.getByRole('dialog', { name: 'Leave Rally?' });
  await page.getByRole('button', { name: 'Leave' }).click();
  await dialog.getByRole('button', { name: 'Stay' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Leave' }).click();
  visitor.expect(400);
  await dialog.getByLabel('Password').fill('not-this-one-1');
  await dialog.getByRole('button', { name: 'Leave for good' }).click();
  await dialog.getByText('This password is wrong.').waitFor();
  await dialog.getByLabel('Password').fill(person.password);
  await dialog.getByRole('button', { name: 'Leave for good' }).click();
  await page.waitForURL((url) => url.pathname === '/goodbye');
  await page.getByRole('heading', { level: 1, name: 'Your account is closed' }).waitFor();
  await page.getByText(/^Sign in until .+ and it is yours again\.$/).waitFor();
  await mailed(visitor, person.email, /You have left Rally/);
  await isOut(other);
  other.clean();
  await other.close();

  await page.getByRole('main').getByRole('link', { name: 'Sign in again' }).click();
  await page.waitForURL((url) => url.pathname === '/signin');
  await visitor.present(person.email, person.password);
  await page.waitForURL((url) => url.pathname === '/');
  await visitor.open('/my/sessions');
  const events = page.locator('#events .entry');
  await events.filter({ hasText: 'Came back to Rally' }).waitFor();
  await events.filter({ hasText: 'Left Rally' }).waitFor();
  await visitor.open('/my/bids');
  await page.getByText('No open bids').waitFor();
  visitor.clean();
  await visitor.close();
});

test('an order under way keeps somebody here, and says which way to go', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'buyer');
  await visitor.signIn(person.email, person.password);
  const { product, ask } = await market(visitor);
  await visitor.post(`/api/shop/products/${product.id}/transorders/?type=purchase`, { expected_price: ask });
  await visitor.open('/my/settings');
  await page.getByRole('button', { name: 'Leave' }).click();
  visitor.expect(409);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password').fill(person.password);
  await dialog.getByRole('button', { name: 'Leave for good' }).click();
  await dialog.getByText("You can't leave while an order is under way.").waitFor();
  await dialog.getByRole('link', { name: 'See your orders' }).click();
  await page.waitForURL((url) => url.pathname === '/my/orders');
  await dialog.waitFor({ state: 'detached' });
  visitor.clean();
  await visitor.close();
});

test('everything about somebody comes as one file', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  await visitor.signIn();
  await visitor.open('/my/settings');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'rally-export.json');
  const all = JSON.parse(await readFile(await download.path(), 'utf8'));
  assert.equal(all.user.email, 'shopper@rally.test');
  assert.ok(all.sessions.some((/** @type {{current: boolean}} */ { current }) => current));
  assert.ok(Object.keys(all.modules).length > 0);
  visitor.clean();
  await visitor.close();
});
