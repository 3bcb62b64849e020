import { HERE } from './line.js';
import { Store } from './store.js';

/**
 * The live connection as a tab sees it. Whose it is, and when it comes back, is the line's business, which serves
 * all tabs. After a break, and for whoever comes late, every topic is sent whole first.
 *
 * @typedef {import('./line.js').LiveState} LiveState
 * @typedef {import('./line.js').Seat} Seat
 * @typedef {import('./line.js').Who} Who
 * @typedef {import('./ports.js').Port} Port
 *
 * @typedef {object} Subscription
 * @property {(data: any) => void} data
 * @property {() => void} [resume] the connection was lost and is back: read again what topics don't carry
 */

/** A shared worker that says nothing for so long is none. */
const PATIENCE_MS = 10_000;

export class Live {
  /** @type {Store<LiveState>} */
  state = new Store(/** @type {LiveState} */ ('idle'));
  /** @type {Store<Seat>} */
  seat = new Store(/** @type {Seat} */ (HERE));
  #parts;
  /** @type {Map<string, Set<Subscription>>} */
  #topics = new Map();
  /** @type {Who|null} */
  #who = null;
  #idle = false;
  /** @type {Port|null} */
  #port = null;
  #shared = false;
  #joined = false;
  #turn = 0;
  /** Ends with each turn. */
  #vigil = new AbortController();
  /** @type {import('./ports.js').Hold|null} */
  #hold = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #patience;
  /** @type {Promise<unknown>|null} */
  #checking = null;
  /** @type {Seat} */
  #said = HERE;

  /**
   * @param {object} parts
   * @param {() => Port|null} parts.shared
   * @param {() => Port} parts.local where there is no shared worker
   * @param {() => Promise<import('./ports.js').Hold|null>} parts.hold shows the line that this tab lives
   * @param {(lock: string, signal: AbortSignal) => Promise<void>} [parts.died] resolved when the line is gone
   * @param {() => Promise<unknown>} [parts.fresh] renews the login if it is due
   * @param {() => Promise<unknown>} [parts.check] asks whether the login stands
   * @param {() => void} [parts.lost] the connection broke
   */
  constructor({
    shared,
    local,
    hold,
    died = () => new Promise(() => {}),
    fresh = async () => {},
    check = async () => {},
    lost = () => {},
  }) {
    this.#parts = { shared, local, hold, died, fresh, check, lost };
  }

  /**
   * @param {string} topic
   * @param {Subscription} subscription
   * @param {AbortSignal} [signal] ends the subscription
   * @returns {() => void} ends it, too
   */
  subscribe(topic, subscription, signal) {
    if (signal?.aborted) return () => {};
    let set = this.#topics.get(topic);
    const first = !set;
    if (!set) {
      set = new Set();
      this.#topics.set(topic, set);
    }
    set.add(subscription);
    this.#reach();
    if (first) this.#post({ sub: [topic] });
    const stop = () => this.#unsubscribe(topic, subscription);
    signal?.addEventListener('abort', stop, { once: true });
    return stop;
  }

  /** @param {string} topic @param {Subscription} subscription */
  #unsubscribe(topic, subscription) {
    const set = this.#topics.get(topic);
    if (!set?.delete(subscription) || set.size > 0) return;
    this.#topics.delete(topic);
    this.#post({ unsub: [topic] });
  }

  /**
   * Who is signed in. A connection keeps the identity that it was opened with.
   *
   * @param {Who} who
   */
  identify(who) {
    this.#who = who;
    if (who.user !== null) this.#reach();
    this.#post({ who });
  }

  /** @param {boolean} idle nobody has touched this tab for a while */
  setIdle(idle) {
    this.#idle = idle;
    this.#post({ idle });
  }

  /** The person wants to be connected here, wherever else they are. */
  useHere() {
    this.#post({ here: true });
  }

  /** They have read that they are connected elsewhere, and go on without. */
  later() {
    this.#post({ later: true });
  }

  /** They are about to sign out: that their session ends is no news. */
  leaving() {
    this.#post({ left: true });
  }

  /**
   * No reason to sit out the rest of a long delay.
   *
   * @param {{anew?: boolean}} [how] anew: the network is another one
   */
  hurry({ anew = false } = {}) {
    this.#post({ hurry: anew ? 'anew' : 'soon' });
  }

  /** The page is left, perhaps to be come back to. */
  suspend() {
    this.#post({ bye: true });
    this.#turn += 1;
    this.#release();
  }

  /** The page was come back to. */
  restore() {
    if (this.#port && !this.#joined) this.#return();
  }

  /** @param {any} message */
  #post(message) {
    if (this.#joined) this.#port?.post(message);
  }

  #reach() {
    if (this.#port) return;
    const shared = this.#parts.shared();
    if (!shared) return this.#attach(this.#parts.local(), false);
    this.#patience = setTimeout(() => this.#fallBack(shared), PATIENCE_MS);
    shared.onerror = () => this.#fallBack(shared);
    this.#attach(shared, true);
  }

  /** @param {Port} port that nobody answers at */
  #fallBack(port) {
    if (port !== this.#port || !this.#shared) return;
    clearTimeout(this.#patience);
    this.#post({ bye: true });
    port.onmessage = null;
    this.#attach(this.#parts.local(), false);
  }

  /** @param {Port} port @param {boolean} shared */
  #attach(port, shared) {
    this.#port = port;
    this.#shared = shared;
    port.onmessage = (message) => {
      if (port === this.#port) this.#receive(message);
    };
    this.#greet();
  }

  async #greet() {
    const turn = ++this.#turn;
    this.#release();
    // A line of this page's own needs no sign of life.
    const hold = this.#shared ? await this.#parts.hold() : null;
    if (turn !== this.#turn) return hold?.release();
    this.#hold = hold;
    this.#joined = true;
    this.#post({ hello: { lock: hold?.name ?? null, idle: this.#idle } });
    if (this.#topics.size > 0) this.#post({ sub: [...this.#topics.keys()] });
    if (this.#who) this.#post({ who: this.#who });
  }

  async #return() {
    await this.#greet();
    this.#resume();
  }

  #release() {
    this.#joined = false;
    this.#vigil.abort();
    this.#vigil = new AbortController();
    this.#hold?.release();
    this.#hold = null;
  }

  #resume() {
    for (const set of [...this.#topics.values()]) for (const { resume } of [...set]) resume?.();
  }

  /** @param {any} message */
  #receive(message) {
    if (message.ready) this.#welcome(message.ready.lock);
    if (message.state) this.state.set(message.state);
    if (message.seat) this.#seated(message.seat);
    if (message.t) for (const { data } of [...(this.#topics.get(message.t) ?? [])]) data(message.d);
    if (message.resume) this.#resume();
    if (message.fresh) {
      const done = () => this.#post({ fresh: true });
      this.#parts.fresh().then(done, done);
    }
    if (message.check) this.#check();
    if (message.lost) this.#parts.lost();
    if (message.ping) this.#post({ pong: true });
    if (message.gone) this.#return();
  }

  /** @param {string|null} lock */
  async #welcome(lock) {
    clearTimeout(this.#patience);
    if (!this.#shared || lock === null) return;
    const { signal } = this.#vigil;
    await this.#parts.died(lock, signal);
    if (signal.aborted) return;
    // It lived in a process that is gone.
    this.#port = null;
    this.#reach();
    this.#resume();
  }

  /** What to say of a session that has ended depends on whether the login stands. @param {Seat} seat */
  async #seated(seat) {
    this.#said = seat;
    if (seat.state === 'ended' && this.seat.value.state !== 'ended') await this.#check();
    if (seat === this.#said) this.seat.set(seat);
  }

  #check() {
    this.#checking ??= this.#parts
      .check()
      .catch(() => {})
      .finally(() => {
        this.#checking = null;
      });
    return this.#checking;
  }
}
