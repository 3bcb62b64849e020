import { matchPath } from './match.js';
import { Store } from './store.js';
import { parsed, tab } from './storage.js';
import { uuid } from './uuid.js';

/**
 * @typedef {object} Route
 * @property {string} path
 * @property {import('./i18n.js').MessageKey} title
 * @property {string} tag element that is the page
 * @property {() => Promise<unknown>} load defines the element
 * @property {'user'|'guest'} [access] for signed-in people, or for others, only
 */

/**
 * @typedef {object} Parts
 * @property {HTMLElement} outlet
 * @property {Route[]} routes
 * @property {Route} missing the page for an address that doesn't exist
 * @property {(route: Route, url: URL) => Promise<string|null>} guard another path to go to instead
 * @property {(route: Route) => string} name the page's name until it knows a better one
 * @property {(name: string) => string} title the document's title for a page's name
 * @property {(error: unknown, retry: () => void) => Node} failure shown when a page's code can't be read
 * @property {(busy: boolean) => void} busy
 */

/** @typedef {{y: number, snapshot: any, at: number}} Memory */

const STORE = 'rally.pages';
const KEPT = 30;
/** An older snapshot shows prices that are no longer true; only the scroll position is used then. */
const FRESH_MS = 5 * 60_000;
/** After that long without another step nobody is stepping, and none is under way. */
const QUIET_MS = 300;

/**
 * Addresses and the history. A page is an element; leaving it keeps a snapshot and the scroll position under
 * the history entry, so that going back shows what was there, at once and at the same place.
 */
export class Router {
  /** @type {Store<URL>} */
  url;
  /**
   * Asked before the page is left; true keeps it. Whoever keeps it may call `go` later, with nothing held any more.
   *
   * @type {((go: () => void) => boolean)|null}
   */
  hold = null;
  #parts;
  #key = '';
  /** Where a link led here from, path and query; null after other ways. @type {string|null} */
  from = null;
  /** Which entry of the history this is, counted from where the person came in. */
  #place = 0;
  /** On the way back to the entry of a page that stays. */
  #returning = false;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #again;
  /** @type {(() => void)|null} what waits until that entry is reached */
  #then = null;
  #turn = 0;
  /** @type {Route|null} */
  #route = null;
  /** @type {import('./page.js').Page|null} */
  #page = null;
  /** @type {Map<string, Memory>} */
  #memory;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.url = new Store(new URL(location.href));
    this.#memory = new Map(parsed(tab.get(STORE), /** @type {[string, Memory][]} */ ([])));
  }

  get path() {
    return this.url.value.pathname + this.url.value.search;
  }

  start() {
    history.scrollRestoration = 'manual';
    document.addEventListener('click', (event) => this.#click(event));
    addEventListener('popstate', (event) => {
      if (this.#returning) {
        this.#comeBack();
        return;
      }
      const steps = this.#off;
      if (steps !== 0 && this.hold?.(() => this.#onceBack(() => history.go(steps)))) {
        // The browser has gone already: back to the entry of the page that stays.
        this.#returning = true;
        history.go(-steps);
        this.#comeBack();
        return;
      }
      this.#place += steps;
      this.from = null;
      this.#remember();
      this.#key = event.state?.key ?? '';
      // A jump to a fragment made an entry of its own.
      if (!this.#key) this.#write(location.href, true);
      this.#show('pop');
    });
    addEventListener('pagehide', () => this.#persist());
    this.#key = history.state?.key ?? '';
    this.#place = history.state?.place ?? 0;
    if (!this.#key) this.#write(location.href, true);
    return this.#show('start');
  }

  /**
   * @param {string} href same origin
   * @param {{replace?: boolean}} [options]
   * @returns {Promise<void>}
   */
  navigate(href, { replace = false } = {}) {
    const url = new URL(href, location.href);
    if (url.origin !== location.origin) {
      location.assign(url);
      return Promise.resolve();
    }
    if (this.hold?.(() => this.#onceBack(() => this.navigate(href, { replace })))) return Promise.resolve();
    this.#remember();
    const same = url.href === location.href;
    if (!replace) this.from = this.path;
    this.#write(url.href, replace || same);
    return this.#show(replace ? 'replace' : 'push');
  }

  /**
   * The page that is shown has another address from now on, and stays as it is.
   *
   * @param {string} href
   * @param {Record<string, string>} params
   */
  readdress(href, params) {
    if (this.#page) this.#page.params = params;
    this.#write(new URL(href, location.href).href, true);
    this.url.set(new URL(location.href));
  }

  /**
   * Draws the present page anew: another language, or somebody else is signed in.
   *
   * @param {{forget?: boolean}} [options] forget: nothing that was on any page may come back
   */
  refresh({ forget = false } = {}) {
    if (forget) this.#memory.clear();
    else this.#remember();
    return this.#show('refresh');
  }

  back() {
    history.back();
  }

  /** How many steps the browser is from the entry of the page shown. */
  get #off() {
    // An entry without a place is new: a jump to a fragment made it.
    return (history.state?.place ?? this.#place + 1) - this.#place;
  }

  /**
   * Looks whether the browser is back at the entry of the page that stays. Somebody who steps on meanwhile may call
   * off the way back, or end beyond it: whenever it's quiet, the rest of the way is gone.
   */
  #comeBack() {
    clearTimeout(this.#again);
    if (this.#off !== 0) {
      this.#again = setTimeout(() => {
        // No steps at all would read the page anew.
        if (this.#off !== 0) history.go(-this.#off);
        this.#comeBack();
      }, QUIET_MS);
      return;
    }
    this.#returning = false;
    const then = this.#then;
    this.#then = null;
    then?.();
  }

  /** @param {() => void} then */
  #onceBack(then) {
    if (this.#returning) this.#then = then;
    else then();
  }

  /** @param {string} href @param {boolean} replace */
  #write(href, replace) {
    if (!replace || !this.#key) this.#key = uuid();
    if (!replace) this.#place += 1;
    const state = { key: this.#key, place: this.#place };
    if (replace) history.replaceState(state, '', href);
    else history.pushState(state, '', href);
  }

  #remember() {
    if (!this.#key || !this.#page) return;
    this.#memory.delete(this.#key);
    this.#memory.set(this.#key, { y: scrollY, snapshot: this.#page.snapshot(), at: Date.now() });
    for (const key of this.#memory.keys()) {
      if (this.#memory.size <= KEPT) break;
      this.#memory.delete(key);
    }
  }

  #persist() {
    this.#remember();
    // A reload asks for fresh data; it needs the place only, and how much there was.
    const brief = [...this.#memory].map(([key, { y, snapshot }]) => [
      key,
      { y, snapshot: snapshot?.pages ? { pages: snapshot.pages } : null, at: 0 },
    ]);
    tab.set(STORE, JSON.stringify(brief));
  }

  /** @param {URL} url @returns {{route: Route, params: Record<string, string>}} */
  #find(url) {
    for (const route of this.#parts.routes) {
      const params = matchPath(route.path, url.pathname);
      if (params) return { route, params };
    }
    return { route: this.#parts.missing, params: {} };
  }

  /** @param {'start'|'push'|'replace'|'pop'|'refresh'} kind @returns {Promise<void>} */
  async #show(kind) {
    const turn = ++this.#turn;
    this.#parts.busy(true);
    const url = new URL(location.href);
    const { route, params } = this.#find(url);
    const instead = await this.#parts.guard(route, url);
    if (turn !== this.#turn) return;
    if (instead !== null) {
      this.#page = null;
      return this.navigate(instead, { replace: true });
    }
    const sameQuery = url.search === this.url.value.search;
    this.url.set(url);
    const samePage = this.#route === route && JSON.stringify(this.#page?.params) === JSON.stringify(params);
    if (kind !== 'refresh' && this.#page?.isConnected && samePage) {
      const stays = sameQuery ? kind !== 'push' : this.#page.update(url.searchParams, kind);
      if (stays) return this.#parts.busy(false);
    }
    try {
      await route.load();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#parts.busy(false);
      return this.#unreadable(error);
    }
    if (turn !== this.#turn) return;
    this.#mount(route, params, url, kind);
    await this.#settle(kind, turn);
  }

  /** @param {unknown} error */
  #unreadable(error) {
    this.#page = null;
    // After a new version is out, its predecessor's files may be gone: one full load gets the new ones.
    const now = Date.now();
    if (navigator.onLine && now - Number(tab.get('rally.reloaded') ?? 0) > 60_000) {
      tab.set('rally.reloaded', String(now));
      location.reload();
      return;
    }
    this.#parts.outlet.replaceChildren(this.#parts.failure(error, () => this.#show('refresh')));
  }

  /**
   * @param {Route} route
   * @param {Record<string, string>} params
   * @param {URL} url
   * @param {string} kind
   */
  #mount(route, params, url, kind) {
    const page = /** @type {import('./page.js').Page} */ (document.createElement(route.tag));
    page.params = params;
    page.query = url.searchParams;
    const memory = this.#memory.get(this.#key);
    const fresh = memory && (memory.at === 0 || Date.now() - memory.at < FRESH_MS);
    if (kind !== 'push' && fresh) page.restored = memory.snapshot;
    page.ontitle = (name) => {
      if (page === this.#page) document.title = this.#parts.title(name);
    };
    this.#page = page;
    this.#route = route;
    page.ontitle(this.#parts.name(route));
    this.#parts.outlet.replaceChildren(page);
  }

  /** @param {string} kind @param {number} turn */
  async #settle(kind, turn) {
    const page = this.#page;
    // Before the data is there the new page starts at its top, or the old scroll position would flash.
    const goal = kind === 'push' || kind === 'replace' ? 0 : (this.#memory.get(this.#key)?.y ?? 0);
    if (goal === 0) scrollTo(0, 0);
    await page?.ready.catch(() => {});
    if (turn !== this.#turn) return;
    this.#parts.busy(false);
    if (goal > 0) scrollTo(0, goal);
    if (kind === 'start' || kind === 'refresh') return;
    // A page that has put the focus somewhere knows why.
    if (page?.contains(document.activeElement)) return;
    const heading = page?.querySelector('h1') ?? this.#parts.outlet;
    heading.setAttribute('tabindex', '-1');
    /** @type {HTMLElement} */ (heading).focus({ preventScroll: true });
  }

  /** @param {MouseEvent} event */
  #click(event) {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || /^\/(api|media|assets)\//.test(url.pathname)) return;
    // The skip link and other jumps within the page are the browser's own work.
    if (url.hash && url.pathname === location.pathname && url.search === location.search) return;
    event.preventDefault();
    this.navigate(url.href, { replace: link.dataset['replace'] !== undefined });
  }
}

/**
 * @param {URLSearchParams} query
 * @param {Record<string, string|null>} changes null removes
 * @returns {string} `?…`, or nothing
 */
export function withQuery(query, changes) {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text ? `?${text}` : '';
}
