import { leaps } from './perception.js';
import { copy, half } from './sim.js';

/**
 * A recording that runs: where it is, how fast it goes, and what is seen of it between two ticks. Pure.
 *
 * @typedef {import('./recording.js').Recording} Recording
 * @typedef {import('./sim.js').State} State
 */

const TICK_MS = 1000 / 60;
/** A page that was hidden goes on where it was. */
const LONGEST_MS = 250;
/** Whoever goes back to a point wants to see how it came. */
const RUN_UP = 150;
/** So near a point counts as being at it. */
const NEAR = 60;

export class Player {
  playing = false;
  speed = 1;
  /** In ticks, with parts of them. */
  at = 0;
  #recording;
  #last = NaN;
  /** @type {{tick: number, a: State, b: State}|null} */
  #pair = null;

  /** @param {Recording} recording */
  constructor(recording) {
    this.#recording = recording;
  }

  get done() {
    return this.at >= this.#recording.ticks;
  }

  toggle() {
    if (!this.playing && this.done) this.at = 0;
    this.playing = !this.playing;
  }

  /** @param {number} tick */
  seek(tick) {
    this.at = Math.max(0, Math.min(this.#recording.ticks, tick));
  }

  /** @param {number} index of a point: to where its rally goes to its end */
  toPoint(index) {
    const point = this.#recording.points[index];
    if (!point) return;
    const before = this.#recording.points[index - 1]?.tick ?? 0;
    this.seek(Math.max(before, point.tick - RUN_UP));
  }

  /** @param {1|-1} by to the next point, or to the one before */
  skip(by) {
    const { points } = this.#recording;
    const next =
      by > 0
        ? points.findIndex(({ tick }) => tick > this.at + RUN_UP + NEAR)
        : points.findLastIndex(({ tick }) => tick < this.at);
    if (next >= 0) this.toPoint(next);
    else this.seek(by > 0 ? this.#recording.ticks : 0);
  }

  /** @param {number} now milliseconds @returns {boolean} whether it has just come to its end */
  run(now) {
    const passed = Math.min(Math.max(0, now - this.#last), LONGEST_MS);
    this.#last = now;
    if (!this.playing || Number.isNaN(passed)) return false;
    this.seek(this.at + (passed / TICK_MS) * this.speed);
    if (!this.done) return false;
    this.playing = false;
    return true;
  }

  /** What is seen now. */
  view() {
    const { a, b } = this.#states(Math.floor(this.at));
    const part = leaps(a, b) ? 0 : this.at - Math.floor(this.at);
    /** @param {number} from @param {number} to */
    const between = (from, to) => from + (to - from) * part;
    return {
      x: between(a.x, b.x),
      y: between(a.y, b.y),
      vx: a.vx,
      vy: a.vy,
      paddles: /** @type {[number, number]} */ ([
        between(a.paddles[0], b.paddles[0]),
        between(a.paddles[1], b.paddles[1]),
      ]),
      half: half(a.hits),
      score: /** @type {[number, number]} */ ([a.score[0], a.score[1]]),
      hits: a.hits,
      hold: a.hold,
      gone: a.gone > 0,
      paused: a.paused,
    };
  }

  /** @param {number} tick */
  #states(tick) {
    if (this.#pair?.tick !== tick) {
      const a = copy(this.#recording.at(tick).state);
      this.#pair = { tick, a, b: copy(this.#recording.at(tick + 1).state) };
    }
    return this.#pair;
  }
}
