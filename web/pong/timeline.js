import { Ease, Measure } from './measure.js';
import { BallTime, leaps, nearness } from './perception.js';
import { copy, half, step } from './sim.js';
import { PAUSED, PLAYING, sidesOf } from './wire.js';

/**
 * What is shown, made of what the server has said and what this client has done since. My own paddle is played ahead
 * by the rules of the game; my opponent's is shown as it was a tenth of a second ago; the ball is in between, see
 * perception.js. Who only watches sees all of it as it was. Pure: the times come from outside.
 *
 * @typedef {import('./sim.js').State} State
 * @typedef {import('./sim.js').Side} Side
 * @typedef {import('./wire.js').Snapshot} Snapshot
 * @typedef {import('./clock.js').Times} Times
 *
 * @typedef {{state: State, happened: number}} Known  a tick
 * @typedef {{seq: number, tick: number, dir: number, at: number}} Steering  at: milliseconds
 * @typedef {{paddles: number[], ball: {x: number, y: number}}} Places
 *
 * @typedef {object} View
 * @property {number} phase
 * @property {number} x of the ball
 * @property {number} y
 * @property {number} vx
 * @property {number} vy
 * @property {[number, number]} paddles
 * @property {number} half of the length of the paddles
 * @property {[number, number]} score
 * @property {number} hits
 * @property {number} hold
 * @property {boolean} gone the ball has left, and the point is on its way
 * @property {boolean} paused
 * @property {number} happened since the picture before
 * @property {number} time of the ball
 */

/** @type {readonly Side[]} */
const SIDES = [0, 1];
/** How late an input may come and still be put where it belongs. */
export const REWIND = 12;
/** So long an opponent is thought to go on as they did. */
const GUESSED = 6;
const KEPT_TICKS = 240;
/** A larger gap is not filled with what may have been. */
const LONGEST_GAP = 30;
/** Snapshots are two ticks apart. */
const SPACING = 2;
/** No client is further ahead than that. */
const LONGEST_AHEAD = 180;
const MOST_EASED_PADDLE = 12_000;
const MOST_EASED_BALL = 16_000;
/** The opponent's time goes faster or slower by so much, to be where the ball's is. */
const OTHERS_SLEW = 0.5;

export class Timeline {
  /** @type {Side[]} */
  mine = [];
  /** The last word of the server. @type {Snapshot|null} */
  newest = null;
  /** Snapshots that were not built on. */
  passedOver = 0;
  taken = 0;
  /** @type {Map<number, Known>} */
  #past = new Map();
  /** On which everything later is built. @type {Snapshot|null} */
  #base = null;
  /** The ticks after the base. @type {Known[]} */
  #ahead = [];
  /** @type {[Steering[], Steering[]]} */
  #inputs = [[], []];
  /** @type {[number, number]} */
  #seqs = [0, 0];
  #ballTime = new BallTime();
  #others = NaN;
  /** The times of the picture that is on the screen. */
  #shown = { own: NaN, others: NaN, ball: NaN, at: NaN };
  #told = NaN;
  #ease = {
    paddles: [new Ease(MOST_EASED_PADDLE), new Ease(MOST_EASED_PADDLE)],
    x: new Ease(MOST_EASED_BALL),
    y: new Ease(MOST_EASED_BALL),
  };
  #ownErrors = new Measure();
  #ballErrors = new Measure();

  /** @param {import('./wire.js').Role} role another connection, or another run of the match */
  reset(role) {
    this.mine = sidesOf(role);
    this.newest = null;
    this.#past.clear();
    this.#base = null;
    this.#ahead = [];
    this.#inputs = [[], []];
    this.#seqs = [0, 0];
    this.#ballTime.reset();
    this.#others = NaN;
    this.#shown = { own: NaN, others: NaN, ball: NaN, at: NaN };
    this.#told = NaN;
    for (const ease of [...this.#ease.paddles, this.#ease.x, this.#ease.y]) ease.reset();
  }

  /** What was shown and had to be put right: my own paddle, and the ball in my half. */
  get corrections() {
    return { own: this.#ownErrors.distances, ball: this.#ballErrors.distances };
  }

  // What this client does

  /** @param {Side} side @returns {Steering|undefined} */
  last(side) {
    return this.#inputs[side].at(-1);
  }

  /**
   * @param {Side} side
   * @param {number} dir
   * @param {number} tick that it counts from
   * @param {number} at milliseconds
   * @returns {Steering|null} to be sent; null before the server has said anything
   */
  steer(side, dir, tick, at) {
    if (!this.newest) return null;
    const last = this.last(side);
    const seq = ++this.#seqs[side];
    const input = { seq, dir, tick: Math.max(tick, last?.tick ?? 0), at };
    this.#inputs[side].push(input);
    if (dir !== (last?.dir ?? 0) && this.#base) {
      this.#ahead.length = Math.min(this.#ahead.length, Math.max(0, input.tick - this.#base.state.tick - 1));
    }
    return input;
  }

  /** @param {Side} side @param {number} tick @returns {number} where a paddle is, or will be */
  place(side, tick) {
    return this.#at(tick)?.state.paddles[side] ?? 0;
  }

  // What the server says

  /** @param {Snapshot} snapshot */
  take(snapshot) {
    const { state } = snapshot;
    const last = this.newest;
    if (last && state.tick < last.state.tick) return;
    const before = this.#positions();
    for (const side of this.mine) {
      this.#seqs[side] = Math.max(this.#seqs[side], snapshot.acks[side]);
    }
    this.#remember(snapshot, last);
    this.newest = snapshot;
    this.taken += 1;
    if (this.#settled(snapshot)) this.#build(snapshot);
    else this.passedOver += 1;
    if (before) this.#compare(before);
  }

  /**
   * Writes down a tick, and those since the one before as they must have been.
   *
   * @param {Snapshot} snapshot
   * @param {Snapshot|null} last
   */
  #remember({ state, happened, phase }, last) {
    let told = 0;
    const gap = last ? state.tick - last.state.tick : 0;
    if (last && runs(last.phase) && runs(phase) && gap > 1 && gap <= LONGEST_GAP) {
      const between = copy(last.state);
      while (between.tick < state.tick - 1) {
        const { tick } = between;
        const next = tick + 1;
        const happens = step(between, [this.#direction(0, next, last), this.#direction(1, next, last)]);
        if (between.tick === tick) break;
        told |= happens;
        const filled = copy(between);
        // When others turned is not known: evenly, then.
        const part = (filled.tick - last.state.tick) / gap;
        for (const side of SIDES.filter((each) => !this.mine.includes(each))) {
          const from = last.state.paddles[side];
          filled.paddles[side] = from + (state.paddles[side] - from) * part;
        }
        this.#past.set(filled.tick, { state: filled, happened: happens });
      }
    }
    const same = this.#past.get(state.tick);
    this.#past.set(state.tick, { state, happened: (happened & ~told) | (same?.happened ?? 0) });
    for (const tick of this.#past.keys()) {
      if (tick >= state.tick - KEPT_TICKS) break;
      this.#past.delete(tick);
    }
  }

  /** Nothing that I did before can change it any more. @param {Snapshot} snapshot */
  #settled({ state, acks, phase }) {
    if (!runs(phase)) return true;
    return this.mine.every((side) =>
      this.#inputs[side].every(
        ({ seq, tick }) => seq <= acks[side] || tick > state.tick || state.tick - tick >= REWIND,
      ),
    );
  }

  /** @param {Snapshot} snapshot */
  #build(snapshot) {
    this.#base = snapshot;
    this.#ahead = [];
    for (const side of this.mine) {
      const inputs = this.#inputs[side];
      // The last of those before the base still counts.
      const first = inputs.findLastIndex(({ tick }) => tick <= snapshot.state.tick);
      if (first > 0) inputs.splice(0, first);
    }
  }

  // What is known of a tick

  /** @param {Side} side @param {number} tick @param {Snapshot} base */
  #direction(side, tick, base) {
    if (!this.mine.includes(side)) return tick - base.state.tick <= GUESSED ? base.dirs[side] : 0;
    const input = this.#inputs[side].findLast((given) => given.tick <= tick);
    // What was taken is in the base, as the server has put it.
    const inBase = !input || (input.seq <= base.acks[side] && input.tick <= base.state.tick);
    return inBase ? base.dirs[side] : input.dir;
  }

  /** @param {number} tick @returns {Known|null} played ahead where the server has not spoken yet */
  #at(tick) {
    const base = this.#base;
    if (!base) return null;
    if (tick <= base.state.tick) return this.#before(tick);
    if (!runs(base.phase)) return { state: base.state, happened: 0 };
    const goal = Math.min(tick - base.state.tick, LONGEST_AHEAD);
    while (this.#ahead.length < goal) this.#playOn(base);
    return this.#ahead[goal - 1] ?? null;
  }

  /** @param {Snapshot} base */
  #playOn(base) {
    const state = copy(this.#ahead.at(-1)?.state ?? base.state);
    const tick = state.tick + 1;
    const happened = step(state, [this.#direction(0, tick, base), this.#direction(1, tick, base)]);
    for (const side of SIDES) {
      // A snapshot that was passed over is right about my opponent.
      const told = this.mine.includes(side) ? undefined : this.#past.get(tick);
      if (told) state.paddles[side] = told.state.paddles[side];
    }
    this.#ahead.push({ state, happened });
  }

  /** @param {number} tick @returns {Known|null} as the server has told it */
  #before(tick) {
    const known = this.#past.get(tick);
    if (known) return known;
    /** @type {Known|null} */
    let best = null;
    for (const [at, each] of this.#past) {
      if (at > tick) return best ?? { state: each.state, happened: 0 };
      best = { state: each.state, happened: 0 };
    }
    return best;
  }

  /** @param {Side} side @param {number} time */
  #paddle(side, time) {
    const tick = Math.floor(time);
    const told = !this.mine.includes(side) && tick < (this.newest?.state.tick ?? 0);
    const a = (told ? this.#before(tick) : this.#at(tick))?.state.paddles[side] ?? 0;
    const b = (told ? this.#before(tick + 1) : this.#at(tick + 1))?.state.paddles[side] ?? a;
    return a + (b - a) * (time - tick);
  }

  /** @param {number} time */
  #ball(time) {
    const tick = Math.floor(time);
    const a = this.#at(tick)?.state;
    const b = this.#at(tick + 1)?.state;
    if (!a) return { x: 0, y: 0 };
    if (!b || leaps(a, b)) return { x: a.x, y: a.y };
    const part = time - tick;
    return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
  }

  /** @returns {Places|null} at the times of the picture that is on the screen */
  #positions() {
    const { own, others, ball } = this.#shown;
    if (Number.isNaN(own) || !this.#base) return null;
    return {
      paddles: SIDES.map((side) => this.#paddle(side, this.mine.includes(side) ? own : others)),
      ball: this.#ball(ball),
    };
  }

  /**
   * What is on the screen is not what should be: how far off it is, and how that is hidden.
   *
   * @param {Places} before
   */
  #compare(before) {
    const after = this.#positions();
    if (!after) return;
    this.#ease.paddles.forEach((ease, side) => {
      const error = (before.paddles[side] ?? 0) - (after.paddles[side] ?? 0);
      ease.add(error);
      if (this.mine.includes(/** @type {Side} */ (side))) this.#ownErrors.add(Math.abs(error));
    });
    const x = before.ball.x - after.ball.x;
    const y = before.ball.y - after.ball.y;
    this.#ease.x.add(x);
    this.#ease.y.add(y);
    if (this.mine.some((side) => nearness(after.ball.x, side) > 0.5)) this.#ballErrors.add(Math.hypot(x, y));
  }

  // What is shown

  /**
   * @param {Times} times
   * @param {number} now milliseconds
   * @returns {View|null} null before the server has said anything
   */
  view(times, now) {
    const newest = this.newest;
    if (!newest || !this.#base) return null;
    // The step that is in the making could still be steered: the one before it is shown.
    const own = this.mine.length > 0 ? times.own - 1 : times.past;
    const { ball, others } = this.#when(own, times);
    const passed = now - this.#shown.at;
    this.#shown = { own, others, ball, at: now };
    const { paddles, x, y } = this.#ease;
    for (const ease of [...paddles, x, y]) ease.fade(Number.isNaN(passed) ? 0 : passed);
    const at = this.#at(Math.floor(ball))?.state ?? newest.state;
    const place = this.#ball(ball);
    // What the server has not said about the score is not said here.
    const score = this.#before(Math.min(Math.floor(ball), newest.state.tick))?.state.score ?? at.score;
    return {
      phase: newest.phase,
      x: place.x + x.value,
      y: place.y + y.value,
      vx: at.vx,
      vy: at.vy,
      paddles: [
        this.#paddle(0, this.mine.includes(0) ? own : others) + (paddles[0]?.value ?? 0),
        this.#paddle(1, this.mine.includes(1) ? own : others) + (paddles[1]?.value ?? 0),
      ],
      half: half(at.hits),
      score: [score[0], score[1]],
      hits: at.hits,
      hold: at.hold,
      gone: at.gone > 0,
      paused: at.paused,
      happened: this.#happened(ball),
      time: ball,
    };
  }

  /** @param {number} own @param {Times} times */
  #when(own, times) {
    if (this.mine.length === 0) return { ball: times.past, others: times.past };
    if (this.mine.length === 2) return { ball: own, others: own };
    const mine = /** @type {Side} */ (this.mine[0]);
    const { time, bent } = this.#ballTime.read({
      ball: (tick) => this.#at(tick)?.state ?? { x: 0, vx: 0 },
      mine,
      ahead: own,
      behind: times.past,
      told: times.seen - SPACING,
    });
    return { ball: time, others: this.#othersTime(own, own - bent, times.past) };
  }

  /**
   * A ball that is too fast to be bent by all of it meets a paddle that is not shown quite as late.
   *
   * @param {number} own
   * @param {number} wanted
   * @param {number} past
   */
  #othersTime(own, wanted, past) {
    const goal = Math.max(past, Math.min(wanted, this.newest?.state.tick ?? past));
    const passed = own - this.#shown.own;
    const least = this.#others + passed * (1 - OTHERS_SLEW);
    const most = this.#others + passed * (1 + OTHERS_SLEW);
    const near = passed >= 0 && Math.abs(goal - this.#others) < LONGEST_GAP;
    this.#others = near ? Math.max(least, Math.min(goal, most)) : goal;
    return this.#others;
  }

  /** @param {number} time @returns {number} what happened since the picture before */
  #happened(time) {
    const tick = Math.floor(time);
    let happened = 0;
    if (tick - this.#told <= LONGEST_GAP) {
      for (let each = this.#told + 1; each <= tick; each += 1) happened |= this.#at(each)?.happened ?? 0;
    }
    this.#told = Math.max(tick, Number.isNaN(this.#told) ? tick : this.#told);
    return happened;
  }
}

/** @param {number} phase @returns {boolean} the court's time goes on */
function runs(phase) {
  return phase === PLAYING || phase === PAUSED;
}
