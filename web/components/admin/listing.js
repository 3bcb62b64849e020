import { api, t, tn } from '../../core/context.js';
import { RallyElement, define, fill, h, uniqueId } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { navigate } from '../../core/navigation.js';
import { select } from '../form.js';
import { icon } from '../icon.js';
import { bone, emptyState, present, skeleton, times } from '../states.js';
import { askedFor, cursorIn, pageOf, pagesOf, refiltered, valueOf } from './query.js';

/**
 * @typedef {import('./query.js').Filter} Filter
 * @typedef {{count?: number, next: string|null, previous: string|null, results: any[]}} Portion
 *
 * @typedef {object} Listed
 * @property {string} path of the page
 * @property {string} source of the rows
 * @property {Filter[]} filters
 * @property {(rows: any[]) => Node} show
 * @property {{icon: import('../icon.js').IconName, title: string, text?: string}} empty
 * @property {(portion: any) => void} [onread] gets all of what was answered
 * @property {boolean} [cursor] leafed by cursor; nobody knows how many there are
 * @property {number} [size]
 */

/**
 * A list that the staff searches, filters and leafs through. All of that stands in the address.
 */
export class Listing extends RallyElement {
  /** @type {Listed|null} */
  options = null;
  query = new URLSearchParams();
  #body = h('div', { class: 'listing-body' });
  #pager = h('nav', { class: 'pager' });
  #status = h('p', { class: 'listing-count', role: 'status' });
  /** @type {(() => void)[]} */
  #fields = [];
  #reading = new AbortController();
  /** @type {Promise<unknown>} */
  ready = Promise.resolve();

  /** @override */
  connected() {
    this.signal.addEventListener('abort', () => this.#reading.abort());
    this.#pager.setAttribute('aria-label', t('admin.pages'));
    this.#status.hidden = this.#given.cursor === true;
    this.replaceChildren(this.#filters(), this.#status, this.#body, this.#pager);
    this.#read();
  }

  /** @returns {Listed} */
  get #given() {
    if (!this.options) throw new Error('a listing needs its options before it is connected');
    return this.options;
  }

  /** The address has changed. @param {URLSearchParams} query */
  show(query) {
    this.query = query;
    for (const set of this.#fields) set();
    this.#read(true);
  }

  /** Something was changed: reads the same page again, the old rows stay until then. */
  again() {
    this.#read(true);
    return this.ready;
  }

  /** @param {boolean} [keep] */
  #read(keep = false) {
    this.#reading.abort();
    this.#reading = new AbortController();
    const { source, filters, show, empty, cursor = false, size = 25 } = this.#given;
    const asked = askedFor(this.query, filters, { size, cursor });
    const filtered = filters.some((filter) => valueOf(this.query, filter));
    const old = keep ? [...this.#body.childNodes] : [];
    const stale = h('div', { class: 'is-stale' }, old);
    fill(this.#pager);
    this.ready = present(this.#body, {
      signal: this.#reading.signal,
      skeleton: () =>
        old.length > 0
          ? stale
          : skeleton(
              h(
                'div',
                { class: 'listing-bones' },
                times(6, () => bone('bone-line')),
              ),
            ),
      load: (signal) => api.get(`${source}?${asked}`, { signal }),
      show: (/** @type {Portion} */ portion) => {
        this.#leaf(portion, cursor, size);
        this.#given.onread?.(portion);
        if (portion.results.length > 0) return show(portion.results);
        const none = filtered || pageOf(this.query) > 1 || this.query.has('cursor');
        if (!none) return emptyState(empty);
        return emptyState({
          icon: 'filter',
          title: t('admin.none'),
          text: t('admin.none_text'),
          action: { href: this.#given.path, label: t('admin.clear') },
        });
      },
    });
  }

  /** @param {Portion} portion @param {boolean} cursor @param {number} size */
  #leaf({ count, next, previous }, cursor, size) {
    const page = pageOf(this.query);
    const pages = pagesOf(count ?? 0, size);
    this.#status.textContent = count === undefined ? '' : tn('list.count', count);
    /** @param {boolean} on @param {Record<string, string>} change @param {boolean} forward */
    const step = (on, change, forward) => {
      const label = t(forward ? 'admin.next' : 'admin.previous');
      const look = 'button button-line button-small';
      const body = forward ? [label, icon('next')] : [icon('back'), label];
      if (!on) return h('button', { type: 'button', class: look, disabled: true }, body);
      return h('a', { class: look, href: this.#given.path + refiltered(this.query, change) }, body);
    };
    if (!next && !previous) return fill(this.#pager);
    fill(
      this.#pager,
      step(
        previous !== null,
        cursor ? { cursor: cursorIn(previous) } : { page: page > 2 ? String(page - 1) : '' },
        false,
      ),
      cursor ? null : h('span', { class: 'number' }, t('admin.page', { n: plain(page), of: plain(pages) })),
      step(next !== null, cursor ? { cursor: cursorIn(next) } : { page: String(page + 1) }, true),
    );
  }

  /** @param {Record<string, string>} changes @param {boolean} [replace] */
  #go(changes, replace = false) {
    navigate(this.#given.path + refiltered(this.query, changes), { replace });
  }

  #filters() {
    const { filters } = this.#given;
    const typed = filters.filter(({ kind }) => kind === 'search' || kind === 'text');
    /** @type {Map<string, HTMLInputElement>} */
    const inputs = new Map();
    const submit = () =>
      this.#go(Object.fromEntries([...inputs].map(([name, { value }]) => [name, value.trim()])));
    this.#fields = [];
    const form = h(
      'form',
      {
        class: 'listing-filters',
        role: 'search',
        'aria-label': t('admin.search'),
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          submit();
        },
      },
      filters.map((filter) => this.#control(filter, inputs)),
      typed.length > 0
        ? h('button', { type: 'submit', class: 'button button-line button-small' }, t('admin.search'))
        : null,
    );
    // The cross of a search field empties it without a submit.
    form.addEventListener('search', (event) => {
      if (event.target instanceof HTMLInputElement && event.target.value === '') submit();
    });
    return filters.length > 0 ? form : h('div');
  }

  /** @param {Filter} filter @param {Map<string, HTMLInputElement>} inputs */
  #control(filter, inputs) {
    const { name, label, kind, options = [] } = filter;
    const id = uniqueId('filter');
    const value = () => valueOf(this.query, filter);
    if (kind === 'select') {
      const control = select({ id, class: 'input input-small select', value: value() }, [
        { value: '', label: t('admin.any') },
        ...options,
      ]);
      control.addEventListener('change', () => this.#go({ [name]: control.value }, true));
      this.#fields.push(() => (control.value = value()));
      return h('div', { class: 'listing-field' }, h('label', { class: 'label', for: id }, label), control);
    }
    if (kind === 'check') {
      const control = h('input', {
        type: 'checkbox',
        id,
        checked: value() !== '',
        onchange: () => this.#go({ [name]: control.checked ? 'true' : '' }, true),
      });
      this.#fields.push(() => (control.checked = value() !== ''));
      return h('label', { class: 'tick listing-check', for: id }, control, label);
    }
    const control = h('input', {
      id,
      type: kind === 'search' ? 'search' : 'text',
      class: 'input input-small',
      autocomplete: 'off',
      maxlength: 80,
      value: this.query.get(name) ?? '',
    });
    inputs.set(name, control);
    this.#fields.push(() => {
      if (document.activeElement !== control || this.query.get(name))
        control.value = this.query.get(name) ?? '';
    });
    return h(
      'div',
      { class: kind === 'search' ? 'listing-field listing-search' : 'listing-field' },
      h('label', { class: 'label', for: id }, label),
      control,
    );
  }
}

define('rally-listing', Listing);

/** @param {Listed} options @param {URLSearchParams} query */
export function listing(options, query) {
  const element = /** @type {Listing} */ (document.createElement('rally-listing'));
  element.options = options;
  element.query = query;
  return element;
}
