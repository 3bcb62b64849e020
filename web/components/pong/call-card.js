import { t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { portrait } from '../portrait.js';
import { icon } from '../icon.js';
import { accept, decline, placeOfMatch, stopLooking, takeBack } from './acts.js';
import { secondsTo, stopwatch } from './clock.js';
import { firstTo, modeName, sideName } from './words.js';

/**
 * What waits for somebody, each as one line with what can be done about it. The pages of Pong and the corner of all
 * others show the same.
 *
 * @typedef {import('../../core/pong-state.js').Call} Call
 * @typedef {import('../../core/pong-state.js').Stand} Stand
 * @typedef {import('../../core/element.js').Child} Child
 *
 * @typedef {{kind: 'incoming'|'outgoing'|'ready', call: Call}|{kind: 'queue', since: string}} Item
 */

/**
 * @param {Stand} stand
 * @param {object} [how]
 * @param {boolean} [how.queue] the search too
 * @param {number|null} [how.here] the match that one is at
 * @param {number|null} [how.cup] the tournament that one looks at
 * @param {number|null} [how.rival] whose invitations are shown elsewhere
 * @returns {Item[]} the most urgent first
 */
export function itemsOf(stand, { queue = true, here = null, cup = null, rival = null } = {}) {
  /** @type {Item[]} */
  const items = [];
  for (const call of stand.ready) {
    const there = call.id === here || (cup !== null && call.tournament?.id === cup);
    if (!there) items.push({ kind: 'ready', call });
  }
  for (const kind of /** @type {const} */ (['incoming', 'outgoing'])) {
    for (const call of stand[kind]) {
      // Its own page says it larger.
      if (call.id === here) continue;
      if (rival === null || call.opponent?.user_id !== rival) items.push({ kind, call });
    }
  }
  const { waiting, since } = stand.queue;
  if (queue && waiting) items.push({ kind: 'queue', since: since ?? '' });
  return items;
}

/** @param {Item} item @returns {string} another one is drawn anew */
export function keyOf(item) {
  if (item.kind === 'queue') return `queue ${item.since}`;
  const { id, state, respond_by: respond, ready_by: ready, opponent } = item.call;
  return `${item.kind} ${id} ${state} ${respond} ${ready} ${opponent?.profile_name}`;
}

/** @param {Item} item @returns {HTMLElement} */
export function callCard(item) {
  switch (item.kind) {
    case 'queue':
      return card({
        face: h('span', { class: 'call-sign' }, icon('search')),
        title: t('pong.looking'),
        note: stopwatch(item.since),
        acts: button(t('action.cancel'), () => stopLooking(), { said: t('pong.stop_looking') }),
      });
    case 'incoming':
      return incoming(item.call);
    case 'outgoing':
      return outgoing(item.call);
    default:
      return ready(item.call);
  }
}

/** @param {{face: Child, title: Child, note: Child, acts: Child, look?: string}} parts */
function card({ face, title, note, acts, look = '' }) {
  return h(
    'li',
    { class: `call ${look}`.trim() },
    face,
    h(
      'div',
      { class: 'call-main' },
      h('p', { class: 'call-title' }, title),
      h('p', { class: 'call-note' }, note),
    ),
    h('div', { class: 'call-acts' }, acts),
  );
}

/** @param {string} label @param {(button: HTMLButtonElement) => unknown} run @param {{said?: string, look?: string}} [how] */
function button(label, run, { said, look = 'button-line' } = {}) {
  const element = h(
    'button',
    { type: 'button', class: `button button-small ${look}`, 'aria-label': said, onclick: () => run(element) },
    label,
  );
  return element;
}

/** @param {Call} call */
const face = ({ opponent, mode }) =>
  opponent ? portrait(opponent) : h('span', { class: 'call-sign' }, icon(mode === 'ai' ? 'robot' : 'pong'));

/** @param {Child[]} parts @returns {Child} with points between */
const dotted = (...parts) => parts.filter(Boolean).map((part, i) => (i === 0 ? part : [' · ', part]));

/** @param {Call} call */
function incoming(call) {
  const { id, opponent, points, respond_by: until } = call;
  const name = sideName('invite', opponent);
  return card({
    face: face(call),
    title: t('pong.asks', { name }),
    note: dotted(points === null ? null : firstTo(points), until ? secondsTo(until) : null),
    acts: [
      button(t('pong.decline'), () => decline(id), { said: t('pong.decline_of', { name }) }),
      button(t('pong.accept'), (pressed) => accept(pressed, id), {
        said: t('pong.accept_of', { name }),
        look: 'button-accent',
      }),
    ],
    look: 'is-urgent',
  });
}

/** @param {Call} call */
function outgoing(call) {
  const { id, opponent, points, respond_by: until } = call;
  const name = sideName('invite', opponent);
  return card({
    face: face(call),
    title: t('pong.waits_for', { name }),
    note: dotted(points === null ? null : firstTo(points), until ? secondsTo(until) : null),
    acts: button(t('action.cancel'), () => takeBack(id), { said: t('pong.take_back_of', { name }) }),
  });
}

/** What is said of a match that one can go to. @param {Call} call */
export function readyWords({ mode, state, opponent, ready_by: until, tournament }) {
  const name = sideName(mode, opponent);
  const playing = state === 'live';
  const known = mode === 'quick' ? 'pong.found' : 'pong.ready_title';
  return {
    title: playing ? t('pong.in_match', { name }) : t(mode === 'tournament' ? 'pong.call' : known),
    note: dotted(
      opponent && !playing ? t('pong.against', { name }) : null,
      until && !playing ? secondsTo(until) : null,
      playing || tournament || !opponent ? modeName(mode, tournament) : null,
    ),
    go: t(playing ? 'pong.back_to_match' : 'pong.go_to_match'),
  };
}

/** @param {Call} call */
function ready(call) {
  const { title, note, go } = readyWords(call);
  return card({
    face: face(call),
    title,
    note,
    acts: h('a', { class: 'button button-small button-accent', href: placeOfMatch(call.id) }, go),
    look: 'is-urgent',
  });
}
