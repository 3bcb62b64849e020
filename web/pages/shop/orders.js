import { infiniteList } from '../../components/infinite-list.js';
import { myPage, typeTabs } from '../../components/my-nav.js';
import { briefRow } from '../../components/shop/brief-row.js';
import { tradedSize } from '../../components/shop/size-picker.js';
import { emptyState, skeletonRows } from '../../components/states.js';
import { api, i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { ago, moment, won } from '../../core/format.js';
import { Page } from '../../core/page.js';
import { orderStatus } from './order-status.js';

/** @typedef {import('../../core/types.js').Order} Order */

/** What I bought and sold. */
class OrdersPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Order>|null} */
  #list = null;

  /** @override */
  connected() {
    const type = this.query.get('type') ?? '';
    this.#list = infiniteList(
      {
        first: `/api/shop/orders/?page_size=20${type ? `&type=${encodeURIComponent(type)}` : ''}`,
        load: (path, signal) => api.get(path, { signal }),
        label: t('orders.title'),
        key: (order) => `${order.kind}-${order.id}-${order.type}`,
        row: (order) => this.#row(order),
        skeleton: () => skeletonRows(4),
        empty: () =>
          emptyState({
            icon: 'order',
            title: t('orders.empty'),
            text: t('orders.empty_text'),
            action: { href: '/shop', label: t('orders.empty_action') },
          }),
      },
      this.restored,
    );
    this.replaceChildren(
      myPage(
        'orders',
        h('h1', null, t('orders.title')),
        typeTabs({
          label: t('orders.filter'),
          path: '/my/orders',
          value: type,
          options: [
            { value: '', label: t('orders.all') },
            { value: 'purchase', label: t('orders.purchase') },
            { value: 'sales', label: t('orders.sales') },
          ],
        }),
        this.#list,
      ),
    );
    this.ready = this.#list.ready;
  }

  /** @override */
  snapshot() {
    return this.#list?.state ?? null;
  }

  /** @param {Order} order */
  #row(order) {
    const lang = i18n.lang.value;
    const buying = order.type === 'purchase';
    return briefRow({
      info: order.info,
      size: tradedSize(order.size),
      href: `/my/orders/${order.id}`,
      note: [
        h(
          'span',
          { class: buying ? 'badge badge-accent' : 'badge badge-ink' },
          t(buying ? 'orders.bought' : 'orders.sold'),
        ),
        h('span', { class: 'badge' }, orderStatus(order.status)),
      ],
      end: [
        h('strong', { class: 'number' }, won(order.price)),
        h(
          'time',
          { class: 'muted small', datetime: order.created_at, title: moment(order.created_at, lang) },
          ago(order.created_at, lang),
        ),
      ],
    });
  }
}

define('page-orders', OrdersPage);
