/**
 * @param {{eng_name: string, kor_name: string}} article
 * @param {string} lang
 * @returns {string} the name in the reader's language, the other one where it is missing
 */
export function articleName(article, lang) {
  return lang === 'ko' ? article.kor_name || article.eng_name : article.eng_name || article.kor_name;
}

/**
 * @param {{product_image: string}[]} set
 * @param {string[]} urls
 * @returns {string[]} every picture once, in order
 */
export function pictures(set, urls) {
  return [...new Set([...set.map((entry) => entry.product_image), ...urls].filter(Boolean))];
}
