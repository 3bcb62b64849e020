import { backoff } from './backoff.js';
import { Store } from './store.js';

/**
 * Is the server within reach? A browser's own answer is not enough: a phone can have a network without a
 * way to us. So a failed request raises the doubt, and a small probe decides when it is over.
 */
export class Net {
  /** @type {Store<boolean>} */
  online = new Store(true);
  #probe;
  #random;
  #attempt = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  #probing = false;

  /**
   * @param {object} parts
   * @param {() => Promise<boolean>} parts.probe true when the server answered anything
   * @param {EventTarget} [parts.events] tells `online` and `offline`
   * @param {() => number} [parts.random]
   */
  constructor({ probe, events, random = Math.random }) {
    this.#probe = probe;
    this.#random = random;
    events?.addEventListener('offline', () => this.failed());
    events?.addEventListener('online', () => this.check());
  }

  /** A request came back, whatever it said. */
  reached() {
    clearTimeout(this.#timer);
    this.#attempt = 0;
    this.online.set(true);
  }

  /** A request got no answer. */
  failed() {
    if (!this.online.value) return;
    this.online.set(false);
    this.#later();
  }

  #later() {
    clearTimeout(this.#timer);
    const delay = backoff(this.#attempt++, { base: 1_000, max: 15_000, random: this.#random });
    this.#timer = setTimeout(() => this.check(), delay);
  }

  /** Asks now. */
  async check() {
    if (this.#probing) return;
    this.#probing = true;
    clearTimeout(this.#timer);
    const reached = await this.#probe().catch(() => false);
    this.#probing = false;
    if (reached) return this.reached();
    this.online.set(false);
    this.#later();
  }
}

/**
 * A fetch that tells the net what it saw.
 *
 * @param {typeof globalThis.fetch} fetch
 * @param {Net} net
 * @returns {typeof globalThis.fetch}
 */
export function watched(fetch, net) {
  return async (input, init) => {
    try {
      const response = await fetch(input, init);
      net.reached();
      return response;
    } catch (error) {
      if (!init?.signal?.aborted) net.failed();
      throw error;
    }
  };
}

/**
 * The same for sending files.
 *
 * @param {import('./upload.js').Transfer} transfer
 * @param {Net} net
 * @returns {import('./upload.js').Transfer}
 */
export function watchedTransfer(transfer, net) {
  return async (method, path, body, how) => {
    try {
      const response = await transfer(method, path, body, how);
      net.reached();
      return response;
    } catch (error) {
      if (!how.signal?.aborted) net.failed();
      throw error;
    }
  };
}
