import { i18n } from '../../core/context.js';

/**
 * @param {string} name as the server knows the provider
 * @returns {string} as people know it
 */
export function providerName(name) {
  const key = `provider.${name}`;
  return i18n.has(key) ? i18n.t(key) : name;
}
