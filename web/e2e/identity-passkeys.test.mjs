import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { passkeyDevice } from './authenticator.mjs';
import { becomes, ownTest as test, world } from './harness.mjs';
import { keepCodes, newPerson, signOut, toast } from './people.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  // Passkeys belong to a name, never to a number.
  rally = await world({ host: 'localhost', helped: true });
});
after(() => rally?.stop());

/** @param {import('./harness.mjs').Visitor} visitor on the page of security @param {string} name */
async function addPasskey(visitor, name) {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name of the passkey').fill(name);
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await toast(visitor, 'Passkey added.');
  await dialog.waitFor({ state: 'detached' });
}

/** @param {import('./harness.mjs').Visitor} visitor */
function home({ page }) {
  return page.waitForURL((url) => url.pathname === '/');
}

/** @param {import('playwright-core').Page} page @param {string} name */
function entry(page, name) {
  return page.locator('#passkeys .entry', { hasText: name });
}

test('a passkey is added, renamed, signs in and is removed', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const device = await passkeyDevice(page);
  const person = await newPerson(visitor, 'passkey');
  await visitor.signIn(person.email, person.password);
  await visitor.open('/my/security');
  await page.getByText('No passkeys yet.').waitFor();
  await addPasskey(visitor, 'My laptop');
  await becomes(() => device.count(), 1);
  await entry(page, 'My laptop').getByText('Not used yet').waitFor();

  // The same device can't hold a second one of the account.
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).click();
  await page.getByText('This device holds a passkey of your account already.').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  await entry(page, 'My laptop').getByRole('button', { name: 'Rename My laptop' }).click();
  const name = page.getByRole('textbox', { name: 'Name of the passkey' });
  await name.fill('Nobody wants this');
  await name.press('Escape');
  await entry(page, 'My laptop').getByRole('button', { name: 'Rename My laptop' }).click();
  await name.fill('Work laptop');
  await name.press('Enter');
  await toast(visitor, 'Renamed.');
  await page.reload();
  await entry(page, 'Work laptop').waitFor();

  await signOut(visitor);
  await visitor.open('/signin?next=/my/security');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.waitForURL((url) => url.pathname === '/my/security');
  await entry(page, 'Work laptop').getByText('Last used').waitFor();
  await visitor.open('/my/sessions');
  await page.locator('#sessions').getByText('Passkey').waitFor();

  await visitor.open('/my/security');
  await entry(page, 'Work laptop').getByRole('button', { name: 'Remove Work laptop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove the passkey' }).click();
  await page.getByText('No passkeys yet.').waitFor();
  await signOut(visitor);
  // The device still has it; the server doesn't know it any more.
  visitor.expect(400);
  await visitor.open('/signin');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByText('This passkey could not be confirmed. Please try again.').waitFor();
  await visitor.signIn(person.email, person.password);
  visitor.clean();
  await visitor.close();
});

test('a passkey that is given up says so kindly', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const device = await passkeyDevice(page);
  const person = await newPerson(visitor, 'given-up');
  const said = page.getByText('The passkey was cancelled or took too long. Try again or choose another way.');
  await visitor.open('/signin');
  // A device that doesn't recognise its owner ends the ceremony as somebody does who cancels.
  await device.recognises(false);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await said.waitFor();
  await visitor.signIn(person.email, person.password);
  await visitor.open('/my/security');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const go = page.getByRole('dialog').getByRole('button', { name: 'Continue' });
  await go.click();
  await said.waitFor();
  await device.recognises(true);
  await go.click();
  await toast(visitor, 'Passkey added.');
  // It was given no name: it is called after the device.
  await page.locator('#passkeys .entry', { hasText: 'Chrom' }).waitFor();
  visitor.clean();
  await visitor.close();
});

test('a passkey is the second step, and a recovery code stands in for it', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const device = await passkeyDevice(page);
  const person = await newPerson(visitor, 'second');
  await visitor.signIn(person.email, person.password);
  await visitor.open('/my/security');
  await addPasskey(visitor, 'Key');
  const second = page.getByRole('switch', { name: 'Ask for a passkey as second step' });
  await second.click();
  const list = page.locator('.codes li');
  await list.first().waitFor();
  const codes = await list.allTextContents();
  await keepCodes(visitor);
  await toast(visitor, 'From now on a passkey is asked for after the password.');
  await becomes(() => second.isChecked(), true);
  await signOut(visitor);

  await visitor.open('/signin');
  await visitor.present(person.email, person.password);
  await page.getByRole('heading', { level: 1, name: 'Second step' }).waitFor();
  await device.recognises(false);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByText('The passkey was cancelled or took too long.').waitFor();
  await device.recognises(true);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await home(visitor);
  await visitor.settled();
  await signOut(visitor);

  await visitor.open('/signin');
  await visitor.present(person.email, person.password);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code', { exact: true }).fill(codes[0] ?? '');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await home(visitor);
  await visitor.settled();
  await signOut(visitor);

  // A passkey alone is both steps.
  await visitor.open('/signin');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await home(visitor);
  await visitor.open('/my/security');
  await second.click();
  await toast(visitor, 'A passkey is not asked for any more.');
  await signOut(visitor);
  await visitor.signIn(person.email, person.password);
  visitor.clean();
  await visitor.close();
});

test('a passkey proves who is there', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const device = await passkeyDevice(page);
  const person = await newPerson(visitor, 'proof');
  await visitor.signIn(person.email, person.password);
  await visitor.open('/my/security');
  await addPasskey(visitor, 'Key');
  await rally.helper.tell({ database: rally.server.database, email: person.email, minutes: 11 });
  visitor.expect(403);
  await page.getByRole('button', { name: 'Set up codes' }).click();
  const dialog = page.getByRole('dialog', { name: "Confirm it's you" });
  await device.recognises(false);
  await dialog.getByRole('button', { name: 'Use a passkey' }).click();
  await dialog.getByText('The passkey was cancelled or took too long.').waitFor();
  await device.recognises(true);
  await dialog.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('dialog', { name: 'Set up codes' }).waitFor();
  visitor.clean();
  await visitor.close();
});

test('at an address of numbers there are no passkeys, and the page says so', async () => {
  const numbers = await world();
  try {
    const visitor = await numbers.visit({ lang: 'en-US' });
    const { page } = visitor;
    await visitor.open('/signin');
    assert.equal(await page.getByRole('button', { name: 'Sign in with a passkey' }).count(), 0);
    await visitor.signIn();
    await visitor.open('/my/security');
    await page.getByText("Passkeys can't be added in this browser or at this address.").waitFor();
    assert.equal(await page.getByRole('button', { name: 'Add a passkey' }).count(), 0);
    visitor.clean();
  } finally {
    await numbers.stop();
  }
});
