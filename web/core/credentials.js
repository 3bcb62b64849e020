import { wait } from './backoff.js';
import { Problem } from './problem.js';
import { parsed } from './storage.js';

/**
 * What this browser knows about its login without being able to read it: the cookies are HttpOnly. The
 * record holds no secret, only until when the tokens live and which rotation they belong to. Thanks to it an
 * anonymous visitor asks nothing that is answered with 401, and a tab notices that another one was faster.
 *
 * @typedef {object} Login
 * @property {number} at when this was written; the newest record holds
 * @property {string} stamp the rotation, empty when nobody is signed in
 * @property {number} access when the access token ends, in ms; 0 when unknown
 * @property {number} refresh the same of the refresh token
 * @property {number} since when who is signed in last changed: it is `at` of that record
 */

const KEY = 'rally.session';
const AWAY = 'rally.away';
const LOCK = 'rally.refresh';
/** So long the way over a provider's pages may take. */
const AWAY_MS = 15 * 60_000;
/** Renew a little early: a token must not run out on its way to the server. */
const MARGIN = 5_000;
/** How long the news of a rotation may take to the other tabs. */
const SPREAD_MS = 30;

/** @type {Login} */
const NOBODY = { at: 0, stamp: '', access: 0, refresh: 0, since: 0 };

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
  /**
   * What this tab knows itself. Storage reaches other tabs with a delay, and may be blocked; the channel tells
   * them as well, so the newer of both holds.
   *
   * @type {Login}
   */
  #memory = NOBODY;
  /** @type {Promise<boolean>|null} */
  #renewing = null;
  /** Called when the login changed: here or in another tab. */
  onchange = () => {};

  /**
   * @param {object} parts
   * @param {typeof globalThis.fetch} parts.fetch
   * @param {{get(key: string): string|null, set(key: string, value: string|null): void}} parts.storage
   * @param {{request(name: string, run: () => Promise<void>): Promise<void>}|null} parts.locks
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
        if (data.login.at > this.#memory.at) this.#memory = data.login;
        if (data.changed) this.onchange();
      };
    }
  }

  /** @returns {Login} */
  get #login() {
    const stored = parsed(this.#storage.get(KEY), NOBODY);
    return stored.at > this.#memory.at ? stored : this.#memory;
  }

  get stamp() {
    return this.#login.stamp;
  }

  /** When who is signed in last changed; the same number in every tab. */
  get since() {
    return this.#login.since ?? 0;
  }

  /** Somebody may be signed in. False is certain. */
  get likely() {
    return this.stamp !== '';
  }

  /**
   * @param {Omit<Login, 'at'|'since'>} facts
   * @param {boolean} changed who is signed in changed, not only the tokens
   */
  #write(facts, changed) {
    // A clock that was set back must not make this look older than what it replaces.
    const at = Math.max(this.#now(), this.#login.at + 1);
    const login = { ...facts, at, since: changed ? at : this.since };
    this.#memory = login;
    this.#storage.set(KEY, JSON.stringify(login));
    this.#channel?.postMessage({ login, changed });
  }

  /**
   * Somebody leaves for a provider's page. They may come back signed in, with cookies that nobody here has seen.
   */
  leave() {
    this.#storage.set(AWAY, String(this.#now()));
  }

  /** Somebody left not long ago, and no login was seen since then. */
  get away() {
    const since = this.#now() - Number(this.#storage.get(AWAY) ?? NaN);
    return since >= 0 && since < AWAY_MS;
  }

  /** @param {string} access @param {string} refresh @param {boolean} changed */
  note(access, refresh, changed) {
    this.#storage.set(AWAY, null);
    const now = this.#now();
    const stamp = Math.random().toString(36).slice(2);
    this.#write({ stamp, access: expiryOf(access, now), refresh: expiryOf(refresh, now) }, changed);
  }

  /** Forgets the login in every tab. */
  clear() {
    if (!this.likely) return;
    this.#write({ stamp: '', access: 0, refresh: 0 }, true);
    this.onchange();
  }

  /** Renews before a request where it is already known that the access token has run out. */
  async fresh() {
    const { stamp, access, refresh } = this.#login;
    if (stamp === '') return;
    const now = this.#now();
    if (refresh > 0 && refresh <= now) this.clear();
    else if (access > 0 && access <= now + MARGIN) await this.renew(stamp);
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

  /** @param {() => Promise<boolean>} run @returns {Promise<boolean>} */
  #locked(run) {
    const locks = this.#locks;
    if (!locks) return run();
    return new Promise((resolve, reject) => {
      const held = locks.request(LOCK, async () => {
        const result = run();
        result.then(resolve, reject);
        await result.catch(() => {});
        // The next tab gets its turn when the news had time to reach it, or it would rotate once more.
        await wait(SPREAD_MS);
      });
      held.catch(reject);
    });
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
