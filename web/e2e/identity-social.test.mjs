import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { ownTest as test, world } from './harness.mjs';
import { SECRET, keepCodes, newAddress, newPerson, setUpCodes, signOut, toast } from './people.mjs';

/** @typedef {import('./harness.mjs').Visitor} Visitor */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  // The sites are at 127.0.0.1: elsewhere, for a browser.
  rally = await world({ host: 'localhost', helped: true });
});
after(() => rally?.stop());

const NAMES = /** @type {const} */ ({ google: 'Google', naver: 'Naver', 42: '42' });
let subjects = 1000;

/** Somebody new sits at the site's browser. @param {string} site @param {string} [email] @param {boolean} [verified] */
async function sitsAt(site, email = newAddress('social'), verified = true) {
  subjects += 1;
  await rally.helper.person(site, { subject: String(subjects), email, verified });
  return email;
}

/** @param {Visitor} visitor @param {string} name @param {string} next */
async function enterBy(visitor, name, next) {
  await visitor.open(`/signin?next=${encodeURIComponent(next)}`);
  await visitor.page.getByRole('link', { name: `Sign in with ${name}` }).click();
}

/** @param {Visitor} visitor @param {string} next */
function cameTo({ page }, next) {
  return page.waitForURL((url) => url.pathname + url.search === next);
}

/** @param {Visitor} visitor @param {string} text */
async function refused({ page }, text) {
  await page.waitForURL((url) => url.pathname === '/signin' && url.searchParams.has('error'));
  await page.getByText(text).waitFor();
}

/** @param {Visitor} visitor @param {string} name */
function linked({ page }, name) {
  return page.locator('#linked .entry', { hasText: name });
}

test('a site that is away is said in a sentence, and the password still works', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const person = await newPerson(visitor);
  const away = 'The sign-in service does not answer right now. Please try again in a moment.';
  for (const [site, name] of Object.entries(NAMES)) {
    await rally.helper.tell({ site, fault: '500' });
    await enterBy(visitor, name, '/my/orders');
    await refused(visitor, away);
    await rally.helper.tell({ site, fault: '' });
  }
  await visitor.present(person.email, person.password);
  await cameTo(visitor, '/my/orders');
  visitor.clean();
  await visitor.close();
});

for (const [site, name] of Object.entries(NAMES)) {
  test(`${name} signs up, signs in, and leads back`, async () => {
    const visitor = await rally.visit({ lang: 'en-US' });
    const { page } = visitor;
    const email = await sitsAt(site);
    await enterBy(visitor, name, '/my/security');
    await cameTo(visitor, '/my/security');
    await page.getByText('This account has no password.').waitFor();
    await linked(visitor, name).getByText(email).waitFor();
    await page.locator('#email').getByText(email).waitFor();
    await signOut(visitor);
    // The button, the address bar, another tab: all of them know who is signed in afterwards.
    await enterBy(visitor, name, '/shop?category=shoes');
    await cameTo(visitor, '/shop?category=shoes');
    await page.getByRole('button', { name: 'My account' }).waitFor();
    const tab = await visitor.context.newPage();
    visitor.watch(tab);
    await tab.goto('/my/sessions');
    await tab.locator('#sessions').getByText(`By ${name}`).first().waitFor();
    visitor.clean();
    await visitor.close();
  });
}

test('the only way in stays until there is another', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const email = await sitsAt('google');
  await enterBy(visitor, 'Google', '/my/security');
  await cameTo(visitor, '/my/security');
  const unlink = async () => {
    await linked(visitor, 'Google').getByRole('button', { name: 'Unlink Google' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
  };
  visitor.expect(409);
  await unlink();
  await page.getByText('This is the only way into your account.').waitFor();
  await page.getByRole('button', { name: 'Set a password' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New password', { exact: true }).fill(SECRET);
  await dialog.getByLabel('New password again').fill(SECRET);
  await dialog.getByRole('button', { name: 'Save password' }).click();
  await toast(visitor, 'Password set.');
  await unlink();
  await toast(visitor, 'Google is unlinked.');
  await linked(visitor, 'Google').getByText('Not linked').waitFor();
  await signOut(visitor);
  await visitor.signIn(email, SECRET);
  visitor.clean();
  await visitor.close();
});

test('an address that has an account is linked by its owner only', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor);
  await sitsAt('google', person.email);
  await enterBy(visitor, 'Google', '/my/security');
  await refused(visitor, 'Sign in here first, then link Google in your security settings.');
  await visitor.present(person.email, person.password);
  await cameTo(visitor, '/my/security');
  await linked(visitor, 'Google').getByRole('button', { name: 'Link Google' }).click();
  await toast(visitor, 'Google is linked.');
  await cameTo(visitor, '/my/security');
  await linked(visitor, 'Google').getByText(person.email).waitFor();

  // The second step is asked for whatever the first one was.
  const { app } = await setUpCodes(visitor);
  await keepCodes(visitor);
  await signOut(visitor);
  await enterBy(visitor, 'Google', '/my/sessions');
  await page.waitForURL((url) => url.pathname === '/signin' && url.searchParams.get('step') === 'second');
  await page.getByLabel('One-time code').fill(await app.code());
  await cameTo(visitor, '/my/sessions');

  // Somebody else can't link the same login.
  const other = await rally.visit({ lang: 'en-US' });
  const stranger = await newPerson(other);
  await other.signIn(stranger.email, stranger.password);
  await other.open('/my/security');
  await linked(other, 'Google').getByRole('button', { name: 'Link Google' }).click();
  await other.page.getByText('This login is linked to a Rally account already.').waitFor();
  await cameTo(other, '/my/security');
  other.clean();
  await other.close();
  visitor.clean();
  await visitor.close();
});

test('whoever says no there, or tells no address, is told what to do', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor);
  await rally.helper.tell({ site: 'naver', denied: true });
  await enterBy(visitor, 'Naver', '/my/security');
  await refused(visitor, 'The sign-in was cancelled or refused. Please try again.');
  await sitsAt('google', newAddress('unproved'), false);
  await enterBy(visitor, 'Google', '/');
  await refused(visitor, 'The e-mail address is not verified there yet.');
  await sitsAt('42', '');
  await enterBy(visitor, '42', '/my/security');
  await refused(visitor, 'No e-mail address was given.');

  await visitor.present(person.email, person.password);
  await cameTo(visitor, '/my/security');
  await linked(visitor, 'Naver').getByRole('button', { name: 'Link Naver' }).click();
  await page.getByText('The sign-in was cancelled or refused. Please try again.').waitFor();
  await cameTo(visitor, '/my/security');
  await linked(visitor, 'Naver').getByText('Not linked').waitFor();
  // Said once: not again when the page is read anew.
  await page.reload();
  await visitor.settled();
  assert.equal(await page.getByText('The sign-in was cancelled or refused.').count(), 0);
  await rally.helper.tell({ site: 'naver', denied: false });
  visitor.clean();
  await visitor.close();
});

test('a login elsewhere proves who is there, and who cancels it is told so', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const email = await sitsAt('google');
  await enterBy(visitor, 'Google', '/my/settings');
  await cameTo(visitor, '/my/settings');
  const aged = () => rally.helper.tell({ database: rally.server.database, email, minutes: 11 });
  const proof = page.getByRole('dialog', { name: "Confirm it's you" });
  await aged();
  visitor.expect(403);
  await page.getByRole('button', { name: 'Leave' }).click();
  const leave = page.getByRole('dialog', { name: 'Leave Rally?' });
  await leave.getByRole('button', { name: 'Leave for good' }).click();
  await rally.helper.tell({ site: 'google', denied: true });
  await proof.getByRole('button', { name: 'Confirm with Google' }).click();
  await page.getByText('The sign-in was cancelled or refused. Please try again.').waitFor();
  await cameTo(visitor, '/my/settings');

  await visitor.open('/my/security');
  await page.getByRole('button', { name: 'Set up codes' }).click();
  await proof.getByRole('button', { name: 'Confirm with Google' }).click();
  await page.getByText('The sign-in was cancelled or refused. Please try again.').waitFor();
  await rally.helper.tell({ site: 'google', denied: false });
  await page.getByRole('button', { name: 'Set up codes' }).click();
  await proof.getByRole('button', { name: 'Confirm with Google' }).click();
  await page.waitForURL((url) => url.pathname === '/my/security');
  await proof.waitFor({ state: 'detached' });
  await visitor.settled();
  await page.getByRole('button', { name: 'Set up codes' }).click();
  await page.getByRole('dialog', { name: 'Set up codes' }).waitFor();
  visitor.clean();
  await visitor.close();
});
