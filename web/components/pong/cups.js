import { api, pongFeed, session, t } from '../../core/context.js';
import { RallyElement, define, fill, h } from '../../core/element.js';
import { present } from '../states.js';
import { cupBones, cupCard } from './cup-card.js';

/** @typedef {import('../../core/pong-types.js').CupBrief} CupBrief */

/** Not more often than that, however many come in. */
const PAUSE_MS = 1_500;

/** Tournaments that one can enter or watch. What changes is told in short, and read again. */
class Cups extends RallyElement {
  most = 4;
  /** @type {('open'|'running')[]} */
  states = ['open', 'running'];
  /** @type {() => Node} */
  empty = () => h('p', { class: 'pong-none' }, t('pong.cups_none'));
  #told = '';
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  /** @type {Promise<void>} */
  ready = Promise.resolve();

  /** @override */
  connected() {
    this.#told = '';
    this.ready = present(this, {
      signal: this.signal,
      skeleton: () => cupBones(2),
      load: (signal) => this.#load(signal),
      show: (cups) => this.#content(cups),
    });
    pongFeed.follow(({ tournaments }) => {
      const told = JSON.stringify(tournaments.map(({ id, state, entries }) => [id, state, entries]));
      const before = this.#told;
      this.#told = told;
      if (before && before !== told) this.#soon();
    }, this.signal);
    this.watch(session.login, () => this.#soon());
    this.signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      const { signal } = this;
      try {
        const cups = await this.#load(signal);
        if (!signal.aborted) fill(this, this.#content(cups));
      } catch {
        // What is shown stays, and changes with the next news.
      }
    }, PAUSE_MS);
  }

  /** @param {AbortSignal} signal @returns {Promise<CupBrief[]>} */
  async #load(signal) {
    const portions = await Promise.all(
      this.states.map((state) =>
        api.get(`/api/pong/tournaments/?state=${state}&page_size=${this.most}`, { signal }),
      ),
    );
    return portions.flatMap(({ results }) => results).slice(0, this.most);
  }

  /** @param {CupBrief[]} cups */
  #content(cups) {
    if (cups.length === 0) return this.empty();
    return h(
      'ul',
      { class: 'cups', role: 'list' },
      cups.map((cup) => h('li', null, cupCard(cup))),
    );
  }
}

define('rally-pong-cups', Cups);

/** @param {{most?: number, states?: ('open'|'running')[], empty?: () => Node}} [how] @returns {Cups} */
export function cups(how = {}) {
  return Object.assign(/** @type {Cups} */ (document.createElement('rally-pong-cups')), how);
}
