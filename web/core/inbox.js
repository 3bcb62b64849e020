import { Changes, NOWHERE, changed, changeOf, stood } from './inbox-state.js';
import { Problem } from './problem.js';
import { Store } from './store.js';

/**
 * What a person was told, of which every tab shows something: the count at the bell, and lists. It follows the
 * live connection; lists are read when somebody looks at them.
 *
 * @typedef {import('./types.js').Notification} Notification
 * @typedef {import('./inbox-state.js').Change} Change
 * @typedef {import('./inbox-state.js').Frame} Frame
 *
 * @typedef {object} Listener
 * @property {(change: Change) => void} change
 * @property {(notification: Notification) => void} [news] told just now, not while nobody was connected
 */

export class Inbox {
  /** @type {Store<import('./inbox-state.js').Stand>} */
  stand = new Store(NOWHERE);
  #api;
  #live;
  #changes = new Changes();
  /** @type {Set<Listener>} */
  #listeners = new Set();
  /** Ends what belongs to the present person. @type {AbortController|null} */
  #life = null;
  /** @type {number|null} */
  #person = null;
  /** The greeting has come: what comes now happens now. */
  #greeted = false;

  /**
   * @param {object} parts
   * @param {Pick<import('./api.js').Api, 'get'|'post'>} parts.api
   * @param {Pick<import('./live.js').Live, 'subscribe'>} parts.live
   */
  constructor({ api, live }) {
    this.#api = api;
    this.#live = live;
  }

  /** @param {number|null} person whose inbox it is; null: nobody's */
  use(person) {
    if (person === this.#person) return;
    this.#person = person;
    this.#life?.abort();
    this.#life = null;
    this.#changes = new Changes();
    this.#greeted = false;
    this.stand.set(NOWHERE);
    if (person === null) return;
    this.#life = new AbortController();
    this.#live.subscribe(
      'inbox',
      {
        data: (frame) => this.#take(frame),
        resume: () => {
          this.#greeted = false;
        },
      },
      this.#life.signal,
    );
  }

  /**
   * @param {Listener} listener
   * @param {AbortSignal} signal
   */
  listen(listener, signal) {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** The point in time, for `after`. */
  get now() {
    return this.#changes.now;
  }

  /**
   * Brings rows up to date that were read, or left, a while ago.
   *
   * @param {Notification[]} rows
   * @param {number} then `now` of that time
   * @param {boolean} [whole] false: a later part of the list
   * @returns {Notification[]|null} null: too much has happened, read them again
   */
  after(rows, then, whole = true) {
    const missed = this.#changes.since(then);
    return missed?.reduce((list, change) => changed(list, change, whole), rows) ?? null;
  }

  /**
   * A portion of the list, with what happened while it was on its way.
   *
   * @param {string} path
   * @param {AbortSignal} signal
   * @param {boolean} whole it begins with the newest
   * @returns {Promise<import('./types.js').Cursored<Notification>>}
   */
  async read(path, signal, whole) {
    for (;;) {
      const then = this.now;
      const portion = await this.#api.get(path, { signal });
      const results = this.after(portion.results, then, whole);
      if (results) return { ...portion, results };
    }
  }

  /** @param {Frame} frame */
  #take(frame) {
    const { unread, last } = this.stand.value;
    const { notification } = frame;
    const known = notification ? notification.seq <= last : false;
    this.stand.set(stood({ unread, last }, frame));
    const change = changeOf(frame);
    if (!notification && !frame.read) this.#greeted = true;
    if (!change) return;
    this.#tell(change);
    if (!notification || known || !this.#greeted || notification.read) return;
    for (const { news } of [...this.#listeners]) news?.(notification);
  }

  /** @param {Change} change */
  #tell(change) {
    this.#changes.add(change);
    for (const listener of [...this.#listeners]) listener.change(change);
  }

  /**
   * Shown at once, taken back if it comes to nothing.
   *
   * @param {Notification[]} rows unread ones
   */
  markRead(rows) {
    const ids = rows.filter(({ read }) => !read).map(({ id }) => id);
    if (ids.length === 0) return Promise.resolve();
    const { unread, last } = this.stand.value;
    const left = Math.max(0, unread - ids.length);
    return this.#mark({ ids }, { read: ids, upto: last }, { unread: ids }, left);
  }

  /** Everything up to the newest that is known: what comes meanwhile stays unread. */
  markAll() {
    const { last } = this.stand.value;
    return this.#mark({ all: true, upto: last }, { read: null, upto: last }, { reset: true }, 0);
  }

  /**
   * @param {object} body
   * @param {Change} change
   * @param {Change} back
   * @param {number} left how many are unread then
   */
  async #mark(body, change, back, left) {
    const before = this.stand.value;
    const person = this.#person;
    this.stand.set({ ...before, unread: left });
    this.#tell(change);
    try {
      const { unread } = await this.#api.post('/api/inbox/read/', body);
      // A frame that came meanwhile knows more than this answer.
      if (person === this.#person && this.stand.value.last === before.last)
        this.stand.set(stood(this.stand.value, { unread, last: before.last }));
    } catch (error) {
      if (person !== this.#person) return;
      if (this.stand.value.last === before.last) this.stand.set(before);
      this.#tell(back);
      throw Problem.from(error);
    }
  }
}
