import { i18n, pong, t } from '../../core/context.js';
import { RallyElement, define, fill, h, reconcile } from '../../core/element.js';
import { currentRouter, navigate } from '../../core/navigation.js';
import { toast } from '../toast.js';

/**
 * Whatever page is open: invitations, matches that are ready, a search that goes on. They stand in a corner and are in
 * nobody's way.
 */
class Calls extends RallyElement {
  #list = h('ul', { class: 'calls', role: 'list' });
  #said = h('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  #frame = h('section', { class: 'calls-frame', hidden: true });
  #turn = 0;
  /** At a match: whom it is against. Whether they play again is said there. @type {{match: number, user: number}|null} */
  #rival = null;

  /** @override */
  connected() {
    fill(this.#frame, this.#list);
    this.replaceChildren(this.#frame, this.#said);
    this.watch(pong.stand, (now, before) => {
      const asked = now.outgoing.find(({ id }) => before.outgoing.every((call) => call.id !== id));
      if (asked) this.#said.textContent = t('pong.waits_for', { name: asked.opponent?.profile_name ?? '' });
      this.#draw();
    });
    this.watch(i18n.lang, () => this.#draw(true));
    this.watch(currentRouter().url, () => this.#draw());
    pong.listen((news) => this.#hear(news), this.signal);
    this.#draw();
  }

  get #path() {
    return currentRouter().url.value.pathname;
  }

  /** @returns {number|null} the match that one is at */
  get #here() {
    const found = /^\/pong\/m\/(\d+)\/?$/.exec(this.#path);
    return found ? Number(found[1]) : null;
  }

  /** @returns {number|null} the tournament that one looks at, which calls by itself */
  get #cup() {
    const found = /^\/pong\/t\/(\d+)\/?$/.exec(this.#path);
    return found ? Number(found[1]) : null;
  }

  /** @returns {number|null} */
  get #against() {
    const here = this.#here;
    const call = pong.stand.value.ready.find(({ id }) => id === here);
    if (here !== null && call?.opponent) this.#rival = { match: here, user: call.opponent.user_id };
    return this.#rival?.match === here ? this.#rival.user : null;
  }

  /** @param {boolean} [anew] */
  async #draw(anew = false) {
    const turn = ++this.#turn;
    const { queue, incoming, outgoing, ready } = pong.stand.value;
    const rival = this.#against;
    const nothing = !queue.waiting && incoming.length + outgoing.length + ready.length === 0;
    if (nothing) return this.#show([], null);
    const cards = await import('./call-card.js').catch(() => null);
    if (!cards || turn !== this.#turn) return;
    if (anew) fill(this.#list);
    // The search, and the first match to go to, stand in the middle of the lobby.
    const { value } = pong.stand;
    const lobby = this.#path === '/pong';
    const here = lobby ? (value.ready[0]?.id ?? null) : this.#here;
    this.#show(cards.itemsOf(value, { queue: !lobby, here, cup: this.#cup, rival }), cards);
  }

  /** @param {import('./call-card.js').Item[]} items @param {typeof import('./call-card.js')|null} cards */
  #show(items, cards) {
    this.#frame.hidden = items.length === 0;
    this.#frame.setAttribute('aria-label', t('pong.calls'));
    if (!cards) return fill(this.#list);
    reconcile(this.#list, items, { key: cards.keyOf, create: cards.callCard });
  }

  /** @param {import('../../core/pong-state.js').News} news */
  #hear(news) {
    if (news.kind === 'dropped') return void toast(t('pong.search_ended'));
    const { call } = news;
    const name = call.opponent?.profile_name ?? '';
    switch (news.kind) {
      case 'declined':
        // The match's page, and that of the match before it, say so themselves.
        if (call.id === this.#here || call.opponent?.user_id === this.#against) break;
        toast(t('pong.declined', { name }));
        break;
      case 'invited':
        this.#said.textContent = t('pong.asks', { name });
        break;
      case 'called':
        this.#said.textContent = `${t('pong.call')} ${t('pong.against', { name })}`;
        break;
      default:
        this.#said.textContent = `${t(call.mode === 'quick' ? 'pong.found' : 'pong.ready_title')} ${t('pong.against', { name })}`;
        this.#go(call.id);
    }
  }

  /** Whoever is at Pong, and looks, is brought to the match. @param {number} id */
  #go(id) {
    if (document.hidden || !/^\/pong(\/|$)/.test(this.#path) || this.#here === id) return;
    const { ready } = pong.stand.value;
    // Not away from a match that is being played.
    if (this.#here !== null && ready.some((call) => call.id === this.#here && call.state === 'live')) return;
    navigate(`/pong/m/${id}`);
  }
}

define('rally-pong-calls', Calls);
