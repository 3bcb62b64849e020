import { ask } from '../../components/dialog.js';
import { t } from '../../core/context.js';
import { won } from '../../core/format.js';
import { Problem } from '../../core/problem.js';
import { askParcel } from './order-parcel.js';

/**
 * The steps that a buyer or a seller can take. Each asks before it binds.
 *
 * @typedef {import('../../core/types.js').Order} Order
 * @typedef {(body?: object) => Promise<Order>} Send
 */

/** The order is not what the page shows: it has to be read again. @param {unknown} error */
export function stale(error) {
  const { code, status } = Problem.from(error);
  return code === 'shop.order_wrong_state' || code === 'shop.not_your_step' || status === 404;
}

/**
 * Asks in a dialog that sends by itself. What is not so any more is said on the page, which is read again; the
 * rest in the dialog.
 *
 * @template B, R
 * @param {(body: B) => Promise<R>} send
 * @param {(send: (body: B) => Promise<R|null>) => Promise<R|null|undefined>} open the dialog
 * @returns {Promise<R|undefined>} undefined: nothing was done
 */
export async function unlessStale(send, open) {
  /** @type {unknown} */
  let moved;
  const reply = await open(async (body) => {
    try {
      return await send(body);
    } catch (error) {
      if (!stale(error)) throw error;
      moved = error;
      return null;
    }
  });
  if (moved) throw moved;
  return reply ?? undefined;
}

/**
 * @param {Order} order
 * @param {Send} send
 * @param {AbortSignal} signal
 * @returns {Promise<Order|undefined>}
 */
export async function ship(order, send, signal) {
  const correcting = order.shipment !== null;
  return unlessStale(send, (careful) =>
    askParcel({
      title: t(correcting ? 'order.ship.correct' : 'order.ship.title'),
      text: t(correcting ? 'order.ship.correct_text' : 'order.ship.text'),
      submit: t(correcting ? 'order.ship.correct_submit' : 'order.ship.submit'),
      parcel: order.shipment,
      signal,
      send: careful,
    }),
  );
}

/** @param {Order} order @param {Send} send @param {AbortSignal} signal */
export async function withdraw(order, send, signal) {
  const buying = order.type === 'purchase';
  const sure = await ask({
    title: t('order.withdraw.title'),
    text: t(buying ? 'order.withdraw.text_buyer' : 'order.withdraw.text_seller', { price: won(order.price) }),
    confirm: t('order.withdraw.yes'),
    signal,
  });
  return sure ? send() : undefined;
}

/** @param {Order} _order @param {Send} send @param {AbortSignal} signal */
export async function confirm(_order, send, signal) {
  const sure = await ask({
    title: t('order.confirm.title'),
    text: t('order.confirm.text'),
    confirm: t('order.confirm.yes'),
    keep: t('action.cancel'),
    signal,
  });
  return sure ? send() : undefined;
}

/** @param {Order} order @param {Send} send @param {AbortSignal} signal */
export async function refund(order, send, signal) {
  const sure = await ask({
    title: t('order.refund_title'),
    text: t('order.refund_text', { amount: won(order.total ?? order.price + order.fee) }),
    confirm: t('order.refund_yes'),
    keep: t('action.cancel'),
    signal,
  });
  return sure ? send() : undefined;
}
