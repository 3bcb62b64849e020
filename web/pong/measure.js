import { quantile } from './clock.js';

/**
 * How wrong what was shown turned out to be: distances in the court's unit.
 *
 * @typedef {{count: number, mean: number, p95: number, max: number}} Distances
 */

const KEPT = 500;
/** Less than that is rounding: a sixth of a thousandth of the court. */
const LEAST = 25;

export class Measure {
  /** @type {number[]} */
  #last = [];
  #count = 0;
  #sum = 0;
  #max = 0;

  /** @param {number} distance */
  add(distance) {
    if (distance < LEAST) return;
    this.#count += 1;
    this.#sum += distance;
    this.#max = Math.max(this.#max, distance);
    this.#last.push(distance);
    if (this.#last.length > KEPT) this.#last.shift();
  }

  /** @returns {Distances} */
  get distances() {
    const { length } = this.#last;
    return {
      count: this.#count,
      mean: this.#count > 0 ? this.#sum / this.#count : 0,
      p95: length > 0 ? quantile(this.#last, 0.95) : 0,
      max: this.#max,
    };
  }
}

/** What is still off is shown for a moment longer, and less of it with each picture. */
const FADE_MS = 33;

/** An error that is taken back little by little. */
export class Ease {
  #most;
  #value = 0;

  /** @param {number} most what is more is not hidden */
  constructor(most) {
    this.#most = most;
  }

  get value() {
    return this.#value;
  }

  reset() {
    this.#value = 0;
  }

  /** @param {number} error */
  add(error) {
    const value = this.#value + error;
    this.#value = Math.abs(value) > this.#most ? 0 : value;
  }

  /** @param {number} ms that have passed */
  fade(ms) {
    this.#value *= Math.exp(-Math.max(0, ms) / FADE_MS);
    if (Math.abs(this.#value) < 1) this.#value = 0;
  }
}
