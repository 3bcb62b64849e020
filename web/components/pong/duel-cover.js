import { t, tn } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { icon } from '../icon.js';
import { secondsTo } from './clock.js';
import { faceOf, namesOf } from './duel-head.js';
import { firstTo } from './words.js';

/**
 * What lies over the court while nobody plays: what is waited for, and what can be done about it.
 *
 * @typedef {import('../../core/pong-types.js').Match} Match
 * @typedef {import('../../core/element.js').Child} Child
 *
 * @typedef {object} Cover
 * @property {HTMLElement} node
 * @property {(seconds: number) => void} wait how long it is still waited for
 */

/**
 * @param {object} what
 * @param {string} what.title
 * @param {Child} [what.text]
 * @param {Child} [what.body]
 * @param {Child} [what.actions]
 * @param {boolean} [what.busy] something is under way
 * @param {boolean} [what.timed] seconds are counted
 * @returns {Cover}
 */
export function cover({ title, text, body, actions, busy = false, timed = false }) {
  const seconds = h('p', { class: 'duel-wait number', hidden: true });
  let shown = -1;
  return {
    node: h(
      'section',
      { class: 'duel-card' },
      busy ? h('span', { class: 'duel-spin', 'aria-hidden': 'true' }) : null,
      h('h2', null, title),
      text ? h('p', { class: 'duel-text' }, text) : null,
      body,
      timed ? seconds : null,
      actions ? h('div', { class: 'duel-acts' }, actions) : null,
    ),
    wait: (n) => {
      if (n === shown) return;
      shown = n;
      seconds.hidden = n <= 0;
      fill(seconds, tn('pong.seconds', n));
    },
  };
}

/**
 * @param {string} label
 * @param {(button: HTMLButtonElement) => unknown} run
 * @param {'accent'|'ink'|'line'} [look]
 */
export function act(label, run, look = 'line') {
  const button = h(
    'button',
    {
      type: 'button',
      class: `button button-${look}`,
      onclick: async () => {
        if (button.getAttribute('aria-busy') === 'true') return;
        button.setAttribute('aria-busy', 'true');
        await run(button);
        button.removeAttribute('aria-busy');
      },
    },
    label,
  );
  return button;
}

export const toLobby = () => h('a', { class: 'button button-line', href: '/pong' }, t('pong.game.to_lobby'));

/** I asked, and wait for an answer. @param {Match} match @param {() => unknown} oncancel */
export function askedCover(match, oncancel) {
  return cover({
    title: t('pong.game.asked', { name: namesOf(match)[1] }),
    text: [firstTo(match.points), ' · ', match.respond_by ? secondsTo(match.respond_by) : null],
    busy: true,
    actions: act(t('pong.game.cancel'), oncancel),
  });
}

/** Somebody asks me. @param {Match} match @param {() => unknown} onaccept @param {() => unknown} ondecline */
export function asksCover(match, onaccept, ondecline) {
  return cover({
    title: t('pong.game.asks', { name: namesOf(match)[0] }),
    text: [firstTo(match.points), ' · ', match.respond_by ? secondsTo(match.respond_by) : null],
    actions: [act(t('pong.decline'), ondecline), act(t('pong.accept'), onaccept, 'accent')],
  });
}

export function othersAskCover() {
  return cover({ title: t('pong.game.not_yet'), text: t('pong.game.not_yet_text'), actions: toLobby() });
}

/**
 * Before the first serve: who is here, and who is ready.
 *
 * @param {Match} match
 * @param {object} now
 * @param {readonly boolean[]} now.here
 * @param {readonly boolean[]} now.ready
 * @param {readonly number[]} now.mine
 * @param {() => unknown} onready
 */
export function waitingCover(match, { here, ready, mine }, onready) {
  const names = namesOf(match);
  const two = match.mode !== 'local' && match.mode !== 'ai';
  const pressed = mine.every((side) => ready[side]);
  const seats = names.map((name, side) => {
    const state = ready[side] ? 'ready' : here[side] ? 'here' : 'away';
    return h(
      'li',
      { class: `duel-seat is-${state}` },
      faceOf(match.players[side === 0 ? 0 : 1], match),
      h(
        'span',
        { class: 'duel-seat-name' },
        mine.length === 1 && mine[0] === side ? t('pong.game.you') : name,
      ),
      h(
        'span',
        { class: 'duel-seat-state' },
        ready[side] ? icon('check') : null,
        t(`pong.game.seat.${state}`),
      ),
    );
  });
  const button = h(
    'button',
    { type: 'button', class: 'button button-accent duel-ready', disabled: pressed, onclick: () => onready() },
    t(pressed ? 'pong.game.is_ready' : two ? 'pong.game.ready' : 'pong.game.start'),
  );
  return cover({
    title: two ? title(mine, here, pressed, names) : t('pong.game.get_ready'),
    body: [two ? h('ul', { class: 'duel-seats', role: 'list' }, seats) : null, keysHelp(match, mine)],
    actions: mine.length > 0 ? button : null,
    timed: true,
  });
}

/** @param {readonly number[]} mine @param {readonly boolean[]} here @param {boolean} pressed @param {[string, string]} names */
function title(mine, here, pressed, names) {
  if (mine.length === 0) return t('pong.game.soon');
  const other = mine[0] === 0 ? 1 : 0;
  if (mine.length === 1 && !here[other]) return t('pong.game.waiting_for', { name: names[other] });
  if (pressed && mine.length === 1) return t('pong.game.waiting_ready', { name: names[other] });
  return t('pong.game.get_ready');
}

/** @param {Match} match @param {readonly number[]} mine */
function keysHelp({ mode }, mine) {
  if (mine.length === 0) return null;
  /** @param {...string} keys */
  const caps = (...keys) => keys.map((key) => h('kbd', null, key));
  if (mode === 'local') {
    return h(
      'div',
      { class: 'duel-keys' },
      h('p', null, h('span', null, t('pong.game.left')), caps('W', 'S')),
      h('p', null, h('span', null, t('pong.game.right')), caps('↑', '↓')),
      h('p', { class: 'duel-keys-touch' }, t('pong.game.touch_both')),
    );
  }
  return h(
    'div',
    { class: 'duel-keys' },
    h(
      'p',
      { class: 'duel-keys-board' },
      caps('W', 'S'),
      h('span', null, t('pong.game.or')),
      caps('↑', '↓'),
      h('span', null, t('pong.game.or_mouse')),
    ),
    h('p', { class: 'duel-keys-touch' }, t('pong.game.touch')),
  );
}

/** @param {string} [name] whose connection is lost; none: more than one's */
export function pausedCover(name) {
  return cover({
    title: name ? t('pong.game.away', { name }) : t('pong.game.all_away'),
    text: t('pong.game.away_text'),
    timed: true,
    busy: true,
  });
}

export function connectingCover() {
  return cover({ title: t('pong.game.connecting'), busy: true });
}

/** @param {boolean} player */
export function lostCover(player) {
  return cover({
    title: t('pong.game.lost'),
    text: t(player ? 'pong.game.lost_text' : 'pong.game.lost_watching'),
    busy: true,
  });
}

/** @param {() => unknown} onhere */
export function takenCover(onhere) {
  return cover({
    title: t('pong.game.taken'),
    text: t('pong.game.taken_text'),
    actions: [toLobby(), act(t('pong.game.here'), onhere, 'accent')],
  });
}

/** @param {() => unknown} onagain */
export function refusedCover(onagain) {
  return cover({
    title: t('pong.game.refused'),
    text: t('pong.game.refused_text'),
    actions: [toLobby(), act(t('pong.game.connect_again'), onagain, 'accent')],
  });
}

/** @param {() => unknown} onsignin */
export function signedOutCover(onsignin) {
  return cover({
    title: t('pong.game.signed_out'),
    actions: [toLobby(), act(t('nav.signin'), onsignin, 'accent')],
  });
}

export function goneCover() {
  return cover({ title: t('pong.game.gone'), text: t('pong.game.gone_text'), actions: toLobby() });
}

export function endingCover() {
  return cover({ title: t('pong.game.ending'), busy: true });
}
