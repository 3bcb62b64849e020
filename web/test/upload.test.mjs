import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from '../core/api.js';
import { Credentials } from '../core/credentials.js';
import { framedPicture } from '../core/names.js';
import { Net, watchedTransfer } from '../core/net.js';
import { Problem } from '../core/problem.js';
import { jwt, locks, problem, reply, storage } from './fakes.mjs';

/** @param {import('../core/upload.js').Transfer} transfer */
function tab(transfer) {
  /** @type {typeof globalThis.fetch} */
  const fetch = async () => reply(200, { access: jwt(900), refresh: jwt(90_000) });
  const credentials = new Credentials({ fetch, storage: storage(), locks: locks(), channel: null });
  return { credentials, api: new Api({ fetch, transfer, credentials }) };
}

test('files are sent with their progress, and again when the login had to be renewed', async () => {
  /** @type {string[]} */
  const calls = [];
  const shares = /** @type {number[]} */ ([]);
  const { api, credentials } = tab(async (method, path, body, { onprogress }) => {
    calls.push(`${method} ${path} ${body.get('content')}`);
    onprogress?.(calls.length / 2);
    return calls.length === 1 ? problem('auth.token_invalid', 401) : reply(201, { id: 7 });
  });
  credentials.note('opaque', 'opaque', true);
  const body = new FormData();
  body.append('content', 'hello');
  const made = await api.upload('POST', '/api/styles/posts/', body, {
    onprogress: (share) => shares.push(share),
  });
  assert.deepEqual(made, { id: 7 });
  assert.deepEqual(calls, Array(2).fill('POST /api/styles/posts/ hello'));
  assert.deepEqual(shares, [0.5, 1]);
});

test('what the server refuses is a problem with its fields', async () => {
  const { api } = tab(async () => problem('request.invalid', 400, { errors: { content: ['is required'] } }));
  await assert.rejects(api.upload('PATCH', '/api/x/', new FormData()), {
    code: 'request.invalid',
    errors: { content: ['is required'] },
  });
});

test('the network is asked about when files do not arrive, unless they were called off', async () => {
  const net = new Net({ probe: async () => false });
  const off = new AbortController();
  const transfer = watchedTransfer(async (_method, _path, _body, { signal }) => {
    if (signal?.aborted) throw signal.reason;
    throw new Problem({ status: 0, code: 'client.offline' });
  }, net);
  off.abort();
  await assert.rejects(transfer('POST', '/api/x/', new FormData(), { signal: off.signal }), {
    name: 'AbortError',
  });
  assert.equal(net.online.value, true);
  await assert.rejects(transfer('POST', '/api/x/', new FormData(), {}), { code: 'client.offline' });
  assert.equal(net.online.value, false);
  net.reached();
});

test("a post's picture knows its variants, and how wide they are in its frame", () => {
  const { url, width, height, sources } = framedPicture('http://rally.test/media/style/ab.cd.jpg', 0.8);
  assert.equal(url, 'http://rally.test/media/style/ab.cd.jpg');
  assert.equal(width / height, 0.8);
  assert.deepEqual(sources, [
    { url: 'http://rally.test/media/style/ab.cd-s.jpg', width: 256 },
    { url: 'http://rally.test/media/style/ab.cd-m.jpg', width: 640 },
    { url: 'http://rally.test/media/style/ab.cd.jpg', width: 1280 },
  ]);
  assert.deepEqual(
    framedPicture('/media/x.png', 2).sources.map((source) => source.width),
    [320, 800, 1600],
  );
});
