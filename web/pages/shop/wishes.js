import { infiniteList } from '../../components/infinite-list.js';
import { myPage } from '../../components/my-nav.js';
import { briefRow } from '../../components/shop/brief-row.js';
import { sizeLabel } from '../../components/shop/size-picker.js';
import { askTarget } from '../../components/shop/wish-target.js';
import { icon } from '../../components/icon.js';
import { emptyState, skeletonRows } from '../../components/states.js';
import { toast } from '../../components/toast.js';
import { api, explain, i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { won } from '../../core/format.js';
import { articleName } from '../../core/names.js';
import { Page } from '../../core/page.js';

/** @typedef {import('../../core/types.js').Wish} Wish */

/** What I keep an eye on. */
class WishesPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Wish>|null} */
  #list = null;

  /** @override */
  connected() {
    this.#list = infiniteList(
      {
        first: '/api/shop/wishes/?page_size=20',
        load: (path, signal) => api.get(path, { signal }),
        label: t('wishes.title'),
        key: (wish) => wish.product_id,
        row: (wish) => this.#row(wish),
        skeleton: () => skeletonRows(4),
        empty: () =>
          emptyState({
            icon: 'wish',
            title: t('wishes.empty'),
            text: t('wishes.empty_text'),
            action: { href: '/shop', label: t('wishes.empty_action') },
          }),
      },
      this.restored,
    );
    this.replaceChildren(myPage('wishes', h('h1', null, t('wishes.title')), this.#list));
    this.ready = this.#list.ready;
  }

  /** @override */
  snapshot() {
    return this.#list?.state ?? null;
  }

  /** @param {Wish} wish */
  #row(wish) {
    const name = articleName(wish, i18n.lang.value);
    const label = t(wish.target_price === null ? 'wishes.target_set' : 'wishes.target_change');
    const row = briefRow({
      info: wish,
      size: sizeLabel(wish.size),
      href: `/shop/${wish.info_id}?size=${encodeURIComponent(wish.size)}`,
      note: this.#target(wish),
      end: [
        h('strong', { class: 'number' }, wish.price === null ? t('wishes.no_price') : won(wish.price)),
        h(
          'div',
          { class: 'row-actions' },
          h(
            'button',
            {
              type: 'button',
              class: 'button button-line button-small',
              'aria-label': t('wishes.target_which', { label, name }),
              onclick: () => this.#change(wish),
            },
            label,
          ),
          h(
            'button',
            {
              type: 'button',
              class: 'icon-button is-on',
              'aria-label': t('wishes.remove', { name }),
              onclick: () => this.#remove(wish, row),
            },
            icon('wish'),
          ),
        ),
      ],
    });
    return row;
  }

  /** @param {Wish} wish */
  #target({ target_price: target, target_reached_at: at, price }) {
    if (target === null) return null;
    const reached = Boolean(at) || (price !== null && price <= target);
    return [
      h('span', { class: 'badge' }, t('wishes.target', { price: won(target) })),
      reached ? h('span', { class: 'badge badge-good' }, icon('check'), t('wishes.reached')) : null,
    ];
  }

  /** @param {Wish} wish */
  async #change(wish) {
    const { signal } = this;
    try {
      // The steps in which prices go are the article's.
      /** @type {import('../../core/types.js').Info} */
      const { tick } = await api.get(`/api/shop/productinfos/${wish.info_id}/`, { signal });
      const { product_id: product, price: ask, target_price: target } = wish;
      const next = await askTarget({ product, tick, ask, target, signal });
      if (next === undefined || signal.aborted) return;
      this.#list?.change(product, { ...wish, target_price: next, target_reached_at: null });
      toast(t(next === null ? 'wishes.target_cleared' : 'wishes.target_saved'));
    } catch (error) {
      if (!signal.aborted) toast(explain(error), { bad: true });
    }
  }

  /** The row goes at once and comes back when the server refuses. @param {Wish} wish @param {HTMLElement} row */
  async #remove(wish, row) {
    row.hidden = true;
    try {
      await api.post(`/api/shop/products/${wish.product_id}/wishes/`);
      this.#list?.change(wish.product_id, null);
      toast(t('wishes.removed'));
    } catch (error) {
      row.hidden = false;
      row.classList.add('shake');
      toast(explain(error), { bad: true });
    }
  }
}

define('page-wishes', WishesPage);
