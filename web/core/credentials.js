import { Problem } from './problem.js';
import { parsed } from './storage.js';

/**
 * What this browser knows about its login without being able to read it: the cookies are HttpOnly. The
 * hint holds no secret, only until when the tokens live and which rotation they belong to. Thanks to it an
 * anonymous visitor asks nothing that is answered with 401, and a tab notices that another one was faster.
 *
 * @typedef {{stamp: string, access: number, refresh: number}} Hint  times in ms; 0 when unknown
 */

const KEY = 'rally.session';
const LOCK = 'rally.refresh';
/** Renew a little early: a token must not run out on its way to the server. */
const MARGIN = 5_000;

/**
 * @param {string} token
 * @param {number} now
 * @returns {number} when it ends on this device's clock, 0 when the token doesn't say
 */
export function expiryOf(token, now) {
  try {
    const part = token.split('.')[1] ?? '';
    const { exp, iat } = JSON.parse(atob(part.replace(/-/g, '+').replace(/_/g, '/')));
    // The lifetime counts from now on, so that a wrong clock on this device doesn't matter.
    return Number.isFinite(exp) && Number.isFinite(iat) ? now + (exp - iat) * 1000 : 0;
  } catch {
    return 0;
  }
}

export class Credentials {
  #fetch;
  #storage;
  #locks;
  #channel;
  #now;
  /** Where storage is blocked, memory and the channel have to do. @type {string|null} */
  #memory = null;
  /** @type {Promise<boolean>|null} */
  #renewing = null;
  /** Called when the login changed: here or in another tab. */
  onchange = () => {};

  /**
   * @param {object} parts
   * @param {typeof globalThis.fetch} parts.fetch
   * @param {{get(key: string): string|null, set(key: string, value: string|null): void}} parts.storage
   * @param {{request(name: string, run: () => Promise<boolean>): Promise<boolean>}|null} parts.locks
   * @param {{postMessage(message: unknown): void, onmessage: ((event: any) => void)|null}|null} parts.channel
   * @param {() => number} [parts.now]
   */
  constructor({ fetch, storage, locks, channel, now = Date.now }) {
    this.#fetch = fetch;
    this.#storage = storage;
    this.#locks = locks;
    this.#channel = channel;
    this.#now = now;
    if (channel) {
      channel.onmessage = ({ data }) => {
        this.#memory = data.hint;
        if (data.changed) this.onchange();
      };
    }
  }

  /** @returns {Hint|null} */
  get hint() {
    const hint = parsed(this.#storage.get(KEY) ?? this.#memory, /** @type {Hint|null} */ (null));
    return typeof hint?.stamp === 'string' ? hint : null;
  }

  get stamp() {
    return this.hint?.stamp ?? '';
  }

  /** Somebody may be signed in. False is certain. */
  get likely() {
    return this.hint !== null;
  }

  /** @param {string|null} text @param {boolean} changed who is signed in changed, not only the tokens */
  #write(text, changed) {
    this.#memory = text;
    this.#storage.set(KEY, text);
    this.#channel?.postMessage({ hint: text, changed });
  }

  /** @param {string} access @param {string} refresh @param {boolean} changed */
  note(access, refresh, changed) {
    const now = this.#now();
    /** @type {Hint} */
    const hint = {
      stamp: `${now}-${Math.random().toString(36).slice(2)}`,
      access: expiryOf(access, now),
      refresh: expiryOf(refresh, now),
    };
    this.#write(JSON.stringify(hint), changed);
  }

  /** Forgets the login in every tab. */
  clear() {
    if (!this.likely) return;
    this.#write(null, true);
    this.onchange();
  }

  /** Renews before a request where it is already known that the access token has run out. */
  async fresh() {
    const hint = this.hint;
    if (!hint) return;
    const now = this.#now();
    if (hint.refresh > 0 && hint.refresh <= now) this.clear();
    else if (hint.access > 0 && hint.access <= now + MARGIN) await this.renew(hint.stamp);
  }

  /**
   * One rotation for all tabs and all requests that fail together.
   *
   * @param {string} stamp the rotation under which the failed request was sent
   * @returns {Promise<boolean>} false: nobody is signed in any more
   */
  renew(stamp) {
    this.#renewing ??= this.#locked(() => this.#rotate(stamp)).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** @param {() => Promise<boolean>} run */
  #locked(run) {
    return this.#locks ? this.#locks.request(LOCK, run) : run();
  }

  /** @param {string} stamp */
  async #rotate(stamp) {
    if (!this.likely) return false;
    // While this tab waited for the lock, another one has renewed.
    if (this.stamp !== stamp) return true;
    let response;
    try {
      response = await this.#fetch('/api/accounts/token/refresh/', {
        method: 'POST',
        credentials: 'same-origin',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: '{}',
      });
    } catch {
      throw new Problem({ status: 0, code: 'client.offline' });
    }
    if (response.ok) {
      const { access, refresh } = await response.json();
      this.note(access, refresh, false);
      return true;
    }
    const problem = await Problem.of(response);
    // A tired server says nothing about the login.
    if (problem.status >= 500 || problem.status === 429) throw problem;
    this.clear();
    return false;
  }
}
