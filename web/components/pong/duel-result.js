import { t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { act, cover, toLobby } from './duel-cover.js';
import { namesOf } from './duel-head.js';
import { rated, ratingChange } from './words.js';

/**
 * How a match ended, and what can come after it.
 *
 * @typedef {import('../../core/pong-types.js').Match} Match
 *
 * Another one: nobody has asked yet, I have, they have, or nothing came of it.
 * @typedef {'open'|'mine'|'theirs'|'refused'} Wish
 *
 * @typedef {object} Acts
 * @property {() => unknown} rematch asks for another one, or accepts
 * @property {() => unknown} decline
 * @property {() => unknown} cancel
 */

/** @param {Match} match @returns {boolean} */
export function mayAgain({ state, mode, mine }) {
  return state === 'over' && mine !== null && mode !== 'tournament';
}

/** @param {Match} match @returns {string} */
export function resultTitle(match) {
  const { winner, mine, mode } = match;
  const names = namesOf(match);
  if (winner === null) return t('pong.game.over');
  if (mine === null || mode === 'local') return t('pong.game.won_by', { name: names[winner] });
  return t(winner === mine ? 'pong.game.won' : 'pong.game.lost_match');
}

/** Who didn't stay is said by name. @param {Match} match */
function resultReason(match) {
  const { reason, winner, mine, mode } = match;
  if (winner === null || (reason !== 'forfeit' && reason !== 'no_show')) return null;
  if (mine !== null && mine !== winner && mode !== 'local') return t(`pong.game.reason.${reason}_mine`);
  return t(`pong.game.reason.${reason}`, { name: namesOf(match)[winner === 0 ? 1 : 0] });
}

/** @param {Match} match */
function ratings(match) {
  const { players, rated: counts } = match;
  const rows = players.flatMap(({ before, after }, side) =>
    before === null || after === null
      ? []
      : [
          h(
            'li',
            { class: 'duel-change' },
            h('span', { class: 'duel-change-name' }, namesOf(match)[side]),
            h(
              'span',
              { class: 'number' },
              t('pong.game.rating_change', { before: rated(before), after: rated(after) }),
              ' ',
              ratingChange(Math.round(after) - Math.round(before)),
            ),
          ),
        ],
  );
  if (rows.length > 0) return h('ul', { class: 'duel-changes', role: 'list' }, rows);
  return counts ? null : h('p', { class: 'muted small' }, t('pong.game.unrated'));
}

/**
 * @param {Match} match
 * @param {Wish} wish
 * @param {Acts} acts
 */
export function resultCover(match, wish, acts) {
  const { id, score, has_replay: replay, mode, tournament, mine } = match;
  const other = namesOf(match)[mine === 0 ? 1 : 0];
  return cover({
    title: resultTitle(match),
    text: resultReason(match),
    body: [
      // Nobody has played where somebody did not come.
      match.reason === 'no_show'
        ? null
        : h(
            'p',
            { class: 'duel-final number' },
            h('span', null, score[0]),
            h('span', { 'aria-hidden': 'true' }, ':'),
            h('span', null, score[1]),
          ),
      ratings(match),
      mayAgain(match) ? wishWords(wish, other) : null,
    ],
    actions: [
      ...(mayAgain(match) ? wishActs(wish, mode === 'ai' || mode === 'local', acts) : []),
      replay
        ? h('a', { class: 'button button-line', href: `/pong/m/${id}/replay` }, t('pong.game.watch_replay'))
        : null,
      tournament
        ? h('a', { class: 'button button-ink', href: `/pong/t/${tournament.id}` }, t('pong.game.to_cup'))
        : toLobby(),
    ],
  });
}

/** @param {Wish} wish @param {string} name */
function wishWords(wish, name) {
  if (wish === 'open') return null;
  return h('p', { class: 'duel-wish', role: 'status' }, t(`pong.game.wish.${wish}`, { name }));
}

/** @param {Wish} wish @param {boolean} alone nobody has to be asked @param {Acts} acts */
function wishActs(wish, alone, { rematch, decline, cancel }) {
  if (wish === 'theirs') {
    return [act(t('pong.decline'), decline), act(t('pong.accept'), rematch, 'accent')];
  }
  if (wish === 'mine') return [act(t('pong.game.cancel'), cancel)];
  return [act(t(alone ? 'pong.game.again' : 'pong.game.rematch'), rematch, 'accent')];
}

/** A match that is nobody's, or that never was. @param {Match} match */
export function nothingCover({ state, reason, id, has_replay: replay }) {
  const why = WHY[reason ?? ''] ?? 'other';
  return cover({
    title: t(state === 'void' ? 'pong.game.void' : 'pong.game.closed'),
    text: t(`pong.game.why.${why}`),
    actions: [
      replay
        ? h('a', { class: 'button button-line', href: `/pong/m/${id}/replay` }, t('pong.game.watch_replay'))
        : null,
      toLobby(),
    ],
  });
}

/** @type {Record<string, 'server'|'abandoned'|'no_show'|'stuck'|'declined'|'cancelled'|'expired'|'left'>} */
const WHY = {
  server: 'server',
  abandoned: 'abandoned',
  no_show: 'no_show',
  stuck: 'stuck',
  declined: 'declined',
  cancelled: 'cancelled',
  expired: 'expired',
  left: 'left',
};
