/**
 * Where somebody may be sent after signing in: a path of this site, nothing else. A browser reads
 * `//host`, `/\host` and a tab inside a scheme as another site, so the URL parser decides, not a prefix.
 *
 * @param {string|null|undefined} next
 * @param {string} origin
 * @param {string} [fallback]
 * @returns {string} path, query and hash
 */
export function safeNext(next, origin, fallback = '/') {
  // One slash, then neither another one nor what a browser takes for one; nothing that it drops silently.
  // eslint-disable-next-line no-control-regex -- that is the point
  if (!next || !/^\/(?![/\\])/.test(next) || /[\u0000-\u001f\u007f-\u009f\\]/.test(next)) return fallback;
  let url;
  try {
    url = new URL(next, origin);
  } catch {
    return fallback;
  }
  if (url.origin !== origin) return fallback;
  const path = url.pathname + url.search + url.hash;
  // The server's own paths are not pages, and signing in to be sent to the sign-in page helps nobody.
  if (/^\/(api|media|ws|assets|signin|signup)(\/|$|\?)/.test(path)) return fallback;
  // `/.//host` is normalised to `//host`, which would name another site when it is parsed again.
  return path.startsWith('//') ? fallback : path;
}

/**
 * A path that carries on where to go afterwards.
 *
 * @param {string} path without a query
 * @param {string} next as safeNext gives it
 */
export function withNext(path, next) {
  return next === '/' ? path : `${path}?next=${encodeURIComponent(next)}`;
}

/** @param {string} here path and query of the present page */
export function signinPath(here) {
  return withNext('/signin', here);
}

/**
 * Page links are absolute and carry the server's public name, which need not be the name this browser
 * uses (a proxy, a loopback address). Only path and query matter.
 *
 * @param {string} url
 * @returns {string}
 */
export function pathOf(url) {
  const parsed = new URL(url, 'http://localhost');
  return parsed.pathname + parsed.search;
}

/**
 * Pictures come with the server's public name, too. Asked for under another one they would be refused by the
 * page's policy; the path is the same everywhere.
 *
 * @param {string} url
 */
export function mediaPath(url) {
  return /^https?:\/\/[^/]+\/media\//.test(url) ? pathOf(url) : url;
}

/** @param {string} name of a profile @returns {string} */
export function placeOfPerson(name) {
  return `/u/${encodeURIComponent(name)}`;
}

/** @param {string} tag without its sign @returns {string} */
export function placeOfTag(tag) {
  return `/style/tags/${encodeURIComponent(tag)}`;
}
