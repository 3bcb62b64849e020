/**
 * A parameter is a whole segment; one that is called `id` is a number.
 *
 * @param {string} pattern `/shop/:id`
 * @param {string} pathname
 * @returns {Record<string, string>|null} the parameters, null when the path is another one
 */
export function matchPath(pattern, pathname) {
  const want = pattern.split('/').filter(Boolean);
  const have = pathname.split('/').filter(Boolean);
  if (want.length !== have.length) return null;
  /** @type {Record<string, string>} */
  const params = {};
  for (const [index, part] of want.entries()) {
    const given = have[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== given) return null;
      continue;
    }
    if (part === ':id' && !/^[1-9]\d{0,17}$/.test(given)) return null;
    try {
      params[part.slice(1)] = decodeURIComponent(given);
    } catch {
      return null;
    }
  }
  return params;
}
