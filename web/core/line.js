import { Personal, isPersonal } from './personal.js';
import { Wire } from './wire.js';

/**
 * The live connection of a browser: one websocket for all of its tabs. It runs in a shared worker, or in the page
 * where there is none, and talks to tabs by messages.
 *
 * From a tab, any of: `hello` (begins, or begins anew), `who`, `sub`, `unsub`, `idle`, `here` (use this device),
 * `later` (go on without), `left` (the person signs out), `hurry`, `fresh` (done), `pong`, `bye`.
 * To a tab: `ready`, `state`, `seat`, `t` with `d` (a frame), `resume`, `fresh` (renew the login if it is due),
 * `check` (does the login stand?), `lost`, `ping`, `gone` (was taken for dead: begin anew).
 *
 * @typedef {'idle'|'connecting'|'open'|'waiting'|'shut'} LiveState shut: it doesn't come back by itself
 *
 * Who is signed in in this browser, since which change of that: the newest tab is right.
 * @typedef {{user: number|null, since: number}} Who
 *
 * Where this person is connected. `ended`: the server has ended the session. `later`: they know, and go on.
 * @typedef {{state: 'here'|'elsewhere'|'ended', device: string, later: boolean}} Seat
 *
 * @typedef {object} Member
 * @property {(message: any) => void} post
 * @property {Set<string>} topics
 * @property {boolean} idle
 * @property {string|null} lock that it holds as long as it lives
 * @property {number} heard when it last said something
 */

/** @type {Seat} */
export const HERE = { state: 'here', device: '', later: false };

/** @returns {string} where the server listens */
export function lineUrl() {
  return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/ws`;
}

const ELSEWHERE = 4001;
const ENDED = 4002;
/** So long a tab may take to renew the login before a handshake. */
const FRESH_MS = 5_000;
/** The end of the connection may overtake the news that this browser has signed out. */
const GRACE_MS = 700;
/** Signing out takes no longer. */
const LEAVING_MS = 10_000;
/** The seat came free: whoever had it may only have reloaded the page, and comes back first. */
const FREE_MS = 2_500;
const PING_MS = 30_000;
const DEAD_MS = 90_000;
const REFUSED_MS = 5_000;
/** A frame has a size limit. */
const PORTION = 25;

export class Line {
  #now;
  #locks;
  #lock;
  #wire;
  /** @type {Set<Member>} */
  #members = new Set();
  /** @type {Who|null} */
  #who = null;
  /** @type {LiveState} */
  #state = 'idle';
  /** @type {Seat} */
  #seat = HERE;
  #personal = new Personal();
  /** The server takes subscriptions. */
  #ready = false;
  #opened = false;
  #idle = false;
  #wanted = false;
  #left = -Infinity;
  /** Topics that the server would not take for now. @type {Set<string>} */
  #refused = new Set();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #again;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #ending;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #free;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  #pings;
  /** @type {(() => void)|null} */
  #freshened = null;

  /**
   * @param {object} parts
   * @param {() => string} parts.url
   * @param {typeof WebSocket} parts.Socket
   * @param {{request(name: string, run: () => void): Promise<unknown>}|null} [parts.locks]
   * @param {string|null} [parts.lock] that is held as long as this line lives
   * @param {() => number} [parts.random]
   * @param {() => number} [parts.now]
   */
  constructor({ url, Socket, locks = null, lock = null, random = Math.random, now = Date.now }) {
    this.#now = now;
    this.#locks = locks;
    this.#lock = lock;
    this.#wire = new Wire({
      url,
      Socket,
      random,
      now,
      prepare: () => this.#prepare(),
      frame: (frame) => this.#frame(frame),
      closed: (code) => this.#closed(code),
      changed: (state) => this.#changed(state),
    });
  }

  /**
   * A tab.
   *
   * @param {(message: any) => void} post
   * @returns {(message: any) => void} what it says goes here
   */
  join(post) {
    /** @type {Member} */
    const member = { post, topics: new Set(), idle: false, lock: null, heard: this.#now() };
    return (message) => this.#receive(member, message);
  }

  /** @param {Member} member @param {any} message */
  #receive(member, message) {
    member.heard = this.#now();
    if (message.hello) this.#welcome(member, message.hello);
    if (!this.#members.has(member)) return;
    if (message.who) this.#identify(message.who);
    if (message.sub) this.#subscribe(member, message.sub);
    if (message.unsub) this.#unsubscribe(member, message.unsub);
    if (typeof message.idle === 'boolean') {
      member.idle = message.idle;
      this.#weighIdle();
    }
    if (message.left) this.#left = this.#now();
    if (message.here) this.#useHere();
    if (message.later) this.#setLater();
    if (message.hurry) this.#hurry(message.hurry === 'anew');
    if (message.fresh) this.#freshened?.();
    if (message.bye) this.#leave(member);
  }

  /** @param {Member} member @param {{lock: string|null, idle: boolean}} hello */
  #welcome(member, { lock, idle }) {
    member.idle = idle;
    member.topics.clear();
    member.lock = this.#locks && lock;
    this.#members.add(member);
    member.post({ ready: { lock: this.#lock }, state: this.#state, seat: this.#seat });
    // The lock comes free when the tab is gone, however it went.
    if (lock !== null) this.#locks?.request(lock, () => this.#died(member, lock)).catch(() => {});
    this.#pings ??= setInterval(() => this.#ping(), PING_MS);
    this.#weighIdle();
    // The other device may have left meanwhile: a new page is worth a new try.
    if (this.#seat.state === 'elsewhere' && this.#wire.state === 'idle') this.#wire.connect();
  }

  /** @param {Member} member */
  #leave(member) {
    if (!this.#members.delete(member)) return;
    for (const topic of member.topics) this.#unfollow(topic);
    if (this.#members.size > 0) return this.#weighIdle();
    clearInterval(this.#pings);
    this.#pings = undefined;
    clearTimeout(this.#ending);
    this.#ending = undefined;
    this.#seat = HERE;
    this.#stop();
  }

  /** @param {Member} member @param {string} lock that it held; a tab that came back holds another one */
  #died(member, lock) {
    if (member.lock === lock) this.#leave(member);
  }

  #ping() {
    const now = this.#now();
    for (const member of [...this.#members]) {
      if (member.lock !== null) continue;
      if (now - member.heard > DEAD_MS) {
        member.post({ gone: true });
        this.#leave(member);
      } else member.post({ ping: true });
    }
  }

  /** @param {any} message */
  #tell(message) {
    for (const member of [...this.#members]) member.post(message);
  }

  /** @param {LiveState} state */
  #setState(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#tell({ state });
  }

  /** @param {Seat} seat */
  #setSeat(seat) {
    this.#seat = seat;
    this.#tell({ seat });
  }

  // Who it is

  /** @param {Who} who */
  #identify(who) {
    const known = this.#who;
    if (known && (who.since < known.since || (who.since === known.since && who.user === known.user))) {
      if (!this.#ending && this.#seat.state !== 'ended') this.#want();
      return;
    }
    this.#who = who;
    if (!known) return this.#want();
    this.#personal = new Personal();
    this.#wanted = false;
    // Who was signed out from elsewhere is still to be told.
    if (who.user !== null || !(this.#ending || this.#seat.state === 'ended')) {
      clearTimeout(this.#ending);
      this.#ending = undefined;
      if (this.#seat !== HERE) this.#setSeat(HERE);
    }
    this.#stop();
    this.#want();
  }

  /** Connects when there is a reason to. */
  #want() {
    if (this.#reason && this.#state === 'idle') this.#wire.connect();
  }

  get #reason() {
    if (!this.#who || this.#members.size === 0) return false;
    return this.#who.user !== null || this.#topics().length > 0;
  }

  #stop() {
    this.#ready = false;
    clearTimeout(this.#free);
    this.#free = undefined;
    this.#wire.stop();
    this.#setState('idle');
  }

  /** A login that has run out would make a stranger's connection. */
  async #prepare() {
    if (this.#who?.user == null) return;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    let timer;
    await new Promise((resolve) => {
      this.#freshened = () => resolve(undefined);
      timer = setTimeout(resolve, FRESH_MS);
      this.#tell({ fresh: true });
    });
    clearTimeout(timer);
    this.#freshened = null;
  }

  // Topics

  /** @returns {string[]} that tabs follow, of those that the server wants to be asked for */
  #topics() {
    const all = [...this.#members].flatMap(({ topics }) => [...topics]);
    return [...new Set(all)].filter((topic) => !isPersonal(topic));
  }

  /** @param {string} topic */
  #followed(topic) {
    return [...this.#members].some(({ topics }) => topics.has(topic));
  }

  /** @param {Member} member @param {string[]} topics */
  #subscribe(member, topics) {
    for (const topic of topics) {
      member.topics.add(topic);
      const d = isPersonal(topic) ? this.#personal.whole(topic) : null;
      if (d) member.post({ t: topic, d });
    }
    // Asked for again, the server sends it whole again: that is what a tab needs that comes later.
    if (this.#ready) this.#send(topics.filter((topic) => !isPersonal(topic)));
    this.#want();
  }

  /** @param {Member} member @param {string[]} topics */
  #unsubscribe(member, topics) {
    for (const topic of topics) if (member.topics.delete(topic)) this.#unfollow(topic);
  }

  /** @param {string} topic */
  #unfollow(topic) {
    if (isPersonal(topic) || this.#followed(topic)) return;
    this.#refused.delete(topic);
    if (!this.#ready) return;
    this.#wire.send({ unsub: [topic] });
    this.#askAgain();
  }

  /** @param {string[]} topics */
  #send(topics) {
    for (let i = 0; i < topics.length; i += PORTION) this.#wire.send({ sub: topics.slice(i, i + PORTION) });
  }

  /** @param {{code?: string, topic?: string}} failure */
  #failed({ code, topic }) {
    if (!topic || !this.#followed(topic)) return;
    if (code !== 'ws.rate_limited' && code !== 'ws.too_many_topics') return;
    this.#refused.add(topic);
    if (code === 'ws.rate_limited') this.#again ??= setTimeout(() => this.#askAgain(), REFUSED_MS);
  }

  #askAgain() {
    clearTimeout(this.#again);
    this.#again = undefined;
    const topics = [...this.#refused];
    this.#refused.clear();
    if (this.#ready) this.#send(topics);
  }

  // The connection

  /** @param {import('./wire.js').WireState} state */
  #changed(state) {
    if (state !== 'open') this.#ready = false;
    if (state === 'connecting' || state === 'waiting') this.#setState(state);
    if (state === 'waiting') this.#tell({ lost: true });
  }

  /** @param {{t: string, d: any}} frame */
  #frame({ t, d }) {
    if (t === 'hello') return this.#hello(d);
    if (t === 'session') return this.#session(d);
    if (t === 'error') return this.#failed(d ?? {});
    if (isPersonal(t)) this.#personal.apply(t, d);
    for (const member of [...this.#members]) if (member.topics.has(t)) member.post({ t, d });
  }

  /** @param {any} d */
  #hello(d) {
    const user = this.#who?.user ?? null;
    if (user === null) return this.#open();
    if (d?.user_id === user) return;
    // The server doesn't know them as this browser does: one of the tabs finds out.
    this.#wire.retry();
    this.#tell({ check: true });
  }

  /** @param {any} d */
  #session(d) {
    if (this.#who?.user == null) return;
    if (d?.state === 'here') {
      this.#wanted = false;
      if (this.#seat !== HERE) this.#setSeat(HERE);
      this.#open();
    } else if (d?.state === 'elsewhere') {
      this.#elsewhere(String(d.device ?? ''));
    } else if (d?.state === 'free') this.#free ??= setTimeout(() => this.#comeIn(), FREE_MS);
  }

  /** Asks again, rather than takes: the other device may be back. */
  #comeIn() {
    this.#free = undefined;
    if (this.#reason && this.#seat.state === 'elsewhere') this.#wire.restart();
  }

  /** @param {string} device */
  #elsewhere(device) {
    this.#ready = false;
    if (this.#wanted) return this.#wire.send({ takeover: true });
    const { state, later } = this.#seat;
    this.#setSeat({ state: 'elsewhere', device, later: state === 'elsewhere' && later });
    this.#setState('shut');
  }

  /** Everything that tabs wait for. */
  #open() {
    this.#ready = true;
    this.#refused.clear();
    this.#setState('open');
    this.#send(this.#topics());
    if (this.#who?.user != null) {
      const resume = this.#personal.begin();
      if (resume) this.#wire.send({ resume });
      this.#idle = false;
      this.#weighIdle();
    }
    const again = this.#opened;
    this.#opened = true;
    if (again) this.#tell({ resume: true });
  }

  #weighIdle() {
    const idle = this.#members.size > 0 && [...this.#members].every((member) => member.idle);
    if (!this.#ready || this.#who?.user == null || idle === this.#idle) return;
    this.#idle = idle;
    this.#wire.send({ idle });
  }

  /** @param {number} code @returns {boolean} whether to come back */
  #closed(code) {
    this.#ready = false;
    if (this.#who?.user == null || (code !== ELSEWHERE && code !== ENDED)) {
      if (this.#reason) return true;
      this.#setState('idle');
      return false;
    }
    this.#wanted = false;
    this.#setState('shut');
    if (code === ENDED) this.#ending ??= setTimeout(() => this.#end(), GRACE_MS);
    else if (this.#seat.state !== 'elsewhere')
      this.#setSeat({ state: 'elsewhere', device: '', later: false });
    return false;
  }

  /** The session has ended: by the person in this browser, or from elsewhere. */
  #end() {
    this.#ending = undefined;
    if (this.#now() - this.#left > LEAVING_MS) this.#setSeat({ state: 'ended', device: '', later: false });
    else this.#setState('idle');
    if (this.#who?.user != null) this.#tell({ check: true });
    else this.#want();
  }

  // What the person wants

  #useHere() {
    if (this.#who?.user == null) return;
    this.#wanted = true;
    if (this.#wire.state === 'open') this.#wire.send({ takeover: true });
    else this.#wire.connect();
  }

  #setLater() {
    if (this.#seat.state === 'here') return;
    const over = this.#seat.state === 'ended' && this.#who?.user == null;
    this.#setSeat(over ? HERE : { ...this.#seat, later: true });
  }

  /** @param {boolean} anew the network is another one: what hangs on the old one may be dead */
  #hurry(anew) {
    if (anew && this.#state === 'open') this.#wire.restart();
    else if (this.#wire.state === 'waiting') this.#wire.connect();
  }
}
