import { Problem } from './problem.js';
import { Store } from './store.js';

/** @typedef {import('./types.js').User} User */
/**
 * `unknown` lasts from the start until the server has said who this is.
 *
 * @typedef {{state: 'unknown', user: null}|{state: 'anonymous', user: null}|{state: 'signed-in', user: User}} Login
 */

/** @type {Login} */
const ANONYMOUS = { state: 'anonymous', user: null };

export class Session {
  /** @type {Store<Login>} */
  login = new Store(/** @type {Login} */ ({ state: 'unknown', user: null }));
  #api;
  #credentials;
  #net;

  /**
   * @param {object} parts
   * @param {import('./api.js').Api} parts.api
   * @param {import('./credentials.js').Credentials} parts.credentials
   * @param {{online: Store<boolean>}} parts.net
   */
  constructor({ api, credentials, net }) {
    this.#api = api;
    this.#credentials = credentials;
    this.#net = net;
    credentials.onchange = () => this.load();
  }

  get user() {
    return this.login.value.user;
  }

  /** @returns {Promise<Login>} who it is, as soon as that is known */
  known() {
    return this.login.when(({ state }) => state !== 'unknown');
  }

  /** Asks the server who is signed in, but only if somebody may be. */
  async load() {
    if (!this.#credentials.likely) {
      this.login.set(ANONYMOUS);
      return;
    }
    try {
      this.setUser(await this.#api.get('/api/accounts/user/'));
    } catch (error) {
      const problem = Problem.from(error);
      if (problem.status === 401 || problem.status === 403) {
        this.#credentials.clear();
        this.login.set(ANONYMOUS);
        return;
      }
      if (problem.offline) await this.#net.online.when((online) => online);
      else await new Promise((resolve) => setTimeout(resolve, 3_000));
      if (this.login.value.state === 'unknown') await this.load();
    }
  }

  /** @param {User} user */
  setUser(user) {
    this.login.set({ state: 'signed-in', user });
  }

  /** @param {string} email @param {string} password */
  async signIn(email, password) {
    /** @type {import('./types.js').LoginReply} */
    const reply = await this.#api.post('/api/accounts/login/', { email, password });
    this.#credentials.note(reply.access_token, reply.refresh_token, true);
    this.setUser(reply.user);
  }

  async signOut() {
    try {
      await this.#api.post('/api/accounts/logout/');
    } catch (error) {
      // Already signed out elsewhere is what was asked for. Without an answer the cookies still live.
      if (Problem.from(error).status !== 401) throw error;
    }
    this.#credentials.clear();
    this.login.set(ANONYMOUS);
  }
}
