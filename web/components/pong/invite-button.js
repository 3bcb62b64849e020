import { people, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { icon } from '../icon.js';

/** @typedef {import('../../core/types.js').Person} Person */

/** What it opens is read when it is wanted. @param {Person} person @param {AbortSignal} [signal] */
export async function askToPlay(person, signal) {
  const { invitePerson } = await import('./invite-dialog.js');
  await invitePerson(people.latest(person), signal);
}

/** A small sign beside somebody's name. @param {() => Person} current */
export function inviteSign(current) {
  const { profile_name: name } = current();
  return h(
    'button',
    {
      type: 'button',
      class: 'icon-button person-invite',
      'aria-label': t('pong.invite_who', { name }),
      title: t('pong.invite_to_play'),
      onclick: () => askToPlay(current()),
    },
    icon('pong'),
  );
}
