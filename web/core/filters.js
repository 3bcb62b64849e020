/**
 * The filters of the shop live in the address. Pure.
 */

export const CATEGORIES = /** @type {const} */ (['shoes', 'clothes', 'fashion', 'life', 'tech']);
export const DELIVERIES = /** @type {const} */ (['immediate', 'brand']);
export const ORDERINGS = /** @type {const} */ (['popular', 'newest', 'price', '-price', 'premium']);
/** @typedef {typeof ORDERINGS[number]} Ordering */
/** @type {Ordering} */
export const DEFAULT_ORDERING = 'popular';

/** Ready-made price ranges; either side may be open. */
export const PRICES = ['-100000', '100000-200000', '200000-300000', '300000-500000', '500000-'];

/** Those that can be given several times. */
export const REPEATABLE = /** @type {const} */ (['category', 'brand_id', 'size', 'price', 'delivery_tag']);
/** @typedef {typeof REPEATABLE[number]} Filter */

/** @param {string} text @returns {{min: number|null, max: number|null}|null} */
export function parseRange(text) {
  const found = /^(\d{0,10})-(\d{0,10})$/.exec(text);
  if (!found || (!found[1] && !found[2])) return null;
  const min = found[1] ? Number(found[1]) : null;
  const max = found[2] ? Number(found[2]) : null;
  return min !== null && max !== null && min > max ? { min: max, max: min } : { min, max };
}

/** @param {number|null} min @param {number|null} max @returns {string|null} */
export function formatRange(min, max) {
  if (min === null && max === null) return null;
  const range = min !== null && max !== null && min > max ? [max, min] : [min, max];
  return `${range[0] ?? ''}-${range[1] ?? ''}`;
}

/** @param {URLSearchParams} query @returns {Ordering} */
export function orderingOf(query) {
  return ORDERINGS.find((known) => known === query.get('ordering')) ?? DEFAULT_ORDERING;
}

/**
 * What the server is asked for. The address may hold anything that somebody typed; only known names pass.
 *
 * @param {URLSearchParams} query
 * @param {{pageSize: number, facets?: boolean}} options
 */
export function listPath(query, { pageSize, facets = true }) {
  const asked = new URLSearchParams();
  for (const name of REPEATABLE) {
    for (const value of new Set(query.getAll(name))) {
      if (name === 'price' && !parseRange(value)) continue;
      if (name === 'brand_id' && !/^\d{1,18}$/.test(value)) continue;
      if (value) asked.append(name, value);
    }
  }
  const search = query.get('search')?.trim();
  if (search) asked.set('search', search);
  asked.set('ordering', orderingOf(query));
  if (facets) asked.set('facets', 'true');
  asked.set('page_size', String(pageSize));
  return `/api/shop/productinfos/?${asked}`;
}

/**
 * @param {URLSearchParams} query
 * @param {Filter} name
 * @param {string} value
 * @returns {URLSearchParams} with the value switched over
 */
export function toggled(query, name, value) {
  const next = new URLSearchParams(query);
  const rest = query.getAll(name).filter((given) => given !== value);
  const had = rest.length < query.getAll(name).length;
  next.delete(name);
  for (const given of had ? rest : [...rest, value]) next.append(name, given);
  return next;
}

/** @param {URLSearchParams} query @returns {{name: Filter, value: string}[]} */
export function activeFilters(query) {
  return REPEATABLE.flatMap((name) => [...new Set(query.getAll(name))].map((value) => ({ name, value })));
}

/** @param {URLSearchParams} query @returns {URLSearchParams} without any filter; search and ordering stay */
export function cleared(query) {
  const next = new URLSearchParams(query);
  for (const name of REPEATABLE) next.delete(name);
  return next;
}
