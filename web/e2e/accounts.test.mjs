import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { PASSWORD, SHOPPER, becomes, world } from './harness.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

test('sign up, find the mail, verify, sign in, sign out', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const email = `new-${Date.now()}@rally.test`;
  await visitor.open('/signup');

  // What can be seen here is said here, next to its field.
  await page.getByLabel('E-mail').fill('not an address');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('Enter an e-mail address such as name@example.com.').waitFor();
  await page.getByText('Use at least 8 characters.', { exact: true }).waitFor();
  await becomes(() => page.evaluate(() => document.activeElement?.getAttribute('name')), 'email');

  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('paddle-and-net-9');
  await page.getByLabel('Password again').fill('paddle-and-net-9');
  await page.getByLabel(/Shoe size/).selectOption('265');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: 'Check your mail' }).waitFor();

  await page.getByRole('link', { name: 'Find the link in the demo mails' }).click();
  const mail = page.locator('.mail', { hasText: email });
  await mail.getByRole('link').first().click();
  await page.getByText('Done. You can sign in now.').waitFor();
  await page.getByRole('link', { name: 'Sign in' }).last().click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill('paddle-and-net-9');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === '/');

  await visitor.open('/my/profile');
  assert.equal(await page.getByLabel(/Shoe size/).inputValue(), '265');
  await page.getByLabel(/Mobile number/).fill('010-2345-6789');
  await page.getByRole('region', { name: 'Account' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await becomes(() => page.getByLabel(/Mobile number/).inputValue(), '+821023456789');

  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL((url) => url.pathname === '/');
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor();
  visitor.clean();
  await visitor.close();
});

test('an unverified account is told so and gets another mail', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const email = `late-${Date.now()}@rally.test`;
  await visitor.post('/api/accounts/registration/', {
    email,
    password1: 'paddle-and-net-9',
    password2: 'paddle-and-net-9',
  });
  visitor.expect(400);
  await visitor.open('/signin');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill('paddle-and-net-9');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Your e-mail address is not verified yet.').waitFor();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('a mail is on its way').waitFor();
  visitor.clean();
  await visitor.close();
});

test('a wrong password and a dead link say what is wrong', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  visitor.expect(400, 404);
  await visitor.open('/signin');
  await page.getByLabel('E-mail').fill('nobody@rally.test');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('E-mail or password is wrong.').waitFor();
  await page.goto('/verify?key=nonsense');
  await page.getByText('This link has expired or is wrong.').waitFor();
  visitor.clean();
  await visitor.close();
});

test('a page of one’s own asks to sign in first and is shown afterwards', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  await page.goto('/my/orders?type=sales');
  await page.waitForURL((url) => url.pathname === '/signin');
  await page.getByLabel('E-mail').fill(SHOPPER);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === '/my/orders' && url.search === '?type=sales');
  await page.getByRole('heading', { name: 'My orders' }).waitFor();
  visitor.clean();
  await visitor.close();
});

test('next never leads to another site', async () => {
  for (const next of ['//evil.test/', 'https://evil.test/', '/\\evil.test', 'javascript:alert(1)']) {
    const visitor = await rally.visit({ lang: 'en-US' });
    const { page } = visitor;
    await page.goto(`/signin?next=${encodeURIComponent(next)}`);
    await page.getByLabel('E-mail').fill(SHOPPER);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => url.pathname === '/');
    assert.equal(new URL(page.url()).origin, new URL(rally.server.url).origin);
    await visitor.close();
  }
});

test('two tabs whose token ran out refresh once and both go on', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  await visitor.signIn();
  visitor.expect(401);
  const second = await visitor.context.newPage();
  visitor.watch(second);
  await second.goto('/');
  let refreshes = 0;
  visitor.context.on('request', (request) => {
    if (request.url().endsWith('/token/refresh/')) refreshes += 1;
  });
  for (let round = 1; round <= 3; round += 1) {
    await visitor.context.clearCookies({ name: 'rally-access' });
    await Promise.all([visitor.page.goto('/my/orders'), second.goto('/my/bids')]);
    await Promise.all([
      visitor.page.getByRole('heading', { name: 'My orders' }).waitFor(),
      second.getByRole('heading', { name: 'My bids' }).waitFor(),
    ]);
    await Promise.all(
      [visitor.page, second].map((page) => page.waitForFunction(() => !document.querySelector('.skeleton'))),
    );
    assert.equal(refreshes, round);
  }
  visitor.clean();
  await visitor.close();
});

test('signing out in one tab signs out the other', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  await visitor.signIn();
  const second = await visitor.context.newPage();
  visitor.watch(second);
  await second.goto('/my/orders');
  await second.getByRole('heading', { name: 'My orders' }).waitFor();
  await visitor.page.getByRole('button', { name: 'My account' }).click();
  await visitor.page.getByRole('button', { name: 'Sign out' }).click();
  await second.waitForURL((url) => url.pathname === '/signin');
  visitor.clean();
  await visitor.close();
});
