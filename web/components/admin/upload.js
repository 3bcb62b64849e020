import { Problem } from '../../core/problem.js';

/**
 * Sending one file, with its progress. fetch() says nothing while it sends.
 *
 * @typedef {object} Sending
 * @property {Promise<any>} done the decoded answer; failures are Problems
 * @property {() => void} cancel
 */

/** What the server takes. */
export const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];
export const MAX_BYTES = 10 * 1024 * 1024;

/** @param {{type: string, size: number}} file @returns {'blob.unsupported_type'|'blob.too_large'|null} */
export function refusalOf({ type, size }) {
  if (!TYPES.includes(type)) return 'blob.unsupported_type';
  return size > MAX_BYTES ? 'blob.too_large' : null;
}

/**
 * @param {string} path
 * @param {string} name of the part
 * @param {File} file
 * @param {(share: number) => void} onprogress 0…1
 * @returns {Sending}
 */
export function send(path, name, file, onprogress) {
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.open('POST', path);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.addEventListener('progress', ({ loaded, total, lengthComputable }) => {
      if (lengthComputable && total > 0) onprogress(loaded / total);
    });
    request.addEventListener('error', () => reject(new Problem({ status: 0, code: 'client.offline' })));
    request.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
    request.addEventListener('load', async () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) return resolve(parsed(responseText));
      const headers = new Headers({ 'x-request-id': request.getResponseHeader('x-request-id') ?? '' });
      reject(await Problem.of(new Response(responseText, { status, headers })));
    });
    const body = new FormData();
    body.append(name, file);
    request.send(body);
  });
  return { done, cancel: () => request.abort() };
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
