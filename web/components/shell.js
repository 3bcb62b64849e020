import { i18n, meta, session, t } from '../core/context.js';
import { RallyElement, define, fill, h } from '../core/element.js';
import { currentRouter } from '../core/navigation.js';
import { placeOfPerson, signinPath } from '../core/paths.js';
import './elsewhere.js';
import './friends/announcer.js';
import './friends/rail.js';
import { requestsBadge } from './friends/requests-badge.js';
import { icon, logo } from './icon.js';
import './inbox/bell.js';
import { followNews } from './inbox/news.js';
import './net-bar.js';
import { keepNames } from './person.js';
import './pong/calls.js';
import { toSearch } from './search-box.js';
import { settings } from './settings.js';
import { signOut } from './sign-out.js';
import { toastRegion } from './toast.js';

/**
 * Everything around the page: bar on top, tabs at the bottom of a phone, foot, messages. It outlives the pages.
 *
 * @typedef {{href: string, label: string, icon: import('./icon.js').IconName, own?: boolean}} Place
 */

export class Shell extends RallyElement {
  outlet = h('main', { id: 'main', tabindex: '-1' });
  #skip = h('a', { class: 'skip', href: '#main' });
  #progress = h('div', { class: 'progress', 'aria-hidden': 'true' });
  #bar = h('header', { class: 'topbar' });
  #foot = h('footer', { class: 'foot' });
  #tabs = h('nav', { class: 'tabs' });

  /** @override */
  connected() {
    this.listen(this.#skip, 'click', (event) => {
      event.preventDefault();
      this.outlet.focus();
    });
    this.replaceChildren(
      this.#skip,
      this.#progress,
      this.#bar,
      h('rally-net'),
      this.outlet,
      h('rally-rail'),
      this.#foot,
      this.#tabs,
      h('rally-pong-calls'),
      toastRegion(),
      h('rally-friends-announcer'),
      h('rally-elsewhere'),
    );
    this.#draw();
    this.watch(i18n.lang, () => this.#draw());
    this.watch(meta, () => this.#draw());
    this.watch(session.login, () => this.#draw());
    this.watch(currentRouter().url, () => this.#mark());
    followNews(this.signal);
    keepNames(this.signal);
  }

  /** @param {boolean} busy */
  busy(busy) {
    this.#progress.classList.toggle('is-busy', busy);
  }

  #draw() {
    const settingsOpen = this.querySelector('#settings-menu')?.matches(':popover-open');
    this.#skip.textContent = t('shell.skip');
    fill(this.#bar, this.#drawBar());
    fill(this.#tabs, this.#drawTabs());
    this.#tabs.setAttribute('aria-label', t('shell.tabs'));
    fill(this.#foot, this.#drawFoot());
    this.#mark();
    if (!settingsOpen) return;
    // The language was changed inside of it: whoever did that goes on where they were.
    const panel = /** @type {HTMLElement|null} */ (this.querySelector('#settings-menu'));
    panel?.showPopover();
    /** @type {HTMLElement|null|undefined} */ (panel?.querySelector('input:checked'))?.focus();
  }

  #drawBar() {
    const { state } = session.login.value;
    return h(
      'div',
      { class: 'topbar-inner' },
      h('a', { class: 'logo', href: '/' }, logo(), h('span', null, t('app.name'))),
      h(
        'nav',
        { class: 'topnav', 'aria-label': t('shell.main') },
        h('a', { href: '/shop', dataset: { place: '/shop' } }, t('nav.shop')),
        h('a', { href: '/style', dataset: { place: '/style' } }, t('nav.style')),
        h('a', { href: '/pong', dataset: { place: '/pong' } }, t('nav.pong')),
        state === 'signed-in'
          ? h('a', { href: '/friends', dataset: { place: '/friends' } }, t('nav.friends'), requestsBadge())
          : null,
        state === 'signed-in' ? h('a', { href: '/my/orders', dataset: { place: '/my' } }, t('nav.my')) : null,
        session.user?.is_staff
          ? h('a', { href: '/admin', dataset: { place: '/admin' } }, t('nav.admin'))
          : null,
      ),
      h('rally-search', { class: 'topbar-search' }),
      h(
        'div',
        { class: 'topbar-end' },
        h(
          'a',
          {
            class: 'icon-button topbar-find',
            href: '/shop',
            'aria-label': t('search.label'),
            onclick: toSearch,
          },
          icon('search'),
        ),
        meta.value?.demo
          ? h('a', { class: 'icon-button', href: '/outbox', 'aria-label': t('nav.outbox') }, icon('mail'))
          : null,
        state === 'signed-in' ? h('rally-bell') : null,
        this.#menu('settings-menu', t('nav.settings'), 'settings', settings()),
        this.#account(state),
      ),
    );
  }

  /** @param {string} state */
  #account(state) {
    // Nothing yet: a link that turns into something else under the finger is worse than a gap.
    if (state === 'unknown') return h('span', { class: 'topbar-wait' });
    if (state === 'anonymous')
      return h(
        'a',
        { class: 'button button-ink button-small', href: '/signin', dataset: { signin: '' } },
        t('nav.signin'),
      );
    const user = session.user;
    const entries = [
      {
        href: placeOfPerson(user?.profile.profile_name ?? ''),
        label: t('nav.own_style'),
        icon: /** @type {const} */ ('style'),
      },
      { href: '/my/orders', label: t('nav.orders'), icon: /** @type {const} */ ('order') },
      { href: '/my/bids', label: t('nav.bids'), icon: /** @type {const} */ ('bid') },
      { href: '/my/wishes', label: t('nav.wishes'), icon: /** @type {const} */ ('wish') },
      { href: '/my/portfolio', label: t('nav.portfolio'), icon: /** @type {const} */ ('bid') },
      { href: '/friends', label: t('nav.friends'), icon: /** @type {const} */ ('friends') },
      { href: '/my/profile', label: t('nav.profile'), icon: /** @type {const} */ ('person') },
      { href: '/my/security', label: t('nav.security'), icon: /** @type {const} */ ('lock') },
      { href: '/my/sessions', label: t('nav.sessions'), icon: /** @type {const} */ ('device') },
      { href: '/my/settings', label: t('settings.title'), icon: /** @type {const} */ ('settings') },
      ...(session.user?.is_staff
        ? [{ href: '/admin', label: t('nav.admin'), icon: /** @type {const} */ ('shield') }]
        : []),
    ];
    return this.#menu(
      'account-menu',
      t('nav.account'),
      'person',
      h(
        'div',
        { class: 'menu' },
        h(
          'p',
          { class: 'menu-who' },
          h('strong', null, user?.profile?.profile_name),
          h('span', null, user?.email),
        ),
        entries.map((entry) =>
          h('a', { class: 'menu-item', href: entry.href }, icon(entry.icon), entry.label),
        ),
        h('button', { type: 'button', class: 'menu-item', onclick: signOut }, icon('out'), t('nav.signout')),
      ),
    );
  }

  /**
   * @param {string} id
   * @param {string} label
   * @param {import('./icon.js').IconName} sign
   * @param {HTMLElement} content
   */
  #menu(id, label, sign, content) {
    const panel = h('div', { id, class: 'popover', popover: 'auto' }, content);
    panel.addEventListener('click', (event) => {
      if (event.target instanceof Element && event.target.closest('a, .menu button')) panel.hidePopover();
    });
    return [
      h(
        'button',
        { type: 'button', class: `icon-button ${id}`, popovertarget: id, 'aria-label': label },
        icon(sign),
      ),
      panel,
    ];
  }

  #drawTabs() {
    /** @type {Place[]} */
    const places = [
      { href: '/', label: t('nav.home'), icon: 'home' },
      { href: '/shop', label: t('nav.shop'), icon: 'shop' },
      { href: '/style', label: t('nav.style'), icon: 'style' },
      { href: '/pong', label: t('nav.pong'), icon: 'pong' },
      { href: '/friends', label: t('nav.friends'), icon: 'friends', own: true },
      { href: '/my/orders', label: t('nav.my'), icon: 'person', own: true },
    ];
    return places.map(({ href, label, icon: sign, own }) =>
      h(
        'a',
        {
          class: 'tab',
          href: own && session.login.value.state === 'anonymous' ? signinPath(href) : href,
          dataset: { place: href },
        },
        icon(sign),
        h('span', null, label),
        href === '/friends' ? requestsBadge() : null,
      ),
    );
  }

  #drawFoot() {
    return h(
      'div',
      { class: 'foot-inner' },
      h('p', { class: 'foot-name' }, logo(), t('app.name')),
      h('p', null, t('shell.promise')),
      meta.value?.demo ? h('p', null, h('a', { href: '/outbox' }, t('shell.demo'))) : null,
    );
  }

  /** Marks where one is, and tells the sign-in link where to come back to. */
  #mark() {
    const { pathname } = currentRouter().url.value;
    const places = [...this.querySelectorAll('[data-place]')];
    for (const bar of [this.#tabs, this.#bar]) {
      let best = '';
      for (const link of places) {
        const place = link.getAttribute('data-place') ?? '';
        const inside =
          place === '/' ? pathname === '/' : pathname === place || pathname.startsWith(`${place}/`);
        if (bar.contains(link) && inside && place.length > best.length) best = place;
      }
      // "My" stands for all of one's own pages, style for whoever shows something.
      if (bar === this.#tabs && !best && pathname.startsWith('/my/')) best = '/my/orders';
      if (!best && pathname.startsWith('/u/')) best = '/style';
      for (const link of places) {
        if (!bar.contains(link)) continue;
        if (link.getAttribute('data-place') === best) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
      }
    }
    const here = currentRouter().path;
    const signin = this.querySelector('[data-signin]');
    if (!/^\/(signin|signup|verify|reset|email|goodbye)/.test(here))
      signin?.setAttribute('href', signinPath(here));
  }
}

define('rally-shell', Shell);
