import { t } from '../core/context.js';
import { h } from '../core/element.js';

/** @typedef {'orders'|'bids'|'wishes'|'profile'} MyPlace */

/** @type {readonly MyPlace[]} */
const PLACES = ['orders', 'bids', 'wishes', 'profile'];

/**
 * The frame around one's own pages.
 *
 * @param {MyPlace} here
 * @param {...import('../core/element.js').Child} content
 */
export function myPage(here, ...content) {
  return h(
    'div',
    { class: 'my' },
    h(
      'nav',
      { class: 'my-nav', 'aria-label': t('nav.my') },
      PLACES.map((place) =>
        h('a', { href: `/my/${place}`, 'aria-current': place === here ? 'page' : null }, t(`nav.${place}`)),
      ),
    ),
    h('div', { class: 'my-main' }, content),
  );
}

/**
 * Tabs that are addresses.
 *
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.path
 * @param {string} options.value
 * @param {{value: string, label: string}[]} options.options
 */
export function typeTabs({ label, path, value, options }) {
  return h(
    'nav',
    { class: 'type-tabs', 'aria-label': label },
    options.map((option) =>
      h(
        'a',
        {
          href: option.value ? `${path}?type=${option.value}` : path,
          'aria-current': option.value === value ? 'page' : null,
          dataset: { replace: '' },
        },
        option.label,
      ),
    ),
  );
}
