/**
 * Lists of the staff live in the address. Pure.
 *
 * @typedef {object} Filter
 * @property {string} name in the address and in the question
 * @property {string} label
 * @property {'search'|'text'|'select'|'check'} kind
 * @property {{value: string, label: string}[]} [options] of a select
 * @property {RegExp} [pattern] what the server understands; anything else is not asked
 */

/**
 * What the server is asked for. The address may hold anything that somebody typed; only known filters pass.
 *
 * @param {URLSearchParams} query
 * @param {Filter[]} filters
 * @param {{size: number, cursor?: boolean}} how
 */
export function askedFor(query, filters, { size, cursor = false }) {
  const asked = new URLSearchParams();
  for (const filter of filters) {
    const value = valueOf(query, filter);
    if (value) asked.set(filter.name, value);
  }
  const place = query.get(cursor ? 'cursor' : 'page') ?? '';
  if (cursor && place) asked.set('cursor', place);
  if (!cursor && pageOf(query) > 1) asked.set('page', String(pageOf(query)));
  asked.set('page_size', String(size));
  return asked;
}

/** @param {URLSearchParams} query @param {Filter} filter @returns {string} */
export function valueOf(query, { name, kind, options = [], pattern }) {
  const value = query.get(name)?.trim() ?? '';
  if (kind === 'check') return value === 'true' ? value : '';
  if (kind === 'select') return options.some((option) => option.value === value) ? value : '';
  return pattern && !pattern.test(value) ? '' : value;
}

/** @param {URLSearchParams} query @returns {number} from 1 */
export function pageOf(query) {
  const page = query.get('page') ?? '';
  return /^[1-9]\d{0,8}$/.test(page) ? Number(page) : 1;
}

/** @param {number} count @param {number} size @returns {number} at least 1 */
export function pagesOf(count, size) {
  return Math.max(1, Math.ceil(count / size));
}

/**
 * Another filter: what was leafed to belongs to the old one.
 *
 * @param {URLSearchParams} query
 * @param {Record<string, string>} changes empty removes
 * @returns {string} `?…`, or nothing
 */
export function refiltered(query, changes) {
  const next = new URLSearchParams(query);
  next.delete('page');
  next.delete('cursor');
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const text = next.toString();
  return text ? `?${text}` : '';
}

/** @param {string|null} address of another page @returns {string} its cursor */
export function cursorIn(address) {
  return address ? (new URL(address, 'http://localhost').searchParams.get('cursor') ?? '') : '';
}
