import { SCORED, copy, newState, over, pause, resume, step } from './sim.js';

/**
 * A recorded match: any moment of it at once. It is played through in the beginning, and every second is kept. Pauses,
 * and the wait before the start, are left out: its own ticks are those in which the match went on. Pure.
 *
 * @typedef {import('./sim.js').State} State
 * @typedef {import('./sim.js').Recorded} Recorded
 *
 * @typedef {object} Key  all that is needed to play on from a tick
 * @property {State} state
 * @property {[number, number]} dirs
 * @property {number} change the next of its list
 * @property {number} pause
 * @property {number} happened
 *
 * @typedef {{tick: number, side: 0|1, score: [number, number]}} Point  tick: of the recording
 */

const EVERY = 60;

export class Recording {
  /** @type {Point[]} */
  points = [];
  /** How many ticks it has, without the pauses. */
  ticks = 0;
  /** @type {[number, number]} */
  score = [0, 0];
  #record;
  /** The match's tick of each of the recording's. */
  #ticks = [0];
  /** @type {Key[]} */
  #keys = [];
  /** @type {Key} */
  #at;

  /** @param {Recorded} record */
  constructor(record) {
    this.#record = record;
    this.#at = {
      state: newState(record.points, record.seed),
      dirs: [0, 0],
      change: 0,
      pause: 0,
      happened: 0,
    };
    this.#keys.push(keep(this.#at));
    while (this.#next()) {
      const { state, happened } = this.#at;
      if (!state.paused) this.#ticks.push(state.tick);
      if (state.tick % EVERY === 0) this.#keys.push(keep(this.#at));
      if (happened & SCORED) this.#count(state);
    }
    this.ticks = this.#ticks.length - 1;
    this.score = [...this.#at.state.score];
  }

  /** How many states are kept. */
  get kept() {
    return this.#keys.length;
  }

  /** @param {State} state */
  #count({ score }) {
    const before = this.points.at(-1)?.score ?? [0, 0];
    this.points.push({ tick: this.#ticks.length - 1, side: score[0] > before[0] ? 0 : 1, score: [...score] });
  }

  /** @returns {boolean} false: that was all */
  #next() {
    const at = this.#at;
    const { changes, pauses, ticks } = this.#record;
    if (at.state.tick >= ticks || over(at.state) !== null) return false;
    const tick = at.state.tick + 1;
    for (let each; (each = pauses[at.pause]) && (each[0] ?? 0) <= tick; at.pause += 1) {
      if (each[1]) pause(at.state);
      else resume(at.state);
    }
    for (let each; (each = changes[at.change]) && (each[0] ?? 0) <= tick; at.change += 1) {
      at.dirs[each[1] ? 1 : 0] = each[2] ?? 0;
    }
    at.happened = step(at.state, at.dirs);
    return true;
  }

  /**
   * @param {number} tick
   * @returns {{state: State, happened: number}} lent until the next call
   */
  at(tick) {
    const goal = this.#ticks[Math.max(0, Math.min(this.ticks, Math.floor(tick)))] ?? 0;
    const key = /** @type {Key} */ (this.#keys[Math.floor(goal / EVERY)]);
    const { state } = this.#at;
    if (goal < state.tick || key.state.tick > state.tick) this.#at = keep(key);
    while (this.#at.state.tick < goal && this.#next());
    return this.#at;
  }
}

/** @param {Key} key @returns {Key} */
function keep(key) {
  return { ...key, state: copy(key.state), dirs: [...key.dirs] };
}
