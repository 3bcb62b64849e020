import { t } from '../core/context.js';
import { h } from '../core/element.js';
import { icon } from './icon.js';

/**
 * A part of a page with its title, and the way to all of it.
 *
 * @param {string} title
 * @param {string|null} href null: there is no more
 * @param {HTMLElement} body
 * @param {object} [how]
 * @param {string} [how.look] its class
 * @param {string} [how.all] what there is more of, where that isn't the title
 */
export function section(title, href, body, { look = 'section', all = title } = {}) {
  return h(
    'section',
    { class: look },
    h(
      'header',
      { class: 'section-head' },
      h('h2', null, title),
      href
        ? h(
            'a',
            { class: 'section-all', href, 'aria-label': t('home.all_of', { title: all }) },
            t('home.all'),
            icon('next'),
          )
        : null,
    ),
    body,
  );
}
