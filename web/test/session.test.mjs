import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from '../core/api.js';
import { Credentials } from '../core/credentials.js';
import { Session } from '../core/session.js';
import { Store } from '../core/store.js';
import { jwt, locks, problem, reply, settle, storage } from './fakes.mjs';

const user = { id: 7, email: 'a@rally.test' };
const LOGIN = () => reply(200, { access_token: jwt(9), refresh_token: jwt(99), user });

/** Channels of tabs of one browser: what one posts the others hear. */
function channels() {
  /** @type {any[]} */
  const ends = [];
  return () => {
    /** @type {any} */
    const end = { onmessage: null };
    end.postMessage = (/** @type {unknown} */ data) => {
      for (const other of ends) if (other !== end) other.onmessage({ data });
    };
    ends.push(end);
    return end;
  };
}

/**
 * Tabs of one browser.
 *
 * @param {(path: string) => Response} answer
 * @param {{now?: () => number}} [parts]
 */
function browser(answer, parts = {}) {
  const shared = { storage: storage(), locks: locks() };
  const channel = channels();
  /** @type {string[]} */
  const calls = [];
  /** @type {typeof globalThis.fetch} */
  const fetch = async (input) => {
    calls.push(String(input));
    await null;
    return answer(String(input));
  };
  return {
    calls,
    /** @param {string} path */
    count: (path) => calls.filter((call) => call.endsWith(path)).length,
    tab() {
      const credentials = new Credentials({ fetch, ...shared, channel: channel(), ...parts });
      const api = new Api({ fetch, credentials });
      return {
        api,
        credentials,
        session: new Session({ api, credentials, net: { online: new Store(true) } }),
      };
    },
  };
}

test('a login that is pending signs nobody in; its second step tells every tab', async () => {
  const { tab } = browser((path) => {
    if (path.endsWith('/login/')) return reply(200, { otp_required: true, methods: ['otp'] });
    if (path.endsWith('/login/otp/')) return LOGIN();
    return reply(200, user);
  });
  const one = tab();
  const two = tab();
  await Promise.all([one.session.load(), two.session.load()]);
  const pending = await one.session.signIn('a@rally.test', 'x');
  assert.deepEqual(pending, { otp_required: true, methods: ['otp'] });
  assert.equal(one.session.login.value.state, 'anonymous');
  assert.equal(one.credentials.likely, false);

  assert.equal(one.session.accept(await one.api.post('/api/accounts/login/otp/', { code: '123456' })), null);
  assert.equal(one.session.user?.id, 7);
  assert.equal((await two.session.login.when(({ state }) => state === 'signed-in')).user?.id, 7);
});

test('a wrong code is no expired login: nothing is renewed', async () => {
  const { tab, count } = browser(() => problem('accounts.pending_required', 401));
  const { api, credentials } = tab();
  credentials.note('opaque', 'opaque', true);
  await assert.rejects(api.post('/api/accounts/login/otp/', {}), { code: 'accounts.pending_required' });
  assert.equal(count('/token/refresh/'), 0);
  assert.equal(credentials.likely, true);
});

test('back from a provider: asked once, then known to every tab', async () => {
  const { tab, calls } = browser(() => reply(200, user));
  const one = tab();
  const two = tab();
  await two.session.load();
  one.credentials.leave();
  await one.session.load({ returning: true });
  assert.equal(one.session.user?.id, 7);
  assert.equal(one.credentials.likely, true);
  assert.equal(one.credentials.away, false);
  assert.equal((await two.session.login.when(({ state }) => state === 'signed-in')).user?.id, 7);
  assert.equal(calls.length, 2);
});

test('back from a provider without a login, or never away', async () => {
  let now = 1_000_000;
  const { tab, calls } = browser(() => problem('auth.required', 401), { now: () => now });
  const { session, credentials } = tab();
  await session.load({ returning: true });
  assert.deepEqual(calls, []);

  credentials.leave();
  await session.load();
  assert.deepEqual(calls, []);
  await session.load({ returning: true });
  assert.equal(session.login.value.state, 'anonymous');
  assert.equal(credentials.likely, false);
  assert.deepEqual(calls, ['/api/accounts/user/']);

  now += 60 * 60_000;
  await session.load({ returning: true });
  assert.equal(calls.length, 1);
});

test('many tabs that start with a token that ran out renew once', async () => {
  let valid = false;
  const { tab, count } = browser((path) => {
    if (path.endsWith('/token/refresh/')) {
      valid = true;
      return reply(200, { access: jwt(900), refresh: jwt(90_000) });
    }
    return valid ? reply(200, user) : problem('auth.token_invalid', 401);
  });
  const tabs = Array.from({ length: 6 }, tab);
  tabs[0]?.credentials.note('opaque', 'opaque', false);
  await Promise.all(tabs.map(({ session }) => session.load()));
  assert.equal(count('/token/refresh/'), 1);
  for (const { session } of tabs) assert.equal(session.user?.id, 7);
});

test('a refusal is heard by every tab, and asked for once', async () => {
  const { tab, count } = browser((path) =>
    path.endsWith('/token/refresh/')
      ? problem('accounts.refresh_invalid', 401)
      : problem('auth.token_invalid', 401),
  );
  const tabs = Array.from({ length: 4 }, tab);
  tabs[0]?.credentials.note('opaque', 'opaque', false);
  await Promise.all(tabs.map(({ session }) => session.load()));
  await settle();
  assert.equal(count('/token/refresh/'), 1);
  for (const { session, credentials } of tabs) {
    assert.equal(session.login.value.state, 'anonymous');
    assert.equal(credentials.likely, false);
  }
});

test('when all sessions have ended, every tab forgets at once', async () => {
  const { tab, calls } = browser(() => reply(200, user));
  const one = tab();
  const two = tab();
  one.credentials.note('opaque', 'opaque', true);
  await Promise.all([one.session.load(), two.session.load()]);
  const before = calls.length;
  one.session.forget();
  await settle();
  assert.equal(one.session.user, null);
  assert.equal(two.session.user, null);
  assert.equal(calls.length, before);
});
