import { Clock } from './clock.js';
import { Timeline } from './timeline.js';
import { OVER, PAUSED, PLAYING } from './wire.js';

/**
 * A match as one client has it: what comes goes into the clock and the timeline, what the player does goes out.
 * Nothing here waits for a timer: pictures drive it while it is looked at, and the server's frames while it isn't.
 *
 * @typedef {import('./sim.js').Side} Side
 * @typedef {import('./wire.js').Snapshot} Snapshot
 * @typedef {import('./wire.js').Welcome} Welcome
 * @typedef {import('./wire.js').Ended} Ended
 *
 * @typedef {object} Steers
 * @property {(side: Side, paddle: number) => number} direction
 * @property {() => void} release
 */

/** A sign of life. */
const BEAT_MS = 250;
/** The server takes sixty frames a second. */
const MOST_FRAMES = 55;

export class Game {
  clock = new Clock();
  timeline = new Timeline();
  /** @type {Welcome|null} */
  welcome = null;
  /** @type {Ended|null} */
  ended = null;
  /** @type {() => void} */
  onchange = () => {};
  #connection;
  #controls;
  #epoch = -1;
  /** @type {{tick: number, at: number}|null} */
  #echo = null;
  /** When frames were sent, in the last second. @type {number[]} */
  #sent = [];
  #tick = -1;
  /** Nobody looks. */
  #asleep = false;

  /**
   * @param {object} parts
   * @param {Pick<import('./connection.js').Connection, 'input'>} parts.connection
   * @param {Steers} parts.controls
   */
  constructor({ connection, controls }) {
    this.#connection = connection;
    this.#controls = controls;
  }

  /** @returns {Side[]} that this client plays */
  get mine() {
    return this.welcome ? this.timeline.mine : [];
  }

  /** @param {import('./wire.js').Frame} frame @param {number} now */
  receive(frame, now) {
    if (frame.type === 'welcome') this.#begin(frame);
    else if (frame.type === 'ended') this.ended = frame;
    else this.#take(frame, now);
    this.onchange();
  }

  /** @param {Welcome} welcome */
  #begin(welcome) {
    this.welcome = welcome;
    this.ended = null;
    this.#epoch = welcome.epoch;
    this.#forget();
  }

  #forget() {
    this.clock.reset();
    this.timeline.reset(this.welcome?.role ?? 'watcher');
    this.#echo = null;
    this.#tick = -1;
  }

  /** @param {Snapshot} snapshot @param {number} now */
  #take(snapshot, now) {
    if (!this.welcome) return;
    if (snapshot.epoch !== this.#epoch) {
      this.#epoch = snapshot.epoch;
      this.#forget();
    }
    // Once it is over, the match's ticks stand still.
    if (snapshot.phase !== OVER) this.clock.arrive(snapshot.state.tick, now);
    const side = this.mine[0];
    if (side !== undefined) this.clock.ping(snapshot.pings[side], now);
    this.timeline.take(snapshot);
    this.#echo = { tick: snapshot.state.tick, at: now };
    if (this.#asleep) this.#steer(Math.floor(this.clock.read(now).own), now);
  }

  /**
   * A picture.
   *
   * @param {number} now
   * @returns {import('./timeline.js').View|null}
   */
  picture(now) {
    const times = this.clock.read(now);
    this.#steer(Math.floor(times.own), now);
    return this.timeline.view(times, now);
  }

  /** The page is hidden: nobody steers any more. @param {number} now */
  sleep(now) {
    this.#asleep = true;
    this.#controls.release();
    if (!this.clock.running) return;
    this.#tick = -1;
    this.#steer(Math.floor(this.clock.read(now).own), now);
  }

  wake() {
    this.#asleep = false;
    this.clock.resync();
  }

  /** @param {number} tick that is shown next: what is steered now counts from the one after it @param {number} now */
  #steer(tick, now) {
    const phase = this.timeline.newest?.phase ?? OVER;
    if (phase === OVER || tick <= this.#tick) return;
    this.#tick = tick;
    while (now - (this.#sent[0] ?? now) >= 1_000) this.#sent.shift();
    const free = !this.#asleep && (phase === PLAYING || phase === PAUSED);
    for (const side of this.mine) {
      const dir = free ? this.#controls.direction(side, this.timeline.place(side, tick)) : 0;
      this.#say(side, dir, tick + 1, now);
    }
  }

  /** @param {Side} side @param {number} dir @param {number} tick @param {number} now */
  #say(side, dir, tick, now) {
    const last = this.timeline.last(side);
    const changed = dir !== (last?.dir ?? 0);
    const due = !last || now - last.at >= BEAT_MS;
    if ((!changed && !due) || this.#sent.length >= MOST_FRAMES) return;
    const input = this.timeline.steer(side, dir, tick, now);
    if (!input) return;
    this.#sent.push(now);
    this.#connection.input({
      side,
      dir,
      seq: input.seq,
      tick: input.tick,
      echo: this.#echo?.tick ?? null,
      held: now - (this.#echo?.at ?? now),
    });
  }
}
