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

/**
 * @typedef {object} Kind
 * @property {'blocked'|'muted'} here
 * @property {string} path
 * @property {string} title
 * @property {string} list
 * @property {import('../../components/icon.js').IconName} icon
 * @property {string} empty
 * @property {string} empty_text
 * @property {(ago: string) => string} since
 * @property {string} undo
 * @property {(name: string) => string} undone
 * @property {(user: number) => Promise<unknown>} run
 */

/** People whom I keep away, and the way back for each. */
class KeptAwayPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Blocked>|null} */
  #list = null;

  /** @returns {Kind} */
  get kind() {
    throw new Error('a page of people kept away needs its kind');
  }

  /** @override */
  connected() {
    const { here, path: first, title, list, icon, empty, empty_text: text } = this.kind;
    this.#list = infiniteList(
      {
        first: `${first}?page_size=30`,
        load: (path, signal) => api.get(path, { signal }),
        label: list,
        class: 'people',
        key: (person) => person.user_id,
        row: (person) => this.#row(person),
        skeleton: () => skeletonPeople(4),
        empty: () => emptyState({ icon, title: empty, text }),
      },
      this.restored,
    );
    this.replaceChildren(friendsPage(here, h('h1', null, title), this.#list));
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
    const { since, undo, undone, run } = this.kind;
    const row = personRow({
      person,
      note: h('time', { datetime: at, title: moment(at, lang) }, since(ago(at, lang))),
      end: h(
        'button',
        {
          type: 'button',
          class: 'button button-line button-small',
          'aria-label': t('friends.of', { act: undo, name }),
          onclick: async () => {
            row.hidden = true;
            const heading = this.querySelector('h1');
            heading?.setAttribute('tabindex', '-1');
            heading?.focus();
            if (await tried(() => run(id), undone(name))) {
              this.#list?.change(id, null);
              return;
            }
            row.hidden = false;
            row.classList.add('shake');
            row.querySelector('button')?.focus();
          },
        },
        undo,
      ),
    });
    return row;
  }
}

/** Whom I don't want to see, and who can't see me. */
class BlockedPage extends KeptAwayPage {
  /** @override @returns {Kind} */
  get kind() {
    return {
      here: 'blocked',
      path: '/api/friends/blocks/',
      title: t('friends.blocked_people'),
      list: t('friends.blocked'),
      icon: 'block',
      empty: t('friends.blocked_empty'),
      empty_text: t('friends.blocked_empty_text'),
      since: (when) => t('friends.blocked_at', { ago: when }),
      undo: t('friends.unblock'),
      undone: (name) => t('friends.unblocked', { name }),
      run: (user) => friends.unblock(user),
    };
  }
}

/** Whose posts and comments I don't want to read. They don't know. */
class MutedPage extends KeptAwayPage {
  /** @override @returns {Kind} */
  get kind() {
    return {
      here: 'muted',
      path: '/api/friends/mutes/',
      title: t('mute.people'),
      list: t('mute.tab'),
      icon: 'mute',
      empty: t('mute.empty'),
      empty_text: t('mute.empty_text'),
      since: (when) => t('mute.at', { ago: when }),
      undo: t('mute.undo'),
      undone: (name) => t('mute.undone', { name }),
      run: (user) => friends.unmute(user),
    };
  }
}

define('page-friend-blocked', BlockedPage);
define('page-friend-muted', MutedPage);
