import { infiniteList } from '../../components/infinite-list.js';
import { select } from '../../components/form.js';
import { boardBones, boardHead, boardRow } from '../../components/pong/standing.js';
import { seasonName } from '../../components/pong/words.js';
import { emptyState } from '../../components/states.js';
import { api, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { navigate } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { pongPage } from './frame.js';

/**
 * @typedef {import('../../core/pong-types.js').Row} Row
 * @typedef {import('../../core/pong-types.js').Board} Board
 * @typedef {import('../../core/pong-types.js').BoardFacts} BoardFacts
 */

/** Who plays best: in a season, or of all time. */
class LeaderboardPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Row>|null} */
  #list = null;
  /** @type {BoardFacts|null} */
  #facts = null;
  #season = h('div', { class: 'board-season' });
  #mine = h('div', { class: 'board-mine', hidden: true });

  /** @returns {string} empty: the present one */
  get #chosen() {
    const season = this.query.get('season') ?? '';
    return /^\d{1,6}$/.test(season) ? season : '';
  }

  /** @override */
  connected() {
    this.#facts = this.restored?.facts ?? null;
    const season = this.#chosen;
    this.#list = infiniteList(
      {
        first: `/api/pong/leaderboard/?${season ? `season=${season}&` : ''}page_size=50`,
        load: (path, signal) => api.get(path, { signal }),
        label: t('pong.leaderboard'),
        class: 'board',
        key: ({ user_id: id }) => id,
        row: (row) => boardRow(row),
        skeleton: () => boardBones(8),
        empty: () =>
          emptyState({
            icon: 'trophy',
            title: t('pong.board_empty'),
            text: t('pong.board_empty_text'),
            action: { href: '/pong', label: t('pong.play') },
          }),
        onpage: (page) => this.#know(/** @type {Board} */ (page)),
      },
      this.restored?.list ?? null,
    );
    this.replaceChildren(
      pongPage(
        'leaderboard',
        { title: t('pong.leaderboard'), action: this.#season },
        h('p', { class: 'muted small' }, t('pong.board_text')),
        h('div', { class: 'board-frame' }, boardHead(), this.#list, this.#mine),
      ),
    );
    this.#drawFacts();
    // Mine is shown once: below only while its row is out of sight.
    const look = () => this.#look();
    this.listen(window, 'scroll', look, { passive: true });
    this.listen(window, 'resize', look);
    this.ready = this.#list.ready.then(look);
  }

  #look() {
    const row = this.#list?.querySelector('.is-me')?.getBoundingClientRect();
    const edge = this.#mine.getBoundingClientRect().top;
    this.#mine.classList.toggle('is-seen', row !== undefined && row.bottom > 0 && row.top < edge);
  }

  /** @override */
  snapshot() {
    const list = this.#list?.state;
    return list ? { list, facts: this.#facts, pages: list.pages } : null;
  }

  /** @param {Board} board */
  #know({ season, seasons, me }) {
    this.#facts = { season, seasons: seasons ?? [], me: me ?? null };
    this.#drawFacts();
  }

  #drawFacts() {
    const facts = this.#facts;
    const chosen = this.#chosen;
    const seasons = facts?.seasons ?? [];
    const options = seasons.map((each) => ({ value: String(each.season), label: seasonName(each) }));
    // Before they were read there is one choice at least.
    if (!facts)
      options.push({ value: chosen, label: chosen === '0' ? t('pong.all_time') : t('pong.this_season') });
    if (!options.some(({ value }) => value === '0')) options.push({ value: '0', label: t('pong.all_time') });
    const value = String(facts?.season ?? chosen);
    const control = select(
      { class: 'input input-small select select-plain', 'aria-label': t('pong.season_choice'), value },
      options,
    );
    control.addEventListener('change', () =>
      navigate(`/pong/leaderboard?season=${control.value}`, { replace: true }),
    );
    const focused = this.#season.contains(document.activeElement);
    fill(this.#season, control);
    if (focused) control.focus();
    const me = facts?.me ?? null;
    this.#mine.hidden = me === null;
    fill(this.#mine, me ? boardRow(me, 'div') : null);
  }
}

define('page-pong-leaderboard', LeaderboardPage);
