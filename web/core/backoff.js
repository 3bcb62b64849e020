/**
 * Exponential backoff with jitter: a thousand clients that lost one server must not come back in the
 * same second. Half of the delay is fixed, half is random.
 *
 * @param {number} attempt 0 for the first try after a failure
 * @param {{base?: number, max?: number, random?: () => number}} [options] milliseconds
 */
export function backoff(attempt, { base = 500, max = 30_000, random = Math.random } = {}) {
  const ceiling = Math.min(max, base * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
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
