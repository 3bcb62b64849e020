import { friends, session, t } from '../../core/context.js';
import { fill, h, reconcile } from '../../core/element.js';
import { inOrder } from '../../core/friends-state.js';
import { toSignin } from '../../core/navigation.js';
import { openDialog } from '../dialog.js';
import { personRow, skeletonPeople } from '../friends/person-row.js';
import { presenceWords } from '../friends/presence.js';
import { emptyState, errorState } from '../states.js';
import { invite } from './acts.js';
import { chosenPoints, pointsChoice } from './choices.js';

/**
 * @typedef {import('../../core/types.js').Person} Person
 * @typedef {import('../../core/friends-state.js').Friend} Friend
 */

/**
 * Asks one person for a match; how many points is chosen first.
 *
 * @param {Person} person
 * @param {AbortSignal} [signal]
 */
export async function invitePerson(person, signal) {
  if (!session.user) return void toSignin();
  const dialog = openDialog({
    title: t('pong.invite_who', { name: person.profile_name }),
    class: 'dialog-small',
    ...(signal ? { signal } : {}),
    body: h(
      'div',
      { class: 'stack' },
      h('p', { class: 'muted' }, t('pong.invite_text')),
      pointsChoice(),
      h(
        'button',
        {
          type: 'button',
          class: 'button button-accent button-wide',
          onclick: async (/** @type {Event} */ event) => {
            const button = /** @type {HTMLElement} */ (event.currentTarget);
            if (await invite(button, person, chosenPoints())) dialog.close();
          },
        },
        t('pong.invite_send'),
      ),
    ),
  });
  await dialog.closed;
}

/** One of my friends who are here. @param {AbortSignal} signal */
export function inviteDialog(signal) {
  const list = h('ul', { class: 'people', role: 'list', 'aria-label': t('friends.home') });
  const body = h('div', { class: 'invite-people' });
  const dialog = openDialog({
    title: t('pong.invite_friend'),
    signal,
    class: 'dialog-people',
    body: h('div', { class: 'stack' }, pointsChoice(), body),
  });
  const life = new AbortController();
  dialog.closed.then(() => life.abort());
  // A profile lies behind the dialog.
  body.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a')) dialog.close();
  });
  const draw = () => {
    const { state, error } = friends.reading.value;
    const here = inOrder(friends.people.value).filter(({ online }) => online);
    if (here.length > 0) {
      reconcile(list, here, {
        key: ({ user_id: id, profile_name: name, status }) => `${id} ${name} ${status}`,
        create: (friend) => row(friend, dialog.close),
      });
      if (list.parentElement !== body) fill(body, list);
    } else if (state === 'failed') {
      fill(
        body,
        errorState(error, () => friends.need()),
      );
    } else if (state === 'ready') fill(body, nobody());
    else if (!body.querySelector('.skeleton')) fill(body, skeletonPeople(3));
  };
  friends.people.subscribe(draw, life.signal);
  friends.reading.subscribe(draw, life.signal);
  draw();
  friends.need();
}

/** @param {Friend} friend @param {() => void} close */
function row(friend, close) {
  const { profile_name: name, status } = friend;
  const busy = status === 'in_match';
  const button = h(
    'button',
    {
      type: 'button',
      class: 'button button-small button-ink',
      disabled: busy,
      'aria-label': t('pong.invite_who', { name }),
      onclick: async () => {
        if (await invite(button, friend, chosenPoints())) close();
      },
    },
    t('pong.invite'),
  );
  return personRow({ person: friend, note: presenceWords(friend), end: button });
}

function nobody() {
  const any = friends.people.value.size > 0;
  return emptyState({
    icon: 'friends',
    title: t(any ? 'friends.home_none' : 'friends.empty'),
    text: t('pong.nobody_here'),
    action: { href: '/friends/search', label: t('friends.find') },
  });
}
