import { session, t } from '../core/context.js';
import { h } from '../core/element.js';
import { withQuery } from '../core/router.js';

/** @typedef {'orders'|'bids'|'wishes'|'portfolio'|'profile'|'security'|'sessions'|'settings'} MyPlace */

/** @type {Record<MyPlace, import('../core/i18n.js').MessageKey>} */
const PLACES = {
  orders: 'nav.orders',
  bids: 'nav.bids',
  wishes: 'nav.wishes',
  portfolio: 'nav.portfolio',
  profile: 'nav.profile',
  security: 'nav.security',
  sessions: 'nav.sessions',
  settings: 'settings.title',
};

/**
 * Pages that belong together: their names beside or above the present one.
 *
 * @param {object} options
 * @param {string} options.label
 * @param {{href: string, label: import('../core/element.js').Child, here: boolean}[]} options.places
 * @param {...import('../core/element.js').Child} content
 */
export function framed({ label, places }, ...content) {
  const nav = h(
    'nav',
    { class: 'my-nav', 'aria-label': label },
    places.map((place) =>
      h('a', { href: place.href, 'aria-current': place.here ? 'page' : null }, place.label),
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
 * The frame around one's own pages.
 *
 * @param {MyPlace} here
 * @param {...import('../core/element.js').Child} content
 */
export function myPage(here, ...content) {
  const places = Object.entries(PLACES).map(([place, key]) => ({
    href: `/my/${place}`,
    label: t(key),
    here: place === here,
  }));
  // On a phone this is the staff's way to their desk.
  if (session.user?.is_staff) places.push({ href: '/admin', label: t('nav.admin'), here: false });
  return framed({ label: t('nav.my'), places }, content);
}

/**
 * Tabs that are addresses.
 *
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.path
 * @param {string} options.value
 * @param {{value: string, label: string}[]} options.options
 * @param {string} [options.name] of the parameter
 * @param {URLSearchParams} [options.query] what else the address holds, and keeps
 */
export function typeTabs({ label, path, value, options, name = 'type', query = new URLSearchParams() }) {
  return h(
    'nav',
    { class: 'type-tabs', 'aria-label': label },
    options.map((option) =>
      h(
        'a',
        {
          href: `${path}${withQuery(query, { [name]: option.value || null })}`,
          'aria-current': option.value === value ? 'page' : null,
          dataset: { replace: '' },
        },
        option.label,
      ),
    ),
  );
}
