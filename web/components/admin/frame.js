import { session, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { Page } from '../../core/page.js';
import { framed } from '../my-nav.js';
import { missingState } from '../states.js';

/** @typedef {'dashboard'|'orders'|'bids'|'articles'|'brands'|'fees'|'reports'|'tournaments'|'audit'} Desk */

/** @type {Record<Desk, {href: string, label: import('../../core/i18n.js').MessageKey}>} */
const DESKS = {
  dashboard: { href: '/admin', label: 'admin.dashboard' },
  orders: { href: '/admin/orders', label: 'admin.orders' },
  bids: { href: '/admin/bids', label: 'admin.bids' },
  articles: { href: '/admin/articles', label: 'admin.articles' },
  brands: { href: '/admin/brands', label: 'admin.brands' },
  fees: { href: '/admin/fees', label: 'admin.fees' },
  reports: { href: '/admin/reports', label: 'admin.reports' },
  tournaments: { href: '/admin/tournaments', label: 'admin.cups' },
  audit: { href: '/admin/audit', label: 'admin.audit' },
};

/**
 * A page of the staff. To everybody else it looks like an address that leads nowhere.
 */
export class AdminPage extends Page {
  /** @type {import('./listing.js').Listing|null} */
  list = null;

  /** @override */
  connected() {
    if (session.user?.is_staff) return this.draw();
    this.setTitle(t('missing.title'));
    this.replaceChildren(
      missingState({
        icon: 'lock',
        title: t('missing.title'),
        text: t('admin.staff_only'),
        action: { href: '/', label: t('missing.action') },
      }),
    );
  }

  /** Draws the page for the staff. */
  draw() {}

  /**
   * @override
   * @param {URLSearchParams} query
   */
  update(query) {
    this.query = query;
    this.list?.show(query);
    return this.list !== null;
  }

  /**
   * @param {Desk} here
   * @param {object} how
   * @param {string} how.title
   * @param {import('../../core/element.js').Child} [how.action] next to the heading
   * @param {import('../../core/element.js').Child} [how.before] above it
   * @param {...import('../../core/element.js').Child} content
   */
  desk(here, { title, action, before }, ...content) {
    const places = Object.entries(DESKS).map(([desk, { href, label }]) => ({
      href,
      label: t(label),
      here: desk === here,
    }));
    this.replaceChildren(
      framed(
        { label: t('admin.title'), places },
        before,
        h('div', { class: 'desk-head' }, h('h1', null, title), action),
        content,
      ),
    );
  }
}
