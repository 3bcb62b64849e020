import { i18n } from '../../core/context.js';

/**
 * @param {string} status
 * @returns {string} the status in words; one that is not known yet as the server says it
 */
export function orderStatus(status) {
  const key = `status.${status}`;
  return i18n.has(key) ? i18n.t(key) : status;
}
