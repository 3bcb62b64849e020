import { sizeLabel, tradedSize } from '../shop/size-picker.js';
import { api, t } from '../../core/context.js';
import { RallyElement, define, h } from '../../core/element.js';
import { bySize, parsePrice, plain, won } from '../../core/format.js';
import { MAX_PRICE } from '../../core/trade.js';
import { formDialog } from '../form-dialog.js';
import { field, input } from '../form.js';
import { emptyState, present, skeletonRows } from '../states.js';
import { toast } from '../toast.js';
import { actionButton, askAndDo } from './act.js';
import { table } from './table.js';

/**
 * @typedef {import('../../core/types.js').Product} Product
 * @typedef {import('../form.js').Field} Field
 */

const MAX_STOCK = 1_000_000;

/**
 * The sizes of an article. What people trade has only its size; what the store sells has a price and a stock.
 */
export class Sizes extends RallyElement {
  info = 0;
  store = false;
  /** @type {Product[]|null} those that the page has read already */
  known = null;
  #body = h('div');

  /** @override */
  connected() {
    this.replaceChildren(
      this.#body,
      h(
        'div',
        { class: 'setting-actions' },
        actionButton({ label: t('admin.size.add'), onclick: () => this.#add() }),
      ),
    );
    this.read();
  }

  get #path() {
    return `/api/shop/productinfos/${this.info}/products/`;
  }

  read() {
    return present(this.#body, {
      signal: this.signal,
      skeleton: () => skeletonRows(2),
      load: (signal) => this.#load(signal),
      show: (sizes) => this.#table(sizes),
    });
  }

  /** @param {AbortSignal} signal @returns {Promise<Product[]>} */
  async #load(signal) {
    /** @type {Product[]} */
    const products = this.known ?? (await api.get(this.#path, { signal }));
    this.known = null;
    return products.sort((a, b) => bySize(a.size, b.size));
  }

  /** @param {Product[]} sizes */
  #table(sizes) {
    const { store } = this;
    if (sizes.length === 0) return emptyState({ icon: 'shop', title: t('admin.size.empty') });
    /** @param {number|null} amount */
    const money = (amount) => (amount === null ? '–' : won(amount));
    /** @type {import('./table.js').Column<Product>[]} */
    const columns = [
      {
        label: t('filter.size'),
        kind: 'main',
        cell: ({ size }) => (sizes.length > 1 ? sizeLabel(size) : tradedSize(size)),
      },
      {
        label: t(store ? 'shop.store_price' : 'book.lowest_ask'),
        kind: 'number',
        cell: (size) => money(size.purchase_price),
      },
      store
        ? {
            label: t('admin.size.stock'),
            kind: 'number',
            cell: ({ stock }) => (stock === null ? '–' : plain(stock)),
          }
        : { label: t('book.highest_bid'), kind: 'number', cell: (size) => money(size.sales_price) },
      {
        label: t('admin.actions'),
        kind: 'actions',
        cell: (size) => [
          store && (size.size !== 'ALL' || sizes.length === 1)
            ? actionButton({
                label: t('admin.change'),
                said: t('admin.change_which', { name: tradedSize(size.size) }),
                onclick: () => this.#change(size),
              })
            : null,
          actionButton({
            label: t('admin.delete'),
            said: t('admin.delete_which', { name: tradedSize(size.size) }),
            onclick: () => this.#delete(size),
          }),
        ],
      },
    ];
    return table({ label: t('admin.sizes'), rows: sizes, columns });
  }

  /** @param {Product|null} size */
  #storeFields(size) {
    /** @param {string} name @param {string} label @param {number|null|undefined} value */
    const number = (name, label, value) =>
      field({
        label,
        control: input({
          name,
          required: true,
          inputmode: 'numeric',
          autocomplete: 'off',
          maxlength: 15,
          value: value == null ? '' : plain(value),
        }),
      });
    return {
      purchase_price: number('purchase_price', t('admin.size.price'), size?.purchase_price),
      stock: number('stock', t('admin.size.stock'), size?.stock),
    };
  }

  /** @param {Record<string, Field>} fields @returns {Record<string, string>} */
  #complaints({ purchase_price: price, stock }) {
    /** @param {Field|undefined} of @param {number} min @param {number} max */
    const wrong = (of, min, max) => {
      const value = of ? parsePrice(of.control.value) : min;
      if (value !== null && value >= min && value <= max && !of?.control.value.includes('-')) return '';
      return t('admin.said.between', { min: plain(min), max: plain(max) });
    };
    return { purchase_price: wrong(price, 1, MAX_PRICE), stock: wrong(stock, 0, MAX_STOCK) };
  }

  /** @param {Record<string, Field>} fields */
  #values({ purchase_price: price, stock }) {
    if (!price || !stock) return {};
    return { purchase_price: parsePrice(price.control.value), stock: parsePrice(stock.control.value) };
  }

  async #add() {
    const size = field({
      label: t('filter.size'),
      hint: t('admin.size.hint'),
      control: input({ name: 'size', required: true, maxlength: 20, autocomplete: 'off' }),
    });
    /** @type {Record<string, Field>} */
    const fields = { size, ...(this.store ? this.#storeFields(null) : {}) };
    const added = await formDialog({
      title: t('admin.size.add'),
      fields,
      submit: t('admin.add'),
      signal: this.signal,
      check: () => (this.store ? this.#complaints(fields) : {}),
      send: () => api.post(this.#path, { size: size.control.value.trim(), ...this.#values(fields) }),
    });
    if (!added) return;
    toast(t('admin.added'));
    this.read();
  }

  /** @param {Product} size */
  async #change(size) {
    const fields = this.#storeFields(size);
    const saved = await formDialog({
      title: t('admin.change_which', { name: tradedSize(size.size) }),
      fields,
      submit: t('admin.save'),
      signal: this.signal,
      check: () => this.#complaints(fields),
      send: () => api.patch(`${this.#path}${encodeURIComponent(size.size)}/`, this.#values(fields)),
    });
    if (!saved) return;
    toast(t('admin.saved'));
    this.read();
  }

  /** @param {Product} size */
  async #delete(size) {
    const gone = await askAndDo({
      title: t('admin.size.delete_title'),
      text: t('admin.size.delete_text', { size: tradedSize(size.size) }),
      confirm: t('admin.delete'),
      done: t('admin.deleted'),
      run: () => api.delete(`${this.#path}${encodeURIComponent(size.size)}/`),
      signal: this.signal,
    });
    if (gone) this.read();
  }
}

define('rally-admin-sizes', Sizes);
