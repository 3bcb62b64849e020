import { h } from '../core/element.js';
import { logo } from './icon.js';

/**
 * The narrow page of signing in and up.
 *
 * @param {string} title
 * @param {...import('../core/element.js').Child} content
 */
export function authPage(title, ...content) {
  return h('div', { class: 'auth' }, h('div', { class: 'auth-sign' }, logo()), h('h1', null, title), content);
}
