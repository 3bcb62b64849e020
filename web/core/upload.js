import { Problem } from './problem.js';

/**
 * Sending files, with progress: fetch() says nothing while it sends.
 *
 * @typedef {object} Sending
 * @property {AbortSignal} [signal]
 * @property {(share: number) => void} [onprogress] 0…1
 *
 * @typedef {(method: string, path: string, body: FormData, how: Sending) => Promise<Response>} Transfer
 */

/** What the server takes. */
export const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];
export const MAX_BYTES = 10 * 1024 * 1024;

/** @param {{type: string, size: number}} file @returns {'blob.unsupported_type'|'blob.too_large'|null} */
export function refusalOf({ type, size }) {
  if (!TYPES.includes(type)) return 'blob.unsupported_type';
  return size > MAX_BYTES ? 'blob.too_large' : null;
}

/** The headers that answers are read for. */
const READ = ['content-type', 'x-request-id', 'retry-after'];

/** @type {Transfer} */
export function transfer(method, path, body, { signal, onprogress }) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const done = () => signal?.removeEventListener('abort', stop);
    request.open(method, path);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', ({ loaded, total, lengthComputable }) => {
      if (lengthComputable && total > 0) onprogress?.(loaded / total);
    });
    request.addEventListener('loadend', done);
    request.addEventListener('error', () => reject(new Problem({ status: 0, code: 'client.offline' })));
    request.addEventListener('abort', () => reject(signal?.reason));
    request.addEventListener('load', () => {
      const { status, responseText } = request;
      const headers = new Headers();
      for (const name of READ) {
        const value = request.getResponseHeader(name);
        if (value !== null) headers.set(name, value);
      }
      resolve(new Response(status === 204 ? null : responseText, { status, headers }));
    });
    signal?.addEventListener('abort', stop, { once: true });
    request.send(body);
  });
}
