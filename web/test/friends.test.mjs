import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import {
  applyFound,
  applyFriends,
  applyIncoming,
  applyPeople,
  inOrder,
  mergeRows,
} from '../core/friends-state.js';
import { Friends } from '../core/friends.js';
import { Store } from '../core/store.js';
import { settle } from './fakes.mjs';

/** @typedef {import('../core/friends-state.js').Friend} Friend */

/** @param {number} id @param {string} name @param {Partial<Friend>} [more] @returns {Friend} */
const friend = (id, name, more = {}) => ({
  user_id: id,
  profile_name: name,
  image: null,
  online: false,
  status: 'offline',
  match: null,
  last_seen: null,
  since: '2026-01-01T00:00:00Z',
  ...more,
});

/** @param {number} id @param {string} name */
const here = (id, name) => ({
  user_id: id,
  profile_name: name,
  image: null,
  status: /** @type {const} */ ('online'),
});

/** @param {...Friend} rows */
const people = (...rows) => new Map(rows.map((row) => [row.user_id, row]));

/** @param {Map<number, Friend>} map @param {readonly number[]|null} [held] */
const names = (map, held) => inOrder(map, held).map(({ profile_name: name }) => name);

test('presence follows its frames, and nothing changes without a reason', () => {
  const start = applyFriends(new Map(), { friends: [here(1, 'a'), here(2, 'b')] });
  assert.equal(applyFriends(start, { event: 'online', user_id: 1, status: 'online' }), start);
  assert.equal(applyFriends(start, { event: 'offline', user_id: 9 }), start);
  assert.equal(applyFriends(start, { event: 'renamed', user_id: 9, new: 'x' }), start);
  assert.equal(applyFriends(start, { event: 'request', user_id: 1, request: 3 }), start);
  const playing = applyFriends(start, { event: 'status', user_id: 1, status: 'in_match', match: 77 });
  assert.deepEqual(playing.get(1), { ...here(1, 'a'), status: 'in_match', match: 77 });
  assert.deepEqual(
    applyFriends(playing, { event: 'status', user_id: 1, status: 'online' }).get(1),
    here(1, 'a'),
  );
  assert.deepEqual([...applyFriends(start, { event: 'offline', user_id: 1 }).keys()], [2]);
  assert.deepEqual([...applyFriends(start, { event: 'removed', user_id: 2 }).keys()], [1]);
  assert.equal(applyFriends(start, { event: 'renamed', user_id: 2, new: 'z' }).get(2)?.profile_name, 'z');
  assert.equal(start.get(2)?.profile_name, 'b', 'the old state stays as it was');
  const made = { event: /** @type {const} */ ('accepted'), user_id: 3, profile_name: 'c', image: null };
  assert.equal(applyFriends(start, { ...made, status: 'idle' }).get(3)?.status, 'idle');
  assert.equal(applyFriends(start, { ...made, status: 'offline' }).has(3), false);
});

test('a connection that begins anew forgets who left in between, and keeps who is away', () => {
  const before = people(friend(1, 'a', { online: true, status: 'online' }), friend(2, 'b'));
  const after = applyPeople(before, { friends: [here(3, 'c')] });
  assert.deepEqual(names(after), ['c', 'a', 'b']);
  assert.equal(after.get(1)?.status, 'offline');
});

test('somebody who comes, plays, goes and changes their name is one row all the time', () => {
  let map = people(friend(1, 'b', { last_seen: '2026-01-02T00:00:00Z' }), friend(2, 'a'));
  map = applyPeople(map, { event: 'online', user_id: 1, status: 'online' });
  assert.deepEqual(names(map), ['b', 'a']);
  assert.equal(map.get(1)?.last_seen, null);
  map = applyPeople(map, { event: 'status', user_id: 1, status: 'in_match', match: 7 });
  assert.equal(map.get(1)?.match, 7);
  map = applyPeople(map, { event: 'renamed', user_id: 1, new: 'zed' });
  map = applyPeople(map, { event: 'offline', user_id: 1, last_seen: '2026-01-03T00:00:00Z' });
  assert.deepEqual(names(map), ['a', 'zed']);
  assert.deepEqual([map.get(1)?.match, map.get(1)?.last_seen], [null, '2026-01-03T00:00:00Z']);
  assert.equal(applyPeople(map, { event: 'renamed', user_id: 1, new: 'zed' }), map);
  assert.deepEqual(names(applyPeople(map, { event: 'removed', user_id: 1 })), ['a']);
});

test('while somebody points at the list its rows stay where they are, and new ones come last', () => {
  let map = people(friend(1, 'a'), friend(2, 'b'), friend(3, 'c'));
  const held = inOrder(map).map(({ user_id: id }) => id);
  map = applyPeople(map, { event: 'online', user_id: 3, status: 'online' });
  map = applyPeople(map, {
    event: 'accepted',
    user_id: 4,
    profile_name: 'aa',
    image: null,
    status: 'online',
  });
  map = applyPeople(map, { event: 'removed', user_id: 2 });
  assert.deepEqual(names(map, held), ['a', 'c', 'aa']);
  assert.deepEqual(names(map), ['aa', 'c', 'a']);
});

test('names sort as the server sorts them: without regard to case and width', () => {
  assert.deepEqual(names(people(friend(1, 'b'), friend(2, 'Ａ'), friend(3, 'C'), friend(4, '가'))), [
    'Ａ',
    'b',
    'C',
    '가',
  ]);
});

test('an answer that is older than the last frame brings back neither presence nor a friendship', () => {
  const map = people(friend(1, 'a', { last_seen: '2026-01-03T00:00:00Z' }));
  const rows = [friend(1, 'a', { online: true, status: 'online' }), friend(2, 'b')];
  const merged = mergeRows(map, rows, { live: true, removed: new Set([2]) });
  assert.deepEqual([...merged.keys()], [1]);
  assert.deepEqual([merged.get(1)?.online, merged.get(1)?.last_seen], [false, '2026-01-03T00:00:00Z']);
  assert.equal(mergeRows(map, rows).get(1)?.online, true, 'nothing else tells: the answer holds');
});

test('requests are counted once each, and end by any of the ways they can', () => {
  const ask = { event: /** @type {const} */ ('request'), user_id: 7, request: 12 };
  const one = applyIncoming(new Map(), ask);
  assert.equal(one.size, 1);
  assert.equal(applyIncoming(one, ask), one);
  for (const event of /** @type {const} */ (['withdrawn', 'accepted', 'removed'])) {
    assert.equal(applyIncoming(one, { event, user_id: 7 }).size, 0, event);
    assert.equal(applyIncoming(one, { event, user_id: 8 }), one, event);
  }
});

test('a search that is open shows what becomes of those it found', () => {
  /** @type {import('../core/friends-state.js').Found} */
  const found = { user_id: 7, profile_name: 'a', image: null, relation: 'none', request: null };
  assert.equal(applyFound(found, { event: 'accepted', user_id: 8 }), found);
  const asked = applyFound(found, { event: 'request', user_id: 7, request: 3 });
  assert.deepEqual([asked.relation, asked.request], ['incoming', 3]);
  assert.equal(applyFound(asked, { event: 'withdrawn', user_id: 7, request: 3 }).relation, 'none');
  assert.equal(applyFound(asked, { event: 'accepted', user_id: 7 }).relation, 'friends');
});

/** @param {Record<string, any>} answers by path; a list: one after the other */
function make(answers) {
  /** @type {string[]} */
  const asked = [];
  /** @type {{data: (frame: any) => void, resume?: () => void}|undefined} */
  let line;
  const signals = /** @type {AbortSignal[]} */ ([]);
  /** @param {string} path */
  const answer = async (path) => {
    asked.push(path);
    const given = answers[path];
    const next = Array.isArray(given) ? given.shift() : given;
    if (next instanceof Error) throw next;
    return next ?? { next: null, results: [] };
  };
  const friends = new Friends({
    api: { get: answer, post: answer, put: answer, delete: answer },
    live: {
      subscribe: (_topic, subscription, signal) => {
        line = subscription;
        if (signal) signals.push(signal);
        return () => {};
      },
    },
  });
  const login = new Store(/** @type {any} */ ({ state: 'unknown', user: null }));
  friends.follow(login, new AbortController().signal);
  return {
    friends,
    login,
    asked,
    signals,
    tell: (/** @type {any} */ frame) => line?.data(frame),
    line: () => line,
  };
}

const FIRST = '/api/friends/?page_size=100';
const COUNT = '/api/friends/requests/?page_size=100';

test('nothing is asked before somebody is signed in, and nothing of theirs stays for the next one', async () => {
  const { friends, login, asked, signals, tell } = make({
    [COUNT]: { next: null, results: [{ id: 1, user_id: 9 }] },
  });
  assert.deepEqual(asked, []);
  login.set({ state: 'signed-in', user: { id: 1 } });
  await settle();
  assert.deepEqual(asked, [COUNT]);
  assert.equal(friends.incoming.value?.size, 1);
  tell({ friends: [here(2, 'a')] });
  assert.equal(friends.people.value.size, 1);
  login.set({ state: 'anonymous', user: null });
  assert.equal(signals[0]?.aborted, true);
  assert.deepEqual(
    [friends.people.value.size, friends.incoming.value, friends.online.value],
    [0, null, null],
  );
});

test('all who are online are read at once, the others as one goes on', async () => {
  const online = { online: true, status: /** @type {const} */ ('online') };
  const { friends, login, asked } = make({
    [FIRST]: { next: 'http://x/api/friends/?cursor=2', results: [friend(1, 'a', online)] },
    '/api/friends/?cursor=2': {
      next: 'http://x/api/friends/?cursor=3',
      results: [friend(2, 'b', online), friend(3, 'c')],
    },
    '/api/friends/?cursor=3': { next: null, results: [friend(4, 'd')] },
  });
  login.set({ state: 'signed-in', user: { id: 1 } });
  friends.need();
  friends.need();
  await settle();
  assert.deepEqual(names(friends.people.value), ['a', 'b', 'c']);
  assert.equal(friends.reading.value.more, true);
  friends.more();
  await settle();
  assert.deepEqual(names(friends.people.value), ['a', 'b', 'c', 'd']);
  assert.equal(friends.reading.value.more, false);
  assert.equal(asked.filter((path) => path === FIRST).length, 1);
});

test('a failure says so and can be tried again', async () => {
  const { friends, login } = make({
    [FIRST]: [new Error('down'), { next: null, results: [friend(1, 'a')] }],
  });
  login.set({ state: 'signed-in', user: { id: 1 } });
  friends.need();
  await settle();
  assert.equal(friends.reading.value.state, 'failed');
  friends.need();
  await settle();
  assert.deepEqual(names(friends.people.value), ['a']);
});

test('somebody who comes without a name is shown as soon as the name is read, and asked for once', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { friends, login, asked, tell } = make({ [FIRST]: { next: null, results: [friend(5, 'eve')] } });
  login.set({ state: 'signed-in', user: { id: 1 } });
  tell({ friends: [] });
  tell({ event: 'online', user_id: 5, status: 'online' });
  tell({ event: 'online', user_id: 6, status: 'online' });
  assert.deepEqual(names(friends.people.value), []);
  mock.timers.tick(300);
  await settle();
  assert.deepEqual(
    inOrder(friends.people.value).map(({ profile_name, status }) => [profile_name, status]),
    [['eve', 'online']],
  );
  mock.timers.tick(10_000);
  await settle();
  assert.equal(
    asked.filter((path) => path === FIRST).length,
    1,
    'whoever is no friend is not asked for again',
  );
  mock.timers.reset();
});

test('a request that I accept makes a friend once, whoever says so first', async () => {
  const { friends, login, tell } = make({
    [COUNT]: { next: null, results: [{ id: 12, user_id: 7 }] },
    '/api/friends/requests/12/accept/': {},
  });
  login.set({ state: 'signed-in', user: { id: 1 } });
  await settle();
  tell({ friends: [] });
  /** @type {any[]} */
  const heard = [];
  friends.listen((news) => heard.push(news.event), new AbortController().signal);
  tell({ event: 'accepted', user_id: 7, profile_name: 'sam', image: null, status: 'idle' });
  await friends.accept(12, { user_id: 7, profile_name: 'sam', image: null });
  assert.deepEqual(heard, ['accepted']);
  assert.equal(friends.people.value.get(7)?.status, 'idle');
  assert.equal(friends.incoming.value?.size, 0);
});

test('a block ends the friendship here at once, and is told to whatever is open', async () => {
  const { friends, login, tell } = make({ '/api/friends/blocks/': {} });
  login.set({ state: 'signed-in', user: { id: 1 } });
  tell({ friends: [here(7, 'sam')] });
  /** @type {any[]} */
  const heard = [];
  friends.listen((news) => heard.push(news), new AbortController().signal);
  await friends.block(7);
  assert.equal(friends.people.value.size, 0);
  assert.deepEqual(heard, [
    { event: 'removed', user_id: 7 },
    { event: 'blocked', user_id: 7 },
  ]);
});
