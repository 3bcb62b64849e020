import { backoff, wait } from './backoff.js';
import { Problem } from './problem.js';
import { uuid } from './uuid.js';

/**
 * One intention of a person that moves value. As long as nobody knows whether the server acted, it is sent
 * again under the same Idempotency-Key; once there is an answer, or the intention changed, the key is new.
 */
export class Intent {
  #api;
  #makeKey;
  #wait;
  /** @type {{what: string, key: string}|null} */
  #open = null;

  /**
   * @param {Pick<import('./api.js').Api, 'post'>} api
   * @param {() => string} [makeKey]
   * @param {(ms: number) => Promise<void>} [pause]
   */
  constructor(api, makeKey = uuid, pause = wait) {
    this.#api = api;
    this.#makeKey = makeKey;
    this.#wait = pause;
  }

  /**
   * @param {string} path
   * @param {unknown} body
   * @returns {Promise<any>}
   */
  async post(path, body) {
    const what = `${path} ${JSON.stringify(body)}`;
    if (this.#open?.what !== what) this.#open = { what, key: this.#makeKey() };
    const { key } = this.#open;
    for (let attempt = 0; ; attempt += 1) {
      try {
        const reply = await this.#api.post(path, body, { key });
        this.#open = null;
        return reply;
      } catch (error) {
        const problem = Problem.from(error);
        // The first sending is still at work on the server: its answer will be ours.
        if (problem.code === 'idempotency.in_flight' && attempt < 5) {
          await this.#wait(backoff(attempt, { base: 300 }));
          continue;
        }
        if (!problem.undecided) this.#open = null;
        throw problem;
      }
    }
  }
}
