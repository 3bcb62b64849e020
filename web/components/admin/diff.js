/**
 * What a change of the staff changed. Pure.
 *
 * @typedef {{field: string, before: string|null, after: string|null, kind: 'added'|'removed'|'changed'}} Difference
 */

/** @param {unknown} value @returns {string|null} null: nothing there */
function text(value) {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * @param {Record<string, unknown>|null} before
 * @param {Record<string, unknown>|null} after
 * @returns {Difference[]} only what differs, in the order of the fields
 */
export function differences(before, after) {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields.flatMap((field) => {
    const was = text(before?.[field]);
    const is = text(after?.[field]);
    if (was === is) return [];
    /** @type {Difference['kind']} */
    const kind = was === null ? 'added' : is === null ? 'removed' : 'changed';
    return [{ field, before: was, after: is, kind }];
  });
}
