import { t } from '../core/context.js';
import { h } from '../core/element.js';

/** @typedef {'orders'|'bids'|'wishes'|'profile'|'security'|'sessions'|'settings'} MyPlace */

/** @type {Record<MyPlace, import('../core/i18n.js').MessageKey>} */
const PLACES = {
  orders: 'nav.orders',
  bids: 'nav.bids',
  wishes: 'nav.wishes',
  profile: 'nav.profile',
  security: 'nav.security',
  sessions: 'nav.sessions',
  settings: 'settings.title',
};

/**
 * The frame around one's own pages.
 *
 * @param {MyPlace} here
 * @param {...import('../core/element.js').Child} content
 */
export function myPage(here, ...content) {
  const nav = h(
    'nav',
    { class: 'my-nav', 'aria-label': t('nav.my') },
    Object.entries(PLACES).map(([place, key]) =>
      h('a', { href: `/my/${place}`, 'aria-current': place === here ? 'page' : null }, t(key)),
    ),
  );
  // On a phone they don't all fit: the present one is brought into sight before anything is painted.
  requestAnimationFrame(() => {
    const link = /** @type {HTMLElement|null} */ (nav.querySelector('[aria-current]'));
    if (link) nav.scrollLeft = link.offsetLeft - (nav.clientWidth - link.offsetWidth) / 2;
  });
  return h('div', { class: 'my' }, nav, h('div', { class: 'my-main' }, content));
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
