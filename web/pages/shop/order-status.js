import { i18n } from '../../core/context.js';
import { CARRIERS } from './order-plan.js';

/**
 * A sentence whose key comes from the server's words.
 *
 * @param {string} key
 * @param {import('../../core/i18n.js').Values} [values]
 * @param {string} [fallback] for what is not known yet
 * @returns {string}
 */
export function word(key, values, fallback = '') {
  return i18n.has(key) ? i18n.t(key, values) : fallback;
}

/**
 * @param {string} status
 * @returns {string} the status in words; one that is not known yet as the server says it
 */
export function orderStatus(status) {
  return word(`status.${status}`, {}, status);
}

/** @param {string} carrier as the server has it @returns {string} in the reader's language where it is a known one */
export function carrierName(carrier) {
  return word(`order.carrier.${CARRIERS.get(carrier)}`, {}, carrier);
}

/** @param {string} status @returns {string} the look of its badge */
export function statusLook(status) {
  if (status === 'settled') return 'badge badge-good';
  if (status === 'failed' || status === 'cancelled') return 'badge badge-bad';
  return 'badge';
}
