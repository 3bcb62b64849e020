/**
 * localStorage and sessionStorage throw where cookies are blocked. The client must work there, too:
 * it then forgets its preferences, nothing more.
 */

/** @param {() => Storage} open */
function safe(open) {
  return {
    /** @param {string} key @returns {string|null} */
    get(key) {
      try {
        return open().getItem(key);
      } catch {
        return null;
      }
    },
    /** @param {string} key @param {string|null} value null removes the key */
    set(key, value) {
      try {
        if (value === null) open().removeItem(key);
        else open().setItem(key, value);
      } catch {
        // Full or forbidden.
      }
    },
  };
}

export const local = safe(() => localStorage);
export const tab = safe(() => sessionStorage);

/**
 * @template T
 * @param {string|null} text
 * @param {T} fallback
 * @returns {T}
 */
export function parsed(text, fallback) {
  if (text === null) return fallback;
  try {
    return JSON.parse(text) ?? fallback;
  } catch {
    return fallback;
  }
}
