/**
 * @param {{eng_name: string, kor_name: string}} article
 * @param {string} lang
 * @returns {string} the name in the reader's language, the other one where it is missing
 */
export function articleName(article, lang) {
  return lang === 'ko' ? article.kor_name || article.eng_name : article.eng_name || article.kor_name;
}

/**
 * A picture as a page shows it. Without a known size it is taken for a square one.
 *
 * @typedef {object} Picture
 * @property {string} url
 * @property {number} width
 * @property {number} height
 * @property {{url: string, width: number}[]} sources every variant, the smallest first; empty where there is one only
 */

const SQUARE = 640;

/** A stored picture's longest side, and those of its smaller variants. */
const LONGEST = 1600;

/**
 * A picture of a post: the frame's shape is known, and what its variants are called.
 *
 * @param {string} url
 * @param {number} ratio width by height
 * @returns {Picture}
 */
export function framedPicture(url, ratio) {
  /** @param {string} mark */
  const variant = (mark) => url.replace(/(\.\w+)$/, `-${mark}$1`);
  const wide = ratio >= 1;
  return pictureOf({
    product_image: url,
    width: wide ? LONGEST : Math.round(LONGEST * ratio),
    height: wide ? Math.round(LONGEST / ratio) : LONGEST,
    medium: variant('m'),
    small: variant('s'),
  });
}

/** @param {Omit<import('./types.js').Shot, 'id'>} shot @returns {Picture} */
function pictureOf({ product_image: url, width = 0, height = 0, medium = '', small = '' }) {
  if (width <= 0 || height <= 0) return { url, width: SQUARE, height: SQUARE, sources: [] };
  const longest = Math.max(width, height);
  const sources = [
    { url: small, most: 320 },
    { url: medium, most: 800 },
    { url, most: longest },
  ]
    .filter((variant) => variant.url)
    .map((variant) => ({
      url: variant.url,
      width: Math.max(1, Math.round(width * Math.min(1, variant.most / longest))),
    }));
  // A small original has variants of its own size: a browser takes any of them, once.
  const distinct = sources.filter(({ width: w }, i) => sources.findIndex((other) => other.width === w) === i);
  return { url, width, height, sources: distinct.length > 1 ? distinct : [] };
}

/**
 * @param {import('./types.js').Shot[]} set
 * @param {string[]} urls
 * @returns {Picture[]} every picture once, in order
 */
export function pictures(set, urls) {
  /** @type {Map<string, Picture>} */
  const found = new Map();
  for (const shot of set) {
    if (shot.product_image && !found.has(shot.product_image)) found.set(shot.product_image, pictureOf(shot));
  }
  for (const url of urls) {
    if (url && !found.has(url)) found.set(url, { url, width: SQUARE, height: SQUARE, sources: [] });
  }
  return [...found.values()];
}
