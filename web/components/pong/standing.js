import { api, people, session, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { personLink } from '../person.js';
import { portrait } from '../portrait.js';
import { bone, skeleton, times } from '../states.js';
import { formMarks, place, ratingWithDoubt, record, seasonName, streakWords } from './words.js';

/**
 * How somebody plays: the whole of it on one's own card, one line on a profile, a row of the leaderboard.
 *
 * @typedef {import('../../core/pong-types.js').Standing} Standing
 * @typedef {import('../../core/pong-types.js').Row} Row
 */

/** @param {number} user @param {AbortSignal} signal @returns {Promise<Standing>} */
export const readStanding = (user, signal) => api.get(`/api/pong/players/${user}/`, { signal });

/** @param {string} name @param {import('../../core/element.js').Child} value */
const fact = (name, value) => h('div', null, h('dt', null, name), h('dd', null, value));

/** @param {Standing} standing */
export function standingCard(standing) {
  const { rank, provisional, streak, best_streak: best, season } = standing;
  return h(
    'div',
    { class: 'standing' },
    h('p', { class: 'standing-rating' }, ratingWithDoubt(standing)),
    provisional ? h('p', { class: 'muted small' }, t('pong.provisional_hint')) : null,
    h(
      'dl',
      { class: 'facts' },
      fact(t('pong.rank'), rank === null ? '–' : place(rank)),
      fact(t('pong.won_lost'), record(standing)),
      fact(t('pong.streak'), streakWords(streak)),
      fact(t('pong.best_streak'), best > 0 ? streakWords(best) : '–'),
      season
        ? fact(
            seasonName(season),
            h(
              'span',
              { class: 'number' },
              record(season),
              season.rank === null ? null : ` · ${place(season.rank)}`,
            ),
          )
        : null,
      fact(t('pong.form'), formMarks(standing.form)),
    ),
  );
}

export function standingBones() {
  return skeleton(
    h(
      'div',
      { class: 'standing' },
      bone('standing-bone w-60'),
      times(5, () => bone('bone-fact')),
    ),
  );
}

/** Somebody's record in a line. @param {Standing} standing */
export function standingLine(standing) {
  const { versus, rank, wins, losses } = standing;
  const played = wins + losses > 0;
  return h(
    'div',
    { class: 'standing-line' },
    ratingWithDoubt(standing),
    rank === null ? null : h('span', null, place(rank)),
    played ? h('span', null, record(standing)) : h('span', { class: 'muted' }, t('pong.no_matches')),
    played ? formMarks(standing.form, 5) : null,
    versus && versus.wins + versus.losses > 0
      ? h(
          'span',
          { class: 'muted' },
          // What they won, I lost.
          t('pong.versus', { wins: plain(versus.losses), losses: plain(versus.wins) }),
        )
      : null,
  );
}

/** @param {string} label @param {string} look @param {import('../../core/element.js').Child} value */
const cell = (label, look, value) =>
  h('span', { class: `board-cell ${look}` }, h('span', { class: 'board-label' }, label), value);

/**
 * A row of the leaderboard: beside each other where there is room, a card where there is none.
 *
 * @param {Row} row
 * @param {'li'|'div'} [tag]
 */
export function boardRow(row, tag = 'li') {
  const person = people.latest(row);
  const me = row.user_id === session.user?.id;
  return h(
    tag,
    { class: `board-row ${me ? 'is-me' : ''}`.trim() },
    h(
      'span',
      { class: 'board-rank number' },
      row.rank === null ? '–' : plain(row.rank),
      h('span', { class: 'unseen' }, ` ${t('pong.rank')}`),
    ),
    h(
      'span',
      { class: 'board-who' },
      portrait(person),
      personLink(person),
      me ? h('span', { class: 'badge badge-ink' }, t('pong.me')) : null,
    ),
    cell(t('pong.rating'), 'board-rating', ratingWithDoubt(row)),
    cell(t('pong.won_lost'), 'board-record', record(row)),
    cell(t('pong.streak'), 'board-streak', streakWords(row.streak)),
    cell(t('pong.form'), 'board-form', formMarks(row.form)),
  );
}

/** The names of the columns; each row says them itself. */
export function boardHead() {
  return h(
    'div',
    { class: 'board-row board-head', 'aria-hidden': 'true' },
    h('span', { class: 'board-rank' }, t('pong.rank')),
    h('span', { class: 'board-who' }, t('pong.player')),
    h('span', { class: 'board-cell board-rating' }, t('pong.rating')),
    h('span', { class: 'board-cell board-record' }, t('pong.won_lost')),
    h('span', { class: 'board-cell board-streak' }, t('pong.streak')),
    h('span', { class: 'board-cell board-form' }, t('pong.form')),
  );
}

/** @param {number} n */
export function boardBones(n) {
  return skeleton(
    h(
      'div',
      { class: 'board' },
      times(n, () => h('div', { class: 'board-row board-bone' }, bone('w-30'), bone('w-60'))),
    ),
  );
}

/** Short, for a corner of a page. @param {Row} row */
export function topRow(row) {
  const person = people.latest(row);
  return h(
    'li',
    { class: 'top-row' },
    h('span', { class: 'board-rank number' }, row.rank === null ? '–' : plain(row.rank)),
    portrait(person),
    personLink(person),
    h('strong', { class: 'number' }, plain(Math.round(row.rating))),
  );
}
