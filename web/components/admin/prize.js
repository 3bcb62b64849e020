import { api, explain, i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { articleName } from '../../core/names.js';
import { Problem } from '../../core/problem.js';
import { openDialog } from '../dialog.js';
import { formDialog } from '../form-dialog.js';
import { field, notice, select } from '../form.js';
import { prizeLine } from '../pong/prize.js';
import { tradedSize } from '../shop/size-picker.js';
import { pickProduct } from '../style/product-picker.js';
import { toast } from '../toast.js';
import { askAndDo } from './act.js';

/**
 * The prize of a tournament that is open.
 *
 * @typedef {import('../../core/pong-types.js').CupBrief} CupBrief
 * @typedef {import('../../core/types.js').Product} Product
 */

/**
 * What there is to know before one does it; the law above all.
 *
 * @param {CupBrief} cup
 * @param {AbortSignal} signal
 * @returns {Promise<'pick'|'remove'|null>}
 */
async function begin({ name, prize }, signal) {
  /** @type {'pick'|'remove'|null} */
  let chosen = null;
  /** @param {'pick'|'remove'} what @param {string} tone @param {string} label */
  const button = (what, tone, label) =>
    h(
      'button',
      {
        type: 'button',
        class: `button button-${tone}`,
        onclick: () => {
          chosen = what;
          dialog.close();
        },
      },
      label,
    );
  const dialog = openDialog({
    title: t('admin.prize_of', { name }),
    signal,
    body: h(
      'div',
      { class: 'stack' },
      prize ? prizeLine(prize) : h('p', { class: 'muted' }, t('admin.prize_none')),
      h('p', null, t('admin.prize_what')),
      notice('warn', t('admin.prize_law')),
      h(
        'div',
        { class: 'dialog-actions' },
        prize ? button('remove', 'line', t('admin.prize_remove')) : null,
        button('pick', 'accent', t(prize ? 'admin.prize_other' : 'admin.prize_pick')),
      ),
    ),
  });
  await dialog.closed;
  return chosen;
}

/** @param {number} info @param {AbortSignal} signal @returns {Promise<Product[]>} none when they can't be read */
async function sizesOf(info, signal) {
  try {
    return await api.get(`/api/shop/productinfos/${info}/products/`, { signal });
  } catch (error) {
    if (!signal.aborted) toast(explain(Problem.from(error)), { bad: true });
    return [];
  }
}

/** @param {string} path @param {AbortSignal} signal */
async function put(path, signal) {
  const article = await pickProduct(signal);
  if (!article || signal.aborted) return false;
  const all = await sizesOf(article.info_id, signal);
  if (all.length === 0 || signal.aborted) return false;
  const sizes = all.length > 1 ? all.filter(({ size }) => size !== 'ALL') : all;
  const size = field({
    label: t('size.choose'),
    control: select(
      { name: 'product_id', required: true },
      sizes.map(({ id, size: name, stock }) => ({
        value: String(id),
        label: stock === 0 ? t('admin.prize_sold_out', { size: tradedSize(name) }) : tradedSize(name),
      })),
    ),
    hint: t('admin.prize_stock'),
  });
  const done = await formDialog({
    title: articleName(article, i18n.lang.value),
    fields: { product_id: size },
    more: notice('warn', t('admin.prize_law')),
    submit: t('admin.prize_set'),
    send: () => api.put(path, { product_id: Number(size.control.value) }),
    signal,
  });
  if (!done) return false;
  toast(t('admin.prize_done'));
  return true;
}

/**
 * Puts an article up as the prize of a tournament, or takes it back.
 *
 * @param {CupBrief} cup
 * @param {AbortSignal} signal
 * @returns {Promise<boolean>} something changed
 */
export async function changePrize(cup, signal) {
  const path = `/api/pong/tournaments/${cup.id}/prize/`;
  const chosen = await begin(cup, signal);
  if (!chosen || signal.aborted) return false;
  if (chosen === 'pick') return put(path, signal);
  return askAndDo({
    title: t('admin.prize_remove'),
    text: t('admin.prize_of', { name: cup.name }),
    confirm: t('admin.prize_remove'),
    done: t('admin.prize_removed'),
    run: () => api.delete(path),
    signal,
  });
}
