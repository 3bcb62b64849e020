import { h } from '../../core/element.js';
import { bone, skeleton } from '../states.js';

/** What stands where a match will, while it is read. */
export function duelBones() {
  return skeleton(
    h(
      'div',
      { class: 'duel' },
      h('div', { class: 'duel-head' }, bone('portrait'), bone('w-40'), bone('portrait')),
      h('div', { class: 'duel-stage' }, h('div', { class: 'court-bone' }, bone())),
    ),
  );
}
