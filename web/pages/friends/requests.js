import { tried } from '../../components/friends/acts.js';
import { personRow, skeletonPeople } from '../../components/friends/person-row.js';
import { infiniteList } from '../../components/infinite-list.js';
import { typeTabs } from '../../components/my-nav.js';
import { emptyState } from '../../components/states.js';
import { toast } from '../../components/toast.js';
import { api, friends, i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { ago, moment } from '../../core/format.js';
import { Page } from '../../core/page.js';
import { friendsPage } from './frame.js';

/**
 * @typedef {object} Asked
 * @property {number} id
 * @property {number} user_id
 * @property {string} profile_name
 * @property {string|null} image
 * @property {'incoming'|'outgoing'} direction
 * @property {string} created_at
 */

/** Requests that wait: those to me, or those of mine. */
class RequestsPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Asked>|null} */
  #list = null;

  get #outgoing() {
    return this.query.get('type') === 'outgoing';
  }

  /** @override */
  connected() {
    this.#list = infiniteList(this.#source(), this.restored);
    this.replaceChildren(
      friendsPage(
        'requests',
        h('h1', null, t('friends.requests_title')),
        typeTabs({
          label: t('friends.directions'),
          path: '/friends/requests',
          value: this.#outgoing ? 'outgoing' : '',
          options: [
            { value: '', label: t('friends.incoming') },
            { value: 'outgoing', label: t('friends.outgoing') },
          ],
        }),
        this.#list,
      ),
    );
    this.ready = this.#list.ready;
    friends.listen((news) => this.#hear(news), this.signal);
  }

  /** @override */
  snapshot() {
    return this.#list ? { pages: this.#list.state.pages } : null;
  }

  /** @returns {import('../../components/infinite-list.js').Source<Asked>} */
  #source() {
    const outgoing = this.#outgoing;
    return {
      first: `/api/friends/requests/?direction=${outgoing ? 'outgoing' : 'incoming'}&page_size=30`,
      load: (path, signal) => api.get(path, { signal }),
      label: t(outgoing ? 'friends.outgoing' : 'friends.incoming'),
      class: 'people',
      key: (asked) => asked.id,
      row: (asked) => this.#row(asked),
      skeleton: () => skeletonPeople(4),
      empty: () =>
        outgoing
          ? emptyState({
              icon: 'friends',
              title: t('friends.outgoing_empty'),
              text: t('friends.outgoing_empty_text'),
              action: { href: '/friends/search', label: t('friends.find') },
            })
          : emptyState({
              icon: 'friends',
              title: t('friends.incoming_empty'),
              text: t('friends.incoming_empty_text'),
            }),
    };
  }

  /** @param {import('../../core/friends.js').News} news */
  #hear(news) {
    const list = this.#list;
    const user = news.user_id;
    if (!list || user === undefined) return;
    const { event } = news;
    if (event === 'renamed') {
      const { new: name } = news;
      const change = (/** @type {Asked} */ row) =>
        row.user_id === user && name ? { ...row, profile_name: name } : row;
      return list.alter((rows) => (rows.some((row) => row.user_id === user) ? rows.map(change) : rows));
    }
    if (event === 'accepted' || event === 'removed' || event === 'withdrawn') {
      const stays = (/** @type {Asked} */ row) => row.user_id !== user;
      return list.alter((rows) => (rows.every(stays) ? rows : rows.filter(stays)));
    }
    if (news.event === 'request' && !this.#outgoing && news.request !== undefined && news.profile_name) {
      list.addFirst({
        id: news.request,
        user_id: user,
        profile_name: news.profile_name,
        image: news.image ?? null,
        direction: 'incoming',
        created_at: new Date().toISOString(),
      });
    }
  }

  /** @param {Asked} asked */
  #row(asked) {
    const { created_at: at, profile_name: name } = asked;
    const lang = i18n.lang.value;
    /**
     * @param {'friends.accept'|'friends.decline'|'friends.cancel'} key
     * @param {() => Promise<unknown>} act
     * @param {string} done
     */
    const button = (key, act, done) =>
      h(
        'button',
        {
          type: 'button',
          class: `button button-small ${key === 'friends.accept' ? 'button-ink' : 'button-line'}`,
          'aria-label': t('friends.of', { act: t(key), name }),
          onclick: () => this.#answer(asked, row, act, done),
        },
        t(key),
      );
    const row = personRow({
      person: asked,
      note: h('time', { datetime: at, title: moment(at, lang) }, ago(at, lang)),
      end: this.#outgoing
        ? button('friends.cancel', () => friends.cancel(asked.id), t('friends.cancelled'))
        : [
            button('friends.decline', () => friends.decline(asked.id, asked), t('friends.declined')),
            button('friends.accept', () => friends.accept(asked.id, asked), t('friends.accepted', { name })),
          ],
    });
    return row;
  }

  /**
   * The row goes at once, and comes back when the server refuses.
   *
   * @param {Asked} asked
   * @param {HTMLElement} row
   * @param {() => Promise<unknown>} act
   * @param {string} done
   */
  async #answer(asked, row, act, done) {
    const after = /** @type {HTMLElement|null} */ (row.nextElementSibling ?? row.previousElementSibling);
    row.hidden = true;
    // The pressed button is gone: the next person's first one, or the page's name, takes the focus.
    const heir = after?.querySelector('button') ?? this.querySelector('h1');
    heir?.setAttribute('tabindex', heir.matches('h1') ? '-1' : '0');
    heir?.focus();
    if (await tried(act)) {
      this.#list?.change(asked.id, null);
      toast(done);
      return;
    }
    row.hidden = false;
    row.classList.add('shake');
    row.querySelector('button')?.focus();
  }
}

define('page-friend-requests', RequestsPage);
