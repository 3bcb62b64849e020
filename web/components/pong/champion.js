import { t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { icon } from '../icon.js';
import { personLink } from '../person.js';
import { portrait } from '../portrait.js';
import { times } from '../states.js';
import { prizeLine } from './prize.js';

/**
 * @param {import('../../core/types.js').Person} champion
 * @param {import('../../core/pong-types.js').Prize|null} prize
 */
export function championBanner(champion, prize) {
  let scrap = 0;
  return h(
    'section',
    { class: 'champion', 'aria-label': t('pong.champion') },
    h(
      'div',
      { class: 'scraps', 'aria-hidden': 'true' },
      times(18, () => {
        scrap += 1;
        return h('span', { class: 'scrap', vars: { n: scrap } });
      }),
    ),
    h(
      'span',
      { class: 'champion-face' },
      portrait(champion),
      h('span', { class: 'champion-cup' }, icon('trophy')),
    ),
    h('p', { class: 'champion-word' }, t('pong.champion')),
    h('p', { class: 'champion-name' }, personLink(champion)),
    prize ? prizeLine(prize) : null,
  );
}
