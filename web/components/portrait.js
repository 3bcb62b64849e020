import { people } from '../core/context.js';
import { h } from '../core/element.js';
import { mediaPath } from '../core/paths.js';

/**
 * Somebody's picture, or the first letter of their name. The name stands beside it. Who has a number is kept up to
 * date, see person.js.
 *
 * @param {{user_id?: number, profile_name: string, image: string|null}|null} given
 */
export function portrait(given) {
  const { user_id: id } = given ?? {};
  const person = given && id !== undefined ? people.latest({ ...given, user_id: id }) : given;
  const [letter = ''] = person ? person.profile_name : '';
  return h(
    'span',
    { class: 'portrait', 'aria-hidden': 'true', dataset: { face: id } },
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
