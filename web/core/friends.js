import { applyFriends, applyIncoming, applyPeople, mergeRows } from './friends-state.js';
import { pathOf } from './paths.js';
import { Store } from './store.js';

/**
 * @typedef {import('./friends-state.js').Frame} Frame
 * @typedef {import('./friends-state.js').Friend} Friend
 * @typedef {import('./friends-state.js').People} People
 * @typedef {import('./friends-state.js').Presence} Presence
 *
 * What this client does itself is told like a frame, where it alone knows.
 * @typedef {'blocked'|'unblocked'|'muted'|'unmuted'} OwnEvent
 * @typedef {Frame|{event: OwnEvent, user_id: number}} News
 *
 * @typedef {object} Reading how far the friends were read
 * @property {'idle'|'reading'|'ready'|'failed'} state
 * @property {unknown} error
 * @property {boolean} more
 *
 * @typedef {{user_id: number, profile_name: string, image: string|null}} Person
 */

const FRIENDS = '/api/friends/';
const REQUESTS = `${FRIENDS}requests/`;
const BLOCKS = `${FRIENDS}blocks/`;
const MUTES = `${FRIENDS}mutes/`;
/** @type {ReadonlySet<string|undefined>} */
const OWN_EVENTS = new Set(['blocked', 'unblocked', 'muted', 'unmuted']);
const PAGE = 100;

/** @param {News} news @returns {news is Frame} it came over the live connection, or might have */
export const isFrame = (news) => !OWN_EVENTS.has(news.event);

/** @type {Reading} */
const UNREAD = { state: 'idle', error: null, more: false };

/**
 * My friends, as the server's lists and the live connection tell of them together. One for the whole tab: the
 * rail and the pages show the same.
 */
export class Friends {
  /** Who is online; null: not told yet. @type {Store<Presence|null>} */
  online = new Store(/** @type {Presence|null} */ (null));
  /** Those that were read, and all that are online. @type {Store<People>} */
  people = new Store(/** @type {People} */ (new Map()));
  /** @type {Store<Reading>} */
  reading = new Store(UNREAD);
  /** Requests that wait for my answer; null: not read yet. @type {Store<import('./friends-state.js').Incoming|null>} */
  incoming = new Store(/** @type {import('./friends-state.js').Incoming|null} */ (null));
  /** There are more of them than were read. */
  incomingMore = false;
  /** @type {Set<(news: News) => void>} */
  #listeners = new Set();
  #parts;
  /** Ends with the login. @type {AbortController|null} */
  #life = null;
  /** @type {number|null} */
  #user = null;
  /** @type {string|null} */
  #next = null;
  /** Somebody went from a page that is read to one that is not: what is left has moved. */
  #moved = false;
  /** Removed while an answer was on its way. @type {Set<number>} */
  #removed = new Set();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #naming;

  /**
   * @param {object} parts
   * @param {Pick<import('./api.js').Api, 'get'|'post'|'put'|'delete'>} parts.api
   * @param {Pick<import('./live.js').Live, 'subscribe'>} parts.live
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Follows who is signed in. @param {Store<import('./session.js').Login>} login @param {AbortSignal} signal */
  follow(login, signal) {
    const use = () => this.#use(login.value.user?.id ?? null);
    use();
    login.subscribe(use, signal);
    signal.addEventListener('abort', () => this.#use(null), { once: true });
  }

  /** @param {number|null} user */
  #use(user) {
    if (user === this.#user) return;
    this.#user = user;
    this.#life?.abort();
    clearTimeout(this.#naming);
    this.#next = null;
    this.#moved = false;
    this.online.set(null);
    this.people.set(new Map());
    this.reading.set(UNREAD);
    this.incoming.set(null);
    this.#life = user === null ? null : new AbortController();
    if (!this.#life) return;
    this.#parts.live.subscribe(
      'friends',
      { data: (frame) => this.take(frame), resume: () => this.#resume() },
      this.#life.signal,
    );
    this.#count();
  }

  /**
   * @param {(news: News) => void} listener hears each frame, after the stores have it
   * @param {AbortSignal} signal
   */
  listen(listener, signal) {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** @param {News} news */
  take(news) {
    if (isFrame(news)) this.#apply(news);
    for (const listener of [...this.#listeners]) listener(news);
  }

  /** @param {Frame} frame */
  #apply(frame) {
    if (frame.event === 'removed' && frame.user_id !== undefined) this.#removed.add(frame.user_id);
    if (frame.event === 'accepted' && frame.user_id !== undefined) this.#removed.delete(frame.user_id);
    if (frame.event === 'offline' || frame.event === 'removed') this.#moved = true;
    if (frame.friends || this.online.value) {
      this.online.set(applyFriends(this.online.value ?? new Map(), frame));
    }
    this.people.set(applyPeople(this.people.value, frame));
    if (this.incoming.value) this.incoming.set(applyIncoming(this.incoming.value, frame));
    this.#name();
  }

  #nameless() {
    return [...this.people.value.values()]
      .filter((each) => each.profile_name === '')
      .map((each) => each.user_id);
  }

  /** Somebody came whose name was not read yet. Many may come at once: they are read together. */
  #name() {
    if (this.#nameless().length === 0) return;
    clearTimeout(this.#naming);
    this.#naming = setTimeout(() => {
      if (this.reading.value.state === 'reading') this.#name();
      else if (this.#nameless().length > 0) this.again();
    }, 300);
  }

  #resume() {
    this.#count();
    if (this.reading.value.state !== 'idle') this.again();
  }

  async #count() {
    const signal = this.#life?.signal;
    if (!signal) return;
    try {
      const page = await this.#parts.api.get(`${REQUESTS}?page_size=${PAGE}`, { signal });
      if (signal.aborted) return;
      this.incomingMore = page.next !== null;
      const rows = /** @type {{id: number, user_id: number}[]} */ (page.results);
      this.incoming.set(new Map(rows.map((row) => [row.id, row.user_id])));
    } catch {
      // A number in the corner: it comes with the next frame or the next connection.
    }
  }

  /** Reads the first friends, unless that was done. */
  need() {
    if (this.reading.value.state === 'idle' || this.reading.value.state === 'failed') this.again();
  }

  /** Reads the next ones. */
  more() {
    if (this.reading.value.state !== 'ready' || !this.reading.value.more) return;
    if (this.#next) this.#read(this.#next, false);
  }

  /** Reads from the beginning; what is shown stays until then. @returns {Promise<void>} */
  again() {
    return this.#read(`${FRIENDS}?page_size=${PAGE}`, true);
  }

  /** @param {string} first @param {boolean} whole it begins anew @returns {Promise<void>} */
  async #read(first, whole) {
    const signal = this.#life?.signal;
    if (!signal || this.reading.value.state === 'reading') return;
    const { more } = this.reading.value;
    this.reading.set({ state: 'reading', error: null, more });
    this.#removed.clear();
    if (whole) this.#moved = false;
    const nameless = this.#nameless();
    try {
      /** @type {Friend[]} */
      const rows = [];
      // Those who are online stand first: all of them, and as far as it was read before.
      const had = whole ? this.people.value.size : 0;
      /** @type {string|null} */
      let path = first;
      do {
        const page = await this.#parts.api.get(path, { signal });
        if (signal.aborted) return;
        rows.push(...page.results);
        path = page.next === null ? null : pathOf(page.next);
      } while (path && whole && (rows.at(-1)?.online || rows.length < had));
      this.#next = path;
      this.#keep(rows, whole, nameless);
      if (!path && this.#moved && !whole) {
        this.reading.set({ state: 'ready', error: null, more: false });
        return this.again();
      }
      this.reading.set({ state: 'ready', error: null, more: path !== null });
    } catch (error) {
      if (!signal.aborted) this.reading.set({ state: 'failed', error, more });
    }
  }

  /** @param {Friend[]} rows @param {boolean} whole @param {number[]} nameless when the reading began */
  #keep(rows, whole, nameless) {
    const known = this.people.value;
    const base = new Map(known);
    const read = new Set(rows.map(({ user_id: id }) => id));
    // Whoever is online stands first. Where all were read, nobody else is a friend.
    const gone = whole && !this.#next ? [...known.keys()] : whole ? nameless : [];
    for (const id of gone) if (!read.has(id)) base.delete(id);
    const live = this.online.value !== null;
    this.people.set(mergeRows(base, rows, { live, removed: this.#removed }));
  }

  /**
   * Asks somebody; whoever has asked me before is my friend then.
   *
   * @param {Person} person
   * @returns {Promise<{id: number|null, status: 'pending'|'accepted'|'friends'}>}
   */
  async ask(person) {
    const made = await this.#parts.api.post(REQUESTS, { user_id: person.user_id });
    if (made.status !== 'pending') this.#befriended(person);
    return made;
  }

  /** @param {number} request @param {Person} person */
  async accept(request, person) {
    await this.#parts.api.post(`${REQUESTS}${request}/accept/`);
    this.#befriended(person);
  }

  /** The live connection may have said so already, and knows more. @param {Person} person */
  #befriended({ user_id, profile_name, image }) {
    if (this.people.value.has(user_id) && ![...(this.incoming.value?.values() ?? [])].includes(user_id))
      return;
    const status = this.people.value.get(user_id)?.status ?? 'offline';
    this.take({ event: 'accepted', user_id, profile_name, image, status });
  }

  /** @param {number} request @param {Person} person */
  async decline(request, person) {
    await this.#parts.api.post(`${REQUESTS}${request}/decline/`);
    this.take({ event: 'withdrawn', user_id: person.user_id, request });
  }

  /** @param {number} request */
  cancel(request) {
    return this.#parts.api.delete(`${REQUESTS}${request}/`);
  }

  /** @param {number} user */
  async unfriend(user) {
    await this.#parts.api.delete(`${FRIENDS}${user}/`);
    this.take({ event: 'removed', user_id: user });
  }

  /** @param {number} user */
  async block(user) {
    await this.#parts.api.post(BLOCKS, { user_id: user });
    this.take({ event: 'removed', user_id: user });
    this.take({ event: 'blocked', user_id: user });
  }

  /** @param {number} user */
  async unblock(user) {
    await this.#parts.api.delete(`${BLOCKS}${user}/`);
    this.take({ event: 'unblocked', user_id: user });
  }

  /** What they write is not to be seen any more; they are not told. @param {number} user */
  async mute(user) {
    await this.#parts.api.post(MUTES, { user_id: user });
    this.take({ event: 'muted', user_id: user });
  }

  /** @param {number} user */
  async unmute(user) {
    await this.#parts.api.delete(`${MUTES}${user}/`);
    this.take({ event: 'unmuted', user_id: user });
  }
}
