import { emptyState } from '../../components/states.js';
import { postList } from '../../components/style/post-list.js';
import { api, t, tn } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { Page } from '../../core/page.js';

/** Everything with one tag. */
class TagPage extends Page {
  #count = h('p', { class: 'style-count' });
  /** @type {ReturnType<typeof postList>|null} */
  #posts = null;

  /** @override */
  connected() {
    const tag = this.params['tag'] ?? '';
    const asked = encodeURIComponent(tag);
    this.setTitle(`#${tag}`);
    this.#posts = postList(
      {
        query: `type=tag&tag=${asked}`,
        label: `#${tag}`,
        empty: () =>
          emptyState({
            icon: 'hash',
            title: t('tag.empty', { tag }),
            text: t('tag.empty_text'),
            action: { href: `/style/new?tag=${asked}`, label: t('style.new') },
          }),
      },
      this.signal,
      this.restored,
    );
    this.replaceChildren(
      h(
        'div',
        { class: 'style' },
        h('header', { class: 'style-head' }, h('div', null, h('h1', null, `#${tag}`), this.#count)),
        h('div', { class: 'feed' }, this.#posts.list),
      ),
    );
    this.#drawCount(asked);
    this.ready = this.#posts.list.ready;
  }

  /** @override */
  snapshot() {
    return this.#posts?.snapshot() ?? null;
  }

  /** @param {string} asked */
  async #drawCount(asked) {
    try {
      const { num_posts: n } = await api.get(`/api/styles/tags/${asked}/`, { signal: this.signal });
      this.#count.textContent = tn('style.posts', n);
    } catch {
      // A number beside the name: the posts below say more.
    }
  }
}

define('page-style-tag', TagPage);
