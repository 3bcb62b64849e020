import { after, before } from 'node:test';
import { becomes, ownTest as test, world } from './harness.mjs';
import { isOut, mailed, mailedLink, newAddress, newPerson, notNow, signOut, toast } from './people.mjs';

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world();
});
after(() => rally?.stop());

const FRESH = 'a-net-and-two-bats-7';

/** A login in a browser of its own, on a page of its own. @param {import('./people.mjs').Login} person */
async function elsewhere(person) {
  const other = await rally.visit({ lang: 'en-US' });
  await other.signIn(person.email, person.password);
  await other.open('/my/orders');
  other.expect(401);
  return other;
}

test('a forgotten password is reset by mail, and every session ends', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'forgetful');
  const other = await elsewhere(person);

  await visitor.open('/signin');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByRole('heading', { level: 1, name: 'Reset your password' }).waitFor();
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByRole('heading', { level: 1, name: 'Check your mail' }).waitFor();
  await page.getByRole('link', { name: 'Find the link in the demo mails' }).click();
  const mail = page.locator('.mail', { hasText: person.email }).filter({ hasText: 'Reset your password' });
  const link = (await mail.getByRole('link').first().getAttribute('href')) ?? '';
  await mail.getByRole('link').first().click();
  await page.getByRole('heading', { level: 1, name: 'Choose a new password' }).waitFor();
  // The key leaves the address at once: nobody reads it over a shoulder or from the history.
  await page.waitForURL((url) => url.hash === '');
  await page.getByLabel('New password', { exact: true }).fill(FRESH);
  await page.getByLabel('New password again').fill(`${FRESH}!`);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('The two passwords are not the same.').waitFor();
  await page.getByLabel('New password again').fill(FRESH);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await toast(visitor, 'Your password is changed. Sign in with the new one.');
  await isOut(other);
  other.clean();
  await other.close();

  visitor.expect(400);
  await page.waitForURL((url) => url.pathname === '/signin');
  await visitor.present(person.email, person.password);
  await page.getByText('E-mail or password is wrong.').waitFor();
  await visitor.signIn(person.email, FRESH);
  await mailed(visitor, person.email, /Your password was reset/);

  // The link works once.
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill('another-net-and-bat-8');
  await page.getByLabel('New password again').fill('another-net-and-bat-8');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('This link has expired or was used. Please ask for a new one.').waitFor();
  await becomes(() => page.evaluate(() => document.activeElement?.getAttribute('name')), 'email');
  visitor.clean();
  await visitor.close();
});

test('the page of a forgotten password tells nobody who has an account', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  await visitor.open('/reset');
  await page.getByLabel('E-mail').fill('nobody-at-all@rally.test');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByText('If there is an account with nobody-at-all@rally.test').waitFor();
  await page.getByRole('button', { name: 'Use another address' }).click();
  await page.getByLabel('E-mail').fill('no address');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByText('Enter an e-mail address such as name@example.com.').waitFor();
  visitor.clean();
  await visitor.close();
});

test('an address changes when its mail is opened, and the old one is told', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'mover');
  const to = newAddress('moved');
  await visitor.signIn(person.email, person.password);
  await visitor.open('/my/security');
  await page.getByRole('button', { name: 'Change e-mail' }).click();
  const dialog = page.getByRole('dialog');
  visitor.expect(400, 422);
  await dialog.getByLabel('New e-mail').fill(person.email);
  await dialog.getByRole('button', { name: 'Send the link' }).click();
  await dialog.getByText('This is your address already.').waitFor();
  await dialog.getByLabel('New e-mail').fill(to);
  await dialog.getByRole('button', { name: 'Send the link' }).click();
  await dialog.getByText(`If ${to} can be used, a mail is on its way there.`).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await mailed(visitor, person.email, /A change of your e-mail address was requested/);
  await page.locator('#email').getByText(person.email).waitFor();

  const link = await mailedLink(visitor, to, '/email');
  await page.goto(link.href);
  await page.getByRole('button', { name: 'Confirm the new address' }).click();
  await page.getByText('Done. Sign in with the new address from now on.').waitFor();
  await mailed(visitor, person.email, /Your e-mail address was changed/);
  await visitor.open('/my/security');
  await page.locator('#email').getByText(to).waitFor();
  await signOut(visitor);
  await visitor.open('/signin');
  await visitor.present(person.email, person.password);
  await page.getByText('E-mail or password is wrong.').waitFor();
  await visitor.signIn(to, person.password);

  visitor.expect(404);
  await page.goto(link.href);
  await page.getByRole('button', { name: 'Confirm the new address' }).click();
  await page.getByText('This link has expired or was used.').waitFor();
  visitor.clean();
  await visitor.close();
});

test('a new password ends the sessions elsewhere', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'changer');
  await visitor.signIn(person.email, person.password);
  const other = await elsewhere(person);
  await notNow(other);
  await visitor.open('/my/security');
  await page.getByRole('button', { name: 'Change password' }).click();
  const dialog = page.getByRole('dialog');
  visitor.expect(400);
  await dialog.getByLabel('Current password').fill('not-this-one-1');
  await dialog.getByLabel('New password', { exact: true }).fill(FRESH);
  await dialog.getByLabel('New password again').fill(FRESH);
  await dialog.getByRole('button', { name: 'Save password' }).click();
  await dialog.getByText('This password is wrong.').waitFor();
  await dialog.getByLabel('Current password').fill(person.password);
  await dialog.getByRole('button', { name: 'Save password' }).click();
  await toast(visitor, 'Password changed. You are signed out everywhere else.');
  await isOut(other);
  other.clean();
  await other.close();
  await mailed(visitor, person.email, /Your password was changed/);
  // Here it goes on.
  await visitor.open('/my/orders');
  await page.getByRole('heading', { level: 1, name: 'My orders' }).waitFor();
  visitor.clean();
  await visitor.close();
});
