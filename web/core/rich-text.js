/**
 * What is a link in the words of somebody. Pure: it finds the pieces, components make nodes of them.
 *
 * @typedef {{text: string}|{mention: string}|{tag: string}} Piece
 */

/** A name as people may have it, and a tag; neither begins in the middle of a word. As the server finds them. */
const FOUND = /(?<![\p{L}\p{N}\p{M}_])(?:@([\p{L}\p{N}\p{M}._-]+)|(?<!&)[#＃]([\p{L}\p{N}\p{M}_]+))/gu;
const LONGEST_TAG = 50;

/** @param {string} tag */
const leads = (tag) => /\P{Nd}/u.test(tag) && [...tag].length <= LONGEST_TAG;

/**
 * @param {string} run what follows the @
 * @param {ReadonlySet<string>} names
 * @returns {string|null} the name that it begins with: a sentence may end right behind it
 */
function nameIn(run, names) {
  for (let name = run; name !== ''; name = name.slice(0, -1)) {
    if (names.has(name)) return name;
    if (!/[._-]$/.test(name)) return null;
  }
  return null;
}

/**
 * @param {string} content
 * @param {{mentions?: readonly {profile_name: string}[], tags?: boolean}} [how] mentions: those that lead somewhere
 * @returns {Piece[]}
 */
export function pieces(content, { mentions = [], tags = false } = {}) {
  const names = new Set(mentions.map(({ profile_name: name }) => name));
  /** @type {Piece[]} */
  const list = [];
  let from = 0;
  /** @param {number} to */
  const textTo = (to) => {
    if (to > from) list.push({ text: content.slice(from, to) });
  };
  for (const { 0: all, 1: run, 2: tag, index } of content.matchAll(FOUND)) {
    const name = run === undefined ? null : nameIn(run, names);
    if (name !== null) {
      textTo(index);
      list.push({ mention: name });
      from = index + 1 + name.length;
    } else if (tag !== undefined && tags && leads(tag)) {
      textTo(index);
      list.push({ tag });
      from = index + all.length;
    }
  }
  textTo(content.length);
  return list;
}
