import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from '../core/api.js';
import { Credentials, expiryOf } from '../core/credentials.js';
import { Intent } from '../core/intent.js';
import { Problem } from '../core/problem.js';
import { Session } from '../core/session.js';
import { Store } from '../core/store.js';
import { jwt, locks, problem, reply, storage } from './fakes.mjs';

const REFRESH = '/api/accounts/token/refresh/';

/**
 * A server with one login: what it accepts changes with each rotation, as cookies do.
 *
 * @param {{valid?: boolean, refreshable?: boolean}} [state]
 */
function server({ valid = true, refreshable = true } = {}) {
  const state = {
    valid,
    refreshable,
    refreshes: 0,
    calls: /** @type {string[]} */ ([]),
    keys: /** @type {string[]} */ ([]),
  };
  /** @type {typeof globalThis.fetch} */
  const fetch = async (input, init) => {
    const path = String(input);
    state.calls.push(`${init?.method ?? 'GET'} ${path}`);
    state.keys.push(new Headers(init?.headers).get('Idempotency-Key') ?? '');
    await null;
    if (path === REFRESH) {
      state.refreshes += 1;
      if (!state.refreshable) return problem('accounts.refresh_invalid', 401);
      state.valid = true;
      return reply(200, { access: jwt(900), refresh: jwt(90_000) });
    }
    if (!state.valid) return problem('auth.token_invalid', 401);
    return reply(200, { path });
  };
  return { state, fetch };
}

/** @param {typeof globalThis.fetch} fetch @param {object} [parts] */
function tab(fetch, parts = {}) {
  const credentials = new Credentials({ fetch, storage: storage(), locks: locks(), channel: null, ...parts });
  return { credentials, api: new Api({ fetch, credentials }) };
}

test('a token tells its lifetime, or nothing', () => {
  assert.equal(expiryOf(jwt(900), 5_000), 905_000);
  assert.equal(expiryOf('opaque', 5_000), 0);
});

test('an anonymous visitor is never asked to refresh', async () => {
  const { state, fetch } = server({ valid: false });
  const { api } = tab(fetch);
  await assert.rejects(api.get('/api/x/'), { code: 'auth.token_invalid' });
  assert.equal(state.refreshes, 0);
});

test('a 401 refreshes once and repeats the request once', async () => {
  const { state, fetch } = server({ valid: false });
  const { api, credentials } = tab(fetch);
  credentials.note('opaque', 'opaque', true);
  assert.deepEqual(await api.get('/api/x/'), { path: '/api/x/' });
  assert.deepEqual(state.calls, ['GET /api/x/', `POST ${REFRESH}`, 'GET /api/x/']);
});

test('requests that fail together share one refresh, in all tabs', async () => {
  const { state, fetch } = server({ valid: false });
  const shared = { storage: storage(), locks: locks() };
  const one = tab(fetch, shared);
  const two = tab(fetch, shared);
  one.credentials.note('opaque', 'opaque', true);
  const answers = await Promise.all([
    one.api.get('/api/a/'),
    one.api.get('/api/b/'),
    two.api.get('/api/c/'),
    two.api.get('/api/d/'),
  ]);
  assert.equal(answers.length, 4);
  assert.equal(state.refreshes, 1);
});

test('a refresh that is refused signs out, a tired server does not', async () => {
  const gone = server({ valid: false, refreshable: false });
  const first = tab(gone.fetch);
  let changes = 0;
  first.credentials.onchange = () => (changes += 1);
  first.credentials.note('opaque', 'opaque', true);
  await assert.rejects(first.api.get('/api/x/'), { status: 401 });
  assert.equal(first.credentials.likely, false);
  assert.equal(changes, 1);

  const tired = tab(async (input) =>
    String(input) === REFRESH ? problem('internal', 500) : problem('auth.required', 401),
  );
  tired.credentials.note('opaque', 'opaque', true);
  await assert.rejects(tired.api.get('/api/x/'), { status: 500 });
  assert.equal(tired.credentials.likely, true);
});

test('an access token that has run out is renewed before the request', async () => {
  const { state, fetch } = server();
  let now = 0;
  const { api, credentials } = tab(fetch, { now: () => now });
  credentials.note(jwt(900), jwt(90_000), true);
  await api.get('/api/a/');
  now = 899_000;
  await api.get('/api/b/');
  assert.deepEqual(state.calls, ['GET /api/a/', `POST ${REFRESH}`, 'GET /api/b/']);
});

test('a login whose refresh token has run out is forgotten without asking', async () => {
  const { state, fetch } = server();
  let now = 0;
  const { api, credentials } = tab(fetch, { now: () => now });
  credentials.note(jwt(900), jwt(1_800), true);
  now = 1_800_000;
  await api.get('/api/a/');
  assert.equal(credentials.likely, false);
  assert.equal(state.refreshes, 0);
});

test('without storage the channel carries the login to other tabs', () => {
  const blocked = { get: () => null, set: () => {} };
  /** @type {any[]} */
  const ends = [];
  const channel = () => {
    /** @type {any} */
    const end = { onmessage: null };
    end.postMessage = (/** @type {unknown} */ data) => {
      for (const other of ends) if (other !== end) other.onmessage({ data });
    };
    ends.push(end);
    return end;
  };
  const { fetch } = server();
  const one = tab(fetch, { storage: blocked, channel: channel() });
  const two = tab(fetch, { storage: blocked, channel: channel() });
  let told = 0;
  two.credentials.onchange = () => (told += 1);
  one.credentials.note('opaque', 'opaque', true);
  assert.equal(two.credentials.likely, true);
  assert.equal(told, 1);
  one.credentials.clear();
  assert.equal(two.credentials.likely, false);
  assert.equal(told, 2);
});

test('the newest news hold: storage may lag behind the channel, and clocks may be set back', () => {
  const lagging = storage();
  /** @type {any} */
  const channel = { postMessage: () => {}, onmessage: null };
  let now = 5_000;
  const { fetch } = server();
  const { credentials } = tab(fetch, { storage: lagging, channel, now: () => now });
  credentials.note('opaque', 'opaque', true);
  // Another tab signed out; this one's view of the storage still shows the login.
  channel.onmessage({ data: { login: { at: 6_000, stamp: '', access: 0, refresh: 0 }, changed: true } });
  assert.equal(credentials.likely, false);
  now = 1_000;
  credentials.note('opaque', 'opaque', true);
  assert.equal(credentials.likely, true);
});

test('problems keep what the server said', async () => {
  const { api } = tab(async () =>
    reply(
      409,
      { code: 'shop.price_moved', detail: 'd', request_id: 'r9', price: 131_000, errors: { price: ['no'] } },
      { 'Retry-After': '7' },
    ),
  );
  const error = Problem.from(await api.get('/api/x/').catch((caught) => caught));
  assert.equal(error.code, 'shop.price_moved');
  assert.equal(error.price, 131_000);
  assert.equal(error.requestId, 'r9');
  assert.equal(error.retryAfter, 7);
  assert.deepEqual(error.errors, { price: ['no'] });
  const plain = tab(async () => new Response('<html>', { status: 502 }));
  await assert.rejects(plain.api.get('/'), { code: 'http.502', status: 502 });
});

test('how long to wait stands in the header, or in the body', async () => {
  const said = tab(async () => problem('accounts.too_many_attempts', 429, { retry_after: 61 }));
  await assert.rejects(said.api.post('/x/'), { code: 'accounts.too_many_attempts', retryAfter: 61 });
  const none = tab(async () => problem('accounts.too_many_attempts', 429));
  await assert.rejects(none.api.post('/x/'), { retryAfter: null });
});

test('no network is a problem of its own, an aborted request is not', async () => {
  const { api } = tab(async () => {
    throw new TypeError('fetch failed');
  });
  await assert.rejects(api.get('/'), { code: 'client.offline', status: 0 });
  const aborted = new AbortController();
  aborted.abort();
  await assert.rejects(api.get('/', { signal: aborted.signal }), TypeError);
});

test('an intention keeps its key until it is decided', async () => {
  /** @type {(() => Response)[]} */
  const answers = [
    () => {
      throw new TypeError('lost');
    },
    () => problem('internal', 503),
    () => problem('idempotency.in_flight', 409),
    () => reply(201, { id: 1 }),
    () => problem('shop.price_moved', 409, { price: 2 }),
    () => reply(201, { id: 2 }),
  ];
  /** @type {string[]} */
  const keys = [];
  const { api } = tab(async (_input, init) => {
    keys.push(new Headers(init?.headers).get('Idempotency-Key') ?? '');
    return /** @type {() => Response} */ (answers.shift())();
  });
  let made = 0;
  const intent = new Intent(
    api,
    () => `key-${(made += 1)}`,
    async () => {},
  );
  await assert.rejects(intent.post('/o/', { expected_price: 1 }), { status: 0 });
  await assert.rejects(intent.post('/o/', { expected_price: 1 }), { status: 503 });
  assert.deepEqual(await intent.post('/o/', { expected_price: 1 }), { id: 1 });
  await assert.rejects(intent.post('/o/', { expected_price: 1 }), { code: 'shop.price_moved' });
  assert.deepEqual(await intent.post('/o/', { expected_price: 2 }), { id: 2 });
  assert.deepEqual(keys, ['key-1', 'key-1', 'key-1', 'key-1', 'key-2', 'key-3']);
});

test('another body is another intention', async () => {
  /** @type {string[]} */
  const keys = [];
  const { api } = tab(async (_input, init) => {
    keys.push(new Headers(init?.headers).get('Idempotency-Key') ?? '');
    throw new TypeError('lost');
  });
  let made = 0;
  const intent = new Intent(api, () => `key-${(made += 1)}`);
  await assert.rejects(intent.post('/b/', { price: 1 }));
  await assert.rejects(intent.post('/b/', { price: 1, confirm: true }));
  assert.deepEqual(keys, ['key-1', 'key-2']);
});

test('the session asks who it is only if somebody may be', async () => {
  const { state, fetch } = server();
  const { api, credentials } = tab(fetch);
  const session = new Session({ api, credentials, net: { online: new Store(true) } });
  await session.load();
  assert.equal(session.login.value.state, 'anonymous');
  assert.deepEqual(state.calls, []);
});

test('signing in and out', async () => {
  const user = { id: 7, email: 'a@rally.test' };
  const { api, credentials } = tab(async (input) => {
    if (String(input).endsWith('/login/'))
      return reply(200, { access_token: jwt(9), refresh_token: jwt(99), user });
    return reply(200, { detail: 'ok' });
  });
  const session = new Session({ api, credentials, net: { online: new Store(true) } });
  await session.signIn('a@rally.test', 'x');
  assert.equal(session.user?.id, 7);
  assert.equal(credentials.likely, true);
  await session.signOut();
  assert.equal(session.user, null);
  assert.equal(credentials.likely, false);
});

test('a login that ended elsewhere makes the session anonymous', async () => {
  const { fetch } = server({ valid: false, refreshable: false });
  const { api, credentials } = tab(fetch);
  const session = new Session({ api, credentials, net: { online: new Store(true) } });
  credentials.note('opaque', 'opaque', false);
  await session.load();
  assert.equal(session.login.value.state, 'anonymous');
});

test('a plain list comes with the way to its next portion', async () => {
  const next = 'http://localhost/api/list/?cursor=b';
  /** @type {typeof globalThis.fetch} */
  const fetch = async (input) =>
    String(input) === '/api/list/' ? reply(200, [1, 2], { Link: `<${next}>; rel="next"` }) : reply(200, [3]);
  const { api } = tab(fetch);
  assert.deepEqual(await api.portion('/api/list/'), { results: [1, 2], next, previous: null });
  assert.deepEqual(await api.portion('/api/list/?cursor=b'), { results: [3], next: null, previous: null });
});

test('what the server says beside the code stays at hand', async () => {
  const { api } = tab(async () => problem('shop.fee_changed', 409, { fee: 2_400 }));
  await assert.rejects(
    api.post('/api/x/'),
    (error) => error instanceof Problem && error.code === 'shop.fee_changed' && error.meta['fee'] === 2_400,
  );
});
