import { Store } from './store.js';

/**
 * One catalogue a language, flat keys, `{name}` as placeholder. Counted texts stand under `key.one` and
 * `key.other`; Korean needs only `other`, but both catalogues carry the same keys.
 *
 * @typedef {'ko'|'en'} Lang
 * @typedef {keyof typeof import('../i18n/en.json')} MessageKey
 * @typedef {Record<string, string|number>} Values
 */

/** @type {readonly Lang[]} */
export const LANGS = ['ko', 'en'];

/**
 * @param {string|null} chosen what the user chose earlier
 * @param {readonly string[]} preferred the browser's languages, best first
 * @returns {Lang}
 */
export function pickLang(chosen, preferred) {
  for (const tag of [chosen ?? '', ...preferred]) {
    const base = tag.toLowerCase().split('-')[0];
    const lang = LANGS.find((known) => known === base);
    if (lang) return lang;
  }
  return 'en';
}

/** @param {string} text @param {Values} [values] */
export function interpolate(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
}

export class I18n {
  /** @type {Store<Lang>} */
  lang;
  /** @type {Record<string, string>} */
  #catalogue = {};
  #load;
  #plural = new Intl.PluralRules('en');

  /** @param {Lang} lang @param {(lang: Lang) => Promise<Record<string, string>>} load */
  constructor(lang, load) {
    this.lang = new Store(lang);
    this.#load = load;
  }

  async start() {
    await this.use(this.lang.value);
  }

  /** @param {Lang} lang */
  async use(lang) {
    this.#catalogue = await this.#load(lang);
    this.#plural = new Intl.PluralRules(lang);
    this.lang.set(lang);
  }

  /** @param {string} key @returns {key is MessageKey} */
  has(key) {
    return Object.hasOwn(this.#catalogue, key);
  }

  /** @param {MessageKey} key @param {Values} [values] */
  t(key, values) {
    return interpolate(this.#catalogue[key] ?? key, values);
  }

  /** @param {number} seconds @returns {string} a span of time, rounded up: nobody shall come too early */
  span(seconds) {
    /** @type {[string, number]} */
    const [unit, size] = seconds <= 90 ? ['second', 1] : seconds <= 5_400 ? ['minute', 60] : ['hour', 3_600];
    const format = { style: /** @type {const} */ ('unit'), unit, unitDisplay: /** @type {const} */ ('long') };
    return new Intl.NumberFormat(this.lang.value, format).format(Math.max(1, Math.ceil(seconds / size)));
  }

  /**
   * @param {string} key without `.one` and `.other`
   * @param {number} n
   * @param {Values} [values]
   */
  count(key, n, values) {
    const form = this.#plural.select(n) === 'one' ? 'one' : 'other';
    const text = this.#catalogue[`${key}.${form}`] ?? key;
    return interpolate(text, { n: new Intl.NumberFormat(this.lang.value).format(n), ...values });
  }
}
