import { parsePrice } from '../../core/format.js';
import { MAX_PRICE } from '../../core/trade.js';

/**
 * The values of the form of an article, as typed. Pure.
 *
 * @typedef {import('../../core/types.js').Info} Info
 * @typedef {Record<'brand'|'eng_name'|'kor_name'|'category'|'delivery_tag'|'model_number'|'colorway'|'retail_price'|'release_date'|'tick', string>} Values
 */

const MAX_TICK = 1_000_000;
const LONGEST = 200;

/** @param {Info} info @returns {Values} */
export function articleValues(info) {
  return {
    brand: String(info.brand),
    eng_name: info.eng_name,
    kor_name: info.kor_name,
    category: info.category,
    delivery_tag: info.delivery_tag,
    model_number: info.model_number ?? '',
    colorway: info.colorway ?? '',
    retail_price: info.retail_price === null ? '' : String(info.retail_price),
    release_date: info.release_date ?? '',
    tick: String(info.tick),
  };
}

/** @param {string} text @param {number} max */
function goodNumber(text, max) {
  const value = parsePrice(text);
  return /^[\d,\s]+$/.test(text) && value !== null && value >= 1 && value <= max;
}

/**
 * @param {Values} values
 * @returns {Record<string, import('../../core/i18n.js').MessageKey>} what can be said without asking, by field
 */
export function articleComplaints(values) {
  /** @type {Record<string, import('../../core/i18n.js').MessageKey>} */
  const said = {};
  if (!values.eng_name) said['eng_name'] = 'said.required';
  if (values.retail_price && !goodNumber(values.retail_price, MAX_PRICE)) {
    said['retail_price'] = 'admin.said.between';
  }
  if (!goodNumber(values.tick, MAX_TICK)) said['tick'] = 'admin.said.between';
  for (const name of /** @type {const} */ (['eng_name', 'kor_name', 'model_number', 'colorway'])) {
    if ([...values[name]].length > LONGEST) said[name] = 'admin.said.long';
  }
  return said;
}

/** @param {Values} values that have no complaints @returns {Record<string, string|number>} what is sent; an empty field empties it */
export function articleBody(values) {
  const { brand, retail_price: retail, tick, ...texts } = values;
  const price = parsePrice(retail);
  return {
    ...texts,
    brand: Number(brand),
    tick: parsePrice(tick) ?? 1,
    ...(price === null ? {} : { retail_price: price }),
  };
}
