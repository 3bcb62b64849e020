import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { becomes, ownTest as test, world } from './harness.mjs';
import { keepCodes, newPerson, setUpCodes, signOut, toast } from './people.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

/** @param {import('./harness.mjs').Visitor} visitor @param {import('./people.mjs').Login} login */
async function firstStep(visitor, { email, password }) {
  await visitor.open('/signin');
  await visitor.present(email, password);
  await visitor.page.getByRole('heading', { level: 1, name: 'Second step' }).waitFor();
}

/** @param {import('./harness.mjs').Visitor} visitor */
function home({ page }) {
  return page.waitForURL((url) => url.pathname === '/');
}

test('one-time codes: from the first setup to switching them off', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'codes');
  await visitor.signIn(person.email, person.password);

  await visitor.open('/my/security');
  const { app, codes } = await setUpCodes(visitor);
  assert.equal(new Set(codes).size, 10);
  for (const code of codes) assert.match(code, /^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$/);
  // They are shown this once: neither the button nor Escape closes them by mistake.
  const done = page.getByRole('button', { name: 'Done' });
  await done.click();
  await page.getByText("They can't be shown again.").waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.codes li').count(), 10);
  await keepCodes(visitor);
  await toast(visitor, 'One-time codes are on.');
  await page.locator('#otp').getByText('On', { exact: true }).waitFor();
  await page.locator('#recovery').getByText('10 left').waitFor();
  await page.reload();
  await visitor.settled();
  assert.equal(await page.getByText(codes[0] ?? '').count(), 0);

  await signOut(visitor);
  await firstStep(visitor, person);
  // Half a login opens nothing.
  assert.equal((await visitor.context.request.get('/api/accounts/user/')).status(), 401);
  visitor.expect(400, 401);
  const code = page.getByLabel('One-time code');
  await code.pressSequentially(app.wrong());
  await page.getByText('This code is wrong, or was used before.').waitFor();
  await becomes(() => code.inputValue(), '');
  await code.fill(app.used());
  await page.getByText('This code is wrong, or was used before.').waitFor();
  // The last digit sends it.
  await code.fill(await app.code());
  await home(visitor);

  await visitor.settled();
  await signOut(visitor);
  await firstStep(visitor, person);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  const recovery = page.getByLabel('Recovery code', { exact: true });
  await recovery.fill('ABCD-EFGH-2345');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('This code is wrong, or was used before.').waitFor();
  await recovery.fill((codes[0] ?? '').toLowerCase().replaceAll('-', ' '));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await home(visitor);
  await visitor.open('/my/security');
  await page.locator('#recovery').getByText('9 left').waitFor();

  await page.getByRole('button', { name: 'Switch off' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Password').fill(person.password);
  // The password stays when the kind of code changes.
  await dialog.getByRole('button', { name: 'Use a recovery code' }).click();
  await dialog.getByLabel('Recovery code', { exact: true }).fill(codes[1] ?? '');
  await dialog.getByRole('button', { name: 'Switch off codes' }).click();
  await toast(visitor, 'One-time codes are off.');
  await page.locator('#otp').getByText('Off', { exact: true }).waitFor();
  await signOut(visitor);
  await visitor.signIn(person.email, person.password);
  visitor.clean();
  await visitor.close();
});

test('a trusted device is asked for no second step until it is forgotten', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'trust');
  await visitor.signIn(person.email, person.password);
  await visitor.open('/my/security');
  const { app, codes } = await setUpCodes(visitor);
  await keepCodes(visitor);
  await signOut(visitor);

  await firstStep(visitor, person);
  await page.getByLabel('Trust this device for 30 days').check();
  await page.getByLabel('One-time code').fill(await app.code());
  await home(visitor);
  await visitor.settled();
  await signOut(visitor);
  await visitor.signIn(person.email, person.password);

  // Another browser is no trusted device.
  const other = await rally.visit({ lang: 'en-US' });
  await firstStep(other, person);
  other.clean();
  await other.close();

  await visitor.open('/my/sessions');
  const device = page.locator('#devices .entry');
  await device.getByText('This device').waitFor();
  await device.getByRole('button', { name: 'Forget' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop trusting' }).click();
  await page.getByText('No trusted devices.').waitFor();
  await signOut(visitor);
  await firstStep(visitor, person);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code', { exact: true }).fill(codes[0] ?? '');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await home(visitor);
  visitor.clean();
  await visitor.close();
});

test('a second step that was begun is given up, and recovery codes are renewed', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'renew');
  await visitor.signIn(person.email, person.password);
  await visitor.open('/my/security');
  const { codes } = await setUpCodes(visitor);
  await keepCodes(visitor);
  await page.getByRole('button', { name: 'Make new codes' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make new ones' }).click();
  await page.locator('.codes li').first().waitFor();
  const renewed = await page.locator('.codes li').allTextContents();
  assert.ok(renewed.every((code) => !codes.includes(code)));
  await keepCodes(visitor);
  await signOut(visitor);

  visitor.expect(400, 401);
  await firstStep(visitor, person);
  await page.getByRole('button', { name: 'Start again' }).click();
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  await firstStep(visitor, person);
  // The login that waits is gone: it ran out, or was finished elsewhere.
  await visitor.context.clearCookies({ name: 'rally-pending' });
  await page.getByLabel('One-time code').fill('123456');
  await page.getByText('That took too long. Please sign in again from the start.').waitFor();
  await firstStep(visitor, person);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  const recovery = page.getByLabel('Recovery code', { exact: true });
  await recovery.fill(codes[0] ?? '');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('This code is wrong, or was used before.').waitFor();
  await recovery.fill(renewed[0] ?? '');
  await page.getByRole('button', { name: 'Confirm' }).click();
  await home(visitor);
  visitor.clean();
  await visitor.close();
});
