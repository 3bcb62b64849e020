import { actionButton } from '../../components/admin/act.js';
import { AdminPage } from '../../components/admin/frame.js';
import { askReason } from '../../components/admin/reason.js';
import { table } from '../../components/admin/table.js';
import { ask } from '../../components/dialog.js';
import { notice } from '../../components/form.js';
import { icon } from '../../components/icon.js';
import { tradedSize } from '../../components/shop/size-picker.js';
import { bone, emptyState, present, skeleton, tile } from '../../components/states.js';
import { toast } from '../../components/toast.js';
import { api, explain, i18n, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { moment, won } from '../../core/format.js';
import { articleName } from '../../core/names.js';
import { Problem } from '../../core/problem.js';
import { countdown } from '../shop/order-clock.js';
import { fact, kindOf, priceOf } from '../shop/order-money.js';
import { askParcel } from '../shop/order-parcel.js';
import { finished } from '../shop/order-plan.js';
import { carrierName, orderStatus, statusLook, word } from '../shop/order-status.js';
import { stale, unlessStale } from '../shop/order-step.js';
import { dayAndTime } from '../shop/order-time.js';
import { timeline } from '../shop/order-timeline.js';

/**
 * @typedef {import('../../core/types.js').StaffOrder} StaffOrder
 * @typedef {import('../../core/types.js').LedgerEntry} LedgerEntry
 * @typedef {import('../../core/types.js').Who} Who
 */

/** The staff's steps, in the order of the buttons. */
const STEPS = /** @type {const} */ (['receive', 'pass', 'dispatch', 'fail', 'cancel', 'undo']);
/** Steps that somebody will ask about. */
const REASONED = new Set(['fail', 'cancel', 'undo']);

/** One order with all that is known of it, and the staff's steps. */
class AdminOrderPage extends AdminPage {
  #body = h('div', { class: 'desk-body' });
  #alert = h('div', { class: 'section-alert', role: 'alert' });
  #id = '';
  #busy = false;

  /** @override */
  draw() {
    this.#id = this.params['id'] ?? '';
    const title = t('order.heading', { id: this.#id });
    this.setTitle(title);
    this.desk(
      'orders',
      {
        title,
        before: h('a', { class: 'back-link', href: '/admin/orders' }, icon('back'), t('admin.orders')),
      },
      this.#alert,
      this.#body,
    );
    this.#read();
  }

  #read() {
    this.ready = present(this.#body, {
      signal: this.signal,
      skeleton: () => skeleton(h('div', { class: 'stack' }, bone('bone-block'), bone('bone-block'))),
      load: (signal) => api.get(`/api/admin/shop/orders/${this.#id}/`, { signal }),
      show: (/** @type {StaffOrder} */ order) => this.#show(order),
      failed: (problem) =>
        problem.status === 404
          ? emptyState({
              icon: 'order',
              title: t('order.missing'),
              action: { href: '/admin/orders', label: t('admin.orders') },
            })
          : null,
    });
    return this.ready;
  }

  /** @param {StaffOrder} order */
  #show(order) {
    return [
      h('section', { class: 'panel desk-panel' }, this.#head(order), this.#steps(order)),
      h(
        'div',
        { class: 'desk-pair' },
        h('section', { class: 'panel' }, h('h2', null, t('order.timeline')), timeline(order, null)),
        h('section', { class: 'panel' }, h('h2', null, t('order.facts')), this.#facts(order)),
      ),
      h('section', { class: 'panel desk-panel' }, h('h2', null, t('admin.ledger')), this.#ledger(order)),
    ];
  }

  /** @param {StaffOrder} order */
  #head(order) {
    const lang = i18n.lang.value;
    return [
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
        h('span', { class: statusLook(order.status) }, orderStatus(order.status)),
        order.resolution ? h('span', { class: 'badge' }, word(`admin.resolved.${order.resolution}`)) : null,
        order.reason && order.status !== 'failed'
          ? h('span', { class: 'badge' }, word(`admin.because.${order.reason}`, {}, order.reason))
          : null,
      ),
      order.note ? notice('info', order.note) : null,
      order.deadline && !finished(order)
        ? h(
            'p',
            { class: 'next-when' },
            h(
              'time',
              { datetime: order.deadline, title: moment(order.deadline, lang) },
              t('order.by', { when: dayAndTime(order.deadline, lang) }),
            ),
            h('span', { class: 'muted' }, word(`admin.for.${order.deadline_for}`)),
            countdown(order.deadline),
          )
        : null,
    ];
  }

  /** @param {StaffOrder} order */
  #steps(order) {
    const can = STEPS.filter((step) => order.actions.includes(step));
    if (can.length === 0) return h('p', { class: 'muted' }, t('admin.order.no_steps'));
    return h(
      'div',
      { class: 'setting-actions' },
      can.map((step) =>
        actionButton({
          label: t(`admin.step.${step}`),
          tone: REASONED.has(step) ? 'line' : 'ink',
          onclick: (button) => this.#step(order, step, button),
        }),
      ),
    );
  }

  /** @param {StaffOrder} order @param {typeof STEPS[number]} step @param {HTMLElement} button */
  async #step(order, step, button) {
    if (this.#busy) return;
    this.#busy = true;
    fill(this.#alert);
    button.setAttribute('aria-busy', 'true');
    /** @param {object} [body] */
    const send = (body = {}) => api.post(`/api/shop/orders/${order.id}/${step}/`, body);
    try {
      if ((await this.#ask(order, step, send)) === undefined || this.signal.aborted) return;
      toast(t('admin.step.done'));
      await this.#read();
      this.querySelector('h1')?.focus();
    } catch (error) {
      await this.#refused(error);
    } finally {
      this.#busy = false;
      button.removeAttribute('aria-busy');
    }
  }

  /** @param {StaffOrder} order @param {typeof STEPS[number]} step @param {(body?: object) => Promise<unknown>} send @returns {Promise<unknown>} undefined: nothing was done */
  async #ask(order, step, send) {
    const { signal } = this;
    const title = t(`admin.step.${step}_title`);
    const unpaid = step === 'cancel' && order.kind === 'prize';
    const text = t(unpaid ? 'admin.step.cancel_prize_text' : `admin.step.${step}_text`);
    const submit = t(`admin.step.${step}`);
    if (step === 'dispatch') {
      return unlessStale(send, (careful) =>
        askParcel({ title, text, submit, parcel: null, send: careful, signal }),
      );
    }
    if (REASONED.has(step)) {
      const hint = t(step === 'fail' || step === 'cancel' ? 'admin.reason_seen' : 'admin.reason_hint');
      return unlessStale(send, (careful) =>
        askReason({ title, text, submit, hint, send: (reason) => careful({ reason }), signal }),
      );
    }
    const sure = await ask({ title, text, confirm: submit, keep: t('action.cancel'), signal });
    return sure ? send() : undefined;
  }

  /** @param {unknown} error */
  async #refused(error) {
    if (this.signal.aborted) return;
    const problem = Problem.from(error);
    if (problem.code === 'client.failure') reportError(error);
    if (stale(problem)) await this.#read();
    fill(this.#alert, notice('warn', stale(problem) ? t('order.moved_on') : explain(problem)));
  }

  /** @param {StaffOrder} order */
  #facts(order) {
    const lang = i18n.lang.value;
    /** @param {Who|null|undefined} who @param {number|null} id */
    const person = (who, id) =>
      id === null
        ? t('shop.store')
        : h('a', { href: `/admin/orders?search=${id}` }, `${who?.profile_name ?? ''} #${id}`.trim());
    /** @param {import('../../core/types.js').Parcel|null} parcel */
    const sent = (parcel) => (parcel ? `${carrierName(parcel.carrier)} ${parcel.tracking}` : null);
    /** @param {string} name @param {import('../../core/element.js').Child} value */
    const row = (name, value) => (value === null || value === undefined ? null : fact(name, value));
    /** @param {number|null|undefined} amount */
    const money = (amount) => (amount == null ? null : won(amount));
    return h(
      'dl',
      { class: 'facts' },
      row(t('order.actor.buyer'), person(order.buyer_profile, order.buyer)),
      row(t('order.actor.seller'), person(order.seller_profile, order.seller)),
      row(t('quote.price'), priceOf(order)),
      row(t('admin.order.buyer_fee'), order.total === null ? null : won(order.total - order.price)),
      row(t('admin.order.seller_fee'), order.payout === null ? null : won(order.price - order.payout)),
      row(t('admin.order.total'), money(order.total)),
      row(t('admin.order.payout'), money(order.payout)),
      row(t('order.refund'), money(order.refund)),
      row(t('order.penalty'), money(order.penalty)),
      row(t('order.credit'), money(order.credit)),
      row(t('order.kind'), kindOf(order.kind)),
      row(t('order.when'), moment(order.created_at, lang)),
      row(t('order.shipment'), sent(order.shipment)),
      row(t('order.delivery'), sent(order.delivery)),
      order.replaced_by
        ? fact(
            t('admin.order.replaced_by'),
            h('a', { href: `/admin/orders/${order.replaced_by}` }, `#${order.replaced_by}`),
          )
        : null,
      order.replaces
        ? fact(
            t('admin.order.replaces'),
            h('a', { href: `/admin/orders/${order.replaces}` }, `#${order.replaces}`),
          )
        : null,
    );
  }

  /** @param {StaffOrder} order */
  #ledger({ ledger = [] }) {
    const lang = i18n.lang.value;
    if (ledger.length === 0) return h('p', { class: 'muted' }, t('admin.ledger.empty'));
    /** @param {string} account @param {number|null} user */
    const named = (account, user) =>
      word(`admin.account.${account}`, {}, account) + (user === null ? '' : ` #${user}`);
    return table({
      label: t('admin.ledger'),
      rows: ledger,
      columns: [
        {
          label: t('admin.ledger.reason'),
          kind: 'main',
          cell: ({ reason }) => word(`admin.post.${reason}`, {}, reason),
        },
        { label: t('admin.ledger.debit'), cell: (entry) => named(entry.debit, entry.debit_user) },
        { label: t('admin.ledger.credit'), cell: (entry) => named(entry.credit, entry.credit_user) },
        { label: t('admin.ledger.amount'), kind: 'number', cell: ({ amount }) => won(amount) },
        { label: t('admin.ledger.at'), cell: ({ at }) => moment(at, lang) },
      ],
    });
  }
}

define('page-admin-order', AdminOrderPage);
