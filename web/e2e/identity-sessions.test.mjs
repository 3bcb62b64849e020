import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { becomes, ownTest as test, until, world } from './harness.mjs';
import { isOut, keepCodes, newAddress, newPerson, notNow, setUpCodes, toast } from './people.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world({ helped: true });
});
after(() => rally?.stop());

/** The person's last proof is too old for what matters. @param {string} email */
function age(email) {
  return rally.helper.tell({ database: rally.server.database, email, minutes: 11 });
}

test('an old login is asked for the password, and the action goes on', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'old-login');
  await visitor.signIn(person.email, person.password);
  await visitor.open('/my/security');
  await age(person.email);
  visitor.expect(400, 403);
  const proof = page.getByRole('dialog', { name: "Confirm it's you" });
  const setup = page.getByRole('dialog', { name: 'Set up codes' });
  await page.getByRole('button', { name: 'Set up codes' }).click();
  await proof.getByRole('button', { name: 'Close' }).click();
  await proof.waitFor({ state: 'detached' });
  assert.equal(await setup.count(), 0);

  await page.getByRole('button', { name: 'Set up codes' }).click();
  const password = proof.getByLabel('Password');
  await password.waitFor();
  await becomes(() => password.evaluate((control) => control === document.activeElement), true);
  await password.fill('not-this-one-1');
  await proof.getByRole('button', { name: 'Confirm' }).click();
  await proof.getByText('This password is wrong.').waitFor();
  await password.fill(person.password);
  await password.press('Enter');
  await setup.waitFor();
  await page.keyboard.press('Escape');

  // Where codes are on, the password alone is no proof; a second dialog stays open below.
  const { codes } = await setUpCodes(visitor);
  await keepCodes(visitor);
  await age(person.email);
  await page.getByRole('button', { name: 'Change e-mail' }).click();
  const to = newAddress('reauth');
  await page.getByLabel('New e-mail').fill(to);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await proof.getByLabel('Password').fill(person.password);
  await proof.getByRole('button', { name: 'Use a recovery code' }).click();
  await proof.getByLabel('Recovery code', { exact: true }).fill(codes[0] ?? '');
  await proof.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText(`If ${to} can be used, a mail is on its way there.`).waitFor();
  visitor.clean();
  await visitor.close();
});

test('one session is ended from another, then all others', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'many');
  await visitor.signIn(person.email, person.password);
  const others = [];
  for (let n = 0; n < 3; n += 1) {
    const other = await rally.visit({ lang: 'en-US' });
    await other.signIn(person.email, person.password);
    await other.open('/my/orders');
    await notNow(other);
    other.expect(401);
    others.push(other);
  }
  const [last, ...rest] = others.reverse();
  assert.ok(last);
  await visitor.open('/my/sessions');
  const rows = page.locator('#sessions .entry');
  assert.equal(await rows.count(), 4);
  await rows.first().getByText('This device').waitFor();

  // Newest first: the second one is the browser that came last.
  await rows.nth(1).getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click();
  await toast(visitor, 'The device is signed out.');
  await becomes(() => rows.count(), 3);
  await isOut(last);

  await page.getByRole('button', { name: 'Sign out all others' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out all' }).click();
  await toast(visitor, '2 devices are signed out.');
  await until(async () => (await rows.count()) === 1, 'the list to hold one session');
  for (const other of rest) await isOut(other);
  for (const other of others) {
    other.clean();
    await other.close();
  }
  visitor.clean();
  await visitor.close();
});

test('what mattered for the account is listed, to its beginning', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'events');
  await visitor.signIn(person.email, person.password);
  const other = await rally.visit({ lang: 'en-US' });
  await other.signIn(person.email, person.password);
  await other.close();
  for (let n = 0; n < 24; n += 1) {
    await visitor.post('/api/accounts/email/change/', { email: newAddress('elsewhere') });
  }
  await visitor.open('/my/sessions');
  const events = page.locator('#events .entry');
  await events.first().getByText('E-mail change requested').waitFor();
  const more = page.locator('#events').getByRole('button', { name: 'Show more' });
  const end = page.locator('#events').getByText('That is all.');
  // It reads on while one scrolls; the button is for whoever doesn't.
  await until(async () => {
    if (await more.isVisible()) await more.scrollIntoViewIfNeeded({ timeout: 1_000 });
    return end.isVisible();
  }, 'the end of the events');
  assert.equal(await events.count(), 25);
  await events.last().getByText('Signed in on a new device').waitFor();
  visitor.clean();
  await visitor.close();
});
