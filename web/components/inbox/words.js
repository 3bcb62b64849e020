import { i18n, t, tn } from '../../core/context.js';
import { won } from '../../core/format.js';
import { actorsOf, matchKey, stepKeys } from '../../core/inbox-state.js';
import { articleName } from '../../core/names.js';

/**
 * Notifications and activities as sentences.
 *
 * @typedef {import('../../core/types.js').Notification} Notification
 * @typedef {import('../../core/types.js').Activity} Activity
 * @typedef {import('../../core/types.js').Target} Target
 */

/** @param {string[]} keys @param {import('../../core/i18n.js').Values} [values] @returns {string} of the first that exists */
function first(keys, values) {
  const key = keys.find((name) => i18n.has(name));
  return key && i18n.has(key) ? t(key, values) : t('inbox.other');
}

/** @param {string} what @param {Notification} notification */
function people(what, notification) {
  const { form, values } = actorsOf(notification);
  if (form === 'more' && i18n.has(`inbox.${what}.more.other`))
    return tn(`inbox.${what}.more`, Number(values['n']), values);
  return first([`inbox.${what}.${form}`, `inbox.${what}.nobody`], values);
}

/** What somebody likes. @param {Target} target */
function likedThing({ type, remark }) {
  if (!remark) return 'liked_post';
  return type === 'info' ? 'liked_review' : 'liked_comment';
}

/** @param {Notification} notification */
export function sentence(notification) {
  const { kind, target } = notification;
  const price = won(target.price ?? 0);
  switch (kind) {
    case 'bid_matched':
      return t(target.side === 'sales' ? 'inbox.matched.sales' : 'inbox.matched.purchase', { price });
    case 'order_moved':
      // What costs nothing was won.
      return first([...(target.price ? [] : [`inbox.step.prize.${target.action}`]), ...stepKeys(target)], {
        status: first([`status.${target.status}`]),
      });
    case 'price_reached':
      return t('inbox.price_reached', { price });
    case 'friend_request':
      return people('request', notification);
    case 'friend_accepted':
      return people('accepted', notification);
    case 'liked':
      return people(likedThing(target), notification);
    case 'commented':
    case 'replied':
    case 'followed':
      return people(kind, notification);
    case 'mentioned':
      return people(target.remark ? 'mentioned_remark' : 'mentioned', notification);
    case 'match_invited':
      return people('invited', notification);
    case 'tournament_called':
      return target.person
        ? t('inbox.called', { name: target.person.profile_name })
        : t('inbox.called_nobody');
    case 'tournament_won':
      return target.won ? t('inbox.cup_mine') : people('cup_won', notification);
    case 'security':
      return first([`inbox.security.${target.event}`, `events.${target.event}`, 'events.other']);
    default:
      return t('inbox.other');
  }
}

/** @param {Activity} activity */
export function activitySentence({ kind, actor, target }) {
  const name = actor.profile_name;
  const price = won(target.price ?? 0);
  switch (kind) {
    case 'trade':
      return t(target.side === 'sales' ? 'activity.sold' : 'activity.bought', { name, price });
    case 'review':
      return t('activity.review', { name });
    case 'friendship':
      return target.person
        ? t('activity.friendship', { name, other: target.person.profile_name })
        : t('activity.friendship_one', { name });
    case 'post':
      return t('activity.post', { name });
    case 'match':
      return first([matchKey(target)], {
        name,
        other: target.person?.profile_name ?? '',
        score: (target.score ?? []).join(' : '),
      });
    case 'champion':
      return t('activity.champion', { name });
    default:
      return t('activity.other', { name });
  }
}

/** @param {Target} target @returns {string[]} what it is about, in a few words */
export function about(target) {
  if (target.type === 'security') return [target.device, target.address].filter((part) => part !== undefined);
  const { article, post, tournament } = target;
  if (post?.excerpt) return [post.excerpt];
  if (tournament) return [tournament.name];
  if (!article) return [];
  const size = article.size === 'ALL' ? t('size.one') : article.size;
  return [articleName(article, i18n.lang.value), size].filter(Boolean);
}
