import { applyFriends } from './friends-state.js';
import { NOWHERE, stood } from './inbox-state.js';

/**
 * What a signed-in person's connection was told without asking, reduced to what a tab needs that comes later.
 *
 * @typedef {import('./friends-state.js').Presence} Presence
 * @typedef {import('./inbox-state.js').Stand} Stand
 */

/** Topics that follow by themselves: nobody subscribes to them at the server. What waits in Pong a tab reads itself. */
const TOPICS = new Set(['session', 'friends', 'inbox', 'pong']);

/** @param {string} topic */
export function isPersonal(topic) {
  return TOPICS.has(topic);
}

export class Personal {
  /** @type {Presence|null} */
  #friends = null;
  /** @type {Stand|null} */
  #inbox = null;
  /**
   * Everything up to here was received. A greeting alone doesn't move it over what was missed: a connection may
   * break again before that has come.
   *
   * @type {number|null}
   */
  #seen = null;
  /** Greetings of the inbox that are still to come: the connection's own, and the end of what was missed. */
  #greetings = 0;

  /**
   * The connection begins.
   *
   * @returns {{inbox: number}|null} what to ask for
   */
  begin() {
    this.#greetings = this.#seen === null ? 1 : 2;
    return this.#seen === null ? null : { inbox: this.#seen };
  }

  /** @param {string} topic @param {any} d */
  apply(topic, d) {
    if (topic === 'friends') this.#friends = applyFriends(this.#friends ?? new Map(), d);
    else if (topic === 'inbox' && Number.isFinite(d?.last)) this.#tell(d);
  }

  /** @param {any} d */
  #tell(d) {
    this.#inbox = stood(this.#inbox ?? NOWHERE, d);
    if (!d.notification && !d.read && this.#greetings > 0) this.#greetings -= 1;
    if (this.#greetings === 0) this.#seen = Math.max(this.#seen ?? 0, this.#inbox.last);
  }

  /** @param {string} topic @returns {object|null} the whole of it as one frame, once that is known */
  whole(topic) {
    if (topic === 'friends') return this.#friends && { friends: [...this.#friends.values()] };
    if (topic === 'inbox') return this.#inbox && { ...this.#inbox };
    return null;
  }
}
