import { credentials, t } from '../../core/context.js';
import { h } from '../../core/element.js';

/** @typedef {'lobby'|'tournaments'|'leaderboard'|'history'} PongPlace */

/**
 * What the pages of Pong have around them.
 *
 * @param {PongPlace} here
 * @param {object} how
 * @param {import('../../core/element.js').Child} how.title
 * @param {import('../../core/element.js').Child} [how.action] beside the heading
 * @param {...import('../../core/element.js').Child} content
 */
export function pongPage(here, { title, action }, ...content) {
  /** @type {{place: PongPlace, href: string, label: string}[]} */
  const tabs = [
    { place: 'lobby', href: '/pong', label: t('pong.play') },
    { place: 'tournaments', href: '/pong/tournaments', label: t('pong.cups') },
    { place: 'leaderboard', href: '/pong/leaderboard', label: t('pong.leaderboard') },
  ];
  if (credentials.likely || here === 'history')
    tabs.push({ place: 'history', href: '/pong/history', label: t('pong.history') });
  return h(
    'div',
    { class: 'pong' },
    h('header', { class: 'pong-head' }, h('h1', null, title), action ?? null),
    h(
      'nav',
      { class: 'type-tabs pong-tabs', 'aria-label': t('pong.tabs') },
      tabs.map(({ place, href, label }) =>
        h('a', { href, 'aria-current': place === here ? 'page' : null }, label),
      ),
    ),
    content,
  );
}
