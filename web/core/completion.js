/**
 * Names and tags that are completed while one writes. Pure.
 *
 * @typedef {{sign: '@'|'#', query: string, start: number, end: number}} Token  start: of the sign
 */

const TOKEN = /(?<![\p{L}\p{N}_@#])([@#])([\p{L}\p{N}._-]*)$/u;

/**
 * @param {string} text
 * @param {number} caret
 * @returns {Token|null} what is being written at the caret
 */
export function tokenAt(text, caret) {
  const found = TOKEN.exec(text.slice(0, caret));
  if (!found) return null;
  const [all, sign = '', query = ''] = found;
  // Further on in a word that stands already, nobody begins one.
  if (/^[\p{L}\p{N}_]/u.test(text.slice(caret))) return null;
  return { sign: /** @type {'@'|'#'} */ (sign), query, start: caret - all.length, end: caret };
}

/**
 * @param {string} text
 * @param {Token} token
 * @param {string} value
 * @returns {{text: string, caret: number}}
 */
export function completed(text, { sign, start, end }, value) {
  const rest = text.slice(end);
  const word = `${sign}${value}${rest.startsWith(' ') ? '' : ' '}`;
  return { text: text.slice(0, start) + word + rest, caret: start + sign.length + value.length + 1 };
}
