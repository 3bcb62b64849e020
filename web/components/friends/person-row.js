import { t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { placeOfPerson } from '../../core/paths.js';
import { faceLink, personLink } from '../person.js';
import { bone, skeleton, times } from '../states.js';
import { presenceDot, presenceTitle, presenceWords, watchable } from './presence.js';

/**
 * @typedef {import('../../core/element.js').Child} Child
 * @typedef {import('../../core/friends-state.js').Friend} Friend
 * @typedef {import('../../core/types.js').Person} Person
 */

/**
 * Somebody in a list.
 *
 * @param {object} options
 * @param {Person} options.person
 * @param {Child} [options.note] below the name
 * @param {Child} [options.end] what can be done
 */
export function personRow({ person, note, end }) {
  return h(
    'li',
    { class: 'person' },
    h('span', { class: 'person-face' }, faceLink(person)),
    h(
      'div',
      { class: 'person-main' },
      personLink(person, { class: 'person-name' }),
      note ? h('span', { class: 'person-note' }, note) : null,
    ),
    end ? h('div', { class: 'person-end' }, end) : null,
  );
}

/** What each row shows, to change it in place. @type {WeakMap<HTMLElement, (friend: Friend) => void>} */
const updates = new WeakMap();

/**
 * A friend: who, whether they are here, and the match to watch. It changes in place, so that what has the
 * focus keeps it.
 *
 * @param {Friend} friend
 * @param {(current: () => Friend) => Child} [end] what else can be done
 */
export function friendRow(friend, end) {
  let current = friend;
  const face = h('span', { class: 'person-face' });
  const name = personLink(friend, { class: 'person-name' });
  const note = h('span', { class: 'person-note' });
  const watch = h('a', { class: 'button button-line button-small person-watch' }, t('friends.watch'));
  const draw = () => {
    fill(face, faceLink(current), presenceDot(current.status));
    name.textContent = current.profile_name;
    name.setAttribute('href', placeOfPerson(current.profile_name));
    watch.setAttribute('aria-label', t('friends.watch_which', { name: current.profile_name }));
    row.classList.toggle('is-away', !current.online);
    drawNote();
  };
  const drawNote = () => {
    const match = watchable(current);
    watch.hidden = match === null;
    watch.setAttribute('href', `/pong/m/${match ?? ''}`);
    const words = presenceWords(current);
    if (note.textContent !== words) note.textContent = words;
    note.title = presenceTitle(current) ?? '';
  };
  const row = h(
    'li',
    { class: 'person' },
    face,
    h('div', { class: 'person-main' }, name, note),
    h(
      'div',
      { class: 'person-end' },
      watch,
      end?.(() => current),
    ),
  );
  updates.set(row, (next) => {
    // Time passes for those who are away, and my own match begins, without any news of them.
    if (next === current) return drawNote();
    current = next;
    draw();
  });
  draw();
  return row;
}

/** @param {HTMLElement} row of friendRow @param {Friend} friend */
export function updateFriendRow(row, friend) {
  updates.get(row)?.(friend);
}

/** @param {number} n */
export function skeletonPeople(n) {
  return skeleton(
    h(
      'div',
      { class: 'people' },
      times(n, () =>
        h(
          'div',
          { class: 'person' },
          bone('portrait'),
          h('div', { class: 'person-main' }, bone('w-40'), bone('w-60')),
        ),
      ),
    ),
  );
}
