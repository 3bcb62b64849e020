import { api, posts } from '../../core/context.js';
import { h } from '../../core/element.js';
import { infiniteList } from '../infinite-list.js';
import { masonry } from '../masonry.js';
import { postBones, postCard } from './post-card.js';

/**
 * @typedef {import('../../core/style-types.js').Post} Post
 * @typedef {import('../infinite-list.js').InfiniteList<Post>} PostInfinite
 *
 * @typedef {object} PostSource
 * @property {string} query of the posts, as the server takes it
 * @property {string} label
 * @property {() => Node} empty
 * @property {(post: Post) => import('../../core/element.js').Child} [mark] on the picture of a card
 */

const PAGE_SIZE = 24;
/** So many are in sight at once: their pictures are asked for before anything else. */
const FIRST = 6;

/** @param {PostSource} source @param {AbortSignal} signal @returns {import('../infinite-list.js').Source<Post>} */
function sourceOf({ query, label, empty, mark }, signal) {
  let drawn = 0;
  return {
    first: `/api/styles/posts/?${query}&page_size=${PAGE_SIZE}`,
    label,
    class: 'masonry',
    key: ({ id }) => id,
    // A card keeps its like up to date itself.
    mark: ({ id, content, images, edited_at: edited }) => JSON.stringify([id, content, images, edited]),
    load: async (path, loading) => {
      const page = await api.get(path, { signal: loading });
      return { ...page, results: posts.current(page.results) };
    },
    row: (post) => {
      drawn += 1;
      return h('li', null, postCard(post, { eager: drawn <= FIRST, mark: mark?.(post) }));
    },
    skeleton: () => postBones(10),
    empty,
    arrange: masonry(signal),
  };
}

/**
 * Posts in columns, read on while one scrolls. What was done to a post elsewhere is seen here, too.
 *
 * @param {PostSource} source
 * @param {AbortSignal} signal of the page
 * @param {any} restored what its `snapshot` gave
 */
export function postList(source, signal, restored = null) {
  const { query } = source;
  const list = infiniteList(sourceOf(source, signal), restored?.of === query ? current(restored) : null);
  posts.listen(() => list.alter((rows) => gone(rows)), signal);
  return {
    list,
    // Under one entry of the history different posts may be shown, one after the other.
    snapshot: () => ({ ...list.state, of: query, version: posts.version }),
  };
}

/** A card shows its own like; what is gone goes. @param {Post[]} rows */
function gone(rows) {
  const stay = new Set(posts.current(rows).map(({ id }) => id));
  return stay.size === rows.length ? rows : rows.filter(({ id }) => stay.has(id));
}

/** @param {any} restored */
function current(restored) {
  if (!restored?.rows) return restored;
  if (restored.version !== posts.version) return { pages: restored.pages };
  return { ...restored, rows: posts.current(restored.rows) };
}
