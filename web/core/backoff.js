/**
 * Exponential backoff with jitter: a thousand clients that lost one server must not come back in the
 * same second.
 *
 * @param {number} attempt 0 for the first try after a failure
 * @param {object} [options]
 * @param {number} [options.base] milliseconds
 * @param {number} [options.max] milliseconds
 * @param {number} [options.jitter] the part of the delay that is random; 1 is full jitter
 * @param {() => number} [options.random]
 */
export function backoff(attempt, { base = 500, max = 30_000, jitter = 0.5, random = Math.random } = {}) {
  const ceiling = Math.min(max, base * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling * (1 - jitter) + ceiling * jitter * random());
}

/**
 * @param {number} ms
 * @param {AbortSignal} [signal] cuts the wait short
 * @returns {Promise<void>}
 */
export function wait(ms, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
