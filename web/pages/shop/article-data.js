import { newerBook } from '../../core/book.js';
import { api } from '../../core/context.js';
import { Store } from '../../core/store.js';

/**
 * @typedef {import('../../core/types.js').Info} Info
 * @typedef {import('../../core/types.js').Book} Book
 * @typedef {import('../../core/types.js').Product} Product
 * @typedef {import('../../core/types.js').ProductDetail} ProductDetail
 * @typedef {import('../../core/types.js').Trade} Trade
 */

/** Not more often than this are all sizes read again while the books move. */
const SIZES_MS = 1_000;

/**
 * What the article's page knows, and how it stays true: the book of the chosen size is pushed, the rest is
 * read again when the book says that something happened.
 */
export class ArticleData {
  /** @type {Info|null} */
  info = null;
  /** @type {Store<Product[]>} */
  products = new Store(/** @type {Product[]} */ ([]));
  /** @type {Store<ProductDetail|null>} */
  product = new Store(/** @type {ProductDetail|null} */ (null));
  /** @type {Store<Book|null>} */
  book = new Store(/** @type {Book|null} */ (null));
  /** @type {Store<Trade[]>} */
  trades = new Store(/** @type {Trade[]} */ ([]));
  /** Counts what was traded meanwhile: the sign to read figures again. @type {Store<number>} */
  traded = new Store(0);
  /** @type {import('../../core/live.js').Live|null} */
  #live = null;
  /** Ends with the chosen size. */
  #chosen = new AbortController();
  #wanted = '';
  #sizesAt = 0;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /** @param {number} id @param {string|null} size @param {AbortSignal} signal */
  async load(id, size, signal) {
    const base = `/api/shop/productinfos/${id}/`;
    const [info, products] = await Promise.all([
      api.get(base, { signal }),
      api.get(`${base}products/`, { signal }),
    ]);
    this.info = info;
    this.products.set(products);
    await this.choose(size, signal);
  }

  /** @param {string|null} size @returns {Product|null} */
  #find(size) {
    const products = this.products.value;
    return (
      products.find((product) => product.size === size) ??
      products.find((product) => product.size === 'ALL') ??
      products[0] ??
      null
    );
  }

  /** @param {string|null} size @param {AbortSignal} signal */
  async choose(size, signal) {
    const found = this.#find(size);
    if (!found || !this.info || found.size === this.#wanted) return;
    const before = this.#wanted;
    this.#wanted = found.size;
    const shop = '/api/shop';
    const traded = this.info.delivery_tag !== 'brand';
    try {
      const [product, book, trades] = await Promise.all([
        api.get(`${shop}/productinfos/${this.info.id}/products/${encodeURIComponent(found.size)}/`, {
          signal,
        }),
        traded ? api.get(`${shop}/products/${found.id}/book/`, { signal }) : null,
        traded ? api.get(`${shop}/products/${found.id}/trades/`, { signal }) : [],
      ]);
      // Another size was chosen in the meantime.
      if (this.#wanted !== found.size) return;
      this.book.set(book);
      this.product.set(product);
      this.trades.set(trades);
      this.#subscribe(signal);
    } catch (error) {
      if (this.#wanted === found.size) this.#wanted = before;
      throw error;
    }
  }

  /** @param {import('../../core/live.js').Live} live @param {AbortSignal} signal */
  follow(live, signal) {
    this.#live = live;
    signal.addEventListener('abort', () => {
      clearTimeout(this.#timer);
      this.#chosen.abort();
    });
    this.#subscribe(signal);
    // The book of ALL moves with each of its sizes: the sign that the prices in the picker changed.
    const all = this.products.value.find((product) => product.size === 'ALL');
    if (!all || this.products.value.length < 2 || this.info?.delivery_tag === 'brand') return;
    let version = -1;
    live.subscribe(
      `shop.book:${all.id}`,
      {
        data: (/** @type {Book} */ book) => {
          if (version >= 0 && book.version > version) this.#readSizes(signal);
          version = Math.max(version, book.version);
        },
      },
      signal,
    );
  }

  /** @param {AbortSignal} signal */
  #subscribe(signal) {
    this.#chosen.abort();
    this.#chosen = new AbortController();
    const id = this.product.value?.id;
    if (!this.#live || id === undefined || this.info?.delivery_tag === 'brand') return;
    this.#live.subscribe(
      `shop.book:${id}`,
      {
        data: (/** @type {Book} */ book) => this.#moved(book, signal),
        resume: () => {
          this.refresh(signal).catch(() => {});
        },
      },
      this.#chosen.signal,
    );
  }

  /** @param {Book} incoming @param {AbortSignal} signal */
  #moved(incoming, signal) {
    if (incoming.product !== this.product.value?.id) return;
    const before = this.book.value;
    const book = newerBook(before, incoming);
    this.book.set(book);
    if (book === before) return;
    const { purchase_price, sales_price } = book;
    this.products.set(
      this.products.value.map((product) =>
        product.id === book.product ? { ...product, purchase_price, sales_price } : product,
      ),
    );
    if (book.last_trade?.created_at === before?.last_trade?.created_at) return;
    this.#readTrades(signal);
    this.traded.set(this.traded.value + 1);
  }

  /** @param {AbortSignal} signal */
  async #readTrades(signal) {
    const id = this.product.value?.id;
    try {
      const trades = await api.get(`/api/shop/products/${id}/trades/`, { signal });
      if (id === this.product.value?.id) this.trades.set(trades);
    } catch {
      // The next trade, or the return of the network, reads them again.
    }
  }

  /** @param {AbortSignal} signal */
  #readSizes(signal) {
    clearTimeout(this.#timer);
    const rest = Math.max(0, this.#sizesAt + SIZES_MS - Date.now());
    this.#timer = setTimeout(async () => {
      this.#sizesAt = Date.now();
      try {
        this.products.set(await api.get(`/api/shop/productinfos/${this.info?.id}/products/`, { signal }));
      } catch {
        // Seen again with the next move.
      }
    }, rest);
  }

  /** Reads everything that is shown again: after a gap, and after a trade of one's own. @param {AbortSignal} signal */
  async refresh(signal) {
    const { info } = this;
    const chosen = this.product.value;
    if (!info || !chosen) return;
    const base = `/api/shop/productinfos/${info.id}`;
    const traded = info.delivery_tag !== 'brand';
    const [products, product, book, trades] = await Promise.all([
      api.get(`${base}/products/`, { signal }),
      api.get(`${base}/products/${encodeURIComponent(chosen.size)}/`, { signal }),
      traded ? api.get(`/api/shop/products/${chosen.id}/book/`, { signal }) : null,
      traded ? api.get(`/api/shop/products/${chosen.id}/trades/`, { signal }) : [],
    ]);
    if (signal.aborted || this.product.value?.id !== chosen.id) return;
    this.products.set(products);
    this.product.set(product);
    if (book) this.book.set(newerBook(this.book.value, book));
    this.trades.set(trades);
    this.traded.set(this.traded.value + 1);
  }

  /** @param {number} id @param {boolean} on */
  wished(id, on) {
    const product = this.product.value;
    if (product?.id !== id || product.user_wishcheck === on) return;
    const wishes = Math.max(0, product.info.wishes + (on ? 1 : -1));
    const target = on ? product.user_target_price : null;
    this.product.set({
      ...product,
      user_wishcheck: on,
      user_target_price: target,
      info: { ...product.info, wishes },
    });
  }

  /** @param {number} id @param {number|null} target the price that the wish waits for */
  awaited(id, target) {
    const product = this.product.value;
    if (product?.id === id) this.product.set({ ...product, user_target_price: target });
  }
}
