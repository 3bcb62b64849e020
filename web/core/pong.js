import { wait } from './backoff.js';
import {
  NOTHING,
  applyPong,
  callOf,
  newsOf,
  standOf,
  withInvitation,
  withQueue,
  withReady,
  withoutCall,
} from './pong-state.js';
import { Problem } from './problem.js';
import { Store } from './store.js';

/**
 * What waits for a person in Pong. One for the whole tab, because a match may be found, and an invitation may come,
 * whatever page is open.
 *
 * @typedef {import('./pong-types.js').Match} Match
 * @typedef {import('./pong-types.js').Queue} Queue
 * @typedef {import('./pong-types.js').Points} Points
 * @typedef {import('./pong-types.js').Difficulty} Difficulty
 * @typedef {import('./pong-state.js').Stand} Stand
 * @typedef {import('./pong-state.js').News} News
 */

const PONG = '/api/pong/';
const QUEUE = `${PONG}queue/`;
const MATCHES = `${PONG}matches/`;
/** Who waits says so that often; the server forgets them after three times as long. */
const BEAT_MS = 5_000;
/** A tab that slept for so long lets go: nobody sits before it. */
const SLEPT_MS = 30_000;
/** Several events may come at once: what they don't say is read once. */
const PAUSE_MS = 200;

export class Pong {
  /** @type {Store<Stand>} */
  stand = new Store(NOTHING);
  /** Whether that is all there is. @type {Store<'unread'|'ready'|'failed'>} */
  reading = new Store(/** @type {'unread'|'ready'|'failed'} */ ('unread'));
  #api;
  #live;
  #locks;
  #now;
  /** @type {Set<(news: News) => void>} */
  #listeners = new Set();
  /** Ends with the login. @type {AbortController|null} */
  #life = null;
  /** @type {number|null} */
  #person = null;
  /** Ends the signs of life of who waits. @type {AbortController|null} */
  #keeping = null;
  /** What was asked of the queue; the next goes out when that has come to something. @type {Promise<unknown>} */
  #last = Promise.resolve();
  /** Something happened while the lobby was being read. */
  #moved = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /**
   * @param {object} parts
   * @param {Pick<import('./api.js').Api, 'get'|'post'|'delete'>} parts.api
   * @param {Pick<import('./live.js').Live, 'subscribe'>} parts.live
   * @param {Pick<LockManager, 'request'>|null} [parts.locks] one tab of all says that the person still waits
   * @param {() => number} [parts.now]
   */
  constructor({ api, live, locks = null, now = Date.now }) {
    this.#api = api;
    this.#live = live;
    this.#locks = locks;
    this.#now = now;
  }

  /** @param {number|null} person who is signed in */
  use(person) {
    if (person === this.#person) return;
    this.#person = person;
    this.#life?.abort();
    clearTimeout(this.#timer);
    this.#rest();
    this.reading.set('unread');
    this.stand.set(NOTHING);
    this.#life = person === null ? null : new AbortController();
    if (!this.#life) return;
    this.#live.subscribe(
      'pong',
      { data: (frame) => this.#take(frame), resume: () => this.#soon() },
      this.#life.signal,
    );
    this.again();
  }

  /** @param {(news: News) => void} listener @param {AbortSignal} signal */
  listen(listener, signal) {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** @param {import('./pong-types.js').PongFrame} frame */
  #take(frame) {
    this.#moved = true;
    const before = this.stand.value;
    const after = applyPong(before, frame, this.#person);
    // A greeting brings what was there; only whoever was looking hears of it as news.
    const heard = frame.event !== undefined || before.queue.waiting;
    this.#become(after, heard ? newsOf(before, after, frame) : []);
    // An event is short: what it doesn't say, and what it changes elsewhere, is read.
    if (frame.event) this.#soon();
  }

  /** @param {Stand} stand @param {News[]} [news] */
  #become(stand, news = []) {
    this.stand.set(stand);
    if (stand.queue.waiting) this.#keep();
    else this.#rest();
    for (const each of news) for (const listener of [...this.#listeners]) listener(each);
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.again(), PAUSE_MS);
  }

  /** Reads all of it. @returns {Promise<void>} */
  async again() {
    const signal = this.#life?.signal;
    if (!signal) return;
    clearTimeout(this.#timer);
    this.#moved = false;
    try {
      const lobby = await this.#api.get(`${PONG}lobby/`, { signal });
      if (signal.aborted) return;
      // The answer may be older than what was told meanwhile.
      if (this.#moved) return this.#soon();
      const before = this.stand.value;
      const after = this.#sameSince(standOf(lobby, this.#person));
      // What was there before anybody looked is shown, and no news.
      const news = this.reading.value === 'unread' ? [] : newsOf(before, after);
      this.reading.set('ready');
      this.#become(after, news);
    } catch {
      // What is told from now on is shown all the same.
      if (!signal.aborted && this.reading.value === 'unread') this.reading.set('failed');
    }
  }

  /** Two clocks tell the time differently: a search that goes on keeps the beginning that it had. @param {Stand} stand */
  #sameSince(stand) {
    const { waiting, since } = this.stand.value.queue;
    const same = waiting && stand.queue.waiting && since !== null;
    return same ? { ...stand, queue: { ...stand.queue, since } } : stand;
  }

  // The queue

  /** @template T @param {() => Promise<T>} act @returns {Promise<T>} */
  #inTurn(act) {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Looks for somebody to play with. @param {Points} points */
  async join(points) {
    const before = this.stand.value;
    if (before.queue.waiting) return;
    this.#moved = true;
    const since = new Date(this.#now()).toISOString();
    this.stand.set({
      ...before,
      queue: { ...before.queue, waiting: true, since, points, window: null, match: null },
    });
    try {
      const queue = await this.#inTurn(() => this.#api.post(QUEUE, { points }));
      this.#queued(queue);
    } catch (error) {
      this.stand.set({ ...this.stand.value, queue: { ...before.queue, waiting: false } });
      throw error;
    }
  }

  /** Doesn't look any longer. */
  async leave() {
    const { queue } = this.stand.value;
    if (!queue.waiting) return;
    this.#moved = true;
    this.#rest();
    this.stand.set({ ...this.stand.value, queue: { ...queue, waiting: false, since: null } });
    try {
      await this.#inTurn(() => this.#api.delete(QUEUE));
    } catch (error) {
      this.#soon();
      throw error;
    }
  }

  /** @param {Queue} queue that the server answered with */
  #queued(queue) {
    const before = this.stand.value;
    // Left meanwhile.
    if (!before.queue.waiting) return;
    const after = this.#sameSince(withQueue(before, queue, this.#person));
    this.#become(after, newsOf(before, after));
  }

  #rest() {
    this.#keeping?.abort();
    this.#keeping = null;
  }

  #keep() {
    if (this.#keeping) return;
    const { signal } = (this.#keeping = new AbortController());
    const run = () => this.#beat(signal);
    if (!this.#locks) return void run();
    this.#locks.request('rally.pong.queue', { signal }, run).catch(() => {});
  }

  /** @param {AbortSignal} signal */
  async #beat(signal) {
    for (let beaten = this.#now(); ; beaten = this.#now()) {
      await wait(BEAT_MS, signal);
      if (signal.aborted) return;
      const { points } = this.stand.value.queue;
      if (this.#now() - beaten > SLEPT_MS) return this.#overslept();
      try {
        const queue = await this.#inTurn(async () =>
          signal.aborted ? null : this.#api.post(QUEUE, points === null ? {} : { points }),
        );
        if (signal.aborted || !queue) return;
        this.#moved = true;
        this.#queued(queue);
      } catch (error) {
        if (signal.aborted) return;
        const { status } = Problem.from(error);
        // Refused, not failed: another page of this person may have found a match.
        if (status >= 400 && status < 500 && status !== 429) return void this.again();
      }
    }
  }

  #overslept() {
    this.leave().catch(() => {});
    for (const listener of [...this.#listeners]) listener({ kind: 'dropped' });
  }

  // Matches

  /** @param {number} user @param {Points} points @returns {Promise<Match>} */
  async invite(user, points) {
    const match = await this.#api.post(MATCHES, { mode: 'invite', opponent: user, points });
    this.#moved = true;
    this.#become(
      match.state === 'invited'
        ? withInvitation(this.stand.value, 'outgoing', callOf(match, this.#person))
        : withReady(this.stand.value, callOf(match, this.#person)),
    );
    return match;
  }

  /** @param {{difficulty: Difficulty}|null} robot null: two people at this keyboard @param {Points} points @returns {Promise<Match>} */
  async start(robot, points) {
    const match = await this.#api.post(
      MATCHES,
      robot ? { mode: 'ai', ...robot, points } : { mode: 'local', points },
    );
    this.#moved = true;
    this.#become(withReady(this.stand.value, callOf(match, this.#person)));
    return match;
  }

  /** @param {number} id @returns {Promise<Match>} the one to go to */
  async accept(id) {
    const match = await this.#answer(id, 'accept');
    this.#become(withReady(this.stand.value, callOf(match, this.#person)));
    return match;
  }

  /** @param {number} id */
  decline(id) {
    return this.#answer(id, 'decline');
  }

  /** Takes an invitation back. @param {number} id */
  cancel(id) {
    return this.#answer(id, 'cancel');
  }

  /** @param {number} id @param {'accept'|'decline'|'cancel'} how @returns {Promise<Match>} */
  async #answer(id, how) {
    const before = this.stand.value;
    this.#moved = true;
    // Gone at once; it comes back with the next reading if the server has it still.
    if (how !== 'accept') this.#become(withoutCall(before, id));
    try {
      return await this.#api.post(`${MATCHES}${id}/${how}/`);
    } catch (error) {
      this.#soon();
      throw error;
    }
  }
}
