import { t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { CATEGORIES, DELIVERIES } from '../../core/filters.js';
import { MAX_PRICE } from '../../core/trade.js';
import { sayingIt } from '../field-words.js';
import { field, form, input, select } from '../form.js';
import { guardLeaving } from '../leaving.js';
import { articleBody, articleComplaints } from './article-values.js';
import { brandOptions } from './brands.js';

/**
 * @typedef {import('../../core/types.js').Info} Info
 * @typedef {import('../../core/types.js').Brand} Brand
 * @typedef {import('./article-values.js').Values} Values
 */

/**
 * Every field of an article.
 *
 * @param {object} options
 * @param {Partial<Values>} options.values to begin with
 * @param {Partial<Values>} [options.draft] what was typed and not saved before
 * @param {Brand[]} options.brands
 * @param {string} options.submit
 * @param {(body: object) => Promise<unknown>} options.send
 * @param {AbortSignal} options.signal
 * @returns {{element: HTMLElement, draft: () => Values|null}} draft: what was typed and is not saved
 */
export function articleForm({ values, draft = {}, brands, submit, send, signal }) {
  /** @param {keyof Values} name */
  const at = (name) => draft[name] ?? values[name] ?? '';
  /** @param {keyof Values} name @param {Record<string, unknown>} [props] */
  const line = (name, props = {}) =>
    input({ name, autocomplete: 'off', maxlength: 200, value: at(name), ...props });
  /** @param {keyof Values} name */
  const number = (name) => line(name, { inputmode: 'numeric', maxlength: 15 });

  const fields = {
    brand: field({
      label: t('filter.brand'),
      control: select({ name: 'brand', required: true, value: at('brand') }, [
        { value: '', label: t('admin.choose') },
        ...brandOptions(brands),
      ]),
    }),
    eng_name: field({ label: t('admin.article.eng_name'), control: line('eng_name', { required: true }) }),
    kor_name: field({
      label: t('admin.article.kor_name'),
      hint: t('admin.article.kor_name_hint'),
      control: line('kor_name'),
      optional: true,
    }),
    category: field({
      label: t('filter.category'),
      control: select({ name: 'category', required: true, value: at('category') }, [
        { value: '', label: t('admin.choose') },
        ...CATEGORIES.map((value) => ({ value, label: t(`category.${value}`) })),
      ]),
    }),
    delivery_tag: field({
      label: t('filter.delivery'),
      hint: t('admin.article.delivery_hint'),
      control: select(
        { name: 'delivery_tag', required: true, value: at('delivery_tag') || 'immediate' },
        DELIVERIES.map((value) => ({ value, label: t(`delivery.${value}`) })),
      ),
    }),
    model_number: field({ label: t('article.model'), control: line('model_number'), optional: true }),
    colorway: field({ label: t('article.colorway'), control: line('colorway'), optional: true }),
    retail_price: field({
      label: t('admin.article.retail'),
      control: number('retail_price'),
      optional: true,
    }),
    release_date: field({
      label: t('article.released'),
      control: line('release_date', { type: 'date', maxlength: 10 }),
      optional: true,
    }),
    tick: field({
      label: t('admin.article.tick'),
      hint: t('admin.article.tick_hint'),
      control: number('tick'),
    }),
  };
  if (!fields.tick.control.value) fields.tick.control.value = '1000';

  /** @returns {Values} */
  const typed = () =>
    /** @type {Values} */ (
      Object.fromEntries(Object.entries(fields).map(([name, { control }]) => [name, control.value.trim()]))
    );
  // What the form starts from, also where it was left with something typed.
  const left = Object.keys(draft).length > 0;
  let saved = JSON.stringify(left ? blank(typed(), values) : typed());
  const dirty = () => JSON.stringify(typed()) !== saved;

  const element = form({
    fields,
    submit,
    check: () => {
      /** @type {Record<string, string>} */
      const said = {};
      for (const [name, key] of Object.entries(articleComplaints(typed())))
        said[name] = t(key, {
          min: '1',
          max: name === 'tick' ? '1,000,000' : MAX_PRICE.toLocaleString('en-US'),
        });
      return said;
    },
    send: async () => {
      const now = typed();
      await sayingIt(() => {
        // Going to the article that was just made is no reason to ask.
        const before = saved;
        saved = JSON.stringify(now);
        return send(articleBody(now)).catch((error) => {
          saved = before;
          throw error;
        });
      });
    },
  });
  element.classList.add('form-wide');
  guardLeaving(dirty, signal);
  return { element: h('div', null, element), draft: () => (dirty() ? typed() : null) };
}

/** @param {Values} typed @param {Partial<Values>} values @returns {Values} as the fields were before anything was typed */
function blank(typed, values) {
  return /** @type {Values} */ (
    Object.fromEntries(
      Object.keys(typed).map((name) => [name, values[/** @type {keyof Values} */ (name)] ?? '']),
    )
  );
}
