import { people } from '../core/context.js';
import { h } from '../core/element.js';
import { placeOfPerson } from '../core/paths.js';
import { portrait } from './portrait.js';

/** @typedef {import('../core/types.js').Person} Person */

/**
 * Somebody's name, and the way to their profile.
 *
 * @param {Person} given
 * @param {{class?: string}} [options]
 */
export function personLink(given, { class: extra = '' } = {}) {
  const { user_id: id, profile_name: name } = people.latest(given);
  return h(
    'a',
    { class: `person-link ${extra}`.trim(), href: placeOfPerson(name), dataset: { named: id, at: id } },
    name,
  );
}

/**
 * A picture that leads to the profile; the name beside it does the same, for whoever can't see.
 *
 * @param {Person} given
 */
export function faceLink(given) {
  const { user_id: id, profile_name: name } = people.latest(given);
  return h(
    'a',
    {
      class: 'face-link',
      href: placeOfPerson(name),
      tabindex: '-1',
      'aria-hidden': 'true',
      dataset: { at: id },
    },
    portrait(given),
  );
}

/**
 * Keeps every name and picture that is shown up to date, where it stands: nothing is drawn anew around it.
 *
 * @param {AbortSignal} signal
 */
export function keepNames(signal) {
  people.listen((changed) => {
    for (const person of changed) {
      const { user_id: id, profile_name: name } = person;
      /** @param {string} mark */
      const all = (mark) => document.querySelectorAll(`[data-${mark}="${id}"]`);
      for (const node of all('face')) node.replaceChildren(...portrait(person).childNodes);
      for (const node of all('named')) node.textContent = name;
      for (const node of all('at')) node.setAttribute('href', placeOfPerson(name));
    }
  }, signal);
}
