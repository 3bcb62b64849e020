import { icon } from '../../components/icon.js';
import { t } from '../../core/context.js';
import { h } from '../../core/element.js';

/**
 * What the inbox and the activity of friends have around them.
 *
 * @param {'inbox'|'activity'} here
 * @param {import('../../core/element.js').Child} actions beside the heading
 * @param {...import('../../core/element.js').Child} content
 */
export function inboxPage(here, actions, ...content) {
  /** @type {{place: typeof here, href: string, label: string}[]} */
  const tabs = [
    { place: 'inbox', href: '/inbox', label: t('inbox.tab_inbox') },
    { place: 'activity', href: '/inbox/activity', label: t('inbox.tab_activity') },
  ];
  return h(
    'div',
    { class: 'inbox' },
    h(
      'header',
      { class: 'inbox-head' },
      h('h1', null, t(here === 'inbox' ? 'inbox.title' : 'inbox.tab_activity')),
      h(
        'div',
        { class: 'inbox-actions' },
        actions,
        h(
          'a',
          { class: 'icon-button', href: '/my/settings#notifications', 'aria-label': t('inbox.settings') },
          icon('settings'),
        ),
      ),
    ),
    h(
      'nav',
      { class: 'type-tabs', 'aria-label': t('inbox.tabs') },
      tabs.map(({ place, href, label }) =>
        h('a', { href, 'aria-current': place === here ? 'page' : null }, label),
      ),
    ),
    content,
  );
}
