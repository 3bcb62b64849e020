import { api } from '../../core/context.js';
import { pathOf } from '../../core/paths.js';

/** @typedef {import('../../core/types.js').Brand} Brand */

/** More brands than these no menu can show; they are found by searching the brands. */
const MOST = 1_000;

/** @param {AbortSignal} signal @returns {Promise<Brand[]>} all of them, by name */
export async function allBrands(signal) {
  /** @type {Brand[]} */
  const brands = [];
  /** @type {string|null} */
  let path = '/api/shop/brands/?page_size=100';
  while (path && brands.length < MOST) {
    /** @type {import('../../core/types.js').Paged<Brand>} */
    const page = await api.get(path, { signal });
    brands.push(...page.results);
    path = page.next && pathOf(page.next);
  }
  return brands.sort((a, b) => a.name.localeCompare(b.name));
}

/** @param {Brand[]} brands */
export function brandOptions(brands) {
  return brands.map(({ id, name }) => ({ value: String(id), label: name }));
}
