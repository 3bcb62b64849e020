/**
 * What waits for a person in Pong, as their tabs know it: pure, so that every order of frames can be tried. Where a
 * frame changes nothing, the very same value comes back.
 *
 * @typedef {import('./pong-types.js').Match} Match
 * @typedef {import('./pong-types.js').Queue} Queue
 * @typedef {import('./pong-types.js').Lobby} Lobby
 * @typedef {import('./pong-types.js').PongFrame} PongFrame
 *
 * @typedef {Pick<Match, 'id'|'mode'|'state'|'points'|'respond_by'|'ready_by'|'tournament'>} CallFacts
 * @typedef {CallFacts & {opponent: import('./pong-types.js').Person|null}} Call  a match that somebody has to know of
 *
 * @typedef {object} Stand
 * @property {Queue} queue
 * @property {Call[]} incoming invitations that wait for my answer
 * @property {Call[]} outgoing those that I wait for
 * @property {Call[]} ready matches to go to
 *
 * What is news: a match to go to, an invitation, one of mine that came to nothing, a search that ended unasked.
 * @typedef {{kind: 'found'|'called'|'invited'|'declined', call: Call}|{kind: 'dropped'}} News
 */

/** @type {Queue} */
export const NO_QUEUE = { waiting: false, since: null, points: null, window: null, people: 0, match: null };

/** @type {Stand} */
export const NOTHING = { queue: NO_QUEUE, incoming: [], outgoing: [], ready: [] };

/** @param {Match} match @param {number|null} me @returns {Call} */
export function callOf(match, me) {
  const { id, mode, state, points, players, respond_by, ready_by, tournament } = match;
  const other = players.find(({ user_id: user }) => user !== me);
  // The robot, and the second person at one keyboard, are nobody in particular.
  const opponent =
    other && other.user_id !== null && other.profile_name !== null
      ? { user_id: other.user_id, profile_name: other.profile_name, image: other.image }
      : null;
  return { id, mode, state, points, opponent, respond_by, ready_by, tournament };
}

/** @param {{state: string}} call */
const waits = ({ state }) => state === 'open' || state === 'live';

/** @param {Call[]} list @param {number} id */
const without = (list, id) => (list.some((call) => call.id === id) ? list.filter((c) => c.id !== id) : list);

/** @param {Call[]} list @param {Call} call @returns {Call[]} */
function withCall(list, call) {
  const known = list.find(({ id }) => id === call.id);
  if (!known) return [...list, call];
  if (JSON.stringify(known) === JSON.stringify(call)) return list;
  return list.map((each) => (each === known ? call : each));
}

/** @param {Stand} stand @param {Partial<Stand>} change @returns {Stand} */
function changedBy(stand, change) {
  const keys = /** @type {(keyof Stand)[]} */ (Object.keys(change));
  return keys.every((key) => stand[key] === change[key]) ? stand : { ...stand, ...change };
}

/** @param {Stand} stand @param {number} id of a match that is over @returns {Stand} */
export function withoutCall(stand, id) {
  return changedBy(stand, {
    queue: stand.queue.match?.id === id ? { ...stand.queue, match: null } : stand.queue,
    incoming: without(stand.incoming, id),
    outgoing: without(stand.outgoing, id),
    ready: without(stand.ready, id),
  });
}

/** @param {Stand} stand @param {Call} call that one can go to @returns {Stand} */
export function withReady(stand, call) {
  // Whoever has a match doesn't look for one; a tournament calls whatever one does.
  const looks = stand.queue.waiting && call.mode === 'tournament';
  return changedBy(stand, {
    queue: looks || !stand.queue.waiting ? stand.queue : { ...stand.queue, waiting: false },
    incoming: without(stand.incoming, call.id),
    outgoing: without(stand.outgoing, call.id),
    ready: withCall(stand.ready, call),
  });
}

/** @param {Stand} stand @param {'incoming'|'outgoing'} way @param {Call} call @returns {Stand} */
export function withInvitation(stand, way, call) {
  return changedBy(stand, { [way]: withCall(stand[way], call) });
}

/** @param {Stand} stand @param {Queue} queue as the server has it @param {number|null} me @returns {Stand} */
export function withQueue(stand, queue, me) {
  const next = JSON.stringify(stand.queue) === JSON.stringify(queue) ? stand : { ...stand, queue };
  return queue.match && waits(queue.match) ? withReady(next, callOf(queue.match, me)) : next;
}

/** @param {Lobby} lobby @param {number|null} me @returns {Stand} all of it, as it was read */
export function standOf({ queue, invites, playing, calls }, me) {
  const call = (/** @type {Match} */ match) => callOf(match, me);
  const ready = [...(playing ? [playing] : []), ...calls].filter(waits).map(call);
  /** @type {Stand} */
  const stand = {
    queue,
    incoming: invites.incoming.map(call),
    outgoing: invites.outgoing.map(call),
    ready: ready.filter(({ id }, i) => ready.findIndex((each) => each.id === id) === i),
  };
  return withQueue(stand, queue, me);
}

/**
 * @param {Stand} stand
 * @param {PongFrame} frame
 * @param {number|null} me
 * @returns {Stand}
 */
export function applyPong(stand, { state, event, match }, me) {
  if (state) return withQueue(stand, state, me);
  if (!match) return stand;
  switch (event) {
    case 'matched':
    case 'called':
      return waits(match) ? withReady(stand, callOf(match, me)) : stand;
    case 'invited': {
      if (match.state !== 'invited') return stand;
      // Both are told. Whoever asks plays on the left.
      const way = match.players[0].user_id === me ? 'outgoing' : 'incoming';
      return withInvitation(stand, way, callOf(match, me));
    }
    case 'answered':
      return waits(match) ? withReady(stand, callOf(match, me)) : withoutCall(stand, match.id);
    case 'ended':
      return withoutCall(stand, match.id);
    default:
      return stand;
  }
}

/** Matches that somebody else brought about: nobody has to be told of what they began themselves. */
const TOLD = new Set(['quick', 'invite', 'tournament']);

/**
 * What of a change is worth telling the person.
 *
 * @param {Stand} before
 * @param {Stand} after
 * @param {PongFrame|null} [frame] that made it
 * @returns {News[]}
 */
export function newsOf(before, after, frame = null) {
  /** @type {News[]} */
  const news = [];
  const known = new Set(before.ready.map(({ id }) => id));
  for (const call of after.ready) {
    if (known.has(call.id) || call.state !== 'open' || !TOLD.has(call.mode)) continue;
    news.push({ kind: call.mode === 'tournament' ? 'called' : 'found', call });
  }
  const asked = new Set(before.incoming.map(({ id }) => id));
  for (const call of after.incoming) if (!asked.has(call.id)) news.push({ kind: 'invited', call });
  const answer = frame?.event === 'answered' ? frame.match : undefined;
  const call = answer && before.outgoing.find(({ id }) => id === answer.id);
  // What I took back on another device is no news.
  if (answer && call && !waits(answer) && answer.reason !== 'cancelled')
    news.push({ kind: 'declined', call });
  if (before.queue.waiting && !after.queue.waiting && after.ready.length === before.ready.length) {
    news.push({ kind: 'dropped' });
  }
  return news;
}

/** @param {string|null|undefined} until @param {number} [now] @returns {number} whole seconds, never negative */
export function secondsLeft(until, now = Date.now()) {
  if (!until) return 0;
  const left = Math.ceil((Date.parse(until) - now) / 1000);
  return Number.isFinite(left) ? Math.max(0, left) : 0;
}

/** @param {number} seconds @returns {string} 0:07, 12:30 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
