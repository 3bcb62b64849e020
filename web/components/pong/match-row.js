import { i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { ago, moment, plain } from '../../core/format.js';
import { icon } from '../icon.js';
import { personLink } from '../person.js';
import { portrait } from '../portrait.js';
import { bone, skeleton, times } from '../states.js';
import { placeOfMatch } from './acts.js';
import { modeName, ratingChange, sideName } from './words.js';

/**
 * @typedef {import('../../core/pong-types.js').Match} Match
 * @typedef {import('../../core/pong-types.js').Player} Player
 */

/** @param {Match} match @param {number} side @returns {'won'|'lost'|'void'|'live'} */
function outcome({ state, winner }, side) {
  if (state === 'live' || state === 'open') return 'live';
  if (state !== 'over' || winner === null) return 'void';
  return winner === side ? 'won' : 'lost';
}

/** @param {Match} match */
function how({ reason, state, rated, mode, tournament, difficulty }) {
  const unusual = state === 'over' && (reason === 'forfeit' || reason === 'no_show');
  return [
    modeName(mode, tournament),
    difficulty ? t(`pong.level.${difficulty}`) : '',
    unusual ? t(`pong.reason.${reason === 'forfeit' ? 'forfeit' : 'no_show'}`) : '',
    rated || state !== 'over' ? '' : t('pong.unrated'),
  ].filter(Boolean);
}

/** @param {Player} player @returns {import('../../core/types.js').Person|null} */
export const personOf = ({ user_id: id, profile_name: name, image }) =>
  id === null || name === null ? null : { user_id: id, profile_name: name, image };

/**
 * A match of somebody: against whom, how it went, and what it changed.
 *
 * @param {Match} match
 * @param {number} user whose history it is
 */
export function matchRow(match, user) {
  const { id, players, score, mode, created_at: created, ended_at: ended, tournament } = match;
  const side = players[1].user_id === user ? 1 : 0;
  const own = players[side];
  const other = players[side === 0 ? 1 : 0];
  const person = personOf(other);
  const name = sideName(mode, other);
  const result = outcome(match, side);
  const at = ended ?? created;
  const lang = i18n.lang.value;
  const change = own.before !== null && own.after !== null ? own.after - own.before : null;
  return h(
    'li',
    { class: 'match' },
    h('span', { class: `match-result is-${result}` }, t(`pong.result.${result}`)),
    h(
      'span',
      { class: 'match-face' },
      person ? portrait(person) : h('span', { class: 'portrait' }, icon(other.robot ? 'robot' : 'keyboard')),
    ),
    h(
      'div',
      { class: 'match-main' },
      h('p', { class: 'match-name' }, person ? personLink(person) : h('strong', null, name)),
      h(
        'p',
        { class: 'match-note' },
        tournament
          ? [
              h('a', { href: `/pong/t/${tournament.id}` }, tournament.name),
              ...how(match)
                .slice(1)
                .map((w) => ` · ${w}`),
            ]
          : how(match).join(' · '),
        ' · ',
        h('time', { datetime: at, title: moment(at, lang) }, ago(at, lang)),
      ),
    ),
    h(
      'p',
      { class: 'match-score number' },
      h('span', { class: 'unseen' }, `${t('pong.score')} `),
      h('strong', null, `${plain(score[side])} : ${plain(score[side === 0 ? 1 : 0])}`),
      change === null ? null : ratingChange(change),
    ),
    h('div', { class: 'match-end' }, link(match, result, name, id)),
  );
}

/** @param {Match} match @param {string} result @param {string} name @param {number} id */
function link({ has_replay: replay }, result, name, id) {
  if (result === 'live') {
    return h(
      'a',
      {
        class: 'button button-line button-small match-open',
        href: placeOfMatch(id),
        'aria-label': t('pong.watch_of', { name }),
      },
      icon('eye'),
      h('span', null, t('friends.watch')),
    );
  }
  if (!replay) return null;
  return h(
    'a',
    {
      class: 'button button-line button-small match-open',
      href: placeOfReplay(id),
      'aria-label': t('pong.replay_of', { name }),
    },
    icon('play'),
    h('span', null, t('pong.replay')),
  );
}

/** @param {number} id of a match */
export const placeOfReplay = (id) => `${placeOfMatch(id)}/replay`;

/** @param {number} n */
export function matchBones(n) {
  return skeleton(
    h(
      'div',
      { class: 'matches' },
      times(n, () =>
        h(
          'div',
          { class: 'match' },
          bone('portrait'),
          h('div', { class: 'match-main' }, bone('w-40'), bone('w-60')),
        ),
      ),
    ),
  );
}
