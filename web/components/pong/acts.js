import { pong, session, t } from '../../core/context.js';
import { navigate, toSignin } from '../../core/navigation.js';
import { tried } from '../friends/acts.js';

/**
 * What can be done about matches, and what is said when it can't.
 *
 * @typedef {import('../../core/types.js').Person} Person
 * @typedef {import('../../core/pong-types.js').Points} Points
 * @typedef {import('../../core/pong-types.js').Difficulty} Difficulty
 */

/** @param {number} id of a match */
export const placeOfMatch = (id) => `/pong/m/${id}`;

/** Live news may have brought the person there already: not a second time. @param {number} id of a match */
async function goToMatch(id) {
  if (location.pathname !== placeOfMatch(id)) await navigate(placeOfMatch(id));
}

/**
 * @param {HTMLElement|null} button that waits for it
 * @param {() => Promise<unknown>} act
 * @param {string} [done]
 */
async function pressed(button, act, done) {
  if (button?.getAttribute('aria-busy') === 'true') return false;
  button?.setAttribute('aria-busy', 'true');
  const well = await tried(act, done);
  button?.removeAttribute('aria-busy');
  return well;
}

/** @param {HTMLElement} button @param {Points} points */
export function playNow(button, points) {
  if (!session.user) return toSignin();
  return pressed(button, () => pong.join(points));
}

export function stopLooking() {
  return tried(() => pong.leave());
}

/** @param {HTMLElement} button @param {{difficulty: Difficulty}|null} robot @param {Points} points */
export function startHere(button, robot, points) {
  if (!session.user) return toSignin();
  return pressed(button, async () => {
    const { id } = await pong.start(robot, points);
    await goToMatch(id);
  });
}

/** @param {HTMLElement} button @param {number} id */
export function accept(button, id) {
  return pressed(button, async () => {
    await pong.accept(id);
    await goToMatch(id);
  });
}

/** @param {number} id */
export function decline(id) {
  return tried(() => pong.decline(id));
}

/** @param {number} id */
export function takeBack(id) {
  return tried(() => pong.cancel(id), t('pong.taken_back'));
}

/** @param {HTMLElement|null} button @param {Person} person @param {Points} points @returns {Promise<boolean>} */
export function invite(button, { user_id: id }, points) {
  return pressed(button, async () => {
    const match = await pong.invite(id, points);
    // They had asked me: there is a match already.
    if (match.state !== 'invited') await goToMatch(match.id);
  });
}
