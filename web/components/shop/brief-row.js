import { i18n } from '../../core/context.js';
import { h } from '../../core/element.js';
import { articleName } from '../../core/names.js';
import { tile } from '../states.js';

/**
 * An article in one row of a list: picture, what it is, and what the list adds.
 *
 * @param {object} options
 * @param {{eng_name: string, kor_name: string, brand_name: string, image: string|null}} options.info
 * @param {string} options.size as people read it
 * @param {string} options.href
 * @param {import('../../core/element.js').Child} options.note
 * @param {import('../../core/element.js').Child} options.end
 */
export function briefRow({ info, size, href, note, end }) {
  return h(
    'li',
    { class: 'row' },
    h('a', { class: 'row-picture', href, tabindex: '-1', 'aria-hidden': 'true' }, tile(info.image)),
    h(
      'div',
      { class: 'row-main' },
      h('strong', { class: 'row-brand' }, info.brand_name),
      h('a', { class: 'row-name', href }, articleName(info, i18n.lang.value)),
      h('span', { class: 'row-size' }, size),
      h('div', { class: 'row-note' }, note),
    ),
    h('div', { class: 'row-end' }, end),
  );
}
