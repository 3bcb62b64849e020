/**
 * The ways from a tab to the line.
 *
 * @typedef {object} Port
 * @property {(message: any) => void} post
 * @property {((message: any) => void)|null} onmessage
 * @property {(() => void)|null} onerror there is nobody at the other end
 *
 * @typedef {{name: string, release: () => void}} Hold
 */

/**
 * To the shared worker of all tabs.
 *
 * @param {typeof SharedWorker|undefined} Worker
 * @param {URL} url
 * @returns {Port|null} null: this browser has none
 */
export function sharedPort(Worker, url) {
  try {
    if (!Worker) return null;
    const worker = new Worker(url, { type: 'module', name: 'rally.line' });
    /** @type {Port} */
    const port = { post: (message) => worker.port.postMessage(message), onmessage: null, onerror: null };
    worker.onerror = () => port.onerror?.();
    worker.port.onmessage = ({ data }) => port.onmessage?.(data);
    return port;
  } catch {
    return null;
  }
}

/**
 * To a line in this page.
 *
 * @param {import('./line.js').Line} line
 * @returns {Port}
 */
export function localPort(line) {
  /** @type {Port} */
  const port = { post: (message) => receive(message), onmessage: null, onerror: null };
  const receive = line.join((message) => port.onmessage?.(message));
  return port;
}

/**
 * A lock that comes free when this tab dies, in whatever way.
 *
 * @param {{request(name: string, run: () => Promise<void>): Promise<unknown>}|null} locks
 * @param {string} name
 * @returns {Promise<Hold|null>} null: this browser has none
 */
export function holdLock(locks, name) {
  if (!locks) return Promise.resolve(null);
  return new Promise((resolve) => {
    locks
      .request(name, () => new Promise((release) => resolve({ name, release })))
      .catch(() => resolve(null));
  });
}

/**
 * @param {LockManager|null} locks
 * @param {string} name of a lock that another one holds
 * @param {AbortSignal} signal
 * @returns {Promise<void>} resolved when that one is gone
 */
export function whenFree(locks, name, signal) {
  return new Promise((resolve) => {
    locks?.request(name, { mode: 'shared', signal }, () => resolve()).catch(() => {});
  });
}
