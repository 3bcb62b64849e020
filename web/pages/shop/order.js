import { notice } from '../../components/form.js';
import { icon } from '../../components/icon.js';
import { myPage } from '../../components/my-nav.js';
import { tradedSize } from '../../components/shop/size-picker.js';
import { bone, emptyState, present, skeleton, tile } from '../../components/states.js';
import { toast } from '../../components/toast.js';
import { api, explain, i18n, inbox, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { moment } from '../../core/format.js';
import { orderOf } from '../../core/inbox-state.js';
import { Intent } from '../../core/intent.js';
import { articleName } from '../../core/names.js';
import { navigate } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { Problem } from '../../core/problem.js';
import { fact, kindOf, money } from './order-money.js';
import { nextCard } from './order-next.js';
import { finished, sideOf } from './order-plan.js';
import { rebuy } from './order-rebuy.js';
import { orderStatus, statusLook } from './order-status.js';
import { confirm, refund, ship, stale, withdraw } from './order-step.js';
import { timeline } from './order-timeline.js';

/**
 * @typedef {import('../../core/types.js').Order} Order
 * @typedef {import('./order-next.js').Act} Act
 */

/**
 * Orders move while one looks: the other side acts, the staff acts, deadlines pass. The inbox tells of it at once;
 * what it does not tell, one's own steps elsewhere and what was switched off, is found a little later.
 */
const AGAIN_MS = 60_000;

const DONE = /** @type {const} */ ({
  ship: 'order.ship.done',
  withdraw: 'order.withdraw.done',
  confirm: 'order.confirm.done',
  refund: 'order.refund_done',
});

/** One order: what, for how much, where it stands, and what can be done about it. */
class OrderPage extends Page {
  #path = '';
  #body = h('div');
  #alert = h('div', { class: 'section-alert', role: 'alert' });
  #status = h('p', { class: 'unseen', role: 'status' });
  #intent = new Intent(api);
  /** @type {Order|null} */
  #order = null;
  #busy = false;

  /** @override */
  connected() {
    const id = this.params['id'] ?? '';
    this.#path = `/api/shop/orders/${id}/`;
    this.replaceChildren(
      myPage(
        'orders',
        h('a', { class: 'back-link', href: '/my/orders' }, icon('back'), t('orders.title')),
        h('h1', null, t('order.heading', { id })),
        this.#alert,
        this.#body,
        this.#status,
      ),
    );
    this.setTitle(t('order.heading', { id }));
    this.ready = present(this.#body, {
      signal: this.signal,
      skeleton: () => skeleton(h('div', { class: 'stack' }, bone('bone-block'), bone('bone-block'))),
      load: (signal) => api.get(this.#path, { signal }),
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
    const timer = setInterval(() => this.#reread(), AGAIN_MS);
    this.signal.addEventListener('abort', () => clearInterval(timer));
    this.listen(document, 'visibilitychange', () => this.#reread());
    inbox.listen(
      {
        change: (change) => {
          if ('reset' in change || orderOf(change) === Number(id)) this.#reread();
        },
      },
      this.signal,
    );
  }

  /** Quietly, and only where something can have changed. @param {boolean} [always] */
  async #reread(always = false) {
    const order = this.#order;
    if (!order || this.#busy) return;
    if (!always && (document.hidden || finished(order) || document.querySelector('dialog[open]'))) return;
    try {
      this.#take(await api.get(this.#path, { signal: this.signal }));
    } catch {
      // The bar at the top says that the network is gone; the next round tries again.
    }
  }

  /** @param {Order} order */
  #take(order) {
    if (this.signal.aborted || JSON.stringify(order) === JSON.stringify(this.#order)) return;
    const before = this.#order?.status;
    const inside = this.#body.contains(document.activeElement);
    fill(this.#body, this.#show(order));
    if (before !== order.status) this.#status.textContent = orderStatus(order.status);
    // Whoever was on a button that is gone goes on at the card that had it.
    if (inside) /** @type {HTMLElement|null} */ (this.#body.querySelector('.next h2'))?.focus();
  }

  /** @param {Act} act @param {HTMLElement} button */
  async #act(act, button) {
    const order = this.#order;
    if (!order || this.#busy) return;
    fill(this.#alert);
    this.#busy = true;
    button.setAttribute('aria-busy', 'true');
    /** @param {object} [body] */
    const send = (body = {}) => this.#intent.post(`${this.#path}${act}/`, body);
    try {
      if (act === 'rebuy') {
        const bought = await rebuy(order, this.signal);
        if (!bought) return;
        toast(t('order.offer.done'));
        await navigate(`/my/orders/${bought.id}`);
        return;
      }
      const next = await { ship, withdraw, confirm, refund }[act](order, send, this.signal);
      if (!next || this.signal.aborted) return;
      this.#take(next);
      toast(t(DONE[act]));
    } catch (error) {
      await this.#refused(error);
    } finally {
      this.#busy = false;
      button.removeAttribute('aria-busy');
    }
  }

  /** @param {unknown} error */
  async #refused(error) {
    if (this.signal.aborted) return;
    const problem = Problem.from(error);
    if (problem.code === 'client.failure') reportError(error);
    const late =
      stale(problem) || problem.code === 'shop.grace_over' || problem.code === 'shop.withdrawal_used';
    if (late) {
      this.#busy = false;
      await this.#reread(true);
    }
    const tone = stale(problem) ? 'warn' : 'bad';
    fill(this.#alert, notice(tone, stale(problem) ? t('order.moved_on') : explain(problem)));
  }

  /** @param {Order} order */
  #show(order) {
    this.#order = order;
    const card = nextCard(order, {
      act: (act, button) => this.#act(act, button),
      ondue: () => setTimeout(() => this.#reread(true), 1_500),
    });
    card.querySelector('h2')?.setAttribute('tabindex', '-1');
    return h(
      'div',
      { class: 'order' },
      this.#what(order),
      h(
        'div',
        { class: 'order-main' },
        card,
        h('section', { class: 'panel' }, h('h2', null, t('order.timeline')), timeline(order, sideOf(order))),
      ),
      h(
        'div',
        { class: 'order-side' },
        h('section', { class: 'panel' }, h('h2', null, t('order.bill')), money(order)),
        h(
          'section',
          { class: 'panel' },
          h('h2', null, t('order.facts')),
          h(
            'dl',
            { class: 'facts' },
            fact(t('order.number'), String(order.id)),
            fact(
              t(order.kind === 'prize' ? 'order.when_prize' : 'order.when'),
              moment(order.created_at, i18n.lang.value),
            ),
            fact(t('order.kind'), kindOf(order.kind)),
          ),
        ),
      ),
    );
  }

  /** @param {Order} order */
  #what(order) {
    const buying = order.type === 'purchase';
    return h(
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
          h('span', null, articleName(order.info, i18n.lang.value)),
          h('span', { class: 'muted' }, tradedSize(order.size)),
        ),
      ),
      h(
        'p',
        { class: 'order-status' },
        h(
          'span',
          { class: buying ? 'badge badge-accent' : 'badge badge-ink' },
          t(order.kind === 'prize' ? 'order.prize' : buying ? 'orders.bought' : 'orders.sold'),
        ),
        h('span', { class: statusLook(order.status) }, orderStatus(order.status)),
      ),
    );
  }
}

define('page-order', OrderPage);
