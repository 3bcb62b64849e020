import { h } from '../../core/element.js';
import { portrait } from '../portrait.js';

/** Up to three people, the first in front. @param {import('../../core/types.js').Person[]} people */
export function faces(people) {
  const shown = people.slice(0, 3);
  return h('span', { class: 'faces', dataset: { n: shown.length } }, shown.map(portrait));
}
