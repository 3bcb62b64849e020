import { i18n, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { CATEGORIES, DELIVERIES, PRICES, formatRange, parseRange, toggled } from '../../core/filters.js';
import { bySize, parsePrice, plain, won } from '../../core/format.js';

/**
 * @typedef {import('../../core/types.js').Facets} Facets
 * @typedef {import('../../core/types.js').Facet} Facet
 * @typedef {import('../../core/filters.js').Filter} Filter
 */

/** @param {string} range @returns {string} */
export function rangeLabel(range) {
  const parsed = parseRange(range);
  if (!parsed) return range;
  const { min, max } = parsed;
  if (min === null) return t('filter.price.below', { price: won(max ?? 0) });
  if (max === null) return t('filter.price.above', { price: won(min) });
  return t('filter.price.between', { min: won(min), max: won(max) });
}

/**
 * @param {Filter} name
 * @param {string} value
 * @param {Facets|null} facets
 */
export function filterLabel(name, value, facets) {
  if (name === 'price') return rangeLabel(value);
  if (name === 'category' && i18n.has(`category.${value}`))
    return t(/** @type {any} */ (`category.${value}`));
  if (name === 'delivery_tag' && i18n.has(`delivery.${value}`))
    return t(/** @type {any} */ (`delivery.${value}`));
  if (name === 'size') return t('filter.size.label', { size: value });
  const facet = facets?.brand_id.find((entry) => String(entry.value) === value);
  return facet?.label ?? value;
}

/**
 * The groups of filters. It shows a query and answers with the changed one; what happens then, the page or
 * the sheet decides.
 *
 * @param {object} options
 * @param {string} options.id keeps ids apart when the groups stand twice on the page
 * @param {(query: URLSearchParams) => void} options.onchange
 */
export function filterGroups({ id, onchange }) {
  const element = h('div', { class: 'filters' });
  /** @type {URLSearchParams} */
  let query = new URLSearchParams();

  /** @param {Filter} name @param {string} value @param {string} label @param {number|null} count @param {string} look */
  const option = (name, value, label, count, look) => {
    const checked = query.getAll(name).includes(value);
    const number = count === null ? null : h('span', { class: `${look}-count` }, plain(count));
    return h(
      'label',
      { class: look },
      h('input', {
        type: 'checkbox',
        id: `${id}-${name}-${value}`,
        checked,
        onchange: () => onchange(toggled(query, name, value)),
      }),
      look === 'chip' ? h('span', { class: 'chip-label' }, label, number) : [h('span', null, label), number],
    );
  };

  /** @param {string} legend @param {import('../../core/element.js').Child} body null: there is nothing to choose */
  const group = (legend, body) =>
    body === null
      ? null
      : h('fieldset', { class: 'filter-group' }, h('legend', { class: 'filter-legend' }, legend), body);

  /** @param {Facet[]|undefined} facets @param {Filter} name @returns {Facet[]} what is chosen never vanishes */
  const offered = (facets, name) => {
    const list = [...(facets ?? [])];
    for (const value of query.getAll(name)) {
      if (!list.some((facet) => String(facet.value) === value)) list.push({ value, count: 0 });
    }
    return list.filter((facet) => facet.count > 0 || query.getAll(name).includes(String(facet.value)));
  };

  /** @param {Facet[]|undefined} facets @param {string} value */
  const countOf = (facets, value) =>
    facets?.find((facet) => facet.value === value)?.count ?? (facets ? 0 : null);

  const price = () => {
    const custom = query.getAll('price').find((range) => !PRICES.includes(range)) ?? '';
    const range = parseRange(custom);
    const bound = (/** @type {'min'|'max'} */ side) =>
      h('input', {
        class: 'input input-small',
        inputmode: 'numeric',
        autocomplete: 'off',
        id: `${id}-price-${side}`,
        'aria-label': t(side === 'min' ? 'filter.price.min' : 'filter.price.max'),
        placeholder: t(side === 'min' ? 'filter.price.min' : 'filter.price.max'),
        value: range?.[side] == null ? '' : plain(range[side]),
      });
    const min = bound('min');
    const max = bound('max');
    const form = h(
      'form',
      {
        class: 'filter-range',
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          const next = new URLSearchParams(query);
          const kept = query.getAll('price').filter((given) => PRICES.includes(given));
          const wanted = formatRange(parsePrice(min.value), parsePrice(max.value));
          next.delete('price');
          for (const given of wanted ? [...kept, wanted] : kept) next.append('price', given);
          onchange(next);
        },
      },
      min,
      h('span', { 'aria-hidden': 'true' }, '–'),
      max,
      h('button', { type: 'submit', class: 'button button-line button-small' }, t('filter.price.apply')),
    );
    return [PRICES.map((value) => option('price', value, rangeLabel(value), null, 'check')), form];
  };

  /** @param {URLSearchParams} next @param {Facets|null} facets */
  const show = (next, facets) => {
    query = next;
    const focused = element.contains(document.activeElement) ? document.activeElement?.id : '';
    const brands = offered(facets?.brand_id, 'brand_id').map((facet) =>
      option('brand_id', String(facet.value), facet.label ?? String(facet.value), facet.count, 'check'),
    );
    const sizes = offered(facets?.size, 'size')
      .filter((facet) => facet.value !== 'ALL')
      .sort((a, b) => bySize(String(a.value), String(b.value)))
      .map((facet) => option('size', String(facet.value), String(facet.value), facet.count, 'chip'));
    fill(
      element,
      group(
        t('filter.category'),
        CATEGORIES.map((value) =>
          option('category', value, t(`category.${value}`), countOf(facets?.category, value), 'check'),
        ),
      ),
      group(
        t('filter.delivery'),
        DELIVERIES.map((value) =>
          option(
            'delivery_tag',
            value,
            t(`delivery.${value}`),
            countOf(facets?.delivery_tag, value),
            'check',
          ),
        ),
      ),
      group(t('filter.brand'), brands.length > 0 ? brands : null),
      group(t('filter.size'), sizes.length > 0 ? h('div', { class: 'chips' }, sizes) : null),
      group(t('filter.price'), price()),
    );
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  return { element, show };
}
