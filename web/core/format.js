/**
 * Numbers and times as people read them. Money is whole won and looks the same in both languages.
 */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** @param {number} amount */
export function won(amount) {
  return `₩${grouped.format(amount)}`;
}

/** @param {number} amount without the sign of the currency */
export function plain(amount) {
  return grouped.format(amount);
}

/**
 * What somebody typed into a price field: digits, with separators or full-width digits from an IME.
 *
 * @param {string} text
 * @returns {number|null}
 */
export function parsePrice(text) {
  const digits = text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/\D/g, '');
  if (digits === '') return null;
  const amount = Number(digits.slice(0, 12));
  return Number.isSafeInteger(amount) ? amount : null;
}

/** @param {string} iso @param {string} lang */
export function day(iso, lang) {
  return new Intl.DateTimeFormat(lang, { dateStyle: 'medium' }).format(new Date(iso));
}

/** @param {string} iso @param {string} lang */
export function moment(iso, lang) {
  return new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** @param {string} iso @param {string} lang @param {number} [now] */
export function ago(iso, lang, now = Date.now()) {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  const format = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, 'second'); // "now"
}

/** @param {number} bps basis points @param {string} lang */
export function percent(bps, lang) {
  return new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 2 }).format(bps / 10_000);
}

/** Sizes in the order a shopper expects: everything, numbers, then letters from small to large. */
const LETTERS = ['XXS', 'XS', 'S', 'M', 'L', 'XL', 'XXL', 'XXXL'];

/** @param {string} a @param {string} b */
export function bySize(a, b) {
  /** @param {string} size @returns {[number, number]} */
  const rank = (size) => {
    if (size === 'ALL') return [0, 0];
    const number = Number(size);
    if (Number.isFinite(number)) return [1, number];
    const letter = LETTERS.indexOf(size.toUpperCase());
    return letter >= 0 ? [2, letter] : [3, 0];
  };
  const [groupA, placeA] = rank(a);
  const [groupB, placeB] = rank(b);
  return groupA - groupB || placeA - placeB || a.localeCompare(b);
}
