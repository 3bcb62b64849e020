/**
 * Which tick it is. Snapshots come late by what the network takes, some by more: the one that took the least tells
 * best, so the clock goes by the best of the last seconds, and forgets it after that, since no two quartz clocks agree.
 * Times are milliseconds of a clock that never jumps; all answers are in ticks. Pure.
 *
 * @typedef {object} Times
 * @property {number} own  where this client is: far enough ahead that what it says arrives in time
 * @property {number} seen  what a snapshot says that comes right now, without delay
 * @property {number} past  what may be shown of others: nothing that comes later changes it, as a rule
 */

export const TICK_MS = 1000 / 60;

const WINDOW_MS = 6_000;
/** Further off than that nothing is smoothed over. */
const JUMP_TICKS = 20;
/** How fast a hand runs at most to make up for an error: a tenth faster or slower. */
const SLEW = 0.1;
const EAGERNESS = 0.05;

/** Before anything was measured. */
const FIRST_RTT_MS = 60;
const PING_EVERY_MS = 200;
const PINGS = 15;
const DELAYS = 90;
const LONGEST_LEAD = 90;
const LEAST_MARGIN = 1;
const MOST_MARGIN = 4;

/** A tenth of a second, and no more than a quarter. */
const LEAST_PAST = 6;
const MOST_PAST = 15;
/** Snapshots are two ticks apart, and a tick is in the making. */
const SPACING = 3;

const STALL_MS = 250;

/** A hand of the clock: it goes on evenly while its goal jitters. */
class Hand {
  #value = NaN;
  #at = 0;

  reset() {
    this.#value = NaN;
  }

  /** @param {number} goal @param {number} now @returns {number} */
  read(goal, now) {
    const passed = Math.max(0, (now - this.#at) / TICK_MS);
    const error = goal - this.#value - passed;
    this.#at = Math.max(this.#at, now);
    if (!(Math.abs(error) <= JUMP_TICKS)) this.#value = goal;
    else {
      const most = SLEW * passed;
      this.#value += passed + Math.max(-most, Math.min(most, error * Math.min(1, EAGERNESS * passed)));
    }
    return this.#value;
  }
}

export class Clock {
  /** Best first: each is better than all that came after it. @type {{at: number, offset: number}[]} */
  #best = [];
  /** By how many ticks the last snapshots came later than the best. @type {number[]} */
  #delays = [];
  /** @type {number[]} */
  #pings = [];
  #pinged = -Infinity;
  /** @type {number[]} */
  #arrivals = [];
  #own = new Hand();
  #past = new Hand();
  /** Ticks that snapshots come late by, but for the worst twentieth. */
  jitter = 0;
  /** How often nothing came for a quarter of a second. */
  stalls = 0;

  /** Another connection: nothing that was measured holds. */
  reset() {
    this.#best = [];
    this.#pings = [];
    this.#pinged = -Infinity;
    this.#own.reset();
    this.#past.reset();
    this.resync();
  }

  /** This page was not looked at, or stood still: what came meanwhile says nothing about the network. */
  resync() {
    this.#delays = [];
    this.#arrivals = [];
    this.jitter = 0;
  }

  get running() {
    return this.#best.length > 0;
  }

  /** @param {number} tick of a snapshot @param {number} now */
  arrive(tick, now) {
    const last = this.#arrivals.at(-1);
    if (last !== undefined && now - last > STALL_MS) this.stalls += 1;
    this.#arrivals.push(now);
    while (now - (this.#arrivals[0] ?? now) > 1_000) this.#arrivals.shift();
    const offset = tick - now / TICK_MS;
    while ((this.#best.at(-1)?.offset ?? Infinity) <= offset) this.#best.pop();
    this.#best.push({ at: now, offset });
    while (now - (this.#best[0]?.at ?? now) > WINDOW_MS) this.#best.shift();
    this.#delays.push((this.#best[0]?.offset ?? offset) - offset);
    if (this.#delays.length > DELAYS) this.#delays.shift();
    this.jitter = quantile(this.#delays, 0.95);
  }

  /** @param {number|null} ms there and back, as the server measured it @param {number} now */
  ping(ms, now) {
    if (ms === null || now - this.#pinged < PING_EVERY_MS) return;
    this.#pinged = now;
    this.#pings.push(ms);
    if (this.#pings.length > PINGS) this.#pings.shift();
  }

  /** Milliseconds there and back, without what is chance. */
  get rtt() {
    return this.#pings.length > 0 ? quantile(this.#pings, 0.25) : FIRST_RTT_MS;
  }

  /** Snapshots in the last second. */
  get rate() {
    return this.#arrivals.length;
  }

  /** By how much this client runs ahead of what it sees. */
  get lead() {
    const margin = Math.min(LEAST_MARGIN + this.jitter, MOST_MARGIN);
    return Math.min(this.rtt / TICK_MS + margin, LONGEST_LEAD);
  }

  /** By how much others are shown later than they are seen. */
  get delay() {
    return Math.max(LEAST_PAST, Math.min(SPACING + this.jitter, MOST_PAST));
  }

  /** @param {number} now @returns {Times} */
  read(now) {
    const seen = now / TICK_MS + (this.#best[0]?.offset ?? 0);
    return {
      seen,
      own: this.#own.read(seen + this.lead, now),
      past: this.#past.read(seen - this.delay, now),
    };
  }
}

/** @param {readonly number[]} values @param {number} q @returns {number} 0 of nothing */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}
