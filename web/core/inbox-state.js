import { placeOfPerson } from './paths.js';

/**
 * What a person was told, as their tabs know it: pure, so that every order of frames can be tried.
 *
 * @typedef {import('./types.js').Notification} Notification
 *
 * @typedef {{unread: number, last: number}} Stand  Last: the newest `seq` that is known.
 *
 * @typedef {object} Frame  what the topic carries: a greeting, something told, or what was read elsewhere
 * @property {number} unread
 * @property {number} last
 * @property {Notification} [notification]
 * @property {number[]|'all'} [read] an empty list stands for all
 * @property {boolean} [reset] too much was missed to be sent
 *
 * @typedef {{told: Notification}|{read: number[]|null, upto: number}|{unread: number[]}|{reset: true}} Change
 *   What happens to lists that are shown. `read: null` are all up to a `seq`; `unread` takes a reading back.
 */

/** @type {Stand} */
export const NOWHERE = { unread: 0, last: 0 };

/**
 * Frames of two nodes may overtake each other. The count belongs to the newest `seq`; at the same one it only
 * falls, because nothing becomes unread again.
 *
 * @param {Stand} stand
 * @param {Stand} said
 * @returns {Stand}
 */
export function stood(stand, { unread, last }) {
  if (last > stand.last) return { unread, last };
  if (last === stand.last && unread < stand.unread) return { unread, last };
  return stand;
}

/**
 * @param {Frame} frame
 * @returns {Change|null} null: a greeting changes the count only
 */
export function changeOf(frame) {
  if (frame.reset) return { reset: true };
  if (frame.notification) return { told: frame.notification };
  if (!frame.read) return null;
  if (frame.read !== 'all' && frame.read.length > 0) return { read: frame.read, upto: frame.last };
  // All, and yet some are unread: they came meanwhile, and only the server knows which.
  return frame.unread > 0 ? { reset: true } : { read: null, upto: frame.last };
}

/**
 * @param {Notification[]} rows newest first
 * @param {Notification} told one that came, or grew: then it leaves its old place
 * @param {boolean} [whole] false: the rows are a later part of the list, where nothing new belongs
 */
function joined(rows, told, whole = true) {
  const old = rows.find(({ id }) => id === told.id);
  if (old && old.seq >= told.seq) return rows;
  const rest = rows.filter(({ id }) => id !== told.id);
  if (!whole) return rest;
  const place = rest.findIndex(({ seq }) => seq < told.seq);
  return place < 0 ? [...rest, told] : rest.toSpliced(place, 0, told);
}

/**
 * @param {Notification[]} rows newest first
 * @param {Change} change
 * @param {boolean} [whole] false: a later part of the list
 * @returns {Notification[]} the same array where nothing changed
 */
export function changed(rows, change, whole = true) {
  if ('told' in change) return joined(rows, change.told, whole);
  if ('reset' in change) return rows;
  /** @param {(row: Notification) => boolean} which @param {boolean} read */
  const marked = (which, read) =>
    rows.some((row) => row.read !== read && which(row))
      ? rows.map((row) => (row.read !== read && which(row) ? { ...row, read } : row))
      : rows;
  if ('unread' in change) return marked(({ id }) => change.unread.includes(id), false);
  const { read, upto } = change;
  return marked(({ id, seq }) => (read ? read.includes(id) : seq <= upto), true);
}

/** So many changes are remembered: who comes back to a page after more reads it again. */
const KEPT = 100;

/** What happened lately, for lists that were being read, or left, meanwhile. */
export class Changes {
  /** @type {Change[]} */
  #list = [];
  #first = 0;

  /** The point in time: changes after it can be asked for. */
  get now() {
    return this.#first + this.#list.length;
  }

  /** @param {Change} change */
  add(change) {
    this.#list.push(change);
    if (this.#list.length <= KEPT) return;
    this.#list.shift();
    this.#first += 1;
  }

  /**
   * @param {number} then
   * @returns {Change[]|null} null: nobody knows any more, read again
   */
  since(then) {
    if (then < this.#first || then > this.now) return null;
    const list = this.#list.slice(then - this.#first);
    return list.some((change) => 'reset' in change) ? null : list;
  }
}

/** @param {number} n @returns {string} as a badge shows it */
export function badge(n) {
  return n > 99 ? '99+' : String(n);
}

/** @param {string} title @param {number} unread */
export function titled(title, unread) {
  return unread > 0 ? `(${badge(unread)}) ${title}` : title;
}

/**
 * @param {Pick<Notification, 'kind'|'target'> & Partial<Pick<Notification, 'actors'>>} notification
 * @returns {string} where it leads
 */
export function placeOf({ kind, target, actors = [] }) {
  switch (target.type) {
    case 'order':
      return `/my/orders/${target.id}`;
    case 'product':
    case 'info':
      return articlePlace(target);
    case 'request':
      return '/friends/requests';
    case 'post':
      return `/style/posts/${target.id}`;
    case 'user': {
      const [person = target.person] = actors;
      return person ? placeOfPerson(person.profile_name) : '/friends';
    }
    case 'match':
      return `/pong/m/${target.id}`;
    case 'tournament':
      return `/pong/t/${target.id}`;
    case 'security':
      return '/my/sessions';
    default:
      return kind === 'security' ? '/my/sessions' : '/inbox';
  }
}

/** @param {import('./types.js').Target} target */
function articlePlace({ article }) {
  if (!article) return '/shop';
  return article.size
    ? `/shop/${article.info_id}?size=${encodeURIComponent(article.size)}`
    : `/shop/${article.info_id}`;
}

/**
 * The text of an order's step, by who is told: the one for this step and its outcome, or for this step, or for
 * how the order stands now.
 *
 * @param {import('./types.js').Target} target
 * @returns {string[]} keys, the best first
 */
export function stepKeys({ side, action, status }) {
  return [
    `inbox.step.${side}.${action}.${status}`,
    `inbox.step.${side}.${action}`,
    `inbox.step.${action}`,
    'inbox.step.other',
  ];
}

/**
 * The text of a match that somebody played. Who left has no name any more.
 *
 * @param {import('./types.js').Target} target
 */
export function matchKey({ won, person }) {
  if (won) return person ? 'activity.match_won' : 'activity.match_won_one';
  return person ? 'activity.match_lost' : 'activity.match_lost_one';
}

/**
 * Who did it, in words: a catalogue has a text for each number of names that are left.
 *
 * @param {Notification} notification
 * @returns {{form: 'nobody'|'one'|'two'|'more', values: Record<string, string|number>}}
 */
export function actorsOf({ actors, count }) {
  const [first, second] = actors;
  // Who left has no name any more, and is counted all the same.
  const n = Math.max(count, actors.length);
  if (!first) return { form: 'nobody', values: { n } };
  if (n === 1) return { form: 'one', values: { name: first.profile_name } };
  if (n === 2 && second)
    return { form: 'two', values: { name: first.profile_name, other: second.profile_name } };
  return { form: 'more', values: { name: first.profile_name, n: n - 1 } };
}

/** @param {Change} change @returns {number|null} the order that it tells of */
export function orderOf(change) {
  if (!('told' in change) || change.told.target.type !== 'order') return null;
  return change.told.target.id ?? null;
}
