import { copy, newState, over, step } from '../pong/sim.js';
import { OVER, PAUSED, PLAYING, WAITING } from '../pong/wire.js';

/**
 * A server and a network that run as fast as a test likes.
 *
 * @typedef {import('../pong/wire.js').Snapshot} Snapshot
 * @typedef {{seq: number, tick: number, dir: number}} Steering
 */

const REWIND = 12;

/** A chance that is the same in each run. @param {number} seed @returns {() => number} */
export function chance(seed) {
  let n = seed >>> 0 || 1;
  return () => {
    n ^= n << 13;
    n >>>= 0;
    n ^= n >>> 17;
    n ^= n << 5;
    n >>>= 0;
    return n / 2 ** 32;
  };
}

/** A match as the server plays it: late inputs are put where they belong, and the ticks since then played again. */
export class FakeMatch {
  #history;
  /** @type {[Steering[], Steering[]]} */
  #given = [[], []];
  #acks = [0, 0];
  #happened = 0;
  phase = PLAYING;
  epoch = 1;
  /** @type {[number|null, number|null]} */
  pings = [null, null];
  /** By how many ticks the latest inputs came too late to be put in their place. @type {number[]} */
  tooLate = [];
  late = 0;

  /** @param {{seed?: number, points?: number, hold?: number}} [how] */
  constructor({ seed = 7, points = 11, hold = 60 } = {}) {
    this.state = newState(points, seed);
    this.state.hold = hold;
    this.#history = [copy(this.state)];
  }

  /** @param {number} side @param {number} tick */
  #dir(side, tick) {
    return this.#given[side]?.findLast((each) => each.tick <= tick)?.dir ?? 0;
  }

  /** @param {number} tick */
  #dirs(tick) {
    return /** @type {[number, number]} */ ([this.#dir(0, tick), this.#dir(1, tick)]);
  }

  step() {
    if (this.phase === WAITING || this.phase === OVER) return 0;
    const happened = step(this.state, this.#dirs(this.state.tick + 1));
    this.#history.push(copy(this.state));
    if (this.#history.length > REWIND + 1) this.#history.shift();
    this.#happened |= happened;
    if (over(this.state) !== null) this.phase = OVER;
    return happened;
  }

  /** The match's clock goes on before it begins. */
  skip() {
    this.#history = [copy(this.state)];
  }

  /** @param {boolean} on */
  pause(on) {
    this.phase = on ? PAUSED : PLAYING;
    this.state.paused = on;
    if (!on) this.state.hold = Math.max(this.state.hold, 120);
    this.#history = [copy(this.state)];
  }

  /** @param {number} side @param {Steering} input */
  input(side, { seq, tick, dir }) {
    const given = this.#given[side];
    if (!given || seq <= (this.#acks[side] ?? 0)) return;
    this.#acks[side] = seq;
    if (this.phase === WAITING || this.phase === OVER) return;
    const now = this.state.tick;
    const from = Math.max(tick, now - REWIND + 1, (this.#history[0]?.tick ?? now) + 1);
    if (tick <= now) this.late += 1;
    if (from > tick) this.tooLate.push(from - tick);
    while ((given.at(-1)?.tick ?? -1) > from) given.pop();
    given.push({ seq, tick: from, dir });
    if (from > now) return;
    this.#history = this.#history.filter((state) => state.tick < from);
    this.state = copy(/** @type {any} */ (this.#history.at(-1)));
    while (this.state.tick < now) {
      step(this.state, this.#dirs(this.state.tick + 1));
      this.#history.push(copy(this.state));
    }
  }

  /** @returns {Snapshot} */
  snapshot() {
    const happened = this.#happened;
    this.#happened = 0;
    return {
      type: 'snapshot',
      phase: this.phase,
      here: [true, true],
      ready: [true, true],
      void: false,
      happened,
      state: copy(this.state),
      dirs: this.#dirs(this.state.tick),
      acks: /** @type {[number, number]} */ ([...this.#acks]),
      pings: [...this.pings],
      watchers: 0,
      wait: 0,
      epoch: this.epoch,
    };
  }
}

/**
 * One direction of a connection: what is sent later never comes earlier, and what is lost is sent again while all
 * that follows waits.
 */
export class FakeWay {
  #last = 0;
  /** @type {{at: number, message: any}[]} */
  #queue = [];
  #how;

  /** @param {{delay: number, jitter: number, loss: number, again: number, random: () => number}} how milliseconds */
  constructor(how) {
    this.#how = how;
  }

  /** @param {number} now @param {any} message */
  send(now, message) {
    const { delay, jitter, loss, again, random } = this.#how;
    const takes = delay + jitter * random() + (random() < loss ? again : 0);
    this.#last = Math.max(this.#last, now + takes);
    this.#queue.push({ at: this.#last, message });
  }

  /** @param {number} now @returns {Generator<{at: number, message: any}>} */
  *arrivals(now) {
    for (let first; (first = this.#queue[0]) && first.at <= now;) {
      this.#queue.shift();
      yield first;
    }
  }
}

/** @param {import('../pong/wire.js').Snapshot} snapshot @returns {ArrayBuffer} */
export function encodeSnapshot({
  phase,
  here,
  ready,
  void: gone,
  happened,
  state,
  dirs,
  acks,
  pings,
  watchers,
  wait,
  epoch,
}) {
  const view = new DataView(new ArrayBuffer(64));
  const flags = [here[0], here[1], ready[0], ready[1], state.paused, state.server === 1, gone];
  view.setUint8(0, 1);
  view.setUint8(1, phase);
  view.setUint8(
    2,
    flags.reduce((sum, flag, bit) => sum | (flag ? 1 << bit : 0), 0),
  );
  view.setUint8(3, happened);
  view.setUint32(4, state.tick, true);
  [state.x, state.y, state.vx, state.vy, ...state.paddles].forEach((n, i) =>
    view.setInt32(8 + 4 * i, n, true),
  );
  view.setUint8(32, state.score[0]);
  view.setUint8(33, state.score[1]);
  view.setInt8(34, dirs[0]);
  view.setInt8(35, dirs[1]);
  view.setUint32(36, acks[0], true);
  view.setUint32(40, acks[1], true);
  view.setUint16(44, pings[0] ?? 0xffff, true);
  view.setUint16(46, pings[1] ?? 0xffff, true);
  view.setUint16(48, state.hits, true);
  view.setUint16(50, state.hold, true);
  view.setUint8(52, state.gone);
  view.setUint8(53, state.points);
  view.setUint16(54, watchers, true);
  view.setUint32(56, state.noise, true);
  view.setUint16(60, wait, true);
  view.setUint16(62, epoch, true);
  return view.buffer;
}

/** @param {{role: number, mode: number, tick: number, seed: number, epoch: number, points: number}} welcome */
export function encodeWelcome({ role, mode, tick, seed, epoch, points }) {
  const view = new DataView(new ArrayBuffer(16));
  [2, role, 1, mode].forEach((n, i) => view.setUint8(i, n));
  view.setUint32(4, tick, true);
  view.setUint32(8, seed, true);
  view.setUint16(12, epoch, true);
  view.setUint8(14, points);
  return view.buffer;
}

/** @param {{state: number, winner: number, reason: number, score: [number, number]}} ended */
export function encodeEnded({ state, winner, reason, score }) {
  const bytes = new Uint8Array(16);
  bytes.set([3, state, winner, reason, ...score]);
  return bytes.buffer;
}
