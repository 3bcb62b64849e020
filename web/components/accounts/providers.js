import { i18n } from '../../core/context.js';

/**
 * @param {string} name as the server knows the provider
 * @returns {string} as people know it
 */
export function providerName(name) {
  const key = `provider.${name}`;
  return i18n.has(key) ? i18n.t(key) : name;
}

/** What most people here have comes first; the rest follows as the server names it. */
const USUAL = ['google', 'naver'];

/**
 * @template T
 * @param {T[]} providers
 * @param {(provider: T) => string} nameOf
 * @returns {T[]}
 */
export function usualFirst(providers, nameOf) {
  /** @param {T} provider */
  const rank = (provider) => USUAL.indexOf(nameOf(provider)) + 1 || USUAL.length + 1;
  return [...providers].sort((a, b) => rank(a) - rank(b));
}
