import { h } from '../core/element.js';
import { placeOfPerson, placeOfTag } from '../core/paths.js';
import { pieces } from '../core/rich-text.js';

/**
 * Words of somebody, as text and links.
 *
 * @param {string} content
 * @param {{mentions?: readonly {profile_name: string}[], tags?: boolean}} [how]
 * @returns {(string|HTMLElement)[]}
 */
export function richText(content, how) {
  return pieces(content, how).map((piece) => {
    if ('mention' in piece)
      return h('a', { class: 'mention', href: placeOfPerson(piece.mention) }, `@${piece.mention}`);
    if ('tag' in piece) return h('a', { class: 'mention', href: placeOfTag(piece.tag) }, `#${piece.tag}`);
    return piece.text;
  });
}
