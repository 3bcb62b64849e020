import { personRow, skeletonPeople } from '../../components/friends/person-row.js';
import { icon } from '../../components/icon.js';
import { emptyState, present } from '../../components/states.js';
import { followButton } from '../../components/style/follow-button.js';
import { postList } from '../../components/style/post-list.js';
import { api, t, tn } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { navigate } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { placeOfTag } from '../../core/paths.js';
import { withQuery } from '../../core/router.js';

/** @typedef {import('../../core/style-types.js').StyleFound} StyleFound */

const LONGEST = 50;
const PEOPLE = 6;

/** People, tags and posts with some words. */
class StyleSearchPage extends Page {
  #input = h('input');
  #people = h('div');
  #results = h('div', { class: 'found' });
  /** @type {ReturnType<typeof postList>|null} */
  #posts = null;

  get #q() {
    return (this.query.get('q') ?? '').trim().slice(0, LONGEST);
  }

  /** @override */
  connected() {
    this.#posts = null;
    this.#input = h('input', {
      type: 'search',
      name: 'q',
      class: 'search-input',
      placeholder: t('find.placeholder'),
      'aria-label': t('style.search'),
      autocomplete: 'off',
      autocapitalize: 'none',
      spellcheck: 'false',
      enterkeyhint: 'search',
      maxlength: String(LONGEST),
      value: this.#q,
    });
    this.replaceChildren(
      h(
        'div',
        { class: 'style' },
        h('header', { class: 'style-head' }, h('h1', null, t('style.search'))),
        h(
          'form',
          {
            class: 'search style-search',
            role: 'search',
            'aria-label': t('style.search'),
            action: '/style/search',
            onsubmit: (/** @type {Event} */ event) => {
              event.preventDefault();
              const q = this.#input.value.trim();
              if (q !== this.#q)
                navigate(`/style/search${withQuery(new URLSearchParams(), { q: q || null })}`);
              this.#input.blur();
            },
          },
          icon('search'),
          this.#input,
        ),
        this.#results,
      ),
    );
    this.ready = this.#show();
    if (!this.#q && matchMedia('(pointer: fine)').matches) this.#input.focus();
  }

  /** @override */
  snapshot() {
    return this.#posts?.snapshot() ?? null;
  }

  async #show() {
    const q = this.#q;
    if (!q) {
      fill(this.#results, emptyState({ icon: 'search', title: t('find.start'), text: t('find.start_text') }));
      return;
    }
    this.setTitle(t('find.results', { q }));
    const asked = encodeURIComponent(q);
    this.#posts = postList(
      {
        query: `type=search&q=${asked}`,
        label: t('find.posts'),
        empty: () => h('p', { class: 'muted found-none' }, t('find.no_posts', { q })),
      },
      this.signal,
      this.restored,
    );
    fill(
      this.#results,
      h(
        'p',
        { class: 'found-shop' },
        h('a', { href: `/shop?search=${asked}` }, t('search.in_shop', { q }), icon('next')),
      ),
      this.#people,
      h(
        'section',
        { class: 'section' },
        h('h2', { class: 'found-title' }, t('find.posts')),
        this.#posts.list,
      ),
    );
    await Promise.all([
      this.#posts.list.ready,
      present(this.#people, {
        signal: this.signal,
        skeleton: () => skeletonPeople(2),
        load: (signal) => api.get(`/api/styles/search/?q=${asked}`, { signal }),
        show: (/** @type {StyleFound} */ found) => this.#found(q, found),
      }),
    ]);
  }

  /** @param {string} q @param {StyleFound} found */
  #found(q, { people, tags }) {
    const list = h(
      'ul',
      { role: 'list', class: 'people found-people' },
      people
        .slice(0, PEOPLE)
        .map((person) => personRow({ person, note: person.introduction, end: followButton(person) })),
    );
    const chips = h(
      'ul',
      { role: 'list', class: 'chips' },
      tags.map(({ tag, num_posts: n }) =>
        h(
          'li',
          null,
          h(
            'a',
            { class: 'tag-chip', href: placeOfTag(tag) },
            h('strong', null, `#${tag}`),
            h('span', { class: 'number', 'aria-hidden': 'true' }, plain(n)),
            h('span', { class: 'unseen' }, tn('style.posts', n)),
          ),
        ),
      ),
    );
    return h(
      'div',
      { class: 'found' },
      h(
        'section',
        { class: 'section' },
        h('h2', { class: 'found-title' }, t('find.people')),
        people.length > 0 ? list : h('p', { class: 'muted found-none' }, t('find.no_people', { q })),
      ),
      tags.length > 0
        ? h('section', { class: 'section' }, h('h2', { class: 'found-title' }, t('find.tags')), chips)
        : null,
    );
  }
}

define('page-style-search', StyleSearchPage);
