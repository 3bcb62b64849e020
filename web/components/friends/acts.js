import { explain, friends, t } from '../../core/context.js';
import { Problem } from '../../core/problem.js';
import { ask } from '../dialog.js';
import { toast } from '../toast.js';

/**
 * What can be done about somebody, with the question before it where it can't simply be taken back.
 *
 * @typedef {import('../../core/types.js').Person} Person
 */

/**
 * @param {() => Promise<unknown>} act
 * @param {string} [done] said when it came through
 * @returns {Promise<boolean>}
 */
export async function tried(act, done) {
  try {
    await act();
    if (done) toast(done);
    return true;
  } catch (error) {
    const problem = Problem.from(error);
    if (problem.code === 'client.failure') reportError(error);
    toast(explain(problem), { bad: true });
    return false;
  }
}

/** @param {Person} person @param {AbortSignal} signal @returns {Promise<boolean>} whether it was done */
export async function unfriend(person, signal) {
  const { user_id: id, profile_name: name } = person;
  const sure = await ask({
    title: t('friends.unfriend_title', { name }),
    text: t('friends.unfriend_text'),
    confirm: t('friends.unfriend'),
    keep: t('action.cancel'),
    signal,
  });
  return sure && tried(() => friends.unfriend(id), t('friends.unfriended', { name }));
}

/** @param {Person} person @param {AbortSignal} signal @returns {Promise<boolean>} whether it was done */
export async function block(person, signal) {
  const { user_id: id, profile_name: name } = person;
  const sure = await ask({
    title: t('friends.block_title', { name }),
    text: t('friends.block_text'),
    confirm: t('friends.block'),
    keep: t('action.cancel'),
    signal,
  });
  return sure && tried(() => friends.block(id), t('friends.blocked_done', { name }));
}

/** @param {Person} person @param {AbortSignal} signal @returns {Promise<boolean>} whether it was done */
export async function mute(person, signal) {
  const { user_id: id, profile_name: name } = person;
  const sure = await ask({
    title: t('mute.title', { name }),
    text: t('mute.text'),
    confirm: t('mute.yes'),
    keep: t('action.cancel'),
    signal,
  });
  return sure && tried(() => friends.mute(id), t('mute.done', { name }));
}

/** @param {Person} person @returns {Promise<boolean>} */
export function unmute({ user_id: id, profile_name: name }) {
  return tried(() => friends.unmute(id), t('mute.undone', { name }));
}

/**
 * What can be done about anybody who wrote something. They are gone from the page then: it hears of it.
 *
 * @param {Person & {muted?: boolean}} person
 * @param {AbortSignal} signal
 * @returns {import('./menu.js').Entry[]}
 */
export function personEntries(person, signal) {
  return [
    person.muted
      ? { label: t('mute.undo'), icon: 'mute', run: () => unmute(person) }
      : { label: t('mute.person'), icon: 'mute', run: () => mute(person, signal) },
    { label: t('friends.block_person'), icon: 'block', run: () => block(person, signal) },
  ];
}

/** Asks somebody, and says what came of it. @param {Person} person */
export function befriend(person) {
  const { profile_name: name } = person;
  return tried(async () => {
    const { status } = await friends.ask(person);
    toast(t(status === 'pending' ? 'friends.asked' : 'friends.now', { name }));
  });
}
