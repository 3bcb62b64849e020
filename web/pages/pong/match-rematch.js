import { tried } from '../../components/friends/acts.js';
import { mayAgain } from '../../components/pong/duel-result.js';
import { api, pong } from '../../core/context.js';
import { navigate } from '../../core/navigation.js';

/**
 * Whether the same two play again. Who asks makes an invitation; who asks second accepts the first one's.
 *
 * @typedef {import('../../core/pong-types.js').Match} Match
 * @typedef {import('../../components/pong/duel-result.js').Wish} Wish
 */

/** An answer may come while the live connection is away. */
const POLL_MS = 4_000;

export class Rematch {
  #onchange;
  #signal;
  /** @type {Match|null} */
  #match = null;
  /** The invitation that I made. @type {number|null} */
  #asked = null;
  #refused = false;

  /** @param {{onchange: () => void, signal: AbortSignal}} parts */
  constructor({ onchange, signal }) {
    this.#onchange = onchange;
    this.#signal = signal;
    pong.stand.subscribe(() => this.#told(), signal);
    const poll = setInterval(() => {
      if (this.#asked !== null && !document.hidden) this.#look(this.#asked);
    }, POLL_MS);
    signal.addEventListener('abort', () => clearInterval(poll), { once: true });
  }

  /** @param {Match} match that is over */
  follow(match) {
    this.#match = mayAgain(match) ? match : null;
  }

  /** @returns {Wish} */
  get wish() {
    if (this.#asked !== null) return 'mine';
    if (this.#theirs !== null) return 'theirs';
    return this.#refused ? 'refused' : 'open';
  }

  /** @returns {number|null} their invitation */
  get #theirs() {
    const match = this.#match;
    const other = match?.players[match.mine === 0 ? 1 : 0].user_id ?? null;
    if (other === null) return null;
    return pong.stand.value.incoming.find(({ opponent }) => opponent?.user_id === other)?.id ?? null;
  }

  async ask() {
    const match = this.#match;
    if (!match) return;
    await tried(async () => {
      const next = /** @type {Match} */ (
        await api.post(`/api/pong/matches/${match.id}/rematch/`, {}, { signal: this.#signal })
      );
      this.#refused = false;
      this.#answered(next);
    });
    pong.again();
  }

  async decline() {
    const id = this.#theirs;
    if (id !== null) await tried(() => pong.decline(id));
    this.#onchange();
  }

  async cancel() {
    const id = this.#asked;
    this.#asked = null;
    if (id !== null) await tried(() => pong.cancel(id));
    this.#onchange();
  }

  #told() {
    if (!this.#match) return;
    const id = this.#asked;
    if (id !== null && pong.stand.value.ready.some((call) => call.id === id)) this.#go(id);
    else if (id !== null && !pong.stand.value.outgoing.some((call) => call.id === id)) this.#look(id);
    this.#onchange();
  }

  /** @param {number} id what has become of what I asked */
  async #look(id) {
    try {
      const match = await api.get(`/api/pong/matches/${id}/`, { signal: this.#signal });
      if (this.#asked === id) this.#answered(match);
    } catch {
      // The next look tells.
    }
  }

  /** @param {Match} next */
  #answered(next) {
    if (next.state === 'open' || next.state === 'live') return this.#go(next.id);
    this.#asked = next.state === 'invited' ? next.id : null;
    if (next.state !== 'invited') this.#refused = true;
    this.#onchange();
  }

  /** @param {number} id */
  #go(id) {
    this.#asked = null;
    if (!this.#signal.aborted) navigate(`/pong/m/${id}`);
  }
}
