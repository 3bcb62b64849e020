import { i18n, t, tn } from '../../core/context.js';
import { h } from '../../core/element.js';
import { plain } from '../../core/format.js';

/**
 * How matches, players and what they are worth are called.
 *
 * @typedef {import('../../core/pong-types.js').Mode} Mode
 */

/**
 * Who has no name is the robot, or the second person at one keyboard.
 *
 * @param {Mode} mode
 * @param {{profile_name: string|null}|null} player
 * @returns {string}
 */
export function sideName(mode, player) {
  if (player?.profile_name) return player.profile_name;
  if (mode === 'ai') return t('pong.robot');
  return t(mode === 'local' ? 'pong.second_player' : 'pong.nobody');
}

/** @param {Mode} mode @param {{name: string}|null} [cup] */
export function modeName(mode, cup = null) {
  return cup ? cup.name : t(`pong.mode.${mode}`);
}

/** @param {number} points */
export const firstTo = (points) => t('pong.first_to', { n: points });

/** @param {number} rating @returns {string} */
export const rated = (rating) => plain(Math.round(rating));

/** @param {{rating: number, deviation: number, provisional: boolean}} who */
export function ratingWithDoubt({ rating, deviation, provisional }) {
  return h(
    'span',
    { class: 'pong-rating number' },
    h('strong', null, rated(rating)),
    h(
      'span',
      { class: 'pong-doubt' },
      h('span', { 'aria-hidden': 'true' }, `± ${rated(deviation)}`),
      h('span', { class: 'unseen' }, t('pong.deviation', { n: rated(deviation) })),
    ),
    provisional
      ? h('abbr', { class: 'badge', title: t('pong.provisional_hint') }, t('pong.provisional'))
      : null,
  );
}

/** @param {number} change @returns {HTMLElement} a gain or a loss of rating */
export function ratingChange(change) {
  const n = Math.round(change);
  const look = n > 0 ? 'is-up' : n < 0 ? 'is-down' : '';
  const sign = n > 0 ? '+' : n < 0 ? '−' : '±';
  return h('span', { class: `pong-change number ${look}`.trim() }, `${sign}${plain(Math.abs(n))}`);
}

/** @param {{wins: number, losses: number}} who */
export function record({ wins, losses }) {
  return h('span', { class: 'number' }, t('pong.record', { wins: plain(wins), losses: plain(losses) }));
}

/** @param {number} streak @returns {string} */
export function streakWords(streak) {
  if (streak === 0) return '–';
  return streak > 0 ? tn('pong.streak_won', streak) : tn('pong.streak_lost', -streak);
}

/**
 * The last matches, the newest last.
 *
 * @param {('W'|'L')[]} form
 * @param {number} [most]
 */
export function formMarks(form, most = 10) {
  const shown = form.slice(-most);
  if (shown.length === 0) return h('span', { class: 'muted' }, '–');
  /** @param {'W'|'L'} result */
  const letter = (result) => t(result === 'W' ? 'pong.won_letter' : 'pong.lost_letter');
  return h(
    'span',
    {
      class: 'pong-form',
      role: 'img',
      'aria-label': t('pong.form_said', { form: shown.map(letter).join(' ') }),
    },
    shown.map((result) =>
      h('span', { class: result === 'W' ? 'is-won' : 'is-lost', 'aria-hidden': 'true' }, letter(result)),
    ),
  );
}

/** @param {{season: number, name?: string}} season @returns {string} */
export function seasonName({ season, name }) {
  if (season === 0) return t('pong.all_time');
  const year = Math.floor(season / 10);
  const quarter = season % 10;
  if (year > 0 && quarter >= 1 && quarter <= 4) return t('pong.season', { year: String(year), quarter });
  return name ?? String(season);
}

/** @param {number} n @returns {string} first, second, … */
export function place(n) {
  if (i18n.lang.value !== 'en') return t('pong.place', { n });
  const rules = new Intl.PluralRules('en', { type: 'ordinal' });
  const ends = { one: 'st', two: 'nd', few: 'rd' };
  const form = rules.select(n);
  return `${n}${form === 'one' || form === 'two' || form === 'few' ? ends[form] : 'th'}`;
}
