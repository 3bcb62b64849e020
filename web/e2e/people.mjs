import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { until } from './server.mjs';

/**
 * People of the tests' own, their mails and their authenticator apps.
 *
 * @typedef {import('./harness.mjs').Visitor} Visitor
 * @typedef {{email: string, password: string}} Login
 */

export const SECRET = 'paddle-and-net-9';
let people = 0;

/** @param {string} name @returns {string} an address that nobody has */
export function newAddress(name) {
  people += 1;
  return `${name}-${Date.now()}-${people}@rally.test`;
}

/** A person whose address is verified. @param {Visitor} visitor @param {string} [name] @returns {Promise<Login>} */
export async function newPerson(visitor, name = 'person') {
  const email = newAddress(name);
  await visitor.post('/api/accounts/registration/', { email, password1: SECRET, password2: SECRET });
  const link = await mailedLink(visitor, email, '/verify');
  const { key } = Object.fromEntries(new URLSearchParams(link.hash.slice(1)));
  await visitor.post('/api/accounts/registration/verify-email/', { key });
  return { email, password: SECRET };
}

const PROFILE = '/api/accounts/profile/';
let names = 0;

/** A name that nobody has, and that no other test's search finds. */
export function newName() {
  names += 1;
  return `${Date.now().toString(36).slice(-6)}${names}x`;
}

/** @param {Visitor} visitor @param {string} name @returns {Promise<{user_id: number, profile_name: string}>} */
export async function rename(visitor, name) {
  const response = await visitor.context.request.patch(PROFILE, { data: { profile_name: name } });
  assert.ok(response.ok(), `${response.status()} ${await response.text()}`);
  return response.json();
}

/**
 * A person with a name of their own, signed in.
 *
 * @param {import('./harness.mjs').World} rally
 * @param {import('./harness.mjs').VisitOptions} [options]
 */
export async function someone(rally, options = {}) {
  const visitor = await rally.visit({ lang: 'en-US', ...options });
  const { email, password } = await newPerson(visitor);
  await visitor.signIn(email, password);
  const profile = await rename(visitor, newName());
  return { visitor, page: visitor.page, id: profile.user_id, name: profile.profile_name };
}

/** @typedef {Awaited<ReturnType<typeof someone>>} Someone */

/** Friends, by the server's own door. @param {Someone} one @param {Someone} other */
export async function befriend(one, other) {
  const { id } = await one.visitor.post('/api/friends/requests/', { user_id: other.id });
  await other.visitor.post(`/api/friends/requests/${id}/accept/`, {});
}

/** @param {...Someone} people */
export async function end(...people) {
  for (const { visitor } of people) {
    visitor.clean();
    await visitor.close();
  }
}

/** @param {Visitor} visitor @param {string} to @returns {Promise<{subject: string, text: string}[]>} newest first */
export async function mailsTo(visitor, to) {
  const mails = await visitor.get('/api/demo/outbox/');
  return mails.filter((/** @type {{to: string}} */ mail) => mail.to === to);
}

/**
 * The link of the newest mail that has one to that page.
 *
 * @param {Visitor} visitor
 * @param {string} to
 * @param {string} path
 * @returns {Promise<URL>}
 */
export async function mailedLink(visitor, to, path) {
  /** @type {URL|undefined} */
  let found;
  await until(async () => {
    for (const { text } of await mailsTo(visitor, to)) {
      const links = (text.match(/https?:\/\/\S+/g) ?? []).map((link) => new URL(link));
      found ??= links.find(({ pathname }) => pathname === path);
    }
    return found !== undefined;
  }, `a mail to ${to} with a link to ${path}`);
  assert.ok(found);
  return found;
}

/** @param {Visitor} visitor @param {string} to @param {RegExp} subject */
export async function mailed(visitor, to, subject) {
  await until(
    async () => (await mailsTo(visitor, to)).some((mail) => subject.test(mail.subject)),
    `a mail to ${to} about ${subject}`,
  );
}

/** @param {Visitor} visitor whose login is over on this page */
export async function signOut({ page }) {
  await page.getByRole('button', { name: 'My account' }).click();
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).waitFor();
}

/** They are connected in another browser, and go on in this one without. @param {Visitor} visitor */
export async function notNow({ page }) {
  const dialog = page.locator('dialog.elsewhere');
  await dialog.getByRole('button', { name: /^(Not now|나중에)$/ }).click();
  await dialog.waitFor({ state: 'detached' });
}

/**
 * Their session was ended from elsewhere, while they were on a page of their own. It says so by itself where the
 * live connection tells it, and at the next step where not: from then on a 401 is to be expected.
 *
 * @param {Visitor} visitor
 */
export async function isOut({ page }) {
  const out = page.waitForURL(({ pathname, searchParams }) => {
    return pathname === '/signin' && (searchParams.get('next') ?? '').startsWith('/my/');
  });
  const step = page.getByRole('main').getByRole('link', { name: 'Bids' }).click();
  await Promise.race([out, step.then(() => out)]);
}

/** @param {Visitor} visitor @param {string} text of a short message */
export function toast({ page }, text) {
  return page.locator('.toast', { hasText: text }).first().waitFor();
}

const STEP_MS = 30_000;

/** What a phone does (RFC 6238: SHA-1, six digits, 30 seconds). */
export class Authenticator {
  #key;
  #last = 0;

  /** @param {string} secret base32, as it is shown */
  constructor(secret) {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const bits = [...secret.replaceAll(/\s/g, '')].map((letter) =>
      letters.indexOf(letter).toString(2).padStart(5, '0'),
    );
    const bytes = bits.join('').match(/.{8}/g) ?? [];
    this.#key = Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
  }

  /** @param {number} step @returns {string} */
  #at(step) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac('sha1', this.#key).update(counter).digest();
    const offset = mac.readUInt8(mac.length - 1) & 15;
    const number = mac.readUInt32BE(offset) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
  }

  get #now() {
    return Math.floor(Date.now() / STEP_MS);
  }

  /**
   * A code that was not used, and stays good for half a minute at least. The server takes the next step's as
   * well, so two in a row need no waiting.
   */
  async code() {
    const step = Math.max(this.#last + 1, this.#now);
    await until(async () => step <= this.#now + 1, 'the next code', 2 * STEP_MS);
    this.#last = step;
    return this.#at(step);
  }

  /** The one that was used last. */
  used() {
    return this.#at(this.#last);
  }

  /** Six digits that are none of the codes of these minutes. */
  wrong() {
    const near = new Set([-3, -2, -1, 0, 1, 2, 3, 4].map((far) => this.#at(this.#now + far)));
    const free = Array.from({ length: 9 }, (_, n) => String(123450 + n)).find((code) => !near.has(code));
    assert.ok(free);
    return free;
  }
}

/**
 * Switches one-time codes on, on the open page of security, whose language is English.
 *
 * @param {Visitor} visitor
 * @returns {Promise<{app: Authenticator, codes: string[]}>}
 */
export async function setUpCodes(visitor) {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Set up codes' }).click();
  const dialog = page.getByRole('dialog');
  const app = new Authenticator((await dialog.locator('.secret code').textContent()) ?? '');
  await dialog.getByLabel('One-time code').fill(await app.code());
  await dialog.getByRole('button', { name: 'Switch on' }).click();
  const list = page.locator('.codes li');
  await list.first().waitFor();
  return { app, codes: await list.allTextContents() };
}

/** @param {Visitor} visitor */
export async function keepCodes({ page }) {
  await page.getByLabel('I have kept them in a safe place').check();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}
