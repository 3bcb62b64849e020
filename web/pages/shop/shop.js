import { openDialog } from '../../components/dialog.js';
import { icon } from '../../components/icon.js';
import { infiniteList } from '../../components/infinite-list.js';
import { productItem, skeletonCards } from '../../components/product-card.js';
import '../../components/search-box.js';
import { filterGroups, filterLabel } from '../../components/shop/filters.js';
import { emptyState } from '../../components/states.js';
import { select } from '../../components/form.js';
import { api, t, tn } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import {
  DEFAULT_ORDERING,
  ORDERINGS,
  activeFilters,
  cleared,
  listPath,
  orderingOf,
  toggled,
} from '../../core/filters.js';
import { navigate } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { withQuery } from '../../core/router.js';

/**
 * @typedef {import('../../core/types.js').Info} Info
 * @typedef {import('../../core/types.js').Facets} Facets
 * @typedef {import('../../core/types.js').InfoPage} InfoPage
 */

const PAGE_SIZE = 24;

/** The grid. Its filters are the address: what one sees can be shared, reloaded and gone back to. */
class ShopPage extends Page {
  /** @type {Facets|null} */
  #facets = null;
  /** @type {number|null} */
  #total = null;
  /** Nothing matched what is searched for; what is shown is spelled alike. */
  #similar = false;
  #heading = h('h1');
  #count = h('p', { class: 'shop-count' });
  #note = h('p', { class: 'shop-similar', role: 'status' });
  #chips = h('div', { class: 'chips active-filters' });
  #filterCount = h('span', { class: 'count-badge' });
  #ordering = h('select');
  #side = filterGroups({ id: 'side', onchange: (query) => this.#go(query) });
  /** @type {import('../../components/infinite-list.js').InfiniteList<Info>} */
  #list = infiniteList(this.#source());

  /** @override */
  connected() {
    this.#facets = this.restored?.facets ?? null;
    this.#total = this.restored?.count ?? null;
    this.#similar = this.restored?.similar ?? false;
    this.#list.restored = this.restored;
    this.#ordering = select(
      {
        class: 'input select select-plain',
        'aria-label': t('shop.ordering'),
        onchange: () => this.#order(),
      },
      ORDERINGS.map((value) => ({ value, label: t(`ordering.${value}`) })),
    );
    this.replaceChildren(
      h(
        'div',
        { class: 'shop' },
        h('aside', { class: 'shop-side', 'aria-label': t('shop.filters') }, this.#side.element),
        h(
          'div',
          { class: 'shop-main' },
          h('rally-search', { class: 'shop-search' }),
          h(
            'div',
            { class: 'shop-head' },
            h('div', { class: 'shop-title' }, this.#heading, this.#count),
            h(
              'div',
              { class: 'shop-tools' },
              h(
                'button',
                {
                  type: 'button',
                  class: 'button button-line button-small shop-filter',
                  onclick: () => this.#sheet(),
                },
                icon('filter'),
                t('shop.filters'),
                this.#filterCount,
              ),
              this.#ordering,
            ),
          ),
          this.#chips,
          this.#note,
          this.#list,
        ),
      ),
    );
    this.ready = this.#list.ready;
    this.#draw();
  }

  /** @override */
  snapshot() {
    return { ...this.#list.state, facets: this.#facets, similar: this.#similar };
  }

  /** @override @param {URLSearchParams} query @param {string} kind */
  update(query, kind) {
    // Back and forward show what was kept under that entry, at its place.
    if (kind === 'pop') return false;
    this.query = query;
    this.#draw();
    this.#list.renew(this.#source());
    if (scrollY > 0) scrollTo({ top: 0 });
    return true;
  }

  /** @returns {import('../../components/infinite-list.js').Source<Info>} */
  #source() {
    return {
      first: '',
      label: t('shop.title'),
      class: 'grid',
      key: (info) => info.id,
      row: (info) => productItem(info, this.query.getAll('size')),
      // The same article is another card under another size.
      mark: (info) => `${this.query.getAll('size')} ${JSON.stringify(info)}`,
      skeleton: () => skeletonCards(8),
      load: (path, signal) => api.get(path || listPath(this.query, { pageSize: PAGE_SIZE }), { signal }),
      onpage: (page) => {
        const { facets, count, similar } = /** @type {InfoPage} */ (page);
        if (facets) this.#facets = facets;
        this.#total = count;
        this.#similar = similar === true;
        this.#draw();
      },
      empty: () => this.#empty(),
    };
  }

  /** The way out that is shortest: without the filters, then without the words. */
  #empty() {
    const filtered = activeFilters(this.query).length > 0;
    const query = cleared(this.query).toString();
    const href = filtered && query ? `/shop?${query}` : '/shop';
    return emptyState({
      icon: 'search',
      title: t('shop.empty.title'),
      text: t(filtered ? 'shop.empty.text' : 'shop.empty.words'),
      action: { href, label: t(filtered ? 'shop.empty.clear' : 'shop.empty.action') },
    });
  }

  /** @param {URLSearchParams} query */
  #go(query) {
    const text = query.toString();
    navigate(text ? `/shop?${text}` : '/shop');
  }

  #order() {
    const value = this.#ordering.value;
    navigate(`/shop${withQuery(this.query, { ordering: value === DEFAULT_ORDERING ? null : value })}`);
  }

  #draw() {
    const search = this.query.get('search')?.trim();
    const categories = this.query.getAll('category');
    const [only] = categories;
    const title = search
      ? t('shop.results', { search })
      : categories.length === 1 && only
        ? filterLabel('category', only, null)
        : t('shop.title');
    this.#heading.textContent = title;
    this.setTitle(title);
    this.#count.textContent = this.#total === null ? '' : tn('shop.count', this.#total);
    this.#ordering.value = orderingOf(this.query);
    const similar = this.#similar && search && this.#total !== 0;
    this.#note.textContent = similar ? t('shop.similar', { search }) : '';
    this.#side.show(this.query, this.#facets);
    this.#drawChips();
  }

  #drawChips() {
    const active = activeFilters(this.query);
    const search = this.query.get('search')?.trim();
    this.#filterCount.textContent = active.length > 0 ? String(active.length) : '';
    this.#chips.hidden = active.length === 0 && !search;
    const words = new URLSearchParams(this.query);
    words.delete('search');
    fill(
      this.#chips,
      search ? this.#chip(t('shop.words', { search }), words) : null,
      active.map(({ name, value }) =>
        this.#chip(filterLabel(name, value, this.#facets), toggled(this.query, name, value)),
      ),
      active.length === 0
        ? null
        : h(
            'button',
            { type: 'button', class: 'link-button', onclick: () => this.#go(cleared(this.query)) },
            t('filter.clear'),
          ),
    );
  }

  /** @param {string} label @param {URLSearchParams} without the query when it is taken away */
  #chip(label, without) {
    return h(
      'button',
      {
        type: 'button',
        class: 'chip-button',
        'aria-label': t('filter.remove', { label }),
        onclick: () => this.#go(without),
      },
      h('span', { class: 'chip-text' }, label),
      icon('close'),
    );
  }

  /** On a phone the filters are chosen in peace and applied at once: one step in the history, not ten. */
  #sheet() {
    let draft = new URLSearchParams(this.query);
    let asking = new AbortController();
    const apply = h('button', {
      type: 'button',
      class: 'button button-ink button-wide',
      onclick: () => {
        dialog.close();
        if (draft.toString() !== this.query.toString()) this.#go(draft);
      },
    });
    const clear = h('button', {
      type: 'button',
      class: 'button button-line',
      onclick: () => change(cleared(draft)),
    });
    clear.textContent = t('filter.clear');
    const groups = filterGroups({ id: 'sheet', onchange: (query) => change(query) });
    /** @param {URLSearchParams} query */
    const change = async (query) => {
      draft = query;
      groups.show(draft, this.#facets);
      asking.abort();
      asking = new AbortController();
      const { signal } = asking;
      try {
        /** @type {InfoPage} */
        const page = await api.get(listPath(draft, { pageSize: 1 }), { signal });
        if (signal.aborted) return;
        groups.show(draft, page.facets ?? this.#facets);
        apply.textContent = tn('filter.show', page.count);
      } catch {
        // The count is a courtesy; applying works without it.
        if (!signal.aborted) apply.textContent = t('filter.apply');
      }
    };
    apply.textContent = t('filter.apply');
    const dialog = openDialog({
      title: t('shop.filters'),
      class: 'dialog-tall',
      signal: this.signal,
      body: [groups.element, h('div', { class: 'dialog-foot' }, clear, apply)],
    });
    dialog.closed.then(() => asking.abort());
    change(draft);
  }
}

define('page-shop', ShopPage);
