/**
 * What the live topic `friends` makes of what a client knows. Nothing here changes what it is given; where a
 * frame changes nothing, the very same value comes back.
 *
 * @typedef {'online'|'idle'|'in_match'} Seen
 *
 * @typedef {object} Present a friend who is online
 * @property {number} user_id
 * @property {string} profile_name empty while only their coming was told
 * @property {string|null} image
 * @property {Seen} status
 * @property {number} [match] to watch, when they are in one
 *
 * @typedef {object} Friend as the list has them
 * @property {number} user_id
 * @property {string} profile_name
 * @property {string|null} image
 * @property {boolean} online
 * @property {Seen|'offline'} status
 * @property {number|null} match
 * @property {string|null} last_seen
 * @property {string|null} since
 *
 * @typedef {'online'|'status'|'offline'|'renamed'|'request'|'withdrawn'|'accepted'|'removed'} Event
 *
 * @typedef {object} Frame
 * @property {Present[]} [friends] the whole of it, when the connection begins
 * @property {Event} [event]
 * @property {number} [user_id]
 * @property {Seen|'offline'} [status]
 * @property {number} [match]
 * @property {string} [last_seen]
 * @property {string} [new]
 * @property {number} [request]
 * @property {string} [profile_name]
 * @property {string|null} [image]
 */

/** @typedef {Map<number, Present>} Presence */

/**
 * @param {Presence} state who of my friends is online
 * @param {Frame} frame
 * @returns {Presence}
 */
export function applyFriends(state, frame) {
  if (frame.friends) return new Map(frame.friends.map((friend) => [friend.user_id, friend]));
  const id = frame.user_id;
  if (id === undefined) return state;
  switch (frame.event) {
    case 'online':
    case 'status':
    case 'accepted':
      return frame.status && frame.status !== 'offline'
        ? put(state, present(state.get(id), id, frame, frame.status))
        : without(state, id);
    case 'offline':
    case 'removed':
      return without(state, id);
    case 'renamed': {
      const known = state.get(id);
      return known && frame.new ? put(state, { ...known, profile_name: frame.new }) : state;
    }
    default:
      return state;
  }
}

/**
 * @param {Present|undefined} known
 * @param {number} id
 * @param {Frame} frame
 * @param {Seen} status
 * @returns {Present}
 */
function present(known, id, frame, status) {
  /** @type {Present} */
  const next = {
    user_id: id,
    profile_name: frame.profile_name ?? known?.profile_name ?? '',
    image: frame.image ?? known?.image ?? null,
    status,
  };
  if (frame.match) next.match = frame.match;
  return next;
}

/** @param {Presence} state @param {Present} next */
function put(state, next) {
  if (JSON.stringify(state.get(next.user_id)) === JSON.stringify(next)) return state;
  return new Map(state).set(next.user_id, next);
}

/** @param {Presence} state @param {number} id */
function without(state, id) {
  if (!state.has(id)) return state;
  const next = new Map(state);
  next.delete(id);
  return next;
}

/** @typedef {Map<number, Friend>} People */

/**
 * What a frame makes of the friends that were read. Somebody whose coming is told before their name was read
 * stands there without a name.
 *
 * @param {People} people
 * @param {Frame} frame
 * @returns {People}
 */
export function applyPeople(people, frame) {
  if (frame.friends) return withSnapshot(people, frame.friends);
  const id = frame.user_id;
  if (id === undefined) return people;
  const known = people.get(id);
  switch (frame.event) {
    case 'online':
    case 'status':
    case 'accepted':
      return set(people, { ...(known ?? stranger(id)), ...told(frame) });
    case 'offline':
      return known ? set(people, { ...known, ...AWAY, last_seen: frame.last_seen ?? null }) : people;
    case 'renamed':
      return known && frame.new ? set(people, { ...known, profile_name: frame.new }) : people;
    case 'removed': {
      if (!known) return people;
      const next = new Map(people);
      next.delete(id);
      return next;
    }
    default:
      return people;
  }
}

const AWAY = /** @type {const} */ ({ online: false, status: 'offline', match: null });

/** @param {number} id @returns {Friend} */
function stranger(id) {
  return { user_id: id, profile_name: '', image: null, ...AWAY, last_seen: null, since: null };
}

/** @param {Frame|Present} frame @returns {Partial<Friend>} what it says, and nothing else */
function told({ status = 'offline', match, profile_name: name, image }) {
  const online = status !== 'offline';
  return {
    status,
    online,
    match: match || null,
    ...(online ? { last_seen: null } : {}),
    ...(name ? { profile_name: name } : {}),
    ...(image === undefined ? {} : { image }),
  };
}

/** @param {People} people @param {Friend} next */
function set(people, next) {
  const known = people.get(next.user_id);
  const same =
    known && Object.entries(next).every(([name, value]) => known[/** @type {never} */ (name)] === value);
  return same ? people : new Map(people).set(next.user_id, next);
}

/** @param {People} people @param {Present[]} online */
function withSnapshot(people, online) {
  const next = new Map(people);
  const here = new Set(online.map(({ user_id: id }) => id));
  for (const [id, friend] of people) if (friend.online && !here.has(id)) next.set(id, { ...friend, ...AWAY });
  for (const friend of online) {
    const known = people.get(friend.user_id) ?? stranger(friend.user_id);
    next.set(friend.user_id, { ...known, ...told(friend) });
  }
  return next;
}

/**
 * Adds rows that were read. Where the live connection has spoken it knows better who is online: an answer may
 * be older than the last frame.
 *
 * @param {People} people
 * @param {Friend[]} rows
 * @param {object} [how]
 * @param {boolean} [how.live] the live connection has spoken
 * @param {ReadonlySet<number>} [how.removed] who was removed while the rows were on their way
 * @returns {People}
 */
export function mergeRows(people, rows, { live = false, removed = new Set() } = {}) {
  const next = new Map(people);
  for (const row of rows) {
    if (removed.has(row.user_id)) continue;
    const known = people.get(row.user_id);
    const presence = known ? { online: known.online, status: known.status, match: known.match } : AWAY;
    const seen = known && !known.online && known.last_seen ? { last_seen: known.last_seen } : {};
    next.set(row.user_id, live ? { ...row, ...presence, ...seen } : row);
  }
  return next;
}

/** @param {string} name */
const nameKey = (name) => name.normalize('NFKC').toLowerCase();

/**
 * Online first, then by name, as the server has them.
 *
 * @param {Friend} a
 * @param {Friend} b
 */
export function byPresence(a, b) {
  if (a.online !== b.online) return a.online ? -1 : 1;
  const [left, right] = [nameKey(a.profile_name), nameKey(b.profile_name)];
  if (left !== right) return left < right ? -1 : 1;
  return a.user_id - b.user_id;
}

/**
 * The rows of a list, each person once. While somebody points at a list nothing moves under the pointer:
 * whoever stands there keeps their place, and who is new comes last.
 *
 * @param {People} people
 * @param {readonly number[]|null} [held] the order that has to stay
 * @returns {Friend[]}
 */
export function inOrder(people, held = null) {
  const named = [...people.values()].filter((friend) => friend.profile_name !== '').sort(byPresence);
  if (!held) return named;
  const place = new Map(held.map((id, i) => [id, i]));
  const last = held.length;
  return named.sort((a, b) => (place.get(a.user_id) ?? last) - (place.get(b.user_id) ?? last));
}

/** Requests that wait for my answer: who asks, by the request's id. @typedef {Map<number, number>} Incoming */

/**
 * @param {Incoming} incoming
 * @param {Frame} frame
 * @returns {Incoming}
 */
export function applyIncoming(incoming, { event, user_id: user, request }) {
  if (event === 'request' && request !== undefined && user !== undefined) {
    return incoming.has(request) ? incoming : new Map(incoming).set(request, user);
  }
  const ends = event === 'withdrawn' || event === 'accepted' || event === 'removed';
  const left = ends ? [...incoming].filter(([id, from]) => id !== request && from !== user) : [...incoming];
  return left.length === incoming.size ? incoming : new Map(left);
}

/**
 * What there is between me and somebody.
 *
 * @typedef {'none'|'friends'|'incoming'|'outgoing'} Relation
 * @typedef {{user_id: number, profile_name: string, image: string|null, relation: Relation, request: number|null}} Found
 */

/**
 * @param {Found} found
 * @param {Frame} frame
 * @returns {Found}
 */
export function applyFound(found, frame) {
  if (frame.user_id !== found.user_id) return found;
  switch (frame.event) {
    case 'accepted':
      return { ...found, relation: 'friends', request: null };
    case 'request':
      return { ...found, relation: 'incoming', request: frame.request ?? null };
    case 'withdrawn':
    case 'removed':
      return { ...found, relation: 'none', request: null };
    case 'renamed':
      return frame.new ? { ...found, profile_name: frame.new } : found;
    default:
      return found;
  }
}
