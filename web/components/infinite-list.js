import { net, tn, t } from '../core/context.js';
import { RallyElement, define, fill, h, reconcile } from '../core/element.js';
import { pathOf } from '../core/paths.js';
import { Problem } from '../core/problem.js';
import { errorState } from './states.js';

/**
 * A list that reads on while one scrolls: skeleton, rows, next portions, an end, and an error wherever it
 * happens, with the rows before it kept.
 *
 * @template T
 * @typedef {object} Source
 * @property {string} first path of the first page
 * @property {(path: string, signal: AbortSignal) => Promise<Portion<T>>} load
 * @property {(item: T) => string|number} key
 * @property {(item: T) => HTMLElement} row
 * @property {() => Node} skeleton
 * @property {() => Node} empty
 * @property {string} label
 * @property {string} [class]
 * @property {(page: Portion<T>) => void} [onpage]
 * @property {(item: T) => string} [mark] a row is drawn anew when this changes; by default when anything in it does
 * @property {(list: HTMLElement) => void} [arrange] gives the rows their places, each time that rows were drawn
 */

/**
 * @template T
 * @typedef {import('../core/types.js').Paged<T>|import('../core/types.js').Cursored<T>} Portion
 */

/**
 * @template T
 * @typedef {{rows: T[], next: string|null, count: number, pages: number}} ListState
 */

/** @template T */
export class InfiniteList extends RallyElement {
  /** @type {Source<T>|null} */
  source = null;
  /** Kept from an earlier visit. @type {ListState<T>|{pages: number}|null} */
  restored = null;
  /** @type {ListState<T>} */
  #state = { rows: [], next: null, count: 0, pages: 0 };
  #list = h('ul', { role: 'list' });
  /** What each node shows, to draw it anew only where something changed. @type {Map<string, string>} */
  #shown = new Map();
  #tail = h('div', { class: 'list-tail' });
  #status = h('p', { class: 'unseen', role: 'status' });
  /** Ends what is being read for an older source. */
  #reading = new AbortController();
  #busy = false;
  /** @type {IntersectionObserver|null} */
  #observer = null;
  /** @type {Promise<void>} */
  ready = Promise.resolve();

  /** @override */
  connected() {
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) this.#more();
      },
      { rootMargin: '800px' },
    );
    this.signal.addEventListener('abort', () => {
      this.#observer?.disconnect();
      this.#reading.abort();
    });
    this.#list.className = this.#given().class ?? 'rows';
    this.#list.setAttribute('aria-label', this.#given().label);
    this.ready = this.#start();
  }

  /** @returns {Source<T>} */
  #given() {
    if (!this.source) throw new Error('a list needs a source before it is connected');
    return this.source;
  }

  /** @returns {ListState<T>} */
  get state() {
    return this.#state;
  }

  /** Reads from the beginning; the old rows stay until the new ones are there. @param {Source<T>} source */
  renew(source) {
    this.source = source;
    this.restored = null;
    this.#list.classList.add('is-stale');
    this.ready = this.#start(true);
    return this.ready;
  }

  /** Reads from the beginning, with the same source. */
  again() {
    return this.renew(this.#given());
  }

  /** Puts a row first. @param {T} item */
  addFirst(item) {
    const { key } = this.#given();
    const rows = [item, ...this.#state.rows.filter((row) => key(row) !== key(item))];
    const more = rows.length - this.#state.rows.length;
    this.#state = { ...this.#state, rows, count: this.#state.count + more };
    this.#draw();
  }

  /** @param {string|number} key @param {T|null} item null removes the row */
  change(key, item) {
    const { key: of } = this.#given();
    const rows = this.#state.rows.flatMap((row) => {
      if (String(of(row)) !== String(key)) return [row];
      return item === null ? [] : [item];
    });
    const gone = this.#state.rows.length - rows.length;
    this.#state = { ...this.#state, rows, count: this.#state.count - gone };
    this.#draw();
  }

  /**
   * Changes rows where they stand, once the first ones have come.
   *
   * @param {(rows: T[]) => T[]} change the same array: nothing changed
   */
  alter(change) {
    const { rows: before, count, pages } = this.#state;
    const rows = pages > 0 ? change(before) : before;
    if (rows === before) return;
    this.#state = { ...this.#state, rows, count: count + rows.length - before.length };
    this.#draw();
  }

  /** @param {boolean} [keep] */
  async #start(keep = false) {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#busy = false;
    const { restored } = this;
    if (restored && 'rows' in restored) {
      this.#state = restored;
      this.#draw();
      return;
    }
    if (!keep) fill(this, this.#given().skeleton());
    const pages = Math.min(restored?.pages ?? 1, 8);
    await this.#read(this.#given().first, true);
    while (this.#state.pages < pages && this.#state.next) await this.#read(this.#state.next, false);
  }

  #more() {
    if (this.#state.next && !this.#busy) this.#read(this.#state.next, false);
  }

  /** @param {string} path @param {boolean} first */
  async #read(path, first) {
    const { signal } = this.#reading;
    const source = this.#given();
    this.#busy = true;
    try {
      const page = await source.load(path, signal);
      if (signal.aborted) return;
      this.#busy = false;
      this.#take(page, first);
      this.#draw();
    } catch (error) {
      if (signal.aborted) return;
      this.#busy = false;
      this.#failed(error, path, first);
    }
  }

  /** @param {Portion<T>} page @param {boolean} first */
  #take(page, first) {
    const { key } = this.#given();
    const rows = first ? [] : [...this.#state.rows];
    // Rows move between pages while one reads on; nothing may stand twice.
    const seen = new Set(rows.map(key));
    for (const row of page.results) if (!seen.has(key(row))) rows.push(row);
    this.#state = {
      rows,
      next: page.next === null ? null : pathOf(page.next),
      count: 'count' in page ? page.count : rows.length,
      pages: first ? 1 : this.#state.pages + 1,
    };
    this.#given().onpage?.(page);
  }

  #draw() {
    const source = this.#given();
    const { rows, next, count } = this.#state;
    this.#list.classList.remove('is-stale');
    if (rows.length === 0 && !next) {
      fill(this, this.#status, source.empty());
      this.#status.textContent = tn('list.count', 0);
      return;
    }
    this.#forgetChanged();
    reconcile(this.#list, rows, { key: source.key, create: source.row });
    if (!this.#list.isConnected || this.firstElementChild !== this.#list) {
      fill(this, this.#list, this.#tail, this.#status);
    }
    source.arrange?.(this.#list);
    this.#status.textContent = tn('list.count', count);
    this.#observer?.disconnect();
    if (next) {
      const button = h(
        'button',
        { type: 'button', class: 'button button-line', onclick: () => this.#more() },
        t('list.more'),
      );
      fill(this.#tail, button);
      this.#observer?.observe(button);
    } else {
      fill(this.#tail, rows.length > 8 ? h('p', { class: 'list-end' }, t('list.end')) : null);
    }
  }

  #forgetChanged() {
    const { key, mark = JSON.stringify } = this.#given();
    const now = new Map(this.#state.rows.map((row) => [String(key(row)), mark(row)]));
    for (const node of [...this.#list.children]) {
      const name = /** @type {HTMLElement} */ (node).dataset['key'] ?? '';
      if (now.get(name) !== this.#shown.get(name)) node.remove();
    }
    this.#shown = now;
  }

  /** @param {unknown} error @param {string} path @param {boolean} first */
  #failed(error, path, first) {
    const problem = Problem.from(error);
    if (problem.code === 'client.failure') reportError(error);
    this.#observer?.disconnect();
    const attempt = new AbortController();
    const retry = () => {
      attempt.abort();
      if (first) fill(this, this.#given().skeleton());
      this.#read(path, first);
    };
    const note = errorState(problem, retry);
    if (first) fill(this, note);
    else fill(this.#tail, note);
    if (!problem.offline) return;
    this.#reading.signal.addEventListener('abort', () => attempt.abort(), { once: true });
    net.online.subscribe((online) => {
      if (online) retry();
    }, attempt.signal);
  }
}

define('rally-infinite', InfiniteList);

/**
 * @template T
 * @param {Source<T>} source
 * @param {ListState<T>|{pages: number}|null} [restored]
 * @returns {InfiniteList<T>}
 */
export function infiniteList(source, restored = null) {
  const list = /** @type {InfiniteList<T>} */ (document.createElement('rally-infinite'));
  list.source = source;
  list.restored = restored;
  return list;
}
