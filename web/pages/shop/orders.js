import { select } from '../../components/form.js';
import { infiniteList } from '../../components/infinite-list.js';
import { myPage, typeTabs } from '../../components/my-nav.js';
import { briefRow } from '../../components/shop/brief-row.js';
import { tradedSize } from '../../components/shop/size-picker.js';
import { emptyState, skeletonRows } from '../../components/states.js';
import { api, i18n, inbox, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { ago, moment } from '../../core/format.js';
import { orderOf } from '../../core/inbox-state.js';
import { navigate } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { withQuery } from '../../core/router.js';
import { nextBadge } from './order-badge.js';
import { priceOf } from './order-money.js';
import { STATUSES } from './order-plan.js';
import { orderStatus, statusLook } from './order-status.js';

/** @typedef {import('../../core/types.js').Order} Order */

/** What I bought and sold. */
class OrdersPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Order>|null} */
  #list = null;

  /** @override */
  connected() {
    const type = this.query.get('type') ?? '';
    const state = this.#state();
    const asked = new URLSearchParams({ page_size: '20' });
    if (type) asked.set('type', type);
    if (state === 'active') asked.set('active', 'true');
    else if (state) asked.set('status', state);
    this.#list = infiniteList(
      {
        first: `/api/shop/orders/?${asked}`,
        load: (path, signal) => api.get(path, { signal }),
        label: t('orders.title'),
        key: (order) => `${order.kind}-${order.id}-${order.type}`,
        row: (order) => this.#row(order),
        skeleton: () => skeletonRows(4),
        empty: () => this.#empty(state !== ''),
      },
      this.restored,
    );
    this.replaceChildren(
      myPage(
        'orders',
        h('h1', null, t('orders.title')),
        h(
          'div',
          { class: 'list-filters' },
          typeTabs({
            label: t('orders.filter'),
            path: '/my/orders',
            query: this.query,
            value: type,
            options: [
              { value: '', label: t('orders.all') },
              { value: 'purchase', label: t('orders.purchase') },
              { value: 'sales', label: t('orders.sales') },
            ],
          }),
          this.#states(state),
        ),
        this.#list,
      ),
    );
    this.ready = this.#list.ready;
    inbox.listen({ change: (change) => this.#moved(orderOf(change)) }, this.signal);
  }

  /** An order moves where it stands; one that is new is above all others. @param {number|null} id */
  async #moved(id) {
    const list = this.#list;
    if (id === null || !list) return;
    try {
      /** @type {Order} */
      const order = await api.get(`/api/shop/orders/${id}/`, { signal: this.signal });
      if (this.signal.aborted) return;
      const known = list.state.rows.some((row) => row.id === id);
      const type = this.query.get('type') ?? '';
      if (known) list.alter((rows) => rows.map((row) => (row.id === id ? order : row)));
      else if (this.#state() === '' && (type === '' || type === order.type)) list.addFirst(order);
    } catch {
      // It shows when the page is read the next time.
    }
  }

  /** @returns {string} `active`, a status, or nothing */
  #state() {
    if (this.query.get('active') === 'true') return 'active';
    const status = this.query.get('status') ?? '';
    return STATUSES.includes(status) ? status : '';
  }

  /** @param {string} state */
  #states(state) {
    const control = select(
      { class: 'input select select-plain', 'aria-label': t('orders.states'), value: state },
      [
        { value: '', label: t('orders.state_all') },
        { value: 'active', label: t('orders.state_active') },
        ...STATUSES.map((value) => ({ value, label: orderStatus(value) })),
      ],
    );
    control.addEventListener('change', () => {
      const { value } = control;
      const active = value === 'active';
      const query = withQuery(this.query, {
        active: active ? 'true' : null,
        status: active || !value ? null : value,
      });
      navigate(`/my/orders${query}`, { replace: true });
    });
    return control;
  }

  /** @param {boolean} filtered */
  #empty(filtered) {
    if (filtered) {
      return emptyState({
        icon: 'filter',
        title: t('orders.none_here'),
        action: { href: '/my/orders', label: t('orders.show_all') },
      });
    }
    return emptyState({
      icon: 'order',
      title: t('orders.empty'),
      text: t('orders.empty_text'),
      action: { href: '/shop', label: t('orders.empty_action') },
    });
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
        order.kind === 'prize' // which stands where others have their price
          ? null
          : h(
              'span',
              { class: buying ? 'badge badge-accent' : 'badge badge-ink' },
              t(buying ? 'orders.bought' : 'orders.sold'),
            ),
        h('span', { class: statusLook(order.status) }, orderStatus(order.status)),
        nextBadge(order),
      ],
      end: [
        h('strong', { class: 'number' }, priceOf(order)),
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
