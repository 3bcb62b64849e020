import { api, explain, t } from '../../core/context.js';
import { fill, h, play } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { Problem } from '../../core/problem.js';
import { icon } from '../icon.js';
import { toast } from '../toast.js';

/**
 * A like answers at once; when the server refuses, it visibly goes back to what is true.
 *
 * @param {object} options
 * @param {string} options.path where the like is set
 * @param {{liked: boolean|'login required', num_likes: number}} options.state kept up to date
 * @param {() => unknown} options.onsignin
 * @param {(problem: Problem) => void} [options.ongone] what was liked is not there any more
 * @param {() => void} [options.onchange] told at once, and again when it went back
 * @param {string} [options.label] what is liked, for whoever can't see what it stands next to
 */
export function likeButton({ path, state, onsignin, ongone, onchange, label = t('reviews.like') }) {
  let busy = false;
  const button = h('button', {
    type: 'button',
    class: 'remark-action like',
    onclick: () => toggle(),
  });
  const draw = () => {
    fill(
      button,
      icon('like'),
      h('span', { class: 'unseen' }, label),
      state.num_likes > 0 ? h('span', { class: 'number' }, plain(state.num_likes)) : null,
    );
    button.setAttribute('aria-pressed', String(state.liked === true));
  };
  const redraw = () => {
    draw();
    onchange?.();
  };
  const toggle = async () => {
    if (state.liked === 'login required') return onsignin();
    if (busy) return;
    busy = true;
    const before = { liked: state.liked, num_likes: state.num_likes };
    state.liked = !before.liked;
    state.num_likes = Math.max(0, before.num_likes + (state.liked ? 1 : -1));
    redraw();
    try {
      const { liked, num_likes } = await api.patch(path, { value: state.liked });
      state.liked = liked;
      state.num_likes = num_likes;
      redraw();
    } catch (error) {
      Object.assign(state, before);
      redraw();
      play(button, 'shake');
      const problem = Problem.from(error);
      if (problem.status === 401) onsignin();
      else {
        toast(explain(problem), { bad: true });
        if (problem.status === 404) ongone?.(problem);
      }
    } finally {
      busy = false;
    }
  };
  draw();
  return button;
}
