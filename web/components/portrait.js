import { h } from '../core/element.js';
import { mediaPath } from '../core/paths.js';

/**
 * Somebody's picture, or the first letter of their name. The name stands beside it.
 *
 * @param {{profile_name: string, image: string|null}|null} person
 */
export function portrait(person) {
  const [letter = ''] = person ? person.profile_name : '';
  return h(
    'span',
    { class: 'portrait', 'aria-hidden': 'true' },
    person?.image
      ? h('img', {
          src: mediaPath(person.image),
          alt: '',
          width: 40,
          height: 40,
          loading: 'lazy',
          onerror: (/** @type {Event} */ event) => /** @type {Element} */ (event.target).replaceWith(letter),
        })
      : letter,
  );
}
