import { api, i18n, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { won } from '../../core/format.js';
import { articleName, pictures } from '../../core/names.js';
import { openDialog } from '../dialog.js';
import { icon } from '../icon.js';
import { emptyState, present, skeletonRows, tile } from '../states.js';

/**
 * @typedef {import('../../core/types.js').Info} Info
 * @typedef {import('../../core/compose.js').Article} Article
 */

const PAUSE = 250;
const MOST = 12;

/** @param {Info} info @returns {Article} */
export function articleOf(info) {
  const [picture] = pictures(info.productimage_set, info.productimage_urls);
  return {
    info_id: info.id,
    eng_name: info.eng_name,
    kor_name: info.kor_name,
    image: picture?.sources[0]?.url ?? picture?.url ?? null,
    purchase_price: info.price,
  };
}

/**
 * Finds an article by its words; without any the popular ones are there.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<Article|null>} null: none was chosen
 */
export async function pickProduct(signal) {
  /** @type {Article|null} */
  let chosen = null;
  let turn = new AbortController();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let timer;
  const results = h('div', { class: 'picker-results' });
  const input = h('input', {
    type: 'search',
    class: 'search-input',
    placeholder: t('search.placeholder'),
    'aria-label': t('search.label'),
    autocomplete: 'off',
    maxlength: '80',
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(look, PAUSE);
    },
  });
  /** @param {Info} info */
  const row = (info) =>
    h(
      'li',
      null,
      h(
        'button',
        {
          type: 'button',
          class: 'post-product picker-choice',
          onclick: () => {
            chosen = articleOf(info);
            dialog.close();
          },
        },
        tile(articleOf(info).image, { sizes: '64px' }),
        h(
          'span',
          { class: 'post-product-main' },
          h('span', { class: 'post-product-name' }, info.brand_name),
          h('strong', { class: 'picker-name' }, articleName(info, i18n.lang.value)),
          h('span', { class: 'muted number' }, info.price === null ? t('shop.no_price') : won(info.price)),
        ),
      ),
    );
  const look = () => {
    turn.abort();
    turn = new AbortController();
    const query = new URLSearchParams({ page_size: String(MOST), ordering: 'popular' });
    const words = input.value.trim();
    if (words) query.set('search', words);
    present(results, {
      signal: turn.signal,
      skeleton: () => skeletonRows(4),
      load: (loading) => api.get(`/api/shop/productinfos/?${query}`, { signal: loading }),
      show: (/** @type {{results: Info[]}} */ { results: found }) =>
        found.length > 0
          ? h('ul', { class: 'post-products', role: 'list', 'aria-label': t('shop.title') }, found.map(row))
          : emptyState({ icon: 'search', title: t('shop.empty.title'), text: t('shop.empty.words') }),
    });
  };
  const dialog = openDialog({
    title: t('compose.pick'),
    class: 'dialog-picker',
    signal,
    body: [
      h(
        'form',
        {
          class: 'search',
          role: 'search',
          onsubmit: (/** @type {Event} */ event) => {
            event.preventDefault();
            clearTimeout(timer);
            look();
          },
        },
        icon('search'),
        input,
      ),
      results,
    ],
  });
  look();
  input.focus();
  await dialog.closed;
  clearTimeout(timer);
  turn.abort();
  fill(results);
  return chosen;
}
