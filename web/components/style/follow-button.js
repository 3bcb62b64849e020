import { api, explain, people, session, t } from '../../core/context.js';
import { h, play } from '../../core/element.js';
import { toSignin } from '../../core/navigation.js';
import { Problem } from '../../core/problem.js';
import { toast } from '../toast.js';

/** @typedef {import('../../core/style-types.js').StylePerson} StylePerson */

/**
 * Follows somebody, or no longer. It answers at once, and visibly goes back when the server refuses. There is none
 * for oneself.
 *
 * @param {StylePerson} given
 * @param {object} [how]
 * @param {(following: boolean, followers: number|null) => void} [how.onchange] followers: once the server has said how many
 * @param {boolean} [how.small]
 * @returns {HTMLButtonElement|null}
 */
export function followButton(given, { onchange = () => {}, small = true } = {}) {
  const person = people.latest(given);
  if (person.following === null || person.user_id === session.user?.id) return null;
  const { user_id: id } = person;
  let following = person.following === true;
  let busy = false;
  const button = h('button', { type: 'button', onclick: () => toggle() });
  const draw = () => {
    const { profile_name: name } = people.latest(given);
    button.className = `button ${small ? 'button-small' : ''} follow ${following ? 'button-line' : 'button-ink'}`;
    const act = t(following ? 'style.following' : 'style.follow');
    button.textContent = act;
    button.setAttribute('aria-pressed', String(following));
    button.setAttribute('aria-label', t('friends.of', { act, name }));
  };
  /** @param {boolean} on @param {number|null} followers */
  const become = (on, followers) => {
    following = on;
    people.followed(id, on);
    draw();
    onchange(on, followers);
  };
  const toggle = async () => {
    if (person.following === 'login required') return toSignin();
    if (busy) return;
    busy = true;
    const before = following;
    become(!before, null);
    try {
      const said = await api.patch(`/api/styles/profiles/${id}/follow/`, { value: !before });
      become(said.following, said.num_followers);
    } catch (error) {
      become(before, null);
      play(button, 'shake');
      const problem = Problem.from(error);
      if (problem.status === 401) toSignin();
      else toast(explain(problem), { bad: true });
    } finally {
      busy = false;
    }
  };
  draw();
  return button;
}
