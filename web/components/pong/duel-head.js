import { t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { icon } from '../icon.js';
import { personLink } from '../person.js';
import { portrait } from '../portrait.js';
import { firstTo, modeName, rated, sideName } from './words.js';

/**
 * Who plays whom, and how it stands.
 *
 * @typedef {import('../../core/pong-types.js').Match} Match
 * @typedef {import('../../core/pong-types.js').Player} Player
 * @typedef {import('../../pong/sim.js').Side} Side
 */

/** @param {Player} player @returns {import('../../core/types.js').Person|null} */
export const personOf = ({ user_id: id, profile_name: name, image }) =>
  id === null || name === null ? null : { user_id: id, profile_name: name, image };

/** @param {Match} match @returns {[string, string]} */
export function namesOf({ mode, players }) {
  return [sideName(mode, players[0]), sideName(mode, players[1])];
}

/** @param {Player} player @param {Match} match */
export function faceOf(player, { mode }) {
  const person = personOf(player);
  return person
    ? portrait(person)
    : h('span', { class: 'portrait' }, icon(mode === 'ai' ? 'robot' : 'person'));
}

/** Nobody reads faster. */
const PING_EVERY_MS = 1_000;

/** @typedef {ReturnType<typeof duelHead>} DuelHead */

/** @param {Match} match */
export function duelHead(match) {
  const scores = [score(), score()];
  const pings = [ping(), ping()];
  const { tournament, mode, points } = match;
  /** @param {Side} side */
  const player = (side) => {
    const who = match.players[side];
    const person = personOf(who);
    const name = sideName(mode, who);
    return h(
      'div',
      { class: `duel-player duel-player-${side === 0 ? 'left' : 'right'}` },
      faceOf(who, match),
      h(
        'div',
        { class: 'duel-who' },
        h(
          'p',
          { class: 'duel-name' },
          h('span', { class: 'duel-swatch', 'aria-hidden': 'true' }),
          person ? personLink(person) : h('strong', null, name),
        ),
        h(
          'p',
          { class: 'duel-facts' },
          who.rating === null
            ? null
            : h('span', { class: 'number' }, t('pong.game.rating', { n: rated(who.rating) })),
          who.robot && match.difficulty ? h('span', null, t(`pong.level.${match.difficulty}`)) : null,
          match.mine === side && mode !== 'local'
            ? h('span', { class: 'badge badge-accent' }, t('pong.game.you'))
            : null,
          pings[side]?.node,
        ),
      ),
    );
  };
  const node = h(
    'header',
    { class: 'duel-head' },
    player(0),
    h(
      'div',
      { class: 'duel-middle' },
      h(
        'p',
        { class: 'duel-score number', 'aria-hidden': 'true' },
        scores[0]?.node,
        h('span', null, ':'),
        scores[1]?.node,
      ),
      h(
        'p',
        { class: 'duel-mode' },
        tournament
          ? h('a', { href: `/pong/t/${tournament.id}` }, tournament.name)
          : h('span', null, modeName(mode)),
        h('span', null, firstTo(points)),
      ),
    ),
    player(1),
  );
  let told = 0;
  return {
    node,
    /** @param {readonly number[]} now */
    score: (now) => scores.forEach((each, side) => each.set(now[side] ?? 0)),
    /** @param {readonly (number|null)[]} now */
    pings: (now) => {
      if (Date.now() - told < PING_EVERY_MS) return;
      told = Date.now();
      pings.forEach((each, side) => each.set(now[side] ?? null));
    },
  };
}

function score() {
  const node = h('span', null, '0');
  return {
    node,
    /** @param {number} n */
    set: (n) => {
      if (node.textContent !== String(n)) node.textContent = String(n);
    },
  };
}

/** Above that a player notices. */
const SLOW_MS = 160;

function ping() {
  const words = h('span', null);
  const node = h('span', { class: 'duel-ping number', hidden: true }, words);
  return {
    node,
    /** @param {number|null} ms */
    set: (ms) => {
      node.hidden = ms === null;
      if (ms === null) return;
      const text = t('pong.game.ping', { ms });
      if (words.textContent !== text) fill(words, text);
      node.classList.toggle('is-slow', ms > SLOW_MS);
    },
  };
}
