import { api, friends, session, t, tn } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { authorName, remarkView } from './remark.js';
import { wordsForm } from './words-form.js';

/**
 * @typedef {import('../../core/types.js').Review} Review
 * @typedef {import('../../core/types.js').Reply} Reply
 * @typedef {import('./remark.js').Host} Host
 */

/** So many replies are shown at once; the others are there for the asking. */
const SHORT = 3;

/**
 * A review or a comment with the replies below it, the oldest first, and the place to write one.
 *
 * @param {Review} review
 * @param {Host} host
 * @param {() => void} ongone
 */
export function thread(review, host, ongone) {
  const { topic } = host;
  let replies = [...review.replies];
  let all = replies.length <= SHORT + 1;
  const list = h('ul', { role: 'list', class: 'replies', 'aria-label': t('reviews.replies') });
  const more = h('button', {
    type: 'button',
    class: 'link-button',
    onclick: () => {
      all = true;
      draw();
      // The button is gone: whoever pressed it reads on where it stood.
      const next = list.children[SHORT];
      if (next instanceof HTMLElement) next.focus();
    },
  });
  const place = h('div', { class: 'reply-place' });
  const toggle = h('div', null, more);

  /** @param {Reply|null} to null: the review itself */
  const write = (to) => {
    if (session.login.value.state !== 'signed-in') return host.signin();
    const target = to?.created_by ?? null;
    const close = () => fill(place);
    const label = t('reviews.reply_to', { name: authorName(to ? target : review.created_by) });
    const form = wordsForm({
      label,
      showLabel: true,
      submit: t('reviews.send_reply'),
      limit: topic.limit,
      ...(topic.helper ? { helper: topic.helper } : {}),
      cancel: close,
      send: async (content) => {
        const body = target ? { content, to_profile: target.user_id } : { content };
        const made = await api.post(`${topic.base}/comments/${review.id}/replies/`, body, {
          signal: host.signal,
        });
        replies = [...replies, made];
        host.counted(1);
        all = true;
        close();
        draw();
      },
    });
    fill(place, form.element);
    form.focus();
  };

  /** Views are kept: what somebody writes in one of them must survive its neighbours. @type {Map<number, HTMLElement>} */
  const views = new Map();
  /** @param {Reply} reply */
  const view = (reply) => {
    const known = views.get(reply.id);
    if (known) return known;
    const made = h(
      'li',
      { tabindex: '-1' },
      remarkView({
        kind: 'replies',
        remark: reply,
        host,
        onreply: () => write(reply),
        ongone: () => {
          replies = replies.filter(({ id }) => id !== reply.id);
          host.counted(-1);
          views.delete(reply.id);
          draw();
        },
      }),
    );
    views.set(reply.id, made);
    return made;
  };

  const draw = () => {
    const shown = all ? replies : replies.slice(0, SHORT);
    list.replaceChildren(...shown.map(view));
    list.hidden = shown.length === 0;
    toggle.hidden = all;
    more.textContent = tn('reviews.more_replies', replies.length - shown.length);
  };

  friends.listen(({ event, user_id: user }) => {
    if (event !== 'blocked' && event !== 'muted') return;
    const left = replies.filter(({ created_by: author }) => author?.user_id !== user);
    if (left.length === replies.length || review.created_by?.user_id === user) return;
    host.counted(left.length - replies.length);
    replies = left;
    draw();
  }, host.signal);
  draw();
  return h(
    'li',
    { class: 'review' },
    remarkView({
      kind: 'comments',
      remark: review,
      host,
      below: () => replies.length,
      onreply: () => write(null),
      ongone: () => {
        host.counted(-1 - replies.length);
        ongone();
      },
    }),
    h('div', { class: 'review-below' }, list, toggle, place),
  );
}
