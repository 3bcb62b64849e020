import { h } from '../../core/element.js';

/**
 * A mail is plain text; only its web addresses become links.
 *
 * @param {string} text
 * @returns {(string|HTMLElement)[]}
 */
export function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"']+)/).map((part, index) => {
    if (index % 2 === 0) return part;
    // The point at the end of a sentence is not part of the address.
    const end = /[.,;:!?)]*$/.exec(part)?.[0] ?? '';
    const url = part.slice(0, part.length - end.length);
    return h('span', null, h('a', { href: url, rel: 'noopener' }, url), end);
  });
}
