import { requestsBadge } from '../../components/friends/requests-badge.js';
import { framed } from '../../components/my-nav.js';
import { t } from '../../core/context.js';

/**
 * The frame around the pages of friends.
 *
 * @param {'friends'|'requests'|'search'|'blocked'|'muted'} here
 * @param {...import('../../core/element.js').Child} content
 */
export function friendsPage(here, ...content) {
  return framed(
    {
      label: t('friends.tabs'),
      places: [
        { href: '/friends', label: t('friends.title'), here: here === 'friends' },
        {
          href: '/friends/requests',
          label: [t('friends.tab_requests'), requestsBadge()],
          here: here === 'requests',
        },
        { href: '/friends/search', label: t('friends.find'), here: here === 'search' },
        { href: '/friends/blocked', label: t('friends.blocked'), here: here === 'blocked' },
        { href: '/friends/muted', label: t('mute.tab'), here: here === 'muted' },
      ],
    },
    content,
  );
}
