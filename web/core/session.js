import { Problem } from './problem.js';
import { Store } from './store.js';

/** @typedef {import('./types.js').User} User */
/**
 * `unknown` lasts from the start until the server has said who this is.
 *
 * @typedef {{state: 'unknown', user: null}|{state: 'anonymous', user: null}|{state: 'signed-in', user: User}} Login
 */

/**
 * A login that still needs its second step; the server remembers the first.
 *
 * @typedef {{otp_required: true, methods: string[]}} Pending
 */

/** @type {Login} */
const ANONYMOUS = { state: 'anonymous', user: null };

export class Session {
  /** @type {Store<Login>} */
  login = new Store(/** @type {Login} */ ({ state: 'unknown', user: null }));
  /** Called when the person is about to sign out here, or has ended their sessions. */
  onleave = () => {};
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

  /**
   * Asks the server who is signed in, but only if somebody may be.
   *
   * @param {{returning?: boolean}} [how] returning: this may be the way back from a provider's page
   */
  async load({ returning = false } = {}) {
    const back = returning && this.#credentials.away;
    if (!this.#credentials.likely && !back) {
      this.login.set(ANONYMOUS);
      return;
    }
    try {
      const user = await this.#api.get('/api/accounts/user/');
      // Signed in by the provider's way back: this tab is the first to know, the tokens are in cookies only.
      if (!this.#credentials.likely) this.#credentials.note('', '', true);
      this.setUser(user);
    } catch (error) {
      const problem = Problem.from(error);
      if (problem.status === 401 || problem.status === 403) {
        this.#credentials.clear();
        this.login.set(ANONYMOUS);
        return;
      }
      if (problem.offline) await this.#net.online.when((online) => online);
      else await new Promise((resolve) => setTimeout(resolve, 3_000));
      if (this.login.value.state === 'unknown') await this.load({ returning });
    }
  }

  /** @param {User} user */
  setUser(user) {
    this.login.set({ state: 'signed-in', user });
  }

  /**
   * Whatever way somebody signs in: the answer comes here, and every tab is told.
   *
   * @param {import('./types.js').LoginReply|Pending} reply
   * @returns {Pending|null} what is still missing; null: signed in
   */
  accept(reply) {
    if ('otp_required' in reply) return reply;
    this.#credentials.note(reply.access_token, reply.refresh_token, true);
    this.setUser(reply.user);
    return null;
  }

  /** @param {string} email @param {string} password */
  async signIn(email, password) {
    return this.accept(await this.#api.post('/api/accounts/login/', { email, password }));
  }

  /** Every session of this account has ended on the server. */
  forget() {
    this.onleave();
    this.#credentials.clear();
    this.login.set(ANONYMOUS);
  }

  async signOut() {
    this.onleave();
    try {
      await this.#api.post('/api/accounts/logout/');
    } catch (error) {
      // Already signed out elsewhere is what was asked for. Without an answer the cookies still live.
      if (Problem.from(error).status !== 401) throw error;
    }
    this.ended();
  }

  /** The login is over: signed out, or the server has ended it with the account. */
  ended() {
    this.forget();
  }
}
