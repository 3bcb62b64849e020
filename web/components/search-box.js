import { t } from '../core/context.js';
import { RallyElement, define, fill, h } from '../core/element.js';
import { currentRouter, navigate } from '../core/navigation.js';
import { withQuery } from '../core/router.js';
import { icon } from './icon.js';

/** Somebody pressed the sign of searching: the next box that appears takes the focus. */
let wanted = false;

/**
 * To the box for searching: the one in sight, or else the shop's.
 *
 * @param {Event} event of the link that leads there
 */
export function toSearch(event) {
  const boxes = [...document.querySelectorAll('.search-input')];
  const box = boxes.find((each) => each instanceof HTMLElement && each.offsetParent !== null);
  if (box instanceof HTMLElement) {
    event.preventDefault();
    box.focus();
    return;
  }
  wanted = true;
}

/**
 * Searches the shop. In the shop it keeps the filters that are set; elsewhere it starts without any.
 */
export class SearchBox extends RallyElement {
  /** @override */
  connected() {
    const router = currentRouter();
    const input = h('input', {
      type: 'search',
      name: 'search',
      class: 'search-input',
      placeholder: t('search.placeholder'),
      'aria-label': t('search.label'),
      autocomplete: 'off',
      enterkeyhint: 'search',
      maxlength: '80',
    });
    const show = (/** @type {URL} */ url) => {
      const wanted = url.pathname === '/shop' ? (url.searchParams.get('search') ?? '') : '';
      if (document.activeElement !== input || input.value === '') input.value = wanted;
    };
    show(router.url.value);
    this.watch(router.url, show);
    const search = () => {
      const text = input.value.trim();
      const { pathname, searchParams } = router.url.value;
      const query = pathname === '/shop' ? searchParams : new URLSearchParams();
      navigate(`/shop${withQuery(query, { search: text || null })}`);
    };
    // The article search is a key away; who looks for people finds them here.
    const ways = h('div', { class: 'search-ways', hidden: true });
    const drawWays = () => {
      const q = input.value.trim();
      ways.hidden = q === '' || !this.contains(document.activeElement);
      if (ways.hidden) return;
      const asked = encodeURIComponent(q);
      fill(
        ways,
        h(
          'a',
          { class: 'menu-item', href: `/shop?search=${asked}` },
          icon('shop'),
          t('search.in_shop', { q }),
        ),
        h(
          'a',
          { class: 'menu-item', href: `/style/search?q=${asked}` },
          icon('style'),
          t('search.in_style', { q }),
        ),
      );
    };
    this.listen(input, 'input', drawWays);
    this.listen(input, 'focus', drawWays);
    this.listen(this, 'focusout', ({ relatedTarget }) => {
      if (!this.contains(relatedTarget)) ways.hidden = true;
    });
    this.listen(this, 'keydown', ({ key }) => {
      if (key === 'Escape') ways.hidden = true;
    });
    this.watch(router.url, () => (ways.hidden = true));
    const form = h(
      'form',
      {
        class: 'search',
        role: 'search',
        action: '/shop',
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          search();
          input.blur();
        },
      },
      icon('search'),
      input,
      ways,
    );
    // The cross of a search field empties it without a submit.
    this.listen(input, 'search', () => {
      if (input.value === '' && router.url.value.searchParams.has('search')) search();
    });
    this.replaceChildren(form);
    if (wanted && input.offsetParent !== null) {
      wanted = false;
      input.focus();
    }
  }
}

define('rally-search', SearchBox);
