import { i18n, inbox, people, t, tn } from '../../core/context.js';
import { h } from '../../core/element.js';
import { ago, moment } from '../../core/format.js';
import { placeOf } from '../../core/inbox-state.js';
import { framedPicture } from '../../core/names.js';
import { placeOfPerson } from '../../core/paths.js';
import { icon } from '../icon.js';
import { bone, skeleton, tile, times } from '../states.js';
import { faces } from './faces.js';
import { about, activitySentence, sentence } from './words.js';

/**
 * @typedef {import('../../core/types.js').Notification} Notification
 * @typedef {import('../../core/types.js').Activity} Activity
 * @typedef {import('../icon.js').IconName} IconName
 */

/** @type {Record<string, IconName>} */
const SIGNS = {
  bid_matched: 'check',
  order_moved: 'order',
  price_reached: 'wish',
  friend_request: 'plus',
  friend_accepted: 'person',
  liked: 'like',
  commented: 'comment',
  replied: 'comment',
  followed: 'person',
  mentioned: 'comment',
  match_invited: 'pong',
  tournament_called: 'pong',
  tournament_won: 'trophy',
  security: 'shield',
};

/** Who did it, or whom it names. @param {Pick<Notification, 'actors'|'target'>} notification */
function whoseFaces({ actors, target: { person } }) {
  return actors.length === 0 && person ? [person] : actors;
}

/** @param {Notification} notification */
function picture({ kind, actors, target }) {
  const sign = icon(SIGNS[kind] ?? 'bell');
  const shown = whoseFaces({ actors, target });
  if (shown.length > 0) return h('span', { class: 'note-picture' }, faces(shown));
  if (!target.article) return h('span', { class: 'note-picture note-sign' }, sign);
  return h(
    'span',
    { class: 'note-picture' },
    tile(target.article.image, { class: 'note-tile' }),
    h('span', { class: 'note-mark' }, sign),
  );
}

/**
 * Who it was leads to their profile. It lies over the picture: one link can't stand in another.
 *
 * @param {import('../../core/types.js').Person|undefined} person
 */
function face(person) {
  if (!person) return null;
  const { user_id: id, profile_name: name } = people.latest(person);
  return h('a', {
    class: 'note-face',
    href: placeOfPerson(name),
    dataset: { at: id },
    'aria-label': t('person.of', { name }),
  });
}

/** What it is about, as a picture. @param {import('../../core/types.js').Target} target @param {boolean} articles */
function thumb({ post, article }, articles) {
  if (post?.image)
    return tile(framedPicture(post.image, 1), { class: 'note-tile note-article note-post', sizes: '44px' });
  return articles && article ? tile(article.image, { class: 'note-tile note-article' }) : null;
}

/** @param {string} iso of what happened; the words follow the clock, see keepTimes */
function clock(iso) {
  const lang = i18n.lang.value;
  return h('time', { class: 'note-time', datetime: iso, title: moment(iso, lang) }, ago(iso, lang));
}

/** @param {string[]} parts */
const line = (parts) => (parts.length > 0 ? h('span', { class: 'note-about' }, parts.join(' · ')) : null);

/**
 * One thing that somebody was told. It leads to what it is about, and is read when one goes there.
 *
 * @param {Notification} notification
 */
export function noteRow(notification) {
  const { target, count, created_at: at } = notification;
  const steps = target.type === 'order' && count > 1 ? tn('inbox.steps', count) : '';
  const row = h(
    'li',
    { class: 'note' },
    h(
      'a',
      {
        class: 'note-link',
        href: placeOf(notification),
        onclick: () => {
          // That it stays unread is seen, and no reason to keep anybody from going there.
          if (!row.matches('.is-read')) inbox.markRead([{ ...notification, read: false }]).catch(() => {});
        },
      },
      picture(notification),
      h(
        'span',
        { class: 'note-main' },
        h('span', { class: 'note-text' }, sentence(notification)),
        line(about(target)),
        h(
          'span',
          { class: 'note-foot' },
          clock(at),
          steps ? h('span', { class: 'note-steps' }, steps) : null,
        ),
      ),
      h(
        'span',
        { class: 'note-end' },
        thumb(target, false),
        h('span', { class: 'note-dot' }, h('span', { class: 'unseen' }, t('inbox.unread'))),
      ),
    ),
    face(whoseFaces(notification)[0]),
  );
  markRow(row, notification.read);
  return row;
}

/** In place: whoever has the focus on it keeps it. @param {Element} row @param {boolean} read */
export function markRow(row, read) {
  row.classList.toggle('is-read', read);
}

/**
 * Brings the marks of a list in line with its rows.
 *
 * @param {Element} list
 * @param {Notification[]} rows
 */
export function markRows(list, rows) {
  const read = new Map(rows.map((row) => [String(row.id), row.read]));
  for (const node of list.querySelectorAll('.note')) {
    const known = read.get(/** @type {HTMLElement} */ (node).dataset['key'] ?? '');
    if (known !== undefined) markRow(node, known);
  }
}

/** @param {Activity} activity */
export function activityRow(activity) {
  const { target, actor, created_at: at } = activity;
  const href = placeOf(activity);
  return h(
    'li',
    { class: 'note is-read' },
    h(
      'a',
      { class: 'note-link', href },
      h('span', { class: 'note-picture' }, faces(target.person ? [actor, target.person] : [actor])),
      h(
        'span',
        { class: 'note-main' },
        h('span', { class: 'note-text' }, activitySentence(activity)),
        line(about(target)),
        h('span', { class: 'note-foot' }, clock(at)),
      ),
      thumb(target, true),
    ),
    face(actor),
  );
}

/** @param {number} n */
export function noteSkeleton(n) {
  return skeleton(
    h(
      'div',
      { class: 'notes' },
      times(n, () =>
        h(
          'div',
          { class: 'note' },
          h(
            'div',
            { class: 'note-link' },
            h('span', { class: 'note-picture' }, bone('note-bone')),
            h('div', { class: 'note-main' }, bone('w-60'), bone('w-40'), bone('w-30')),
          ),
        ),
      ),
    ),
  );
}

const EACH_MS = 30_000;

/**
 * "3 minutes ago" is wrong a minute later.
 *
 * @param {Element} host
 * @param {AbortSignal} signal
 */
export function keepTimes(host, signal) {
  const timer = setInterval(() => {
    for (const time of host.querySelectorAll('time.note-time')) {
      const words = ago(time.getAttribute('datetime') ?? '', i18n.lang.value);
      if (time.textContent !== words) time.textContent = words;
    }
  }, EACH_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
