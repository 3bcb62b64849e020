import { pongFeed, t } from '../../core/context.js';
import { RallyElement, define, fill, h, reconcile } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { columnsOf, isBye, personIn, roundKind, roundNow } from '../../core/pong-bracket.js';
import { icon } from '../icon.js';
import { personLink } from '../person.js';
import { portrait } from '../portrait.js';
import { segmented } from '../segmented.js';
import { placeOfMatch } from './acts.js';
import { secondsTo } from './clock.js';
import { placeOfReplay } from './match-row.js';

/**
 * @typedef {import('../../core/pong-types.js').Cup} Cup
 * @typedef {import('../../core/pong-bracket.js').Column} Column
 * @typedef {import('../../core/pong-bracket.js').Drawn} Drawn
 * @typedef {import('../../core/pong-bracket.js').Seat} Seat
 */

/** @param {number} of @returns {string} how a round is called by how many may stand in it */
export function roundName(of) {
  return t(`pong.round.${roundKind(of)}`, { n: of });
}

/**
 * Who plays whom. Where there is room all rounds stand beside each other, with lines from a pairing to the one that its
 * winner goes to; on a phone one round at a time.
 */
class Bracket extends RallyElement {
  /** @type {Cup|null} */
  cup = null;
  /** @type {number|null} */
  me = null;
  #box = h('div', { class: 'bracket-box', tabindex: '0', role: 'group' });
  #choice = h('div', { class: 'bracket-rounds' });
  /** @type {Column[]} */
  #columns = [];
  #shown = -1;
  /** Score of each match that is being played, by the players' names. @type {Map<number, Map<string, number>>} */
  #scores = new Map();

  /** @override */
  connected() {
    this.#shown = -1;
    this.replaceChildren(this.#choice, this.#box);
    this.#box.setAttribute('aria-label', t('pong.bracket'));
    fill(this.#box);
    if (this.cup) this.show(this.cup);
    pongFeed.follow(({ live }) => {
      this.#scores = new Map(
        live.map(({ id, players, score }) => [
          id,
          new Map(players.map((player, side) => [player?.profile_name ?? '', score[side] ?? 0])),
        ]),
      );
      this.#drawScores();
    }, this.signal);
  }

  /** @param {Cup} cup */
  show(cup) {
    this.cup = cup;
    this.#columns = columnsOf(cup, this.me);
    const first = this.#shown < 0;
    if (first || this.#shown >= this.#columns.length) {
      this.#shown = roundNow(this.#columns);
      fill(this.#choice, this.#rounds());
    }
    reconcile(this.#box, [...this.#columns.entries()], {
      key: ([round]) => round,
      create: ([round, column]) => {
        const id = `round-${round}`;
        const section = h(
          'section',
          { class: 'bracket-round', 'aria-labelledby': id },
          h('h3', { id }, roundName(column.of)),
          h('ol', { class: 'pairings', role: 'list' }),
        );
        this.#fillRound(section, column);
        return section;
      },
      update: (section, [, column]) => this.#fillRound(section, column),
    });
    this.#turn(this.#shown);
    this.#drawScores();
    if (first) requestAnimationFrame(() => this.#intoSight());
  }

  /** @param {Element} section @param {Column} column */
  #fillRound(section, column) {
    const list = section.querySelector('ol');
    if (!list) return;
    reconcile(list, column.pairings, {
      key: (drawn) => JSON.stringify(drawn),
      create: pairingCard,
    });
  }

  #rounds() {
    return segmented({
      legend: t('pong.round_choice'),
      class: 'segmented-chips',
      options: this.#columns.map(({ of }, round) => ({ value: String(round), label: roundName(of) })),
      value: String(this.#shown),
      onchange: (round) => this.#turn(Number(round)),
    });
  }

  /** @param {number} round */
  #turn(round) {
    this.#shown = round;
    for (const [i, section] of [...this.#box.children].entries())
      section.classList.toggle('is-shown', i === round);
  }

  #intoSight() {
    const section = /** @type {HTMLElement|undefined} */ (this.#box.children[this.#shown]);
    if (section)
      this.#box.scrollLeft = section.offsetLeft - (this.#box.clientWidth - section.offsetWidth) / 2;
  }

  #drawScores() {
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (this.#box.querySelectorAll('[data-match]'))) {
      const score = this.#scores.get(Number(cell.dataset['match']))?.get(cell.dataset['who'] ?? '');
      const text = score === undefined ? '' : plain(score);
      if (cell.textContent !== text) cell.textContent = text;
    }
  }
}

define('rally-bracket', Bracket);

/** @param {Cup} cup @param {number|null} me @returns {Bracket} */
export function bracket(cup, me) {
  const element = /** @type {Bracket} */ (document.createElement('rally-bracket'));
  return Object.assign(element, { cup, me });
}

/** @param {Drawn} drawn */
function pairingCard(drawn) {
  const { pairing, number, seats, mine } = drawn;
  const bye = isBye(pairing);
  const look = [
    'pairing',
    `is-${pairing.state}`,
    bye ? 'is-bye' : '',
    mine ? 'is-mine' : '',
    seats.some(({ entry }) => entry) ? '' : 'is-open',
  ];
  return h(
    'li',
    { class: look.filter(Boolean).join(' ') },
    h(
      'div',
      { class: 'pairing-card' },
      h(
        'p',
        { class: 'pairing-head' },
        h(
          'span',
          { class: 'pairing-number' },
          number === null ? t('pong.how.bye') : t('pong.match_number', { n: number }),
        ),
        h('span', { class: 'pairing-state' }, stateOf(drawn)),
        linkOf(drawn),
      ),
      seats.map((seat) => (bye && seat.state === 'empty' ? null : seatLine(seat, pairing))),
    ),
  );
}

/** @param {Drawn} drawn */
function stateOf({ pairing }) {
  const { state, how, ready_by: until } = pairing;
  if (state === 'playing')
    return [h('span', { class: 'live-dot', 'aria-hidden': 'true' }), t('pong.live_now')];
  if (state === 'called') return [t('pong.getting_ready'), ' ', until ? secondsTo(until) : null];
  if (state === 'done' && how && how !== 'score' && how !== 'bye') return t(`pong.how.${how}`);
  return null;
}

/** @param {Drawn} drawn */
function linkOf({ pairing, seats, mine }) {
  const { state, match_id: match, how } = pairing;
  if (match === null) return null;
  const names = seats.map(({ entry }) => entry?.profile_name ?? '').join(' – ');
  if (state === 'playing' || (state === 'called' && mine)) {
    return h(
      'a',
      { href: placeOfMatch(match), 'aria-label': t(mine ? 'pong.pair_go' : 'pong.pair_watch', { names }) },
      t(mine ? 'pong.go' : 'friends.watch'),
    );
  }
  if (state !== 'done' || (how !== 'score' && how !== 'forfeit')) return null;
  return h(
    'a',
    { href: placeOfReplay(match), 'aria-label': t('pong.pair_replay', { names }) },
    t('pong.replay'),
  );
}

/** @param {Seat} seat @param {import('../../core/pong-types.js').Pairing} pairing */
function seatLine({ entry, state, score, from }, { state: stage, match_id: match }) {
  if (!entry) {
    const words =
      from === null ? (state === 'waits' ? t('pong.seat_open') : '–') : t('pong.winner_of', { n: from });
    return h('div', { class: 'seat is-empty' }, h('span', { class: 'seat-name' }, words));
  }
  const person = personIn(entry);
  const playing = stage === 'playing' && match !== null;
  return h(
    'div',
    { class: `seat is-${state}` },
    h(
      'span',
      { class: 'seat-seed number' },
      entry.seed === null ? null : [h('span', { class: 'unseen' }, `${t('pong.seed')} `), plain(entry.seed)],
    ),
    portrait(person),
    person ? personLink(person, { class: 'seat-name' }) : h('span', { class: 'seat-name' }, t('pong.nobody')),
    state === 'won' ? [icon('check'), h('span', { class: 'unseen' }, t('pong.winner'))] : null,
    h(
      'strong',
      {
        class: 'seat-score number',
        dataset: playing ? { match, who: entry.profile_name } : {},
      },
      score === null ? '' : plain(score),
    ),
  );
}
