import { Line, lineUrl } from './line.js';
import { holdLock } from './ports.js';
import { uuid } from './uuid.js';

/**
 * The shared worker: the line of all tabs of a browser that run the same version of the client. It dies with the
 * last of them, or with the process that it happens to live in: its lock tells the tabs.
 */

const locks = navigator.locks ?? null;
const line = holdLock(locks, `rally.line.${uuid()}`).then(
  (hold) => new Line({ url: lineUrl, Socket: WebSocket, locks, lock: hold?.name ?? null }),
);

/** @type {any} */ (globalThis).onconnect = async (/** @type {MessageEvent} */ { ports }) => {
  const port = ports[0];
  if (!port) return;
  const receive = (await line).join((message) => port.postMessage(message));
  port.onmessage = ({ data }) => receive(data);
};
