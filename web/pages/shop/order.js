import { myPage } from '../../components/my-nav.js';
import { icon } from '../../components/icon.js';
import { tradedSize } from '../../components/shop/size-picker.js';
import { bone, emptyState, present, skeleton, tile } from '../../components/states.js';
import { api, i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { moment, won } from '../../core/format.js';
import { articleName } from '../../core/names.js';
import { Page } from '../../core/page.js';
import { orderStatus } from './order-status.js';

/** @typedef {import('../../core/types.js').Order} Order */

/** One order: what, for how much, and where it stands. */
class OrderPage extends Page {
  /** @override */
  connected() {
    const body = h('div');
    const id = this.params['id'] ?? '';
    this.replaceChildren(
      myPage(
        'orders',
        h('a', { class: 'back-link', href: '/my/orders' }, icon('back'), t('orders.title')),
        h('h1', null, t('order.heading', { id })),
        body,
      ),
    );
    this.setTitle(t('order.heading', { id }));
    this.ready = present(body, {
      signal: this.signal,
      skeleton: () => skeleton(h('div', { class: 'stack' }, bone('bone-block'), bone('bone-block'))),
      load: (signal) => api.get(`/api/shop/orders/${id}/`, { signal }),
      show: (/** @type {Order} */ order) => this.#show(order),
      failed: (problem) =>
        problem.status === 404 || problem.status === 403
          ? emptyState({
              icon: 'order',
              title: t('order.missing'),
              text: t('order.missing_text'),
              action: { href: '/my/orders', label: t('orders.title') },
            })
          : null,
    });
  }

  /** @param {Order} order */
  #show(order) {
    const lang = i18n.lang.value;
    const buying = order.type === 'purchase';
    const sum = buying ? (order.total ?? order.price + order.fee) : (order.payout ?? order.price - order.fee);
    /** @param {string} name @param {string} value @param {string} [extra] */
    const fact = (name, value, extra = '') =>
      h('div', { class: extra }, h('dt', null, name), h('dd', { class: 'number' }, value));
    return h(
      'div',
      { class: 'order' },
      h(
        'section',
        { class: 'panel' },
        h(
          'a',
          { class: 'order-what', href: `/shop/${order.info.id}?size=${encodeURIComponent(order.size)}` },
          tile(order.info.image, { class: 'tile-small' }),
          h(
            'span',
            { class: 'trade-what' },
            h('strong', null, order.info.brand_name),
            h('span', null, articleName(order.info, lang)),
            h('span', { class: 'muted' }, tradedSize(order.size)),
          ),
        ),
        h(
          'p',
          { class: 'order-status' },
          h(
            'span',
            { class: buying ? 'badge badge-accent' : 'badge badge-ink' },
            t(buying ? 'orders.bought' : 'orders.sold'),
          ),
          h('span', { class: 'badge' }, orderStatus(order.status)),
        ),
      ),
      h(
        'section',
        { class: 'panel' },
        h('h2', null, t('order.bill')),
        h(
          'dl',
          { class: 'facts' },
          fact(t('quote.price'), won(order.price)),
          fact(t('quote.fee'), won(order.fee)),
          fact(t(buying ? 'quote.total' : 'quote.payout'), won(sum), 'facts-sum'),
        ),
      ),
      h(
        'section',
        { class: 'panel' },
        h('h2', null, t('order.facts')),
        h(
          'dl',
          { class: 'facts' },
          fact(t('order.number'), String(order.id)),
          fact(t('order.when'), moment(order.created_at, lang)),
          fact(t('order.kind'), t(order.kind === 'store' ? 'order.kind_store' : 'order.kind_trans')),
          fact(t('order.state'), orderStatus(order.status)),
        ),
      ),
    );
  }
}

define('page-order', OrderPage);
