import { credentials, net } from '../../core/context.js';
import { Connection, matchUrl } from '../../pong/connection.js';
import { Controls, listenTo } from '../../pong/controls.js';
import { Game } from '../../pong/game.js';
import { half } from '../../pong/sim.js';
import { Sound } from '../../pong/sound.js';
import { OVER, WAITING } from '../../pong/wire.js';

/**
 * A match in motion: the connection, the game and the court, for as long as the page stands.
 *
 * @typedef {import('../../pong/timeline.js').View} View
 */

export class Play {
  sound = new Sound();
  connection;
  game;
  #court;
  #controls = new Controls();
  #signal;
  #drawing = 0;
  #started = false;

  /**
   * @param {object} parts
   * @param {number} parts.id of the match
   * @param {import('../../components/pong/court.js').Court} parts.court
   * @param {HTMLElement} parts.pad
   * @param {() => void} parts.onchange something came, or the connection is another one
   * @param {(view: View) => void} parts.onpicture
   * @param {() => void} parts.onwake the page is looked at again, and had been played on
   * @param {AbortSignal} parts.signal
   */
  constructor({ id, court, pad, onchange, onpicture, onwake, signal }) {
    this.#court = court;
    this.#signal = signal;
    const now = () => performance.now();
    this.connection = new Connection({
      url: () => matchUrl(id),
      Socket: WebSocket,
      prepare: () => credentials.fresh(),
      now,
    });
    this.game = new Game({ connection: this.connection, controls: this.#controls });
    this.connection.onframe = (frame, at) => {
      this.game.receive(frame, at);
      if (frame.type === 'welcome') {
        this.#controls.sides = this.game.mine;
        court.forget();
      }
      onchange();
    };
    this.connection.onstate = () => onchange();
    this.onpicture = onpicture;
    listenTo(this.#controls, {
      court: court.field,
      pad,
      playing: () => this.playing,
      paddle: (side) => this.game.timeline.newest?.state.paddles[side] ?? 0,
      room: () => half(this.game.timeline.newest?.state.hits ?? 0),
      signal,
    });
    this.sound.listen(signal);
    document.addEventListener('visibilitychange', () => this.#look(onwake), { signal });
    addEventListener('online', () => this.connection.hurry(), { signal });
    net.online.subscribe((online) => online && this.connection.hurry(), signal);
    signal.addEventListener('abort', () => this.stop(), { once: true });
  }

  /** The court moves, and I am on it. */
  get playing() {
    const phase = this.game.timeline.newest?.phase ?? WAITING;
    return this.game.mine.length > 0 && phase !== WAITING && phase !== OVER;
  }

  /** @param {() => void} onwake */
  #look(onwake) {
    if (document.hidden) this.game.sleep(performance.now());
    else {
      this.game.wake();
      if (this.playing) onwake();
    }
  }

  start() {
    if (this.#started || this.#signal.aborted) return;
    this.#started = true;
    this.connection.open();
    const draw = (/** @type {number} */ now) => {
      this.#drawing = requestAnimationFrame(draw);
      this.#picture(now);
    };
    this.#drawing = requestAnimationFrame(draw);
  }

  stop() {
    cancelAnimationFrame(this.#drawing);
    this.connection.close();
    this.#started = false;
  }

  /** @param {number} now */
  #picture(now) {
    const view = this.game.picture(now);
    if (!view) return;
    this.#court.draw(view, now, view.phase !== WAITING && view.phase !== OVER);
    this.sound.play(view.happened, now);
    this.onpicture(view);
  }
}
