import { linkTo } from './link.js';
import { Problem } from './problem.js';
import { transfer } from './upload.js';

/**
 * The one way to the server. It knows cookies, problems and the renewal of a login, and no page.
 *
 * @typedef {object} Options
 * @property {AbortSignal} [signal]
 * @property {string} [key] Idempotency-Key
 */

export class Api {
  #fetch;
  #transfer;
  #credentials;

  /**
   * @param {object} parts
   * @param {typeof globalThis.fetch} parts.fetch
   * @param {import('./upload.js').Transfer} [parts.transfer]
   * @param {import('./credentials.js').Credentials} parts.credentials
   */
  constructor({ fetch, transfer: given = transfer, credentials }) {
    this.#fetch = fetch;
    this.#transfer = given;
    this.#credentials = credentials;
  }

  /** @param {string} path @param {Options} [options] @returns {Promise<any>} */
  get(path, options) {
    return this.request('GET', path, undefined, options);
  }

  /** @param {string} path @param {unknown} [body] @param {Options} [options] @returns {Promise<any>} */
  post(path, body = {}, options) {
    return this.request('POST', path, body, options);
  }

  /** @param {string} path @param {unknown} body @param {Options} [options] @returns {Promise<any>} */
  patch(path, body, options) {
    return this.request('PATCH', path, body, options);
  }

  /** @param {string} path @param {unknown} body @param {Options} [options] @returns {Promise<any>} */
  put(path, body, options) {
    return this.request('PUT', path, body, options);
  }

  /** @param {string} path @param {Options} [options] @returns {Promise<any>} */
  delete(path, options) {
    return this.request('DELETE', path, undefined, options);
  }

  /**
   * A list that is a plain array and names its next portion in the Link header.
   *
   * @param {string} path
   * @param {Options} [options]
   * @returns {Promise<import('./types.js').Cursored<any>>}
   */
  async portion(path, options) {
    const response = await this.#exchange('GET', path, undefined, options);
    const link = response.headers.get('link');
    return { results: await response.json(), next: linkTo(link, 'next'), previous: linkTo(link, 'prev') };
  }

  /**
   * Sends files.
   *
   * @param {'POST'|'PUT'|'PATCH'} method
   * @param {string} path
   * @param {FormData} body
   * @param {import('./upload.js').Sending} [how]
   * @returns {Promise<any>} the decoded body; failures are Problems, but for what was called off by the signal
   */
  async upload(method, path, body, how = {}) {
    const response = await this.#renewing(() => this.#transfer(method, path, body, how));
    return response.json();
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} body
   * @param {Options} [options]
   * @returns {Promise<any>} the decoded body, null when there is none; failures are Problems
   */
  async request(method, path, body, options = {}) {
    const response = await this.#exchange(method, path, body, options);
    return response.status === 204 ? null : response.json();
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} body
   * @param {Options} [options]
   * @returns {Promise<Response>} a good one
   */
  #exchange(method, path, body, options = {}) {
    return this.#renewing(() => this.#send(method, path, body, options));
  }

  /**
   * Sends, and once more where the login had to be renewed.
   *
   * @param {() => Promise<Response>} send
   * @returns {Promise<Response>} a good one
   */
  async #renewing(send) {
    await this.#credentials.fresh();
    const stamp = this.#credentials.stamp;
    let response = await send();
    if (response.status === 401) {
      const problem = await Problem.of(response);
      if (!problem.code.startsWith('auth.') || !this.#credentials.likely) throw problem;
      if (!(await this.#credentials.renew(stamp))) throw problem;
      response = await send();
      if (response.status === 401) {
        const second = await Problem.of(response);
        // Renewed and still unknown: the login is gone for good.
        if (second.code.startsWith('auth.')) this.#credentials.clear();
        throw second;
      }
    }
    if (!response.ok) throw await Problem.of(response);
    return response;
  }

  /** @param {string} method @param {string} path @param {unknown} body @param {Options} options */
  async #send(method, path, body, { signal, key }) {
    /** @type {Record<string, string>} */
    const headers = { Accept: 'application/json' };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (key) headers['Idempotency-Key'] = key;
    try {
      return await this.#fetch(path, {
        method,
        headers,
        credentials: 'same-origin',
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal ?? null,
      });
    } catch (error) {
      // An aborted request says nothing about the network; whoever aborted knows what to do.
      if (signal?.aborted) throw error;
      throw new Problem({ status: 0, code: 'client.offline' });
    }
  }
}
