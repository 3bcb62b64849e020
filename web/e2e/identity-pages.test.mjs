import { after, before } from 'node:test';
import { passkeyDevice } from './authenticator.mjs';
import { SIZES, ownTest as test, world } from './harness.mjs';
import { Authenticator, mailedLink, newAddress, newPerson, notNow } from './people.mjs';

/**
 * Every page and state of signing in and of the settings: both sizes, both languages, light and dark. What is
 * pressed is found by place, not by words: the same steps serve both languages.
 *
 * @typedef {import('./harness.mjs').Visitor} Visitor
 * @typedef {import('./people.mjs').Login} Login
 */

/** @type {import('./harness.mjs').World} */
let rally;
before(async () => {
  rally = await world({ host: 'localhost', helped: true });
});
after(() => rally?.stop());

/** @param {Visitor} visitor @param {string} selector */
const press = ({ page }, selector) => page.locator(selector).click();

/** @param {Visitor} visitor */
const dialog = ({ page }) => page.locator('dialog[open]').last();

/** Colours don't depend on the language: light and dark in one of them. @param {Visitor} visitor @param {string} name */
function inspect(visitor, name) {
  return visitor.inspect(name, name.endsWith('-ko') ? ['light', 'dark'] : ['light']);
}

/** @param {Visitor} visitor */
async function closeDialog(visitor) {
  await dialog(visitor).locator('.dialog-head button').click();
  await visitor.page.waitForFunction(() => !document.querySelector('dialog[open]'));
}

/** @param {Visitor} visitor @param {string} lang */
async function signingIn(visitor, lang) {
  const { page } = visitor;
  await visitor.open('/signin');
  await page.locator('[data-provider]').nth(2).waitFor();
  await inspect(visitor, `signin-ways-${lang}`);
  visitor.expect(400);
  await visitor.present('nobody@rally.test', 'wrong');
  await page.locator('main .form .notice').waitFor();
  await inspect(visitor, `signin-wrong-${lang}`);
  await visitor.open('/signin?error=accounts.link_required&provider=google&next=%2Fmy%2Fsecurity');
  await inspect(visitor, `signin-link-${lang}`);
  await visitor.open('/signin?error=accounts.provider_unavailable&provider=naver');
  await inspect(visitor, `signin-away-${lang}`);

  await visitor.open('/reset');
  await inspect(visitor, `reset-${lang}`);
  const address = newAddress('inspected');
  await page.locator('input[name=email]').fill(address);
  await press(visitor, 'main form button[type=submit]');
  await page.locator('.result-sign').waitFor();
  await inspect(visitor, `reset-sent-${lang}`);
  await visitor.open('/reset#uid=1&token=nonsense');
  await inspect(visitor, `reset-new-${lang}`);
  await page.locator('input[name=new_password1]').fill('paddle-and-net-9');
  await page.locator('input[name=new_password2]').fill('paddle-and-net-9');
  await press(visitor, 'main form button[type=submit]');
  await page.locator('main .notice').waitFor();
  await inspect(visitor, `reset-bad-${lang}`);

  visitor.expect(404);
  await visitor.open('/email#key=nonsense');
  await inspect(visitor, `email-${lang}`);
  await press(visitor, 'main form button[type=submit]');
  await page.locator('main .notice').waitFor();
  await inspect(visitor, `email-bad-${lang}`);
  await visitor.open('/goodbye?until=2026-12-22');
  await inspect(visitor, `goodbye-${lang}`);
}

/** An account with everything. @param {Visitor} visitor @param {Login} person @param {string} lang @returns {Promise<Authenticator>} */
async function settling(visitor, person, lang) {
  const { page } = visitor;
  await visitor.signIn(person.email, person.password);
  await visitor.open('/my/settings');
  await inspect(visitor, `settings-${lang}`);
  await press(visitor, '#leave button');
  await dialog(visitor).locator('input[name=password]').waitFor();
  await inspect(visitor, `leave-${lang}`);
  await closeDialog(visitor);
  await visitor.open('/my/sessions');
  await inspect(visitor, `sessions-empty-${lang}`);

  await visitor.open('/my/security?error=accounts.provider_refused');
  await inspect(visitor, `security-empty-${lang}`);
  await press(visitor, '#password .setting-actions button');
  await inspect(visitor, `password-change-${lang}`);
  await closeDialog(visitor);
  await press(visitor, '#email .setting-actions button');
  await dialog(visitor).locator('input[name=email]').fill(newAddress('inspected'));
  await inspect(visitor, `email-change-${lang}`);
  await press(visitor, 'dialog form button[type=submit]');
  await dialog(visitor).locator('.notice').waitFor();
  await inspect(visitor, `email-sent-${lang}`);
  await closeDialog(visitor);

  await press(visitor, '#otp .setting-actions button');
  await dialog(visitor).locator('.qr').waitFor();
  await inspect(visitor, `codes-setup-${lang}`);
  const app = new Authenticator((await dialog(visitor).locator('.secret code').textContent()) ?? '');
  visitor.expect(400);
  await dialog(visitor).locator('input[name=code]').fill(app.wrong());
  await press(visitor, 'dialog form button[type=submit]');
  await dialog(visitor).locator('.field-error:not([hidden])').waitFor();
  await inspect(visitor, `codes-wrong-${lang}`);
  await dialog(visitor)
    .locator('input[name=code]')
    .fill(await app.code());
  await press(visitor, 'dialog form button[type=submit]');
  await page.locator('.codes li').first().waitFor();
  await inspect(visitor, `recovery-codes-${lang}`);
  await page.locator('input[name=kept]').check();
  await press(visitor, 'dialog .button-ink');
  await page.waitForFunction(() => !document.querySelector('dialog[open]'));

  await passkeyDevice(page);
  await press(visitor, '#passkeys .setting-actions button');
  await inspect(visitor, `passkey-add-${lang}`);
  await dialog(visitor).locator('input[name=name]').fill('MacBook Pro 16 · Seongsu-dong studio');
  await press(visitor, 'dialog form button[type=submit]');
  await page.locator('#passkeys .entry').waitFor();
  await press(visitor, '#linked .entry:first-of-type button');
  await page.waitForURL((url) => url.pathname === '/my/security' && url.search === '');
  await page.locator('#linked .badge-good').waitFor();
  await visitor.settled();
  await inspect(visitor, `security-full-${lang}`);
  await page.locator('#passkeys .entry-end button').first().click();
  await inspect(visitor, `passkey-rename-${lang}`);
  await page.keyboard.press('Escape');
  await page.locator('#passkeys .entry-end button').nth(1).click();
  await dialog(visitor).waitFor();
  await inspect(visitor, `passkey-remove-${lang}`);
  await closeDialog(visitor);

  await rally.helper.tell({ database: rally.server.database, email: person.email, minutes: 11 });
  visitor.expect(403);
  await press(visitor, '#recovery .setting-actions button');
  await press(visitor, 'dialog .button-accent');
  await dialog(visitor).locator('[data-proof]').first().waitFor();
  await inspect(visitor, `reauth-${lang}`);
  await closeDialog(visitor);
  await press(visitor, '#otp .setting-actions button');
  await dialog(visitor).locator('input[name=password]').waitFor();
  await inspect(visitor, `codes-disable-${lang}`);
  await closeDialog(visitor);
  return app;
}

/** @param {Visitor} visitor @param {Login} person @param {Authenticator} app @param {string} lang */
async function secondStep(visitor, person, app, lang) {
  const { page } = visitor;
  await visitor.open('/signin');
  await visitor.present(person.email, person.password);
  await page.locator('input[name=code]').waitFor();
  await inspect(visitor, `second-${lang}`);
  visitor.expect(400);
  await page.locator('input[name=code]').fill(app.wrong());
  await page.locator('.field-error:not([hidden])').waitFor();
  await inspect(visitor, `second-wrong-${lang}`);
  await press(visitor, '[data-method=recovery_code]');
  await page.locator('input[name=recovery_code]').waitFor();
  await inspect(visitor, `second-recovery-${lang}`);
  await press(visitor, '[data-method=otp]');
  await page.locator('input[name=trust_device]').check();
  await page.locator('input[name=code]').fill(await app.code());
  await page.waitForURL((url) => url.pathname === '/');
  await visitor.open('/my/sessions');
  await notNow(visitor);
  await inspect(visitor, `sessions-full-${lang}`);
  await page.locator('#sessions .entry-end button').nth(1).click();
  await dialog(visitor).waitFor();
  await inspect(visitor, `session-end-${lang}`);
  await closeDialog(visitor);
}

for (const [name, size] of Object.entries(SIZES)) {
  for (const lang of ['ko-KR', 'en-US']) {
    const short = lang.slice(0, 2);
    test(`signing in looks sound in every state: ${name}, ${short}`, async () => {
      const visitor = await rally.visit({ size, lang });
      await signingIn(visitor, short);
      await visitor.close();
    });

    test(`the settings look sound in every state: ${name}, ${short}`, async () => {
      const visitor = await rally.visit({ size, lang });
      const person = await newPerson(visitor, 'settled');
      const subject = String(Date.now());
      for (const site of ['google', 'naver', '42']) {
        await rally.helper.person(site, { subject, email: newAddress('linked') });
      }
      const app = await settling(visitor, person, short);
      const other = await rally.visit({ size, lang });
      await secondStep(other, person, app, short);
      await other.close();
      visitor.clean();
      await visitor.close();
    });
  }
}

test('the mails for addresses and passwords lead to pages that are here', async () => {
  const visitor = await rally.visit({ lang: 'en-US' });
  const { page } = visitor;
  const person = await newPerson(visitor, 'mails');
  await visitor.post('/api/accounts/password/reset/', { email: person.email });
  const link = await mailedLink(visitor, person.email, '/reset');
  await page.goto(link.href);
  await page.getByRole('heading', { level: 1, name: 'Choose a new password' }).waitFor();
  // A language that is switched here draws the page anew, and the key is still known.
  await page.locator('.icon-button.settings-menu').click();
  await page.getByLabel('한국어').check();
  await page.waitForFunction(() => document.documentElement.lang === 'ko');
  await page.locator('input[name=new_password1]').waitFor();
  visitor.clean();
  await visitor.close();
});
