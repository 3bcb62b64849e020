import { t } from '../../core/context.js';
import { RallyElement, define, h, play, reconcile, uniqueId } from '../../core/element.js';
import { bySize, won } from '../../core/format.js';

/** @typedef {import('../../core/types.js').Product} Product */
/** @typedef {import('../../core/types.js').Side} Side */

/** @param {string} size */
export function sizeLabel(size) {
  return size === 'ALL' ? t('size.all') : size;
}

/** @param {string} size that was traded or bid on: ALL is one only where there are no others */
export function tradedSize(size) {
  return size === 'ALL' ? t('size.one') : size;
}

/**
 * Sizes with what each costs right now. Prices change in place while one looks.
 */
export class SizePicker extends RallyElement {
  /** @type {Product[]} */
  products = [];
  /** @type {string|null} */
  value = null;
  /** Which price to show: what a buyer pays or what a seller gets. @type {Side} */
  side = 'purchase';
  /** The store sells them: a size without a price is sold out. */
  store = false;
  /** @type {(size: string) => void} */
  onpick = () => {};
  #name = uniqueId('size');
  #list = h('div', { class: 'sizes' });

  /** @override */
  connected() {
    this.replaceChildren(
      h('fieldset', { class: 'bare' }, h('legend', { class: 'label' }, t('size.choose')), this.#list),
    );
    this.draw();
  }

  draw() {
    const products = [...this.products].sort((a, b) => bySize(a.size, b.size));
    reconcile(this.#list, products, {
      key: (product) => product.size,
      create: (product) => this.#create(product),
      update: (node, product) => this.#update(node, product),
    });
  }

  /** @param {Product} product */
  #create(product) {
    const node = h(
      'label',
      { class: 'size' },
      h('input', {
        type: 'radio',
        name: this.#name,
        value: product.size,
        onchange: () => this.onpick(product.size),
      }),
      h('span', { class: 'size-name' }, sizeLabel(product.size)),
      h('span', { class: 'size-price' }),
    );
    this.#update(node, product);
    return node;
  }

  /** @param {HTMLElement} node @param {Product} product */
  #update(node, product) {
    const price = this.side === 'purchase' ? product.purchase_price : product.sales_price;
    const box = /** @type {HTMLInputElement} */ (node.querySelector('input'));
    box.checked = product.size === this.value;
    const none = this.store ? 'size.sold_out' : this.side === 'purchase' ? 'size.no_ask' : 'size.no_bid';
    const text = price === null ? t(none) : won(price);
    const label = /** @type {HTMLElement} */ (node.querySelector('.size-price'));
    if (label.textContent === text) return;
    const first = label.textContent === '';
    label.textContent = text;
    node.classList.toggle('size-none', price === null);
    if (!first) play(label, 'flash');
  }
}

define('rally-sizes', SizePicker);
