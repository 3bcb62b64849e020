import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Inbox } from '../core/inbox.js';
import {
  Changes,
  NOWHERE,
  actorsOf,
  badge,
  changeOf,
  changed,
  matchKey,
  orderOf,
  placeOf,
  stepKeys,
  stood,
  titled,
} from '../core/inbox-state.js';
import { Problem } from '../core/problem.js';
import { settle } from './fakes.mjs';

/** @typedef {import('../core/types.js').Notification} Notification */

/** @param {number} id @param {number} seq @param {Partial<Notification>} [more] @returns {Notification} */
function note(id, seq, more = {}) {
  return {
    id,
    seq,
    kind: 'order_moved',
    count: 1,
    actors: [],
    target: { type: 'order', id: 600 + id, side: 'purchase', action: 'ship', status: 'shipping' },
    created_at: '2026-05-01T10:00:00Z',
    read: false,
    ...more,
  };
}

/** @param {Notification[]} rows */
const ids = (rows) => rows.map(({ id }) => id);

test('the count belongs to the newest seq, and at the same seq it only falls', () => {
  const stand = { unread: 3, last: 57 };
  assert.deepEqual(stood(stand, { unread: 4, last: 58 }), { unread: 4, last: 58 });
  assert.deepEqual(stood(stand, { unread: 0, last: 57 }), { unread: 0, last: 57 });
  assert.equal(stood(stand, { unread: 5, last: 57 }), stand);
  assert.equal(stood(stand, { unread: 0, last: 56 }), stand, 'an older frame that comes late');
  // Told at 58, then read: whatever comes first, the end is the same.
  const told = { unread: 4, last: 58 };
  const read = { unread: 0, last: 58 };
  assert.deepEqual(stood(stood(stand, told), read), stood(stood(stand, read), told));
});

test('what grew leaves its old place and stands first, once', () => {
  const rows = [note(3, 30), note(2, 20), note(1, 10)];
  const grown = note(1, 31, { count: 2 });
  const after = changed(rows, { told: grown });
  assert.deepEqual(ids(after), [1, 3, 2]);
  assert.equal(after[0]?.count, 2);
  assert.equal(changed(after, { told: grown }), after, 'the same frame again changes nothing');
  assert.equal(changed(after, { told: note(1, 10) }), after, 'nor does an older one that was late');
});

test('missed ones come oldest first and find their places', () => {
  const rows = [note(5, 50), note(1, 10)];
  const after = changed(changed(rows, { told: note(2, 20) }), { told: note(3, 30) });
  assert.deepEqual(ids(after), [5, 3, 2, 1]);
  assert.deepEqual(ids(changed([], { told: note(1, 1) })), [1]);
});

test('a later part of the list loses what grew, and gets nothing new', () => {
  const rows = [note(3, 30), note(2, 20)];
  assert.deepEqual(ids(changed(rows, { told: note(2, 90) }, false)), [3]);
  assert.deepEqual(ids(changed(rows, { told: note(9, 91) }, false)), [3, 2]);
});

test('some are marked as read, or all up to a seq; taken back they are unread again', () => {
  const rows = [note(3, 30), note(2, 20), note(1, 10)];
  const some = changed(rows, { read: [2], upto: 30 });
  assert.deepEqual(
    some.map(({ read }) => read),
    [false, true, false],
  );
  assert.equal(changed(some, { read: [2], upto: 30 }), some);
  assert.equal(some[0], rows[0], 'the others are the same');
  assert.deepEqual(changed(some, { unread: [2] }), rows);
  const all = changed(rows, { read: null, upto: 20 });
  assert.deepEqual(
    all.map(({ read }) => read),
    [false, true, true],
    'what came after that stays unread',
  );
});

test('a frame is a greeting, news, a reading, or the advice to read again', () => {
  const told = note(1, 58);
  assert.equal(changeOf({ unread: 3, last: 57 }), null);
  assert.deepEqual(changeOf({ notification: told, unread: 4, last: 58 }), { told });
  assert.deepEqual(changeOf({ unread: 1, last: 58, read: [7, 8] }), { read: [7, 8], upto: 58 });
  assert.deepEqual(changeOf({ unread: 0, last: 58, read: [] }), { read: null, upto: 58 });
  assert.deepEqual(changeOf({ unread: 0, last: 58, read: 'all' }), { read: null, upto: 58 });
  assert.deepEqual(changeOf({ unread: 1, last: 58, read: [] }), { reset: true });
  assert.deepEqual(changeOf({ unread: 9, last: 400, reset: true }), { reset: true });
});

test('changes are remembered for a while; who asks too late reads again', () => {
  const changes = new Changes();
  const start = changes.now;
  changes.add({ read: [1], upto: 1 });
  const then = changes.now;
  assert.deepEqual(changes.since(then), []);
  assert.equal(changes.since(start)?.length, 1);
  for (let i = 0; i < 100; i += 1) changes.add({ read: [i], upto: i });
  assert.equal(changes.since(start), null);
  assert.equal(changes.since(then)?.length, 100);
  assert.equal(changes.since(changes.now + 1), null, 'a point of another life');
  const before = changes.now;
  changes.add({ reset: true });
  assert.equal(changes.since(before), null);
  assert.deepEqual(changes.since(changes.now), []);
});

test('badge, title, places and names', () => {
  assert.deepEqual([1, 99, 100, 4000].map(badge), ['1', '99', '99+', '99+']);
  assert.equal(titled('Shop · Rally', 0), 'Shop · Rally');
  assert.equal(titled('Shop · Rally', 3), '(3) Shop · Rally');
  const article = { info_id: 12, size: '260', eng_name: 'A', kor_name: '가', image: null };
  /** @param {import('../core/types.js').Target} target */
  const place = (target) => placeOf({ kind: '', target });
  assert.equal(place({ type: 'order', id: 6 }), '/my/orders/6');
  assert.equal(place({ type: 'product', id: 9, article }), '/shop/12?size=260');
  assert.equal(place({ type: 'info', id: 12, article: { ...article, size: '' } }), '/shop/12');
  assert.equal(place({ type: 'product', id: 9 }), '/shop');
  assert.equal(place({ type: 'request', id: 9 }), '/friends/requests');
  assert.equal(place({ type: 'user', id: 9 }), '/friends', 'who left has no name');
  const ann = { user_id: 9, profile_name: 'ann 서울', image: null };
  const bob = { user_id: 10, profile_name: 'bob', image: null };
  assert.equal(place({ type: 'user', id: 9, person: ann }), '/u/ann%20%EC%84%9C%EC%9A%B8');
  assert.equal(placeOf({ kind: 'followed', target: { type: 'user', id: 9 }, actors: [bob, ann] }), '/u/bob');
  assert.equal(place({ type: 'post', id: 31, remark: 4 }), '/style/posts/31');
  assert.equal(place({ type: 'match', id: 8, person: ann }), '/pong/m/8');
  assert.equal(place({ type: 'tournament', id: 3, tournament: { id: 3, name: 'Cup' } }), '/pong/t/3');
  assert.equal(place({ type: 'security', event: 'new_device' }), '/my/sessions');
  assert.equal(orderOf({ told: note(1, 1) }), 601);
  assert.equal(orderOf({ told: note(1, 1, { target: { type: 'product', id: 601 } }) }), null);
  assert.equal(orderOf({ reset: true }), null);
  assert.equal(
    stepKeys({ type: 'order', side: 'sales', action: 'expire', status: 'settled' })[0],
    'inbox.step.sales.expire.settled',
  );
});

test('a match is won or lost, also against who left', () => {
  const person = { user_id: 9, profile_name: 'mina', image: null };
  assert.equal(matchKey({ type: 'match', won: true, person }), 'activity.match_won');
  assert.equal(matchKey({ type: 'match', person }), 'activity.match_lost');
  assert.equal(matchKey({ type: 'match', won: true }), 'activity.match_won_one');
  assert.equal(matchKey({ type: 'match' }), 'activity.match_lost_one');
});

test('as many names as there are: two are named, of more one', () => {
  /** @param {string} name */
  const who = (name) => ({ user_id: 1, profile_name: name, image: null });
  /** @param {number} count @param {...string} names */
  const words = (count, ...names) => actorsOf(note(1, 1, { count, actors: names.map(who) }));
  assert.deepEqual(words(1, 'mina'), { form: 'one', values: { name: 'mina' } });
  assert.deepEqual(words(2, 'mina', 'joon'), { form: 'two', values: { name: 'mina', other: 'joon' } });
  assert.deepEqual(words(5, 'mina', 'joon', 'sol'), { form: 'more', values: { name: 'mina', n: 4 } });
  assert.deepEqual(words(2, 'mina'), { form: 'more', values: { name: 'mina', n: 1 } }, 'the other one left');
  assert.equal(words(1).form, 'nobody');
});

/** An inbox on a line that the test speaks on, and a server that the test answers for. */
function world() {
  /** @type {{data: (d: any) => void, resume?: () => void, signal: AbortSignal|undefined}[]} */
  const lines = [];
  /** @type {{path: string, body?: any, answer: (value: any) => void, fail: (error: any) => void}[]} */
  const asked = [];
  /** @param {string} path @param {any} [body] @returns {Promise<any>} */
  const ask = (path, body) =>
    new Promise((answer, fail) => {
      asked.push({ path, body, answer, fail });
    });
  const inbox = new Inbox({
    api: /** @type {any} */ ({ get: (/** @type {string} */ path) => ask(path), post: ask }),
    live: /** @type {any} */ ({
      subscribe: (
        /** @type {string} */ topic,
        /** @type {{data: (d: any) => void, resume?: () => void}} */ subscription,
        /** @type {AbortSignal} */ signal,
      ) => {
        assert.equal(topic, 'inbox');
        lines.push({ ...subscription, signal });
      },
    }),
  });
  /** @type {any[]} */
  const heard = [];
  /** @type {number[]} */
  const news = [];
  const life = new AbortController();
  inbox.listen({ change: (change) => heard.push(change), news: ({ id }) => news.push(id) }, life.signal);
  /** @param {any} frame */
  const say = (frame) => lines.at(-1)?.data(frame);
  return { inbox, lines, asked, heard, news, say, life };
}

test('the count follows the line; news are what comes after the greeting', () => {
  const { inbox, say, news, heard, lines, life } = world();
  inbox.use(7);
  say({ unread: 3, last: 57 });
  assert.deepEqual(inbox.stand.value, { unread: 3, last: 57 });
  assert.deepEqual(heard, []);
  say({ notification: note(1, 58), unread: 4, last: 58 });
  assert.deepEqual(news, [1]);
  // The line broke: what was missed is shown, and is no news, whether the greeting comes before or after it.
  lines[0]?.resume?.();
  say({ notification: note(2, 59), unread: 6, last: 59 });
  say({ unread: 6, last: 60 });
  say({ notification: note(3, 60), unread: 6, last: 60 });
  assert.deepEqual(news, [1]);
  assert.equal(heard.length, 3);
  assert.deepEqual(inbox.stand.value, { unread: 6, last: 60 });
  say({ notification: note(4, 61), unread: 7, last: 61 });
  assert.deepEqual(news, [1, 4]);
  life.abort();
  say({ notification: note(5, 62), unread: 8, last: 62 });
  assert.equal(heard.length, 4);
});

test('another person begins with nothing, and the former line is over', () => {
  const { inbox, say, lines } = world();
  inbox.use(7);
  say({ unread: 3, last: 57 });
  inbox.use(7);
  assert.equal(lines.length, 1);
  inbox.use(8);
  assert.deepEqual(inbox.stand.value, NOWHERE);
  assert.equal(lines[0]?.signal?.aborted, true);
  assert.equal(lines.length, 2);
  inbox.use(null);
  assert.equal(lines[1]?.signal?.aborted, true);
});

test('what comes while a page is on its way stands in it', async () => {
  const { inbox, say, asked } = world();
  inbox.use(7);
  say({ unread: 1, last: 10 });
  const { signal } = new AbortController();
  const first = inbox.read('/api/inbox/', signal, true);
  say({ notification: note(2, 11), unread: 2, last: 11 });
  say({ read: [1], unread: 1, last: 11 });
  asked[0]?.answer({ results: [note(1, 10)], next: null, previous: null });
  const portion = await first;
  assert.deepEqual(ids(portion.results), [2, 1]);
  assert.equal(portion.results[1]?.read, true);
  // Too much came: the page is read once more.
  const second = inbox.read('/api/inbox/', signal, true);
  say({ reset: true, unread: 200, last: 300 });
  asked[1]?.answer({ results: [], next: null, previous: null });
  await settle();
  asked[2]?.answer({ results: [note(9, 300)], next: null, previous: null });
  assert.deepEqual(ids((await second).results), [9]);
});

test('a reading shows at once, in the answer’s and the frame’s order alike', async () => {
  const { inbox, say, asked, heard } = world();
  inbox.use(7);
  say({ unread: 3, last: 57 });
  const done = inbox.markRead([note(5, 50), note(6, 51, { read: true })]);
  assert.deepEqual(inbox.stand.value, { unread: 2, last: 57 });
  assert.deepEqual(heard, [{ read: [5], upto: 57 }]);
  assert.deepEqual(asked[0]?.body, { ids: [5] });
  // Something came before the answer, which knows nothing of it.
  say({ notification: note(8, 58), unread: 3, last: 58 });
  asked[0]?.answer({ unread: 2 });
  await done;
  assert.deepEqual(inbox.stand.value, { unread: 3, last: 58 });
  await inbox.markRead([note(6, 51, { read: true })]);
  assert.equal(asked.length, 1, 'nothing to mark, nothing to ask');
});

test('a reading that fails is taken back', async () => {
  const { inbox, say, asked, heard } = world();
  inbox.use(7);
  say({ unread: 3, last: 57 });
  const one = inbox.markRead([note(5, 50)]);
  asked[0]?.fail(new Problem({ status: 500, code: 'internal' }));
  await assert.rejects(one, { code: 'internal' });
  assert.deepEqual(inbox.stand.value, { unread: 3, last: 57 });
  assert.deepEqual(heard, [{ read: [5], upto: 57 }, { unread: [5] }]);
  const all = inbox.markAll();
  assert.deepEqual(asked[1]?.body, { all: true, upto: 57 });
  assert.equal(inbox.stand.value.unread, 0);
  asked[1]?.fail(new Problem({ status: 0, code: 'client.offline' }));
  await assert.rejects(all);
  assert.deepEqual(inbox.stand.value, { unread: 3, last: 57 });
  assert.deepEqual(heard.at(-1), { reset: true });
});

test('the answer to somebody who left says nothing about who is here', async () => {
  const { inbox, say, asked } = world();
  inbox.use(7);
  say({ unread: 3, last: 57 });
  const one = inbox.markRead([note(5, 50)]);
  inbox.use(8);
  say({ unread: 9, last: 57 });
  asked[0]?.answer({ unread: 2 });
  await one;
  assert.deepEqual(inbox.stand.value, { unread: 9, last: 57 });
});
