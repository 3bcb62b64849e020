import { relationButtons } from '../../components/friends/add-button.js';
import { block } from '../../components/friends/acts.js';
import { moreMenu } from '../../components/friends/menu.js';
import { personRow, skeletonPeople } from '../../components/friends/person-row.js';
import { icon } from '../../components/icon.js';
import { emptyState, present } from '../../components/states.js';
import { api, friends, t, tn } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { isFrame } from '../../core/friends.js';
import { applyFound } from '../../core/friends-state.js';
import { navigate } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { withQuery } from '../../core/router.js';
import { friendsPage } from './frame.js';

/** @typedef {import('../../core/friends-state.js').Found} Found */

/** As long as the server lets a name be, and as many as it finds. */
const LONGEST = 15;
const MOST = 20;
const PAUSE = 250;

/** Finding people by the beginning of their name. */
class SearchPage extends Page {
  #results = h('div', { class: 'friends-found' });
  #said = h('p', { class: 'unseen', role: 'status' });
  #input = h('input', { class: 'search-input' });
  /** Ends the search before this one. */
  #turn = new AbortController();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;
  #q = '';
  /** @type {Found[]} */
  #found = [];
  /** @type {Map<number, ReturnType<typeof relationButtons>>} */
  #buttons = new Map();

  get #wanted() {
    return (this.query.get('q') ?? '').trim().slice(0, LONGEST);
  }

  /** @override */
  connected() {
    this.#input = h('input', {
      type: 'search',
      name: 'q',
      class: 'search-input',
      placeholder: t('friends.search_placeholder'),
      'aria-label': t('friends.search_label'),
      autocomplete: 'off',
      autocapitalize: 'none',
      spellcheck: 'false',
      enterkeyhint: 'search',
      maxlength: String(LONGEST),
      value: this.#wanted,
      oninput: () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#go(), PAUSE);
      },
    });
    this.replaceChildren(
      friendsPage(
        'search',
        h('h1', null, t('friends.find')),
        h(
          'form',
          {
            class: 'search',
            role: 'search',
            'aria-label': t('friends.search_label'),
            action: '/friends/search',
            onsubmit: (/** @type {Event} */ event) => {
              event.preventDefault();
              this.#go();
            },
          },
          icon('search'),
          this.#input,
        ),
        this.#said,
        this.#results,
      ),
    );
    this.signal.addEventListener('abort', () => {
      clearTimeout(this.#timer);
      this.#turn.abort();
    });
    friends.listen((news) => this.#hear(news), this.signal);
    this.ready = this.#search();
    // With a mouse and a keyboard one comes here to type; on a phone the keyboard would cover the page.
    if (matchMedia('(pointer: fine)').matches) this.#input.focus();
  }

  #go() {
    clearTimeout(this.#timer);
    const q = this.#input.value.trim();
    if (q !== this.#q)
      navigate(`/friends/search${withQuery(new URLSearchParams(), { q: q || null })}`, { replace: true });
  }

  /** @override @param {URLSearchParams} query @param {string} kind */
  update(query, kind) {
    this.query = query;
    if (kind !== 'replace') this.#input.value = this.#wanted;
    this.#search();
    return true;
  }

  #search() {
    const q = this.#wanted;
    this.#q = q;
    this.#turn.abort();
    this.#turn = new AbortController();
    this.#found = [];
    this.#said.textContent = '';
    if (!q) {
      fill(
        this.#results,
        emptyState({
          icon: 'search',
          title: t('friends.search_start'),
          text: t('friends.search_start_text'),
        }),
      );
      return Promise.resolve();
    }
    return present(this.#results, {
      signal: this.#turn.signal,
      skeleton: () => skeletonPeople(3),
      load: (signal) => api.get(`/api/friends/search/?q=${encodeURIComponent(q)}`, { signal }),
      show: (/** @type {{results: Found[]}} */ { results }) => this.#show(q, results),
    });
  }

  /** @param {string} q @param {Found[]} results */
  #show(q, results) {
    this.#found = results;
    this.#buttons.clear();
    this.#said.textContent = tn('friends.found', results.length);
    if (results.length === 0) {
      return emptyState({
        icon: 'search',
        title: t('friends.search_none', { q }),
        text: t('friends.search_none_text'),
      });
    }
    return [
      h(
        'ul',
        { role: 'list', class: 'people' },
        results.map((found) => this.#row(found)),
      ),
      results.length >= MOST
        ? h('p', { class: 'list-end friends-most' }, t('friends.found_most', { n: MOST }))
        : h('span'),
    ];
  }

  /** @param {Found} found */
  #row(found) {
    const buttons = relationButtons(found, (next) => this.#put(next));
    this.#buttons.set(found.user_id, buttons);
    const row = personRow({
      person: found,
      end: [
        buttons.element,
        moreMenu({
          label: t('friends.more', { name: found.profile_name }),
          entries: () => [
            {
              label: t('friends.block_person'),
              icon: 'block',
              run: () => block(this.#of(found), this.signal),
            },
          ],
        }),
      ],
    });
    row.dataset['user'] = String(found.user_id);
    return row;
  }

  /** As it is now. @param {Found} found */
  #of(found) {
    return this.#found.find(({ user_id: id }) => id === found.user_id) ?? found;
  }

  /** @param {Found} next */
  #put(next) {
    this.#found = this.#found.map((each) => (each.user_id === next.user_id ? next : each));
  }

  /** @param {import('../../core/friends.js').News} news */
  #hear(news) {
    const before = this.#found.find(({ user_id: id }) => id === news.user_id);
    if (!before) return;
    const row = this.#results.querySelector(`[data-user="${before.user_id}"]`);
    if (news.event === 'blocked') {
      this.#found = this.#found.filter((each) => each !== before);
      if (this.#found.length === 0) fill(this.#results, this.#show(this.#q, []));
      else row?.remove();
      return;
    }
    const next = isFrame(news) ? applyFound(before, news) : before;
    if (next === before) return;
    this.#put(next);
    if (next.profile_name !== before.profile_name) row?.replaceWith(this.#row(next));
    else this.#buttons.get(next.user_id)?.set(next);
  }
}

define('page-friend-search', SearchPage);
