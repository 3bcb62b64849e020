import { backoff } from './backoff.js';

/**
 * One websocket that comes back by itself, with growing delays that are all chance: thousands of clients lose a
 * server in the same moment.
 *
 * @typedef {'idle'|'connecting'|'open'|'waiting'} WireState
 *
 * @typedef {object} WireParts
 * @property {() => string} url
 * @property {typeof WebSocket} Socket
 * @property {() => Promise<unknown>} prepare what has to be done before each handshake
 * @property {(frame: any) => void} frame
 * @property {(code: number) => boolean} closed true: come back
 * @property {(state: WireState) => void} changed
 * @property {() => number} [random]
 * @property {() => number} [now] milliseconds
 */

/** A connection that held so long was a good one: the next delay is short again. */
const STEADY_MS = 5_000;
const BEAT_MS = 20_000;
/** Timers of a hidden page run once a minute; a longer gap is a machine that slept. */
const SLEPT_MS = 90_000;

export class Wire {
  /** @type {WireState} */
  state = 'idle';
  #parts;
  #random;
  #now;
  /** @type {WebSocket|null} */
  #socket = null;
  #turn = 0;
  #attempt = 0;
  #since = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  #beat;
  #beaten = 0;

  /** @param {WireParts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#random = parts.random ?? Math.random;
    this.#now = parts.now ?? Date.now;
  }

  /** Opens a connection where there is none, and doesn't wait any longer where one is due. */
  connect() {
    if (this.state === 'idle' || this.state === 'waiting') this.#open();
  }

  /** A new connection, whatever there was. */
  restart() {
    this.#attempt = 0;
    this.#drop();
    this.#open();
  }

  stop() {
    this.#drop();
    this.#attempt = 0;
    clearInterval(this.#beat);
    this.#beat = undefined;
    this.#set('idle');
  }

  /** This connection is not what it should be: close it, and come back later. */
  retry() {
    this.#drop();
    this.#later();
  }

  /** @param {object} frame */
  send(frame) {
    if (this.state === 'open') this.#socket?.send(JSON.stringify(frame));
  }

  /** @param {WireState} state */
  #set(state) {
    if (state === this.state) return;
    this.state = state;
    this.#parts.changed(state);
  }

  #drop() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  async #open() {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.#watch();
    this.#set('connecting');
    await this.#parts.prepare();
    if (turn !== this.#turn) return;
    const socket = new this.#parts.Socket(this.#parts.url());
    this.#socket = socket;
    socket.onopen = () => {
      if (socket !== this.#socket) return;
      this.#since = this.#now();
      this.#set('open');
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#receive(data);
    };
    socket.onclose = ({ code }) => {
      if (socket === this.#socket) this.#lost(code);
    };
  }

  /** @param {number} code */
  #lost(code) {
    this.#socket = null;
    if (this.state === 'open' && this.#now() - this.#since >= STEADY_MS) this.#attempt = 0;
    const turn = this.#turn;
    const back = this.#parts.closed(code);
    // Whoever was told may have begun a new one.
    if (turn !== this.#turn) return;
    if (back) this.#later();
    else this.stop();
  }

  #later() {
    this.#set('waiting');
    const delay = backoff(this.#attempt++, { base: 1_000, jitter: 1, random: this.#random });
    this.#timer = setTimeout(() => this.#open(), delay);
  }

  /** A machine that wakes up doesn't know that the other end has hung up long ago: the clock tells. */
  #watch() {
    this.#beaten = this.#now();
    this.#beat ??= setInterval(() => {
      const slept = this.#now() - this.#beaten > SLEPT_MS;
      this.#beaten = this.#now();
      if (slept && this.state !== 'idle') this.restart();
    }, BEAT_MS);
  }

  /** @param {unknown} text */
  #receive(text) {
    let frame;
    try {
      frame = JSON.parse(String(text));
    } catch {
      return;
    }
    if (frame && typeof frame.t === 'string') this.#parts.frame(frame);
  }
}
