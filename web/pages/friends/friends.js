import { switchField } from '../../components/accounts/switch.js';
import { block, tried, unfriend } from '../../components/friends/acts.js';
import { moreMenu } from '../../components/friends/menu.js';
import { roster } from '../../components/friends/roster.js';
import { askToPlay } from '../../components/pong/invite-button.js';
import { bone, emptyState, present, skeleton } from '../../components/states.js';
import { api, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { Page } from '../../core/page.js';
import { friendsPage } from './frame.js';

/** @typedef {import('../../core/friends-state.js').Friend} Friend */

const PRESENCE = '/api/friends/presence/';

/** Who my friends are, and whether they see me. */
class FriendsPage extends Page {
  /** @override */
  connected() {
    const appearance = h('div', { class: 'panel friends-hide' });
    this.replaceChildren(
      friendsPage(
        'friends',
        h('h1', null, t('friends.title')),
        appearance,
        roster({
          actions: (current) => this.#menu(current),
          empty: () =>
            emptyState({
              icon: 'friends',
              title: t('friends.empty'),
              text: t('friends.empty_text'),
              action: { href: '/friends/search', label: t('friends.find') },
            }),
        }),
      ),
    );
    this.ready = present(appearance, {
      signal: this.signal,
      skeleton: () => skeleton(h('div', { class: 'friends-hide-bones' }, bone('w-30'), bone('w-60'))),
      load: (signal) => api.get(PRESENCE, { signal }),
      show: (/** @type {{appear: string}} */ { appear }) => {
        const { element, set } = switchField({
          label: t('friends.hide'),
          hint: t('friends.hide_hint'),
          change: (hidden) => tried(() => api.put(PRESENCE, { appear: hidden ? 'offline' : 'online' })),
        });
        set(appear === 'offline');
        return element;
      },
    });
  }

  /** The row is gone, and with it what had the focus. @param {Promise<boolean>} done */
  async #part(done) {
    if (!(await done) || this.signal.aborted) return;
    const heading = this.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus();
  }

  /** @param {() => Friend} current */
  #menu(current) {
    return moreMenu({
      label: t('friends.more', { name: current().profile_name }),
      entries: () => [
        ...(current().online && current().match === null
          ? [
              {
                label: t('pong.invite_to_play'),
                icon: /** @type {const} */ ('pong'),
                run: () => askToPlay(current(), this.signal),
              },
            ]
          : []),
        {
          label: t('friends.unfriend'),
          icon: 'minus',
          run: () => this.#part(unfriend(current(), this.signal)),
        },
        {
          label: t('friends.block_person'),
          icon: 'block',
          run: () => this.#part(block(current(), this.signal)),
        },
      ],
    });
  }
}

define('page-friends', FriendsPage);
