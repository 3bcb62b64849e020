import { notice } from '../../components/form.js';
import { icon } from '../../components/icon.js';
import { i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { moment, percent, won } from '../../core/format.js';
import { countdown } from './order-clock.js';
import { finished, myStep, sideOf } from './order-plan.js';
import { difference, offerFacts } from './order-rebuy.js';
import { carrierName, word } from './order-status.js';
import { dayAndTime } from './order-time.js';

/**
 * What happens next and until when, and what the reader can do about it.
 *
 * @typedef {import('../../core/types.js').Order} Order
 * @typedef {'ship'|'withdraw'|'confirm'|'refund'|'rebuy'} Act
 */

/** @param {Order} order @returns {string} */
function sentence(order) {
  const side = sideOf(order);
  if (order.status === 'cancelled' && order.kind === 'prize') return t('order.ended.prize');
  if (order.status === 'cancelled') {
    const known = word(`order.ended.${order.reason}.${side}`);
    return known || t('order.ended.other');
  }
  if (order.status === 'failed' && side === 'buyer' && order.resolution) {
    return t(order.resolution === 'replaced' ? 'order.was_replaced' : 'order.was_refunded');
  }
  return word(`order.next.${order.kind}.${order.status}.${side}`, {}, '');
}

/** What the deadline means. @param {Order} order @returns {string} */
function consequence(order) {
  const lang = i18n.lang.value;
  const { penalty_bps: penalty = 0, credit_bps: credit = 0 } = order.terms ?? {};
  return word(`order.due.${order.kind}.${order.status}.${sideOf(order)}`, {
    penalty: percent(penalty, lang),
    credit: percent(credit, lang),
  });
}

/** @param {Order} order @param {() => void} ondue */
function deadline(order, ondue) {
  if (!order.deadline || finished(order)) return null;
  const lang = i18n.lang.value;
  const means = consequence(order);
  return h(
    'div',
    { class: 'next-due' },
    h(
      'p',
      { class: 'next-when' },
      h(
        'time',
        { datetime: order.deadline, title: moment(order.deadline, lang) },
        t('order.by', { when: dayAndTime(order.deadline, lang) }),
      ),
      countdown(order.deadline, ondue),
    ),
    means ? h('p', { class: 'muted small' }, means) : null,
  );
}

/** @param {import('../../core/types.js').Parcel|null} parcel @param {string} name */
function parcel(parcel, name) {
  if (!parcel) return null;
  return h(
    'dl',
    { class: 'facts' },
    h('div', null, h('dt', null, name), h('dd', null, carrierName(parcel.carrier))),
    h('div', null, h('dt', null, t('order.ship.tracking')), h('dd', { class: 'number' }, parcel.tracking)),
  );
}

/**
 * @param {Order} order
 * @param {(act: Act, button: HTMLElement) => void} act
 * @param {() => void} ondue
 */
function withdrawal(order, act, ondue) {
  if (!order.actions.includes('withdraw') || !order.withdraw_until) return null;
  const button = h(
    'button',
    {
      type: 'button',
      class: 'button button-line button-small',
      onclick: () => act('withdraw', button),
    },
    t('order.withdraw.action'),
  );
  return h(
    'div',
    { class: 'next-withdraw' },
    h('p', null, h('span', null, t('order.withdraw.can')), ' ', countdown(order.withdraw_until, ondue)),
    button,
  );
}

/** @param {Order} order @param {(act: Act, button: HTMLElement) => void} act */
function buttons(order, act) {
  /** @param {Act} what @param {string} label @param {string} tone */
  const button = (what, label, tone) => {
    const element = h(
      'button',
      { type: 'button', class: `button button-${tone}`, onclick: () => act(what, element) },
      label,
    );
    return element;
  };
  const can = (/** @type {Act} */ what) => order.actions.includes(what);
  const list = [];
  if (can('ship')) {
    const first = order.status === 'matched';
    const label = t(first ? 'order.ship.title' : 'order.ship.correct');
    list.push(button('ship', label, first ? 'accent' : 'line'));
  }
  if (can('confirm')) list.push(button('confirm', t('order.confirm.action'), 'accent'));
  const price = order.offer?.price ?? null;
  if (can('rebuy') && price !== null) {
    list.push(button('rebuy', t('order.offer.take', { price: won(price) }), 'accent'));
  }
  if (can('refund')) list.push(button('refund', t('order.refund_action'), 'line'));
  return list.length > 0 ? h('div', { class: 'next-actions' }, list) : null;
}

/** The buyer of goods that failed has a choice. @param {Order} order */
function choice(order) {
  const { offer } = order;
  if (order.status !== 'failed' || order.resolution || !offer) return null;
  if (offer.price === null) return notice('info', t('order.offer.nobody'));
  return [
    h('p', null, t('order.offer.explain', { price: won(offer.price), difference: difference(offer) })),
    offerFacts(offer, order.total ?? order.price + order.fee),
  ];
}

/** @param {Order} order */
function links(order) {
  /** @param {number} id @param {string} label */
  const link = (id, label) => h('a', { class: 'next-link', href: `/my/orders/${id}` }, label, icon('next'));
  return [
    order.replaced_by ? link(order.replaced_by, t('order.replaced_by', { id: order.replaced_by })) : null,
    order.replaces ? link(order.replaces, t('order.replaces', { id: order.replaces })) : null,
  ];
}

/**
 * @param {Order} order
 * @param {object} how
 * @param {(act: Act, button: HTMLElement) => void} how.act
 * @param {() => void} how.ondue a deadline has come
 */
export function nextCard(order, { act, ondue }) {
  const mine = myStep(order) !== null;
  const over = finished(order);
  const why = order.note || (order.status === 'failed' ? word(`order.reason.${order.reason}`) : '');
  return h(
    'section',
    { class: mine ? 'panel next next-mine' : 'panel next' },
    h('h2', null, t(over ? 'order.ended' : mine ? 'order.your_step' : 'order.next_step')),
    h('p', { class: 'next-what' }, sentence(order)),
    why ? notice(order.status === 'failed' ? 'warn' : 'info', why) : null,
    deadline(order, ondue),
    choice(order),
    parcel(order.shipment, t('order.shipment')),
    parcel(order.delivery, t('order.delivery')),
    buttons(order, act),
    withdrawal(order, act, ondue),
    links(order),
  );
}
