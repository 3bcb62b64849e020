import { backoff } from '../core/backoff.js';
import { decode, encodeInput, encodeReady, encodeResign } from './wire.js';

/**
 * The connection to a match. It comes back by itself, quickly: a seat is not kept for long. Some ends are final, and
 * each of them is said in its own words.
 *
 * @typedef {import('./wire.js').Frame} Frame
 * @typedef {'over'|'refused'|'taken'|'signed_out'|'gone'} End
 * @typedef {{name: 'idle'|'connecting'|'open'|'waiting'}|{name: 'shut', end: End}} State
 */

/** @type {Record<number, End>} */
const ENDS = { 1000: 'over', 1008: 'refused', 4001: 'taken', 4002: 'signed_out', 4004: 'gone' };

/** WebSocket.OPEN */
const SENDING = 1;
/** A server that sends thirty pictures a second, and then none for so long, is out of reach. */
const SILENCE_MS = 4_000;
const CHECK_MS = 1_000;
/** A connection that held so long was a good one: the next delay is short again. */
const STEADY_MS = 5_000;
/** Timers of a hidden page come late; that says nothing about the server. */
const LATE_MS = 2_500;

/** @param {number} id of the match @returns {string} */
export function matchUrl(id) {
  return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/ws/pong/matches/${id}`;
}

export class Connection {
  /** @type {State} */
  state = { name: 'idle' };
  /** @type {(frame: Frame, at: number) => void} */
  onframe = () => {};
  /** @type {(state: State) => void} */
  onstate = () => {};
  #parts;
  /** @type {WebSocket|null} */
  #socket = null;
  #turn = 0;
  #attempt = 0;
  #since = 0;
  #heard = 0;
  #checked = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** @type {ReturnType<typeof setInterval>|undefined} */
  #checks;

  /**
   * @param {object} parts
   * @param {() => string} parts.url
   * @param {typeof WebSocket} parts.Socket
   * @param {() => Promise<unknown>} parts.prepare what has to be done before each handshake
   * @param {() => number} parts.now milliseconds
   * @param {() => number} [parts.random]
   */
  constructor({ url, Socket, prepare, now, random = Math.random }) {
    this.#parts = { url, Socket, prepare, now, random };
  }

  /** Opens a connection where there is none, also after an end. */
  open() {
    if (this.state.name === 'connecting' || this.state.name === 'open') return;
    this.#attempt = 0;
    this.#connect();
  }

  close() {
    this.#drop();
    this.#set({ name: 'idle' });
  }

  /** The network is another one, or back: no reason to wait any longer. */
  hurry() {
    if (this.state.name === 'waiting') this.#connect();
  }

  /** @param {import('./wire.js').Input} input */
  input(input) {
    this.#send(encodeInput(input));
  }

  ready() {
    this.#send(encodeReady());
  }

  resign() {
    this.#send(encodeResign());
  }

  /** @param {ArrayBuffer|Uint8Array<ArrayBuffer>} bytes */
  #send(bytes) {
    const socket = this.#socket;
    // One that is being closed stays open for a while, and takes nothing.
    if (socket?.readyState === SENDING) socket.send(bytes);
  }

  /** @param {State} state */
  #set(state) {
    this.state = state;
    this.onstate(state);
  }

  #drop() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    clearInterval(this.#checks);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  async #connect() {
    this.#drop();
    const turn = this.#turn;
    this.#set({ name: 'connecting' });
    await this.#parts.prepare().catch(() => {});
    if (turn !== this.#turn) return;
    const socket = new this.#parts.Socket(this.#parts.url());
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      if (socket !== this.#socket) return;
      this.#watch();
      this.#set({ name: 'open' });
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#receive(data);
    };
    socket.onclose = ({ code }) => {
      if (socket === this.#socket) this.#closed(code);
    };
  }

  /** @param {unknown} data */
  #receive(data) {
    const now = this.#parts.now();
    this.#heard = now;
    const frame = decode(data);
    if (frame) this.onframe(frame, now);
  }

  /** @param {number} code */
  #closed(code) {
    this.#weigh();
    this.#drop();
    const end = ENDS[code];
    if (end) this.#set({ name: 'shut', end });
    else this.#later();
  }

  #weigh() {
    if (this.state.name === 'open' && this.#parts.now() - this.#since >= STEADY_MS) this.#attempt = 0;
  }

  #later() {
    const delay = backoff(this.#attempt++, { base: 400, max: 5_000, random: this.#parts.random });
    this.#timer = setTimeout(() => this.#connect(), delay);
    this.#set({ name: 'waiting' });
  }

  /** A connection may hang for minutes before a browser gives it up. */
  #watch() {
    const { now } = this.#parts;
    this.#since = this.#heard = this.#checked = now();
    this.#checks = setInterval(() => {
      const at = now();
      const late = at - this.#checked > LATE_MS;
      this.#checked = at;
      if (late) this.#heard = at;
      else if (at - this.#heard > SILENCE_MS) {
        this.#weigh();
        this.#drop();
        this.#later();
      }
    }, CHECK_MS);
  }
}
