import { backoff } from './backoff.js';
import { Store } from './store.js';

/**
 * One websocket a tab. It opens with the first topic, comes back by itself and subscribes again; the
 * server then sends each topic whole, so nothing has to be remembered over a gap.
 *
 * @typedef {object} Subscription
 * @property {(data: any) => void} data
 * @property {() => void} [resume] the connection was lost and is back: read again what topics don't carry
 */

/** @typedef {'idle'|'connecting'|'open'|'waiting'} LiveState */

export class Live {
  /** @type {Store<LiveState>} */
  state = new Store(/** @type {LiveState} */ ('idle'));
  #url;
  #Socket;
  #random;
  /** @type {() => void} */
  #lost;
  /** @type {Map<string, Set<Subscription>>} */
  #topics = new Map();
  /** @type {WebSocket|null} */
  #socket = null;
  #attempt = 0;
  #opened = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /**
   * @param {object} parts
   * @param {() => string} parts.url
   * @param {typeof WebSocket} parts.Socket
   * @param {() => void} [parts.lost] the connection broke without a reason given
   * @param {() => number} [parts.random]
   */
  constructor({ url, Socket, lost = () => {}, random = Math.random }) {
    this.#url = url;
    this.#Socket = Socket;
    this.#lost = lost;
    this.#random = random;
  }

  /**
   * @param {string} topic
   * @param {Subscription} subscription
   * @param {AbortSignal} [signal] ends the subscription
   * @returns {() => void} ends it, too
   */
  subscribe(topic, subscription, signal) {
    if (signal?.aborted) return () => {};
    let set = this.#topics.get(topic);
    if (!set) {
      set = new Set();
      this.#topics.set(topic, set);
      this.#send({ sub: [topic] });
    }
    set.add(subscription);
    if (this.state.value === 'idle') this.#connect();
    const stop = () => this.#unsubscribe(topic, subscription);
    signal?.addEventListener('abort', stop, { once: true });
    return stop;
  }

  /** @param {string} topic @param {Subscription} subscription */
  #unsubscribe(topic, subscription) {
    const set = this.#topics.get(topic);
    if (!set?.delete(subscription) || set.size > 0) return;
    this.#topics.delete(topic);
    this.#send({ unsub: [topic] });
  }

  /** A connection keeps the identity it was opened with: after signing in or out it has to be a new one. */
  restart() {
    if (this.state.value !== 'idle') this.#reconnect();
  }

  /** The network is back: no reason to sit out the rest of a long delay. */
  hurry() {
    if (this.state.value === 'waiting') this.#reconnect();
  }

  #reconnect() {
    this.#attempt = 0;
    this.#drop();
    this.#connect();
  }

  #drop() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #connect() {
    if (this.#topics.size === 0) {
      this.state.set('idle');
      return;
    }
    this.state.set('connecting');
    const socket = new this.#Socket(this.#url());
    this.#socket = socket;
    socket.onopen = () => {
      if (socket === this.#socket) this.#welcome();
    };
    socket.onmessage = ({ data }) => {
      if (socket === this.#socket) this.#receive(data);
    };
    socket.onclose = () => {
      if (socket === this.#socket) this.#retry();
    };
  }

  #welcome() {
    this.#attempt = 0;
    this.state.set('open');
    // Topics in portions: a frame has a size limit.
    const topics = [...this.#topics.keys()];
    for (let i = 0; i < topics.length; i += 50) this.#send({ sub: topics.slice(i, i + 50) });
    const again = this.#opened;
    this.#opened = true;
    if (!again) return;
    for (const set of this.#topics.values()) for (const { resume } of [...set]) resume?.();
  }

  #retry() {
    this.#socket = null;
    if (this.#topics.size === 0) {
      this.state.set('idle');
      return;
    }
    this.state.set('waiting');
    this.#lost();
    const delay = backoff(this.#attempt++, { random: this.#random });
    this.#timer = setTimeout(() => this.#connect(), delay);
  }

  /** @param {unknown} text */
  #receive(text) {
    let frame;
    try {
      frame = JSON.parse(String(text));
    } catch {
      return;
    }
    const set = this.#topics.get(frame?.t);
    if (set) for (const { data } of [...set]) data(frame.d);
  }

  /** @param {object} frame */
  #send(frame) {
    if (this.state.value === 'open') this.#socket?.send(JSON.stringify(frame));
  }
}
