import { BALL_RADIUS, COURT_WIDTH, PADDLE_INSET, TOP_SPEED } from './sim.js';

/**
 * At which time the ball is shown. My paddle is shown ahead of the server, my opponent's behind it; a ball that both
 * can hit has to pass from one time to the other. So its time depends on where it is: at my paddle mine, at theirs
 * theirs. That is the local perception filter of P. M. Sharkey, M. D. Ryan and D. J. Roberts, VRAIS 1998. Pure.
 *
 * @typedef {object} Passing  the ball at a tick
 * @property {number} x
 * @property {number} vx
 */

const NEAR = PADDLE_INSET + BALL_RADIUS;
const WAY = COURT_WIDTH - 2 * NEAR;

/** A ball that comes has to make up for the difference: it is shown faster than it is, but not by more than this. */
const FAST = 2;
/** On a slow line more is the lesser evil: a ball at the opponent's that nobody knows of yet would be a guess. */
const FASTEST = 3;
/** After an error a little more is allowed, or it would stay. */
const CATCH_UP = 1.1;
/** Further off than that the time jumps. */
const LOST_TICKS = 90;

/** @param {number} x @param {number} mine my side @returns {number} 0 at the opponent's paddle, 1 at mine */
export function nearness(x, mine) {
  const part = Math.max(0, Math.min(1, (x - NEAR) / WAY));
  return mine === 0 ? 1 - part : part;
}

/** @param {number} speed across @param {number} faster than that it may be shown @returns {number} ticks */
const room = (speed, faster) => (WAY * (1 - 1 / faster)) / speed;

/**
 * By how much of the difference between both times a ball may be bent: the faster it is, the less time it has for it.
 *
 * @param {number} apart ticks between both times
 * @param {number} unknown ticks of mine that the server has not told of yet
 * @param {number} vx
 */
export function bend(apart, unknown, vx) {
  const speed = Math.abs(vx);
  if (speed === 0) return apart;
  return Math.min(apart, Math.max(room(speed, FAST), Math.min(unknown, room(speed, FASTEST))));
}

/** @param {Passing} a @param {Passing} b a tick later @returns {boolean} it was put elsewhere, and did not fly there */
export const leaps = (a, b) => Math.abs(b.x - a.x) > TOP_SPEED;

/**
 * The first time that fits the place that the ball has then.
 *
 * @param {object} what
 * @param {(tick: number) => Passing} what.ball at whole ticks
 * @param {number} what.mine
 * @param {number} what.ahead my time
 * @param {number} what.bent ticks from there to the opponent's
 * @param {number} what.from not before that
 * @returns {number}
 */
function fitting({ ball, mine, ahead, bent, from }) {
  /** How much later than it may be, for its place. @param {number} t @param {number} x */
  const late = (t, x) => t - ahead + bent * (1 - nearness(x, mine));
  const first = Math.floor(Math.max(from, ahead - bent));
  let before = ball(first);
  let lateBefore = late(first, before.x);
  if (lateBefore >= 0) return first;
  for (let tick = first + 1; tick <= Math.ceil(ahead); tick += 1) {
    const at = ball(tick);
    const lateAt = late(tick, at.x);
    if (lateAt >= 0) {
      return leaps(before, at) ? tick : tick - 1 + lateBefore / (lateBefore - lateAt);
    }
    before = at;
    lateBefore = lateAt;
  }
  return ahead;
}

/** The time of the ball from picture to picture: it never goes back, and never races. */
export class BallTime {
  #value = NaN;
  #ahead = NaN;

  reset() {
    this.#value = NaN;
  }

  /**
   * @param {object} what
   * @param {(tick: number) => Passing} what.ball
   * @param {number} what.mine
   * @param {number} what.ahead the time at my paddle
   * @param {number} what.behind the time at my opponent's
   * @param {number} what.told up to there the server has told, evenly
   * @returns {{time: number, bent: number}} bent: how far behind mine the time at their paddle has to be
   */
  read({ ball, mine, ahead, behind, told }) {
    const last = this.#value;
    const passed = Math.max(0, ahead - this.#ahead);
    this.#ahead = ahead;
    const known = Math.abs(ahead - last) <= LOST_TICKS;
    const { vx } = ball(Math.floor(known ? last : ahead));
    const bent = bend(Math.max(0, ahead - behind), ahead - told, vx);
    const goal = fitting({ ball, mine, ahead, bent, from: known ? last : behind });
    const most = passed * FASTEST * CATCH_UP;
    this.#value = known ? Math.max(last, Math.min(goal, last + most)) : goal;
    return { time: this.#value, bent };
  }
}
