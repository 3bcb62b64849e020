import { tried } from '../../components/friends/acts.js';
import { personRow, skeletonPeople } from '../../components/friends/person-row.js';
import { infiniteList } from '../../components/infinite-list.js';
import { emptyState } from '../../components/states.js';
import { api, friends, i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { ago, moment } from '../../core/format.js';
import { Page } from '../../core/page.js';
import { friendsPage } from './frame.js';

/** @typedef {import('../../core/types.js').Person & {created_at: string}} Blocked */

/** Whom I don't want to see, and who can't see me. */
class BlockedPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Blocked>|null} */
  #list = null;

  /** @override */
  connected() {
    this.#list = infiniteList(
      {
        first: '/api/friends/blocks/?page_size=30',
        load: (path, signal) => api.get(path, { signal }),
        label: t('friends.blocked'),
        class: 'people',
        key: (person) => person.user_id,
        row: (person) => this.#row(person),
        skeleton: () => skeletonPeople(4),
        empty: () =>
          emptyState({
            icon: 'block',
            title: t('friends.blocked_empty'),
            text: t('friends.blocked_empty_text'),
          }),
      },
      this.restored,
    );
    this.replaceChildren(friendsPage('blocked', h('h1', null, t('friends.blocked_people')), this.#list));
    this.ready = this.#list.ready;
  }

  /** @override */
  snapshot() {
    return this.#list ? { pages: this.#list.state.pages } : null;
  }

  /** @param {Blocked} person */
  #row(person) {
    const { user_id: id, profile_name: name, created_at: at } = person;
    const lang = i18n.lang.value;
    const row = personRow({
      person,
      note: h(
        'time',
        { datetime: at, title: moment(at, lang) },
        t('friends.blocked_at', { ago: ago(at, lang) }),
      ),
      end: h(
        'button',
        {
          type: 'button',
          class: 'button button-line button-small',
          'aria-label': t('friends.of', { act: t('friends.unblock'), name }),
          onclick: async () => {
            row.hidden = true;
            const heading = this.querySelector('h1');
            heading?.setAttribute('tabindex', '-1');
            heading?.focus();
            if (await tried(() => friends.unblock(id), t('friends.unblocked', { name }))) {
              this.#list?.change(id, null);
              return;
            }
            row.hidden = false;
            row.classList.add('shake');
            row.querySelector('button')?.focus();
          },
        },
        t('friends.unblock'),
      ),
    });
    return row;
  }
}

define('page-friend-blocked', BlockedPage);
