import { AdminPage } from '../../components/admin/frame.js';
import { listing } from '../../components/admin/listing.js';
import { table } from '../../components/admin/table.js';
import { tradedSize } from '../../components/shop/size-picker.js';
import { i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { moment } from '../../core/format.js';
import { articleName } from '../../core/names.js';
import { priceOf } from '../shop/order-money.js';
import { STATUSES, finished } from '../shop/order-plan.js';
import { orderStatus, statusLook, word } from '../shop/order-status.js';
import { dayAndTime } from '../shop/order-time.js';

/** @typedef {import('../../core/types.js').StaffOrder} StaffOrder */

/** Everybody's orders. */
class AdminOrdersPage extends AdminPage {
  /** @override */
  draw() {
    this.list = listing(
      {
        path: '/admin/orders',
        source: '/api/admin/shop/orders/',
        filters: [
          { name: 'search', label: t('admin.order.search'), kind: 'search' },
          {
            name: 'status',
            label: t('order.state'),
            kind: 'select',
            options: STATUSES.map((value) => ({ value, label: orderStatus(value) })),
          },
          { name: 'overdue', label: t('admin.overdue_only'), kind: 'check' },
        ],
        empty: { icon: 'order', title: t('admin.order.empty') },
        show: (rows) => this.#table(rows),
      },
      this.query,
    );
    this.desk('orders', { title: t('admin.orders') }, this.list);
    this.ready = this.list.ready;
  }

  /** @param {StaffOrder[]} rows */
  #table(rows) {
    const lang = i18n.lang.value;
    return table({
      label: t('admin.orders'),
      rows,
      look: (order) => (order.overdue ? 'is-late' : ''),
      columns: [
        {
          label: t('order.number'),
          kind: 'main',
          cell: (order) => h('a', { class: 'number', href: `/admin/orders/${order.id}` }, `#${order.id}`),
        },
        {
          label: t('admin.article.one'),
          cell: (order) => `${articleName(order.info, lang)} · ${tradedSize(order.size)}`,
        },
        {
          label: t('order.state'),
          cell: ({ status }) => h('span', { class: statusLook(status) }, orderStatus(status)),
        },
        { label: t('quote.price'), kind: 'number', cell: priceOf },
        {
          label: t('admin.order.deadline'),
          cell: (order) =>
            order.deadline && !finished(order)
              ? [
                  h(
                    'time',
                    { datetime: order.deadline, title: moment(order.deadline, lang) },
                    dayAndTime(order.deadline, lang),
                  ),
                  ' ',
                  h('span', { class: 'muted small' }, word(`admin.for.${order.deadline_for}`)),
                  order.overdue ? h('span', { class: 'badge badge-bad' }, t('admin.overdue')) : null,
                ]
              : '–',
        },
        {
          label: t('admin.order.sides'),
          cell: ({ buyer, seller }) => `${buyer ?? '–'} / ${seller ?? t('shop.store')}`,
        },
        { label: t('order.when'), cell: (order) => moment(order.created_at, lang) },
      ],
    });
  }
}

define('page-admin-orders', AdminOrdersPage);
