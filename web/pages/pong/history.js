import { infiniteList } from '../../components/infinite-list.js';
import { invitePerson } from '../../components/pong/invite-dialog.js';
import { matchBones, matchRow } from '../../components/pong/match-row.js';
import { readStanding, standingLine } from '../../components/pong/standing.js';
import { personLink } from '../../components/person.js';
import { portrait } from '../../components/portrait.js';
import { bone, emptyState, present, skeleton } from '../../components/states.js';
import { api, credentials, session, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { Page } from '../../core/page.js';
import { signinPath } from '../../core/paths.js';
import { pongPage } from './frame.js';

/**
 * @typedef {import('../../core/pong-types.js').Match} Match
 * @typedef {import('../../core/pong-types.js').Standing} Standing
 */

/** What somebody has played: I, or `?user=`. */
class HistoryPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Match>|null} */
  #list = null;
  #head = h('div', { class: 'history-head' });
  #body = h('div');
  #title = h('span', null);

  get #user() {
    const user = this.query.get('user') ?? '';
    return /^[1-9]\d{0,17}$/.test(user) ? Number(user) : null;
  }

  /** @override */
  connected() {
    this.#list = null;
    fill(this.#head);
    this.#head.classList.toggle('is-other', this.#user !== null);
    fill(this.#body, matchBones(5));
    this.#title.textContent = t(this.#user === null ? 'pong.my_history' : 'pong.history');
    this.replaceChildren(pongPage('history', { title: this.#title }, this.#head, this.#body));
    this.ready = this.#show();
  }

  /** @override */
  snapshot() {
    return this.#list?.state ?? null;
  }

  async #show() {
    const { signal } = this;
    // Who asks decides what stands between us.
    const me = credentials.likely ? (await session.known()).user : null;
    if (signal.aborted) return;
    const user = this.#user ?? me?.id ?? null;
    if (user === null) {
      fill(
        this.#body,
        emptyState({
          icon: 'pong',
          title: t('pong.history_signin'),
          text: t('pong.signin_text'),
          action: { href: signinPath('/pong/history'), label: t('nav.signin') },
        }),
      );
      return;
    }
    const own = user === me?.id;
    const head = present(this.#head, {
      signal,
      skeleton: () => skeleton(h('div', { class: 'history-who' }, bone('portrait'), bone('w-60'))),
      load: (reading) => readStanding(user, reading),
      show: (standing) => this.#who(standing, own),
      failed: (problem) => (problem.status === 404 ? h('p', { class: 'muted' }, t('person.missing')) : null),
    });
    this.#list = infiniteList(this.#source(user, own), this.restored);
    fill(this.#body, this.#list);
    await Promise.all([head, this.#list.ready]);
  }

  /** @param {Standing} standing @param {boolean} own */
  #who(standing, own) {
    const { profile_name: name, versus } = standing;
    if (!own) {
      this.#title.textContent = t('pong.history_of', { name });
      this.setTitle(t('pong.history_of', { name }));
    }
    const button = h(
      'button',
      {
        type: 'button',
        class: 'button button-ink button-small',
        onclick: () => invitePerson(standing, this.signal),
      },
      t('pong.invite_to_play'),
    );
    return [
      h(
        'div',
        { class: 'history-who' },
        portrait(standing),
        h(
          'div',
          { class: 'history-main' },
          own ? null : personLink(standing),
          standingLine({ ...standing, versus: null }),
        ),
        own || !session.user ? null : button,
      ),
      ...(!own && versus ? [between(versus, name)] : []),
    ];
  }

  /** @param {number} user @param {boolean} own @returns {import('../../components/infinite-list.js').Source<Match>} */
  #source(user, own) {
    return {
      first: `/api/pong/matches/?user_id=${user}&page_size=20`,
      load: (path, signal) => api.get(path, { signal }),
      label: t('pong.history'),
      class: 'matches',
      key: ({ id }) => id,
      row: (match) => matchRow(match, user),
      skeleton: () => matchBones(5),
      empty: () =>
        emptyState({
          icon: 'pong',
          title: t(own ? 'pong.history_empty' : 'pong.no_matches'),
          ...(own
            ? { text: t('pong.history_empty_text'), action: { href: '/pong', label: t('pong.play_now') } }
            : {}),
        }),
    };
  }
}

/**
 * How we stand against each other, seen from me: what they won, I lost.
 *
 * @param {import('../../core/pong-types.js').Versus} versus
 * @param {string} name
 */
function between({ wins: losses, losses: wins }, name) {
  const all = wins + losses;
  if (all === 0) return h('p', { class: 'versus-none muted' }, t('pong.versus_none'));
  return h(
    'section',
    { class: 'versus', 'aria-label': t('pong.versus_title') },
    h('h2', null, t('pong.versus_title')),
    h(
      'p',
      { class: 'versus-score' },
      h('span', null, t('pong.me'), ' ', h('strong', { class: 'number' }, plain(wins))),
      h('span', { class: 'versus-bar', 'aria-hidden': 'true', vars: { share: `${(wins / all) * 100}%` } }),
      h('span', null, h('strong', { class: 'number' }, plain(losses)), ' ', name),
    ),
  );
}

define('page-pong-history', HistoryPage);
