import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { PongFeed } from '../core/pong-feed.js';
import {
  NOTHING,
  NO_QUEUE,
  applyPong,
  callOf,
  clock,
  newsOf,
  secondsLeft,
  standOf,
  withInvitation,
  withQueue,
} from '../core/pong-state.js';
import { Pong } from '../core/pong.js';
import { Problem } from '../core/problem.js';
import { settle } from './fakes.mjs';

/**
 * @typedef {import('../core/pong-types.js').Match} Match
 * @typedef {import('../core/pong-types.js').Queue} Queue
 * @typedef {import('../core/pong-types.js').Player} Player
 */

/** @param {number|null} id @returns {Player} */
const player = (id) => ({
  user_id: id,
  profile_name: id === null ? null : `p${id}`,
  image: null,
  robot: id === null,
  rating: null,
  deviation: null,
  provisional: null,
  before: null,
  after: null,
});

/** @param {number} id @param {Partial<Match>} [more] @returns {Match} */
const match = (id, more = {}) => ({
  id,
  mode: 'quick',
  state: 'open',
  reason: '',
  points: 5,
  rated: true,
  difficulty: null,
  season: 20262,
  players: [player(1), player(2)],
  score: [0, 0],
  winner: null,
  tournament: null,
  rematch_of: null,
  created_at: '2026-05-01T10:00:00Z',
  respond_by: null,
  ready_by: null,
  started_at: null,
  ended_at: null,
  watchers: 0,
  mine: 0,
  has_replay: false,
  ...more,
});

const ME = 1;

/** As an invitation of somebody else is told. @param {number} id @param {Partial<Match>} [more] */
const told = (id, more = {}) =>
  match(id, { mode: 'invite', state: 'invited', players: [player(2), player(ME)], mine: null, ...more });

/** @type {Queue} */
const WAITING = {
  ...NO_QUEUE,
  waiting: true,
  since: '2026-05-01T10:00:00Z',
  points: 5,
  window: 100,
  people: 1,
};

/** @param {{id: number}[]} calls */
const ids = (calls) => calls.map(({ id }) => id);

/** @param {import('../core/pong-state.js').Stand} stand @param {import('../core/pong-types.js').PongFrame} frame */
const apply = (stand, frame) => applyPong(stand, frame, ME);

/** @param {import('../core/pong-state.js').Stand} stand @param {Queue} queue */
const queued = (stand, queue) => withQueue(stand, queue, ME);

test('whom a match is against depends on my side, and the robot is nobody', () => {
  assert.equal(callOf(match(1), ME).opponent?.user_id, 2);
  assert.equal(callOf(match(1), 2).opponent?.user_id, 1);
  assert.equal(callOf(match(1, { mode: 'ai', players: [player(1), player(null)] }), ME).opponent, null);
  const left = { ...player(2), profile_name: null };
  assert.equal(callOf(match(1, { players: [player(1), left] }), ME).opponent, null, 'they left Rally');
});

test('an invitation comes once, and goes by any of the ways it can', () => {
  const invited = { event: /** @type {const} */ ('invited'), match: told(7) };
  const one = apply(NOTHING, invited);
  assert.deepEqual(ids(one.incoming), [7]);
  assert.equal(apply(one, invited), one, 'the same frame again changes nothing');
  for (const state of /** @type {const} */ (['closed', 'void'])) {
    const gone = apply(one, { event: 'answered', match: told(7, { state }) });
    assert.deepEqual(ids(gone.incoming), []);
  }
  assert.deepEqual(ids(apply(one, { event: 'ended', match: told(7) }).incoming), []);
  const mine = apply(NOTHING, { event: 'invited', match: match(6, { mode: 'invite', state: 'invited' }) });
  assert.deepEqual([ids(mine.incoming), ids(mine.outgoing)], [[], [6]], 'who asks is told as well');
  assert.equal(apply(one, { event: 'ended', match: told(8) }), one);
  const accepted = apply(one, { event: 'answered', match: told(7, { state: 'open' }) });
  assert.deepEqual([ids(accepted.incoming), ids(accepted.ready)], [[], [7]]);
  assert.deepEqual(
    ids(apply(NOTHING, { event: 'invited', match: told(7, { state: 'closed' }) }).incoming),
    [],
  );
});

test('a search ends with a match, and what is found is told once', () => {
  const looking = queued(NOTHING, WAITING);
  const frame = {
    event: /** @type {const} */ ('matched'),
    match: told(9, { mode: 'quick', state: 'open', ready_by: '2026-05-01T10:01:00Z' }),
  };
  const found = apply(looking, frame);
  assert.deepEqual([found.queue.waiting, ids(found.ready)], [false, [9]]);
  assert.deepEqual(
    newsOf(looking, found, frame).map(({ kind }) => kind),
    ['found'],
  );
  const again = apply(found, { event: 'matched', match: told(9, { mode: 'quick', state: 'live' }) });
  assert.equal(again.ready[0]?.state, 'live');
  assert.deepEqual(newsOf(found, again), []);
});

test('the answer of the queue may bring the match itself', () => {
  const looking = queued(NOTHING, WAITING);
  const found = queued(looking, { ...WAITING, waiting: false, match: match(4) });
  assert.deepEqual(ids(found.ready), [4]);
  assert.deepEqual(
    newsOf(looking, found).map(({ kind }) => kind),
    ['found'],
  );
  const over = queued(looking, { ...WAITING, match: match(4, { state: 'over' }) });
  assert.deepEqual(ids(over.ready), []);
});

test('what was not asked for is news; what one began oneself is not', () => {
  const dropped = queued(queued(NOTHING, WAITING), NO_QUEUE);
  assert.deepEqual(newsOf(queued(NOTHING, WAITING), dropped), [{ kind: 'dropped' }]);
  const robot = { ...NOTHING, ready: [callOf(match(1, { mode: 'ai', state: 'live' }), ME)] };
  assert.deepEqual(newsOf(NOTHING, robot), []);
  const call = { ...NOTHING, ready: [callOf(match(2, { mode: 'tournament' }), ME)] };
  assert.deepEqual(
    newsOf(NOTHING, call).map(({ kind }) => kind),
    ['called'],
  );
  const asked = withInvitation(
    NOTHING,
    'outgoing',
    callOf(match(3, { mode: 'invite', state: 'invited' }), ME),
  );
  const frame = {
    event: /** @type {const} */ ('answered'),
    match: match(3, { mode: 'invite', state: 'closed', reason: 'expired' }),
  };
  const back = { ...frame, match: { ...frame.match, reason: 'cancelled' } };
  assert.deepEqual(newsOf(asked, apply(asked, back), back), [], 'taken back on another device');
  assert.deepEqual(
    newsOf(asked, apply(asked, frame), frame).map(({ kind }) => kind),
    ['declined'],
  );
  const theirs = apply(NOTHING, { event: 'invited', match: told(3) });
  assert.deepEqual(newsOf(theirs, apply(theirs, frame), frame), [], 'what I declined elsewhere is no news');
});

test('what is read is sorted by what it wants, each match once', () => {
  const stand = standOf(
    {
      queue: NO_QUEUE,
      invites: { incoming: [match(1, { state: 'invited' })], outgoing: [match(2, { state: 'invited' })] },
      playing: match(3, { state: 'live' }),
      calls: [match(3, { state: 'live' }), match(4, { mode: 'tournament' }), match(5, { state: 'over' })],
    },
    ME,
  );
  assert.deepEqual([ids(stand.incoming), ids(stand.outgoing), ids(stand.ready)], [[1], [2], [3, 4]]);
});

test('seconds and clocks are whole and never negative', () => {
  const now = Date.parse('2026-05-01T10:00:00Z');
  assert.equal(secondsLeft('2026-05-01T10:00:04.200Z', now), 5);
  assert.equal(secondsLeft('2026-05-01T09:59:00Z', now), 0);
  assert.equal(secondsLeft(null, now), 0);
  assert.equal(secondsLeft('nonsense', now), 0);
  assert.deepEqual([clock(7.9), clock(65), clock(-3)], ['0:07', '1:05', '0:00']);
});

const EMPTY = { queue: NO_QUEUE, invites: { incoming: [], outgoing: [] }, playing: null, calls: [] };

/** @param {(method: string, path: string, body: any) => any} answer a thrown error is a failure */
function make(answer) {
  /** @type {string[]} */
  const asked = [];
  /** @type {import('../core/pong-state.js').News[]} */
  const news = [];
  /** @type {import('../core/live.js').Subscription|null} */
  let line = null;
  /** @param {string} method */
  const way = (method) => async (/** @type {string} */ path, /** @type {any} */ body) => {
    asked.push(`${method} ${path}`);
    return answer(method, path, body) ?? (path.endsWith('/lobby/') ? EMPTY : {});
  };
  let now = Date.parse('2026-05-01T10:00:00Z');
  const pong = new Pong({
    api: { get: way('GET'), post: way('POST'), delete: way('DELETE') },
    live: {
      subscribe: (_topic, subscription) => {
        line = subscription;
        return () => {};
      },
    },
    now: () => now,
  });
  pong.listen((each) => news.push(each), new AbortController().signal);
  return {
    pong,
    asked,
    kinds: () => news.map(({ kind }) => kind),
    tell: (/** @type {any} */ frame) => line?.data(frame),
    pass: async (/** @type {number} */ ms) => {
      now += ms;
      mock.timers.tick(ms);
      await settle();
    },
    sleep: (/** @type {number} */ ms) => (now += ms),
  };
}

const QUEUE = '/api/pong/queue/';

test('who waits says so every five seconds, until somebody is found', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let beats = 0;
  const { pong, asked, kinds, pass } = make((method, path) => {
    if (path !== QUEUE || method !== 'POST') return undefined;
    beats += 1;
    return beats < 3 ? { ...WAITING, window: beats * 100 } : { ...NO_QUEUE, match: match(5) };
  });
  pong.use(1);
  await settle();
  await pong.join(5);
  assert.equal(pong.stand.value.queue.window, 100);
  await pass(5_000);
  assert.equal(pong.stand.value.queue.window, 200);
  await pass(5_000);
  assert.deepEqual(ids(pong.stand.value.ready), [5]);
  assert.deepEqual(kinds(), ['found']);
  const before = asked.length;
  await pass(20_000);
  assert.equal(asked.length, before, 'nobody asks on');
  mock.timers.reset();
});

test('a search that was left stays left, whatever was still on its way', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { pong, asked, pass } = make((method, path) =>
    path === QUEUE && method === 'POST' ? WAITING : undefined,
  );
  pong.use(1);
  await settle();
  const joining = pong.join(3);
  assert.equal(pong.stand.value.queue.waiting, true, 'at once');
  const leaving = pong.leave();
  assert.equal(pong.stand.value.queue.waiting, false, 'at once');
  await Promise.all([joining, leaving]);
  assert.equal(pong.stand.value.queue.waiting, false);
  assert.deepEqual(
    asked.filter((each) => each.endsWith(QUEUE)),
    [`POST ${QUEUE}`, `DELETE ${QUEUE}`],
  );
  await pass(20_000);
  assert.equal(asked.filter((each) => each === `POST ${QUEUE}`).length, 1);
  mock.timers.reset();
});

test('a refused search is taken back, and a tab that slept lets go', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let refuse = true;
  const { pong, asked, kinds, pass, sleep } = make((method, path) => {
    if (path !== QUEUE || method !== 'POST') return undefined;
    if (refuse) throw new Problem({ status: 409, code: 'pong.already_playing' });
    return WAITING;
  });
  pong.use(1);
  await settle();
  await assert.rejects(pong.join(5));
  assert.equal(pong.stand.value.queue.waiting, false);
  refuse = false;
  await pong.join(5);
  sleep(120_000);
  await pass(5_000);
  assert.deepEqual(kinds(), ['dropped']);
  assert.equal(asked.at(-1), `DELETE ${QUEUE}`);
  mock.timers.reset();
});

test('what was there before one looked is shown and no news; what comes meanwhile beats an older answer', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { pong, asked, kinds, tell, pass } = make((_method, path) =>
    path.endsWith('/lobby/')
      ? { ...EMPTY, invites: { incoming: [match(1, { state: 'invited' })], outgoing: [] } }
      : undefined,
  );
  pong.use(1);
  // Told while the lobby is on its way.
  tell({ event: 'called', match: told(6, { mode: 'tournament', state: 'open' }) });
  await settle();
  assert.deepEqual(ids(pong.stand.value.ready), [6]);
  assert.deepEqual(kinds(), ['called']);
  await pass(200);
  assert.deepEqual(ids(pong.stand.value.incoming), [1]);
  assert.deepEqual(kinds(), ['called']);
  assert.equal(asked.length, 2);
  mock.timers.reset();
});

test('an answer shows at once, and somebody else sees nothing of it', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const { pong, asked, tell } = make((_method, path) =>
    path.endsWith('/accept/') ? match(7, { mode: 'invite', mine: 1 }) : undefined,
  );
  pong.use(1);
  await settle();
  tell({ event: 'invited', match: told(7) });
  tell({ event: 'invited', match: told(8) });
  const declining = pong.decline(8);
  assert.deepEqual(ids(pong.stand.value.incoming), [7]);
  await declining;
  await pong.accept(7);
  assert.deepEqual([ids(pong.stand.value.incoming), ids(pong.stand.value.ready)], [[], [7]]);
  assert.ok(asked.includes('POST /api/pong/matches/8/decline/'));
  pong.use(2);
  assert.deepEqual(pong.stand.value, NOTHING);
  pong.use(null);
  mock.timers.reset();
});

test('the feed is asked for once, tells late comers what is known, and ends with the last of them', () => {
  let subscribed = 0;
  let stopped = 0;
  /** @type {(frame: any) => void} */
  let tell = () => {};
  const feed = new PongFeed({
    live: {
      subscribe: (_topic, { data }) => {
        subscribed += 1;
        tell = data;
        return () => (stopped += 1);
      },
    },
  });
  const [first, second] = [new AbortController(), new AbortController()];
  /** @type {number[]} */
  const heard = [];
  feed.follow(({ waiting }) => heard.push(waiting), first.signal);
  tell({ live: [], waiting: 3, tournaments: [] });
  feed.follow(({ waiting }) => heard.push(waiting * 10), second.signal);
  assert.deepEqual([heard, subscribed], [[3, 30], 1]);
  first.abort();
  tell({ nonsense: true });
  tell({ live: [], waiting: 4, tournaments: [] });
  assert.deepEqual([heard, stopped], [[3, 30, 40], 0]);
  second.abort();
  assert.deepEqual([stopped, feed.state.value], [1, null]);
});
