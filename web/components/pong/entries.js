import { t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { columnsOf, personIn } from '../../core/pong-bracket.js';
import { icon } from '../icon.js';
import { personLink } from '../person.js';
import { portrait } from '../portrait.js';
import { placeOfMatch } from './acts.js';
import { secondsTo } from './clock.js';
import { place, rated } from './words.js';

/**
 * @typedef {import('../../core/pong-types.js').Cup} Cup
 * @typedef {import('../../core/pong-types.js').Entry} Entry
 */

/** @param {Entry} entry @param {Cup} cup @param {number|null} me */
export function entryRow(entry, { state }, me) {
  const { seed, rating, withdrawn, place: far, user_id: id } = entry;
  const person = personIn(entry);
  // While they play nobody has come anywhere yet, but for those who are out.
  const first = far !== null ? place(far) : seed !== null ? t('pong.seed_n', { n: seed }) : '';
  return h(
    'li',
    { class: `cup-player ${withdrawn ? 'is-out' : ''}`.trim() },
    portrait(person),
    h(
      'div',
      { class: 'cup-player-main' },
      h(
        'p',
        null,
        person ? personLink(person) : t('pong.nobody'),
        id === me ? h('span', { class: 'badge badge-ink' }, t('pong.me')) : null,
        far === 1 && state === 'finished' ? icon('trophy') : null,
      ),
      h(
        'p',
        { class: 'muted small number' },
        t('pong.rating_n', { n: rated(rating) }),
        withdrawn ? ` · ${t('pong.how.withdrawn')}` : null,
      ),
    ),
    first ? h('span', { class: 'cup-player-place number' }, first) : null,
  );
}

/**
 * What the tournament wants of me, or what I wait for.
 *
 * @param {Cup} cup
 * @param {number} me
 * @returns {HTMLElement|null}
 */
export function myTurn(cup, me) {
  const { my_pairing: mine, players, state } = cup;
  const entry = players.find(({ user_id: id }) => id === me);
  if (!entry || entry.withdrawn || state === 'cancelled') return null;
  if (state === 'open') return line('check', t('pong.turn_entered'));
  if (!mine)
    return entry.place !== null && entry.place > 1
      ? line('flag', t('pong.turn_out', { place: place(entry.place) }))
      : null;
  const otherId = mine.players.find((id) => id !== null && id !== me);
  const other = players.find(({ user_id: id }) => id === otherId);
  const face = personIn(other);
  const name = other?.profile_name ?? t('pong.nobody');
  const { match_id: match, ready_by: until } = mine;
  if ((mine.state === 'called' || mine.state === 'playing') && match !== null) {
    const ready = mine.state === 'called';
    return h(
      'div',
      { class: 'turn is-urgent' },
      portrait(face),
      h(
        'div',
        { class: 'turn-main' },
        h('p', { class: 'turn-title' }, t(ready ? 'pong.call' : 'pong.turn_playing')),
        h(
          'p',
          { class: 'muted' },
          t('pong.against', { name }),
          ready && until ? [' · ', secondsTo(until)] : null,
        ),
      ),
      h('a', { class: 'button button-accent', href: placeOfMatch(match) }, t('pong.go')),
    );
  }
  if (mine.state === 'done') return null;
  if (other) return line('clock', t('pong.turn_next', { name }));
  return line('clock', waitWords(cup, me));
}

/** @param {Cup} cup @param {number} me */
function waitWords(cup, me) {
  for (const { pairings } of columnsOf(cup, me)) {
    for (const { mine, pairing, seats } of pairings) {
      const from = seats.find(({ state }) => state === 'waits')?.from;
      if (mine && pairing.state !== 'done' && from) return t('pong.turn_waits', { n: plain(from) });
    }
  }
  return t('pong.turn_soon');
}

/** @param {import('../icon.js').IconName} sign @param {string} text */
const line = (sign, text) => h('p', { class: 'turn' }, icon(sign), h('span', { class: 'turn-main' }, text));
