import { i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { ago, moment, plain } from '../../core/format.js';
import { icon } from '../icon.js';
import { bone, skeleton, times } from '../states.js';
import { prizeLine } from './prize.js';
import { firstTo } from './words.js';

/**
 * @typedef {import('../../core/pong-types.js').CupBrief} CupBrief
 * @typedef {import('../../core/pong-types.js').CupState} CupState
 */

/** @param {number} id */
export const placeOfCup = (id) => `/pong/t/${id}`;

/** @param {CupState} state */
export function cupState(state) {
  const look = { open: 'badge-accent', running: 'badge-live', finished: '', cancelled: '' }[state];
  return h('span', { class: `badge ${look}`.trim() }, t(`pong.cup_state.${state}`));
}

/** @param {CupBrief} cup */
function when({ state, created_at: created, started_at: started, ended_at: ended }) {
  const lang = i18n.lang.value;
  const at = state === 'open' ? created : state === 'running' ? (started ?? created) : (ended ?? created);
  const words =
    state === 'open' ? 'pong.cup_made' : state === 'running' ? 'pong.cup_began' : 'pong.cup_ended';
  return h('time', { datetime: at, title: moment(at, lang) }, t(words, { ago: ago(at, lang) }));
}

/** @param {CupBrief} cup @param {{level?: 'h2'|'h3'}} [how] level of its heading */
export function cupCard(cup, { level = 'h3' } = {}) {
  const { id, name, size, points, state, entries, joined, champion } = cup;
  const full = state === 'open' && entries >= size;
  return h(
    'article',
    { class: 'cup' },
    h(
      'div',
      { class: 'cup-head' },
      h(level, null, h('a', { class: 'cup-link', href: placeOfCup(id) }, name)),
      full ? h('span', { class: 'badge' }, t('pong.cup_full')) : cupState(state),
    ),
    h(
      'p',
      { class: 'cup-facts' },
      h('span', { class: 'number' }, t('pong.cup_entries', { n: plain(entries), of: plain(size) })),
      h('span', null, firstTo(points)),
      when(cup),
    ),
    state === 'open'
      ? h('span', {
          class: 'cup-fill',
          'aria-hidden': 'true',
          vars: { share: `${Math.min(100, (entries / size) * 100)}%` },
        })
      : null,
    cup.prize ? prizeLine(cup.prize, { link: false }) : null,
    champion
      ? h(
          'p',
          { class: 'cup-champion' },
          icon('trophy'),
          t('pong.champion_is', { name: champion.profile_name }),
        )
      : null,
    joined && state !== 'finished' ? h('p', { class: 'cup-joined' }, icon('check'), t('pong.joined')) : null,
  );
}

/** @param {number} n */
export function cupBones(n) {
  return skeleton(
    h(
      'div',
      { class: 'cups' },
      times(n, () => h('div', { class: 'cup' }, bone('w-60'), bone('w-80'), bone('w-40'))),
    ),
  );
}
