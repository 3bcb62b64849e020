/**
 * What an order's state means, as far as it needs no words. Pure.
 *
 * @typedef {import('../../core/types.js').Order} Order
 * @typedef {import('../../core/types.js').OrderStep} OrderStep
 * @typedef {{status: string, state: 'done'|'now'|'bad'|'ahead', step: OrderStep|null}} Stop
 */

const TRADED = ['matched', 'shipping', 'inspecting', 'passed', 'delivering', 'settled'];
/** The store has the goods: nobody has to send or to inspect them first. */
const STORE = ['matched', 'delivering', 'settled'];

export const STATUSES = [...TRADED, 'failed', 'cancelled'];

/** @param {{kind: string}} order @returns {string[]} the states of an order where all goes well */
export function courseOf({ kind }) {
  return kind === 'trans' ? TRADED : STORE;
}

/**
 * @param {Pick<Order, 'status'|'resolution'|'type'|'buyer'>} order
 * @returns {boolean} nothing will happen to it any more
 */
export function finished({ status, resolution, type, buyer }) {
  if (status !== 'failed') return status === 'settled' || status === 'cancelled';
  // What becomes of the money is the buyer's choice, and not the seller's to see.
  return resolution !== '' || (type === 'sales' && buyer === null);
}

/**
 * What happened, and what is still ahead where all goes well.
 *
 * @param {Order} order
 * @returns {Stop[]}
 */
export function stops(order) {
  const over = finished(order);
  const past = order.timeline.map((step, index) => {
    const last = index === order.timeline.length - 1;
    const bad = step.status === 'failed' || step.status === 'cancelled';
    /** @type {Stop['state']} */
    const state = bad ? 'bad' : last && !over ? 'now' : 'done';
    return { status: step.status, state, step };
  });
  const course = courseOf(order);
  const here = course.indexOf(order.status);
  if (here < 0) return past;
  const ahead = course.slice(here + 1);
  return [...past, ...ahead.map((status) => ({ status, state: /** @type {const} */ ('ahead'), step: null }))];
}

/** @param {Order} order @returns {'buyer'|'seller'} */
export function sideOf(order) {
  return order.type === 'purchase' ? 'buyer' : 'seller';
}

/**
 * @param {Order} order
 * @returns {'ship'|'confirm'|'choose'|null} the step that the order waits for me to take
 */
export function myStep(order) {
  const { actions, status } = order;
  // A number that was given can still be corrected, but nothing waits for that.
  if (actions.includes('ship') && status === 'matched') return 'ship';
  if (actions.includes('confirm')) return 'confirm';
  if (actions.includes('refund') || actions.includes('rebuy')) return 'choose';
  return null;
}

/** @typedef {{key: 'price'|'fee'|'total'|'payout'|'refund'|'moved'|'penalty'|'credit'|'none', amount: number, sign: ''|'+'|'−', sum: boolean}} MoneyRow */

/**
 * The order's money from the caller's side: what was agreed, and what came back or had to be given. A prize has none.
 *
 * @param {Order} order
 * @returns {MoneyRow[]}
 */
export function moneyRows(order) {
  if (order.kind === 'prize') return [];
  const buying = order.type === 'purchase';
  const broken = order.status === 'cancelled' || order.status === 'failed';
  const total = order.total ?? order.price + order.fee;
  /** @type {MoneyRow[]} */
  const rows = [{ key: 'price', amount: order.price, sign: '', sum: false }];
  if (buying || !broken) rows.push({ key: 'fee', amount: order.fee, sign: buying ? '' : '−', sum: false });
  if (buying) rows.push({ key: 'total', amount: total, sign: '', sum: true });
  else if (broken) rows.push({ key: 'none', amount: 0, sign: '', sum: true });
  else rows.push({ key: 'payout', amount: order.payout ?? order.price - order.fee, sign: '', sum: true });
  if (order.refund !== null) rows.push({ key: 'refund', amount: order.refund, sign: '+', sum: false });
  if (order.replaced_by) rows.push({ key: 'moved', amount: total, sign: '+', sum: false });
  if (order.penalty) rows.push({ key: 'penalty', amount: order.penalty, sign: '−', sum: false });
  if (order.credit) rows.push({ key: 'credit', amount: order.credit, sign: '+', sum: false });
  return rows;
}

/** Couriers that people in Korea send things with, by the name that is sent; the server takes any. */
export const CARRIERS = new Map([
  ['CJ Logistics', 'cj'],
  ['Korea Post', 'post'],
  ['Lotte Global Logistics', 'lotte'],
  ['Hanjin Express', 'hanjin'],
  ['Logen', 'logen'],
  ['Kyungdong Express', 'kdexp'],
  ['Daesin Logistics', 'daesin'],
  ['Ilyang Logis', 'ilyang'],
  ['CU Post', 'cu'],
  ['GS25 Postbox', 'gs'],
]);

/** @param {string} typed @returns {string} as couriers print it: without blanks and dashes */
export function trackingOf(typed) {
  return typed.replace(/[\s-]/g, '').toUpperCase();
}

/** @param {string} tracking as trackingOf gives it */
export function goodTracking(tracking) {
  return /^[0-9A-Z]{8,30}$/.test(tracking);
}
