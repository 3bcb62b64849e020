import { AdminPage } from '../../components/admin/frame.js';
import { icon } from '../../components/icon.js';
import { bone, present, skeleton, times } from '../../components/states.js';
import { api, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { plain, won } from '../../core/format.js';
import { STATUSES } from '../shop/order-plan.js';
import { orderStatus } from '../shop/order-status.js';

/** @typedef {import('../../core/types.js').ShopSummary} ShopSummary */

/**
 * @param {object} card
 * @param {string} card.name
 * @param {string} card.value
 * @param {string} [card.href]
 * @param {string} [card.look]
 */
function card({ name, value, href, look = '' }) {
  const body = [
    h('span', { class: 'count-name' }, name),
    h('strong', { class: 'count-value number' }, value),
    href ? icon('next') : null,
  ];
  const box = `count ${look}`.trim();
  return h('li', null, href ? h('a', { class: box, href }, body) : h('div', { class: box }, body));
}

/** @param {string} title @param {...Node} cards */
function group(title, ...cards) {
  return h(
    'section',
    { class: 'counts-group' },
    h('h2', null, title),
    h('ul', { class: 'counts', role: 'list' }, cards),
  );
}

/** What waits for the staff, and how the shop does. */
class DashboardPage extends AdminPage {
  /** @override */
  draw() {
    const body = h('div');
    this.desk('dashboard', { title: t('admin.title') }, body);
    this.ready = present(body, {
      signal: this.signal,
      skeleton: () =>
        skeleton(
          h(
            'div',
            { class: 'counts' },
            times(8, () => bone('bone-block')),
          ),
        ),
      load: (signal) => api.get('/api/admin/shop/summary/', { signal }),
      show: (/** @type {ShopSummary} */ summary) => this.#show(summary),
    });
  }

  /** @param {ShopSummary} summary */
  #show(summary) {
    const late = summary.overdue;
    return h(
      'div',
      { class: 'counts-all' },
      group(
        t('admin.group_orders'),
        card({
          name: t('admin.overdue'),
          value: plain(late),
          href: '/admin/orders?overdue=true',
          look: late > 0 ? 'count-late' : 'count-fine',
        }),
        ...STATUSES.map((status) =>
          card({
            name: orderStatus(status),
            value: plain(summary.orders[status] ?? 0),
            href: `/admin/orders?status=${status}`,
          }),
        ),
      ),
      group(
        t('admin.group_market'),
        card({
          name: t('admin.open_asks'),
          value: plain(summary.open_asks),
          href: '/admin/bids?side=sales&status=open',
        }),
        card({
          name: t('admin.open_bids'),
          value: plain(summary.open_bids),
          href: '/admin/bids?side=purchase&status=open',
        }),
        card({ name: t('admin.trades_24h'), value: plain(summary.trades_24h), href: '/admin/orders' }),
        card({ name: t('admin.volume_24h'), value: won(summary.volume_24h) }),
      ),
      group(
        t('admin.group_catalogue'),
        card({ name: t('admin.articles'), value: plain(summary.articles), href: '/admin/articles' }),
        card({ name: t('admin.brands'), value: plain(summary.brands), href: '/admin/brands' }),
      ),
    );
  }
}

define('page-admin', DashboardPage);
