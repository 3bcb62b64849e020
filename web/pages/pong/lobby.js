import { cups } from '../../components/pong/cups.js';
import { liveList } from '../../components/pong/live-list.js';
import { playPanel } from '../../components/pong/play.js';
import {
  boardBones,
  readStanding,
  standingBones,
  standingCard,
  topRow,
} from '../../components/pong/standing.js';
import { section } from '../../components/section.js';
import { present } from '../../components/states.js';
import { api, credentials, session, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { Page } from '../../core/page.js';
import { pongPage } from './frame.js';

/** @typedef {import('../../core/pong-types.js').Board} Board */

const TOP = 8;

/** @param {string} title @param {string|null} href @param {HTMLElement} body */
const part = (title, href, body) => section(title, href, body, { look: 'lobby-section' });

/** Where one finds a match: to play, to watch, or to enter. */
class LobbyPage extends Page {
  #mine = h('div');
  #mySection = h('div');

  /** @override */
  connected() {
    const top = h('div');
    const live = liveList({ most: 12 });
    const open = cups();
    this.replaceChildren(
      pongPage(
        'lobby',
        { title: t('pong.title') },
        h(
          'div',
          { class: 'lobby' },
          h(
            'div',
            { class: 'lobby-main' },
            playPanel(),
            part(t('pong.live'), null, live),
            part(t('pong.cups'), '/pong/tournaments', open),
          ),
          h('div', { class: 'lobby-side' }, this.#mySection, part(t('pong.top'), '/pong/leaderboard', top)),
        ),
      ),
    );
    const own = this.#drawMine();
    const board = present(top, {
      signal: this.signal,
      skeleton: () => boardBones(5),
      load: (signal) => api.get(`/api/pong/leaderboard/?page_size=${TOP}`, { signal }),
      show: (/** @type {Board} */ { results }) =>
        results.length === 0
          ? h('p', { class: 'pong-none' }, t('pong.board_empty'))
          : h(
              'ol',
              { class: 'tops', role: 'list', 'aria-label': t('pong.top') },
              results.slice(0, TOP).map(topRow),
            ),
    });
    this.ready = Promise.all([own, board, live.ready, open.ready]);
  }

  /** My own card, once it is known who I am. */
  async #drawMine() {
    const { signal } = this;
    if (!credentials.likely) return fill(this.#mySection);
    fill(this.#mine, standingBones());
    fill(this.#mySection, part(t('pong.my_record'), '/pong/history', this.#mine));
    const { user } = await session.known();
    if (signal.aborted) return;
    if (!user) return fill(this.#mySection);
    return present(this.#mine, {
      signal,
      skeleton: standingBones,
      load: (reading) => readStanding(user.id, reading),
      show: standingCard,
    });
  }
}

define('page-pong', LobbyPage);
