/**
 * A value that can be watched. Listeners hear changes only, in the order they came.
 *
 * @template T
 */
export class Store {
  /** @type {T} */
  #value;
  /** @type {Set<(value: T, previous: T) => void>} */
  #listeners = new Set();

  /** @param {T} value */
  constructor(value) {
    this.#value = value;
  }

  get value() {
    return this.#value;
  }

  /** @param {T} next */
  set(next) {
    if (Object.is(next, this.#value)) return;
    const previous = this.#value;
    this.#value = next;
    for (const listener of [...this.#listeners]) listener(next, previous);
  }

  /**
   * @param {(value: T, previous: T) => void} listener
   * @param {AbortSignal} [signal] ends the subscription
   * @returns {() => void} ends the subscription, too
   */
  subscribe(listener, signal) {
    if (signal?.aborted) return () => {};
    this.#listeners.add(listener);
    const stop = () => {
      this.#listeners.delete(listener);
    };
    signal?.addEventListener('abort', stop, { once: true });
    return stop;
  }

  /**
   * @param {(value: T) => boolean} test
   * @returns {Promise<T>} the first value that passes, the present one included
   */
  when(test) {
    if (test(this.#value)) return Promise.resolve(this.#value);
    return new Promise((resolve) => {
      const stop = this.subscribe((value) => {
        if (!test(value)) return;
        stop();
        resolve(value);
      });
    });
  }
}
