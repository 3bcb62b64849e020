import { ask } from '../../components/dialog.js';
import { tried } from '../../components/friends/acts.js';
import { icon } from '../../components/icon.js';
import { personLink } from '../../components/person.js';
import { portrait } from '../../components/portrait.js';
import { bracket } from '../../components/pong/bracket.js';
import { championBanner } from '../../components/pong/champion.js';
import { cupState } from '../../components/pong/cup-card.js';
import { entryRow, myTurn } from '../../components/pong/entries.js';
import { prizeLine } from '../../components/pong/prize.js';
import { firstTo } from '../../components/pong/words.js';
import { copyLink } from '../../components/share.js';
import { bone, missingState, present, skeleton, times } from '../../components/states.js';
import { api, i18n, live, session, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { moment, plain } from '../../core/format.js';
import { Intent } from '../../core/intent.js';
import { Page } from '../../core/page.js';
import { signinPath } from '../../core/paths.js';
import { ranked } from '../../core/pong-bracket.js';

/** @typedef {import('../../core/pong-types.js').Cup} Cup */

/** Several things may happen at once: they are read together. */
const PAUSE_MS = 250;

/** One tournament: who takes part, who plays whom, and what I can do about it. */
class TournamentPage extends Page {
  /** @type {Cup|null} */
  #cup = null;
  #intent = new Intent(api);
  #facts = h('div', { class: 'cup-page-facts' });
  #acts = h('div', { class: 'cup-acts' });
  #mine = h('div', { class: 'cup-mine', role: 'status' });
  #champion = h('div');
  #bracket = h('section', { class: 'cup-section', hidden: true });
  #entries = h('ol', { class: 'cup-players', role: 'list' });
  #count = h('span', { class: 'review-count number' });
  /** @type {ReturnType<typeof bracket>|null} */
  #drawn = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  get #path() {
    return `/api/pong/tournaments/${encodeURIComponent(this.params['id'] ?? '')}/`;
  }

  /** @override */
  connected() {
    this.#cup = null;
    this.#drawn = null;
    this.ready = present(this, {
      signal: this.signal,
      skeleton: bones,
      load: async (signal) => {
        const [cup] = await Promise.all([api.get(this.#path, { signal }), session.known()]);
        return /** @type {Cup} */ (cup);
      },
      show: (cup) => this.#show(cup),
      failed: ({ status }) => (status === 404 ? missing() : null),
    });
    live.subscribe(
      `pong.tournament:${this.params['id']}`,
      {
        data: (told) => {
          const version = Number(told?.version ?? told?.state?.version);
          if (this.#cup && version > this.#cup.version) this.#soon();
        },
        resume: () => this.#soon(),
      },
      this.signal,
    );
    this.signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      const { signal } = this;
      try {
        const cup = await api.get(this.#path, { signal });
        if (!signal.aborted && this.#cup) this.#take(cup);
      } catch {
        // What is shown stays, and changes with the next news.
      }
    }, PAUSE_MS);
  }

  /** @param {Cup} cup an answer may be older than what is shown */
  #take(cup) {
    if (!this.#cup || cup.version < this.#cup.version) return;
    this.#draw(cup);
  }

  /** @param {Cup} cup @returns {Node[]} */
  #show(cup) {
    const { name } = cup;
    this.setTitle(name);
    fill(this.#champion);
    this.#draw(cup);
    return [
      h(
        'div',
        { class: 'pong' },
        h('a', { class: 'back-link', href: '/pong/tournaments' }, icon('back'), t('pong.cups')),
        h(
          'header',
          { class: 'cup-page-head' },
          h('div', { class: 'cup-page-name' }, h('h1', null, name), this.#facts),
          this.#acts,
        ),
        this.#champion,
        this.#mine,
        this.#bracket,
        h(
          'section',
          { class: 'cup-section' },
          h('header', { class: 'review-title' }, h('h2', null, t('pong.entries')), this.#count),
          this.#entries,
        ),
      ),
    ];
  }

  /** @param {Cup} cup */
  #draw(cup) {
    const before = this.#cup;
    this.#cup = cup;
    this.#drawFacts(cup);
    this.#drawActs(cup);
    const me = session.user?.id ?? null;
    fill(this.#mine, me === null ? null : myTurn(cup, me));
    if (cup.champion && before?.champion?.user_id !== cup.champion.user_id) {
      fill(this.#champion, championBanner(cup.champion, cup.prize));
    }
    this.#bracket.hidden = cup.rounds.length === 0;
    if (cup.rounds.length > 0) {
      if (this.#drawn) this.#drawn.show(cup);
      else {
        this.#drawn = bracket(cup, me);
        fill(this.#bracket, h('h2', null, t('pong.bracket')), this.#drawn);
      }
    }
    this.#count.textContent = plain(cup.players.filter(({ withdrawn }) => !withdrawn).length);
    fill(
      this.#entries,
      cup.players.length === 0
        ? h('li', { class: 'pong-none' }, t('pong.entries_none'))
        : ranked(cup.players).map((entry) => entryRow(entry, cup, me)),
    );
  }

  /** @param {Cup} cup */
  #drawFacts(cup) {
    const { entries, size, points, created_by: maker, created_at: at, state } = cup;
    fill(
      this.#facts,
      h(
        'p',
        { class: 'cup-facts' },
        cupState(state),
        h('span', { class: 'number' }, t('pong.cup_entries', { n: plain(entries), of: plain(size) })),
        h('span', null, firstTo(points)),
        h('time', { datetime: at }, moment(cup.started_at ?? at, i18n.lang.value)),
        maker ? h('span', { class: 'cup-maker' }, portrait(maker), personLink(maker)) : null,
      ),
      cup.prize ? prizeLine(cup.prize) : null,
    );
  }

  /** @param {Cup} cup */
  #drawActs({ may, state }) {
    const focused = this.#acts.contains(document.activeElement);
    /** @param {'join'|'leave'|'start'|'cancel'} act @param {string} look */
    const button = (act, look) => {
      const element = h(
        'button',
        { type: 'button', class: `button button-small ${look}`, onclick: () => this.#act(act, element) },
        t(act === 'leave' && state === 'running' ? 'pong.cup_act.withdraw' : `pong.cup_act.${act}`),
      );
      return element;
    };
    fill(
      this.#acts,
      may.join ? button('join', 'button-accent') : null,
      !session.user && state === 'open'
        ? h(
            'a',
            { class: 'button button-small button-accent', href: signinPath(location.pathname) },
            t('pong.cup_signin'),
          )
        : null,
      may.start ? button('start', 'button-ink') : null,
      may.leave ? button('leave', 'button-line') : null,
      may.cancel ? button('cancel', 'button-line') : null,
      h(
        'button',
        {
          type: 'button',
          class: 'icon-button',
          'aria-label': t('post.copy'),
          onclick: () => copyLink(location.origin + location.pathname),
        },
        icon('link'),
      ),
    );
    // The pressed button is gone: its successor takes over.
    if (focused) /** @type {HTMLElement|null} */ (this.#acts.querySelector('button, a'))?.focus();
  }

  /** @param {'join'|'leave'|'start'|'cancel'} act @param {HTMLElement} button */
  async #act(act, button) {
    const { signal } = this;
    const cup = this.#cup;
    if (!cup || button.getAttribute('aria-busy') === 'true') return;
    if (act === 'cancel' || act === 'start' || (act === 'leave' && cup.state === 'running')) {
      const sure = await ask({
        title: t(`pong.sure.${act}`),
        text: t(`pong.sure_text.${act}`),
        confirm: t(`pong.cup_act.${act}`),
        keep: t('action.back'),
        signal,
      });
      if (!sure || signal.aborted) return;
    }
    button.setAttribute('aria-busy', 'true');
    await tried(
      async () => {
        const next = await this.#intent.post(`${this.#path}${act}/`, {});
        if (!signal.aborted) this.#take(next);
      },
      t(`pong.done.${act}`),
    );
    button.removeAttribute('aria-busy');
  }
}

function missing() {
  return missingState({
    icon: 'trophy',
    title: t('pong.cup_missing'),
    text: t('pong.cup_missing_text'),
    action: { href: '/pong/tournaments', label: t('pong.cups') },
  });
}

function bones() {
  return skeleton(
    h(
      'div',
      { class: 'pong' },
      bone('w-30'),
      bone('bone-line w-60'),
      times(6, () => bone('bone-line')),
    ),
  );
}

define('page-pong-tournament', TournamentPage);
