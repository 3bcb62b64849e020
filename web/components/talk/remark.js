import { api, explain, i18n, session, t, tn } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { ago, moment } from '../../core/format.js';
import { placeOfPerson } from '../../core/paths.js';
import { Problem } from '../../core/problem.js';
import { ask } from '../dialog.js';
import { befriend, personEntries } from '../friends/acts.js';
import { moreMenu } from '../friends/menu.js';
import { faceLink, personLink } from '../person.js';
import { portrait } from '../portrait.js';
import { richText } from '../rich-text.js';
import { toast } from '../toast.js';
import { likeButton } from './like-button.js';
import { wordsForm } from './words-form.js';

/**
 * @typedef {import('../../core/types.js').Remark} RemarkData
 * @typedef {import('../../core/types.js').Review} Review
 * @typedef {import('../../core/types.js').Reply} Reply
 * @typedef {import('../../core/types.js').Author} Author
 *
 * @typedef {object} Host where remarks stand
 * @property {import('./talk.js').Topic} topic
 * @property {() => unknown} signin
 * @property {(by: number) => void} counted so many more were written; fewer when negative
 * @property {AbortSignal} signal
 */

/** @param {Author|null} author */
export function authorName(author) {
  return author ? author.profile_name : t('reviews.left');
}

/**
 * Whoever is blocked or muted is gone from the page: the talk hears of it.
 *
 * @param {Author} author
 * @param {Host} host
 * @param {string} path of what they wrote
 */
function personMenu(author, { topic, signal }, path) {
  return moreMenu({
    label: t('friends.more', { name: author.profile_name }),
    entries: () => [
      { label: t('friends.add'), icon: 'plus', run: () => befriend(author) },
      ...personEntries(author, signal),
      ...(topic.entries?.(path, signal) ?? []),
    ],
  });
}

/**
 * One thing that somebody wrote, a review or a reply: who, when, what, and what the reader may do with it.
 *
 * @param {object} options
 * @param {'comments'|'replies'} options.kind
 * @param {RemarkData & {bought?: boolean, to_profile?: Reply['to_profile']}} options.remark kept up to date
 * @param {Host} options.host
 * @param {() => number} [options.below] how many replies go with it
 * @param {() => void} options.onreply
 * @param {() => void} options.ongone
 */
export function remarkView({ kind, remark, host, below = () => 0, onreply, ongone }) {
  const lang = i18n.lang.value;
  const { topic } = host;
  const path = `${topic.base}/${kind}/${remark.id}/`;
  const author = remark.created_by;
  const edited = h('span', { hidden: remark.edited_at === null }, t('reviews.edited'));
  const words = h('p', { class: 'remark-words' });
  const body = h('div', null, words);
  const me = session.user;
  const mine = me !== null && author?.user_id === me.id;

  // Its writer was erased with the words; what others replied to them stays.
  const gone = remark.content === '';
  const draw = () => {
    edited.hidden = remark.edited_at === null || gone;
    words.classList.toggle('muted', gone);
    if (gone) return fill(words, t('reviews.gone'));
    fill(
      words,
      remark.to_profile
        ? h(
            'a',
            { class: 'remark-to', href: placeOfPerson(remark.to_profile.profile_name) },
            `@${remark.to_profile.profile_name} `,
          )
        : null,
      richText(remark.content, { mentions: remark.mentions ?? [] }),
    );
  };

  const edit = h('button', { type: 'button', class: 'remark-action' }, t('reviews.edit'));
  const close = () => {
    fill(body, words);
    actions.hidden = false;
    edit.focus();
  };
  edit.addEventListener('click', () => {
    const form = wordsForm({
      label: t('reviews.edit'),
      submit: t('reviews.save'),
      limit: topic.limit,
      value: remark.content,
      ...(topic.helper ? { helper: topic.helper } : {}),
      cancel: close,
      send: async (content) => {
        const saved = await api.patch(path, { content }, { signal: host.signal });
        remark.content = saved.content;
        remark.edited_at = saved.edited_at;
        remark.mentions = saved.mentions;
        draw();
        close();
      },
    });
    actions.hidden = true;
    fill(body, form.element);
    form.focus();
  });

  const remove = async () => {
    const sure = await ask({
      title: t(kind === 'comments' ? topic.words.delete_title : 'reviews.delete_reply_title'),
      text: [
        mine ? null : t('reviews.delete_other'),
        below() > 0 ? tn('reviews.delete_below', below()) : null,
        t('reviews.delete_text'),
      ]
        .filter(Boolean)
        .join(' '),
      confirm: t('reviews.delete'),
      signal: host.signal,
    });
    if (!sure) return;
    try {
      await api.delete(path, { signal: host.signal });
      toast(t('reviews.deleted'));
      ongone();
    } catch (error) {
      if (host.signal.aborted) return;
      const problem = Problem.from(error);
      // Somebody was faster: what was asked for is done.
      if (problem.status === 404) ongone();
      else toast(explain(problem), { bad: true });
    }
  };

  const actions = h(
    'div',
    { class: 'remark-actions', hidden: gone },
    likeButton({ path: `${path}like/`, state: remark, onsignin: host.signin, ongone }),
    h('button', { type: 'button', class: 'remark-action', onclick: onreply }, t('reviews.reply')),
    mine ? edit : null,
    mine || me?.is_staff
      ? h('button', { type: 'button', class: 'remark-action', onclick: remove }, t('reviews.delete'))
      : null,
  );

  draw();
  return h(
    'article',
    {
      class: `remark remark-${kind}`,
      'aria-label': t(kind === 'comments' ? topic.words.by : 'reviews.reply_by', {
        name: authorName(author),
      }),
    },
    author ? faceLink(author) : portrait(null),
    h(
      'div',
      { class: 'remark-main' },
      h(
        'p',
        { class: 'remark-head' },
        author ? personLink(author) : h('strong', { class: 'muted' }, authorName(null)),
        remark.bought ? h('span', { class: 'badge badge-accent' }, t('reviews.bought')) : null,
        h(
          'time',
          { class: 'muted', datetime: remark.created_at, title: moment(remark.created_at, lang) },
          ago(remark.created_at, lang),
        ),
        edited,
        me && !mine && author ? personMenu(author, host, path) : null,
      ),
      body,
      actions,
    ),
  );
}
