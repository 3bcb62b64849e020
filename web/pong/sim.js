/**
 * The rules of the game, function by function those of modules/pong/court.go: a test plays a thousand matches with
 * both and compares every tick. All is whole numbers, so both come to the same ones. Pure.
 *
 * @typedef {0|1} Side  left or right
 * @typedef {object} State  a match at the end of a tick; it holds all there is
 * @property {number} tick
 * @property {number} x  the ball's centre, from the upper left
 * @property {number} y
 * @property {number} vx  a tick; both are 0 while the ball waits to be served
 * @property {number} vy
 * @property {[number, number]} paddles  their centres
 * @property {[number, number]} score
 * @property {number} points  how many win
 * @property {number} hits  of this rally
 * @property {number} hold  ticks for which the ball rests
 * @property {number} gone  ticks since the ball has left the court; 0 is not
 * @property {boolean} paused
 * @property {Side} server  to whom the next serve goes
 * @property {number} noise  of the generator of serves; never 0
 *
 * @typedef {object} Recorded  what is known of a match: the answer of `matches/{id}/replay/`
 * @property {number} points
 * @property {number} seed
 * @property {number} ticks
 * @property {ReadonlyArray<readonly number[]>} changes  [tick, side, dir]: the direction counts from the step to that tick on
 * @property {ReadonlyArray<readonly number[]>} pauses  [tick, 1|0]: begins or ends before the step to that tick
 */

export const TICKS_PER_SECOND = 60;

// The court, in thousandths of what a player would call a step.
export const COURT_WIDTH = 160_000;
export const COURT_HEIGHT = 90_000;
export const BALL_RADIUS = 1_200;
export const PADDLE_INSET = 5_000;
export const PADDLE_HALF = 8_500;
export const PADDLE_STEP = 1_350;

export const SERVE_SPEED = 1_500;
export const SPEED_UP = 100;
export const TOP_SPEED = 5_200;

export const SHRINK_FROM = 40;
export const LONGEST_RALLY = 80;

export const START_HOLD = 3 * TICKS_PER_SECOND;
export const SERVE_HOLD = TICKS_PER_SECOND;
export const RESUME_HOLD = 2 * TICKS_PER_SECOND;
export const GOAL_DELAY = 12;

const STEEPEST = 80;
const STEEP_SERVE = 60;

export const LEFT = 0;
export const RIGHT = 1;

// What may happen in a tick; several may at once.
export const SERVED = 1;
export const BOUNCED = 2;
export const HIT_PADDLE = 4;
export const MISSED = 8;
export const SCORED = 16;
export const WON = 32;

/** @param {number} points @param {number} seed @returns {State} the beginning of a match */
export function newState(points, seed) {
  /** @type {State} */
  const s = {
    tick: 0,
    x: COURT_WIDTH / 2,
    y: COURT_HEIGHT / 2,
    vx: 0,
    vy: 0,
    paddles: [COURT_HEIGHT / 2, COURT_HEIGHT / 2],
    score: [0, 0],
    points,
    hits: 0,
    hold: START_HOLD,
    gone: 0,
    paused: false,
    server: LEFT,
    noise: seed >>> 0 || 1,
  };
  s.server = next(s) & 1 ? RIGHT : LEFT;
  return s;
}

/** @param {State} s @returns {State} */
export function copy(s) {
  return { ...s, paddles: [s.paddles[0], s.paddles[1]], score: [s.score[0], s.score[1]] };
}

/** Marsaglia's xorshift with 32 bits. @param {State} s */
function next(s) {
  let n = s.noise;
  n ^= n << 13;
  n ^= n >>> 17;
  n ^= n << 5;
  s.noise = n >>> 0;
  return s.noise;
}

/** @param {State} s @returns {Side|null} who has won */
export function over(s) {
  if (s.score[RIGHT] >= s.points) return RIGHT;
  return s.score[LEFT] >= s.points ? LEFT : null;
}

/** @param {number} hits of a rally @returns {number} half the length of the paddles after them */
export function half(hits) {
  if (hits < SHRINK_FROM) return PADDLE_HALF;
  if (hits >= LONGEST_RALLY) return 0;
  return div(PADDLE_HALF * (LONGEST_RALLY - hits), LONGEST_RALLY - SHRINK_FROM);
}

/** Stops the ball until `resume`. Paddles still move. @param {State} s */
export function pause(s) {
  s.paused = true;
}

/** Lets the ball go on after a moment. @param {State} s */
export function resume(s) {
  if (!s.paused) return;
  s.paused = false;
  s.hold = Math.max(s.hold, RESUME_HOLD);
}

/**
 * Moves the match on by a tick. Once somebody has won, nothing changes.
 *
 * @param {State} s
 * @param {readonly number[]} dirs left's and right's: -1 (up), 0 or 1 (down); any other counts as its sign
 * @returns {number} what happened
 */
export function step(s, dirs) {
  if (over(s) !== null) return 0;
  s.tick++;
  // While the ball rests in its flight, who was lost gains no time.
  if (s.vx === 0 || (!s.paused && s.hold === 0)) {
    movePaddle(s, LEFT, dirs[LEFT] ?? 0);
    movePaddle(s, RIGHT, dirs[RIGHT] ?? 0);
  }
  if (s.paused) return 0;
  if (s.gone > 0) return leave(s);
  if (s.hold > 0) {
    s.hold--;
    return s.hold === 0 && s.vx === 0 ? serve(s) : 0;
  }
  return fly(s);
}

/** @param {State} s @param {Side} side @param {number} dir */
function movePaddle(s, side, dir) {
  const room = half(s.hits);
  s.paddles[side] = clamp(s.paddles[side] + Math.sign(dir) * PADDLE_STEP, room, COURT_HEIGHT - room);
}

/** @param {State} s */
function serve(s) {
  const steep = (next(s) % (2 * STEEP_SERVE + 1)) - STEEP_SERVE;
  s.vy = div(SERVE_SPEED * steep, 100);
  s.vx = across(SERVE_SPEED, s.vy);
  if (s.server === LEFT) s.vx = -s.vx;
  return SERVED;
}

/** @param {number} speed @param {number} vy @returns {number} what is left for the way across */
function across(speed, vy) {
  return Math.trunc(Math.sqrt(speed * speed - vy * vy));
}

/** Moves the ball; it passes through no paddle, however fast it is. @param {State} s */
function fly(s) {
  /** @type {Side} */
  const side = s.vx > 0 ? RIGHT : LEFT;
  const toGo =
    side === RIGHT ? COURT_WIDTH - PADDLE_INSET - BALL_RADIUS - s.x : s.x - BALL_RADIUS - PADDLE_INSET;
  const speed = Math.abs(s.vx);
  if (toGo < 0 || toGo >= speed) {
    s.x += s.vx;
    const happened = glide(s, s.y + s.vy, s.vy);
    if (s.x < -BALL_RADIUS || s.x > COURT_WIDTH + BALL_RADIUS) s.gone = 1;
    return happened;
  }
  const at = fold(s.y + div(s.vy * toGo, speed));
  const length = half(s.hits) + BALL_RADIUS;
  const off = at.y - s.paddles[side];
  if (length === BALL_RADIUS || Math.abs(off) > length) {
    s.x += s.vx;
    return glide(s, s.y + s.vy, s.vy) | MISSED;
  }
  const rest = speed - toGo;
  s.hits++;
  const [vx, vy] = rebound(s.hits, off, length);
  const gone = div(vx * rest, speed);
  if (side === LEFT) {
    s.x = PADDLE_INSET + BALL_RADIUS + gone;
    s.vx = vx;
  } else {
    s.x = COURT_WIDTH - PADDLE_INSET - BALL_RADIUS - gone;
    s.vx = -vx;
  }
  return glide(s, at.y + div(vy * rest, speed), vy) | HIT_PADDLE | (at.turned ? BOUNCED : 0);
}

/**
 * @param {number} hits of the rally, with this one
 * @param {number} off the middle of the paddle
 * @param {number} length of half the paddle, with the ball
 * @returns {[number, number]} the ball's speed away from the paddle, and down
 */
function rebound(hits, off, length) {
  const fast = Math.min(SERVE_SPEED + SPEED_UP * hits, TOP_SPEED);
  const vy = div(div(fast * STEEPEST, 100) * off, length);
  return [across(fast, vy), vy];
}

/** Counts the ticks since the ball has left, and then the point. @param {State} s */
function leave(s) {
  if (s.gone < GOAL_DELAY) {
    s.gone++;
    return 0;
  }
  /** @type {Side} */
  const loser = s.x > COURT_WIDTH / 2 ? RIGHT : LEFT;
  s.score[loser === LEFT ? RIGHT : LEFT]++;
  s.x = COURT_WIDTH / 2;
  s.y = COURT_HEIGHT / 2;
  s.vx = s.vy = s.hits = s.gone = 0;
  s.hold = Math.max(s.hold, SERVE_HOLD);
  s.server = loser;
  movePaddle(s, LEFT, 0);
  movePaddle(s, RIGHT, 0);
  return over(s) === null ? SCORED : SCORED | WON;
}

/** Takes the ball to a height, or to where the walls send it. @param {State} s @param {number} y @param {number} vy */
function glide(s, y, vy) {
  const to = fold(y);
  s.y = to.y;
  s.vy = to.turned ? -vy : vy;
  return to.turned ? BOUNCED : 0;
}

/**
 * Reflects a height between the walls. In a tick the ball meets one of them at most.
 *
 * @param {number} y
 */
function fold(y) {
  if (y < BALL_RADIUS) return { y: 2 * BALL_RADIUS - y, turned: true };
  if (y > COURT_HEIGHT - BALL_RADIUS) return { y: 2 * (COURT_HEIGHT - BALL_RADIUS) - y, turned: true };
  return { y, turned: false };
}

/** @param {number} v @param {number} low @param {number} high */
const clamp = (v, low, high) => Math.max(low, Math.min(v, high));

/** As Go divides whole numbers. There is no -0 among them. @param {number} a @param {number} b */
const div = (a, b) => Math.trunc(a / b) + 0;

/**
 * Plays a record from its beginning.
 *
 * @param {Recorded} record
 * @param {(state: State, happened: number) => void} [visit] after each step; the state is only lent
 * @returns {State} the last
 */
export function play(record, visit) {
  const replay = new Replay(record);
  while (!replay.done) {
    const happened = replay.next();
    visit?.(replay.state, happened);
  }
  return replay.state;
}

/** A record that is played tick by tick. */
export class Replay {
  #record;
  #change = 0;
  #pause = 0;

  /** @param {Recorded} record */
  constructor(record) {
    this.#record = record;
    this.state = newState(record.points, record.seed);
    /** @type {[number, number]} the directions of the last step */
    this.dirs = [0, 0];
  }

  get done() {
    return this.state.tick >= this.#record.ticks || over(this.state) !== null;
  }

  /** @returns {number} what happened in the next tick */
  next() {
    if (this.done) return 0;
    const { changes, pauses } = this.#record;
    const tick = this.state.tick + 1;
    for (let p; (p = pauses[this.#pause]) && p[0] === tick; this.#pause++) {
      if (p[1]) pause(this.state);
      else resume(this.state);
    }
    for (let c; (c = changes[this.#change]) && c[0] === tick; this.#change++) {
      this.dirs[c[1] ? RIGHT : LEFT] = c[2] ?? 0;
    }
    return step(this.state, this.dirs);
  }

  /** Goes to the end of a tick, forwards or, from the beginning again, backwards. @param {number} tick */
  seek(tick) {
    if (tick < this.state.tick) {
      this.state = newState(this.#record.points, this.#record.seed);
      this.dirs = [0, 0];
      this.#change = this.#pause = 0;
    }
    while (this.state.tick < tick && !this.done) this.next();
  }
}
