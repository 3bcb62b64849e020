import assert from 'node:assert/strict';
import { test } from 'node:test';
import { People } from '../core/people.js';
import { Posts } from '../core/posts.js';

/** A line that counts who subscribes. */
function line() {
  /** @type {import('../core/live.js').Subscription[]} */
  const subscriptions = [];
  /** @type {string[]} */
  const topics = [];
  return {
    topics,
    /** @param {any} frame */
    tell: (frame) => subscriptions.forEach(({ data }) => data(frame)),
    resume: () => subscriptions.forEach(({ resume }) => resume?.()),
    /** @param {string} topic @param {import('../core/live.js').Subscription} subscription */
    subscribe: (topic, subscription) => {
      topics.push(topic);
      subscriptions.push(subscription);
      return () => {};
    },
  };
}

const ann = { user_id: 1, profile_name: 'ann', image: null };
const renamed = { user_id: 1, profile_name: 'anna', image: '/media/a.jpg' };

test('one subscription serves everybody who is shown, and begins with the first', () => {
  const live = line();
  const people = new People({ live });
  assert.deepEqual(live.topics, []);
  assert.equal(people.latest(ann), ann, 'nothing is known: as it was read');
  people.latest({ ...ann, user_id: 2 });
  assert.deepEqual(live.topics, ['people']);
});

test('a rename is told once, and holds for what was read before', () => {
  const live = line();
  const people = new People({ live });
  /** @type {string[]} */
  const heard = [];
  const life = new AbortController();
  people.listen((changed) => heard.push(...changed.map(({ profile_name: name }) => name)), life.signal);
  people.latest(ann);
  live.tell({ changed: [renamed] });
  live.tell({ changed: [renamed] });
  assert.deepEqual(heard, ['anna'], 'a state is told again and again');
  assert.deepEqual(people.latest({ ...ann, more: 3 }), { ...renamed, more: 3 });
  life.abort();
  live.tell({ changed: [{ ...renamed, profile_name: 'annabel' }] });
  assert.deepEqual(heard, ['anna']);
  assert.equal(people.latest(ann).profile_name, 'annabel');
  // What changed while the line was broken is not known: what is read from now on knows better.
  live.resume();
  assert.equal(people.latest(ann), ann);
});

test('whom I follow is known to the tab, and forgotten with the login', () => {
  const people = new People({ live: line() });
  people.followed(1, true);
  assert.equal(people.latest({ ...ann, following: false }).following, true);
  assert.equal(people.latest({ ...ann, following: 'login required' }).following, 'login required');
  assert.equal('following' in people.latest(ann), false);
  people.forget();
  assert.equal(people.latest({ ...ann, following: false }).following, false);
});

/** @param {number} id @param {number} [by] @returns {import('../core/posts.js').Post} */
const post = (id, by = 1) => ({
  id,
  content: '',
  images: [],
  image_ratio: 1,
  created_by: { user_id: by, user_name: 'a', profile_name: 'a', image: null, following: false },
  created_at: '2026-05-01T10:00:00Z',
  edited_at: null,
  num_comments: 0,
  num_likes: 0,
  liked: false,
  products: [],
  mentions: [],
});

test('what was done to a post elsewhere is true of rows that were read before', () => {
  const posts = new Posts();
  const rows = [post(1), post(2), post(3, 7)];
  assert.equal(posts.current(rows), rows);
  posts.tell(1, { liked: true, num_likes: 1 });
  posts.tell(1, { num_comments: 4 });
  posts.tell(2, null);
  const now = posts.current(rows);
  assert.deepEqual(
    now.map(({ id }) => id),
    [1, 3],
  );
  assert.deepEqual([now[0]?.liked, now[0]?.num_likes, now[0]?.num_comments], [true, 1, 4]);
  assert.equal(now[1], rows[2], 'the others are the same');
  posts.hide(7);
  assert.equal(posts.current(rows).length, 1);
});

test('a new post, or somebody who is seen again, asks for a new reading', () => {
  const posts = new Posts();
  let told = 0;
  const life = new AbortController();
  posts.listen(() => (told += 1), life.signal);
  posts.made(post(5));
  assert.equal(posts.version, 1);
  posts.show(9);
  assert.equal(posts.version, 1, 'nobody was hidden');
  posts.hide(9);
  posts.show(9);
  assert.equal(posts.version, 2);
  posts.forget();
  assert.equal(posts.version, 3);
  assert.equal(told, 2);
  life.abort();
  posts.tell(1, null);
  assert.equal(told, 2);
});
