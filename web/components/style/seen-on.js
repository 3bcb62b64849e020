import { api, t } from '../../core/context.js';
import { h, uniqueId } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { icon } from '../icon.js';
import { bone, present, skeleton, times } from '../states.js';
import { postCard } from './post-card.js';
import { ownerMarkFor } from './products.js';

/** @typedef {import('../../core/style-types.js').Post} Post */

const SHOWN = 10;

/**
 * Who shows an article, in one row.
 *
 * @param {object} options
 * @param {number} options.info
 * @param {string} options.name
 * @param {number} options.count of all such posts
 * @param {AbortSignal} options.signal
 */
export function seenOn({ info, name, count, signal }) {
  const id = uniqueId('seen');
  const body = h('div', { class: 'seen-body' });
  present(body, {
    signal,
    skeleton: () =>
      skeleton(
        h(
          'div',
          { class: 'post-strip' },
          times(4, () =>
            h('div', { class: 'post-card' }, h('span', { class: 'post-frame bone' }), bone('w-60')),
          ),
        ),
      ),
    load: (loading) =>
      api.get(`/api/styles/posts/?type=product&info_id=${info}&page_size=${SHOWN}`, { signal: loading }),
    show: (/** @type {{results: Post[]}} */ { results }) =>
      results.length > 0
        ? h(
            'ul',
            { class: 'post-strip', role: 'list', tabindex: '0', 'aria-labelledby': id },
            results.map((post) => h('li', null, postCard(post, { mark: ownerMarkFor(post, info) }))),
          )
        : h(
            'p',
            { class: 'seen-none' },
            h('span', { class: 'muted' }, t('seen.empty_text')),
            h(
              'a',
              { class: 'button button-line button-small', href: `/style/new?info=${info}` },
              icon('plus'),
              t('style.new'),
            ),
          ),
  });
  return h(
    'section',
    { class: 'article-style' },
    h(
      'header',
      { class: 'review-title' },
      h('h2', { id }, t('seen.title')),
      h('span', { class: 'review-count number' }, plain(count)),
      count > 0
        ? h(
            'a',
            {
              class: 'section-all',
              href: `/style/products/${info}`,
              'aria-label': t('home.all_of', { title: t('seen.of', { name }) }),
            },
            t('home.all'),
            icon('next'),
          )
        : null,
    ),
    body,
  );
}
