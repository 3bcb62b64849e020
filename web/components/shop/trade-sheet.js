import { bestFor } from '../../core/book.js';
import { api, explain, i18n, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { won } from '../../core/format.js';
import { Intent } from '../../core/intent.js';
import { articleName, pictures } from '../../core/names.js';
import { Problem } from '../../core/problem.js';
import { DEFAULT_EXPIRY, suggestPrice } from '../../core/trade.js';
import { openDialog } from '../dialog.js';
import { notice } from '../form.js';
import { tile } from '../states.js';
import './size-picker.js';
import { tradedSize } from './size-picker.js';
import { offers } from './offers.js';
import { confirmStep } from './trade-confirm.js';
import { tradeForm } from './trade-form.js';
import { resultStep } from './trade-result.js';

/**
 * @typedef {import('../../core/types.js').Side} Side
 * @typedef {import('../../core/types.js').Book} Book
 * @typedef {import('../../core/types.js').Order} Order
 * @typedef {import('../../core/types.js').NewBid} NewBid
 * @typedef {import('../../core/types.js').Product} Product
 * @typedef {import('../../core/types.js').ProductDetail} ProductDetail
 * @typedef {{tone: 'info'|'warn'|'bad', text: string}} Note
 *
 * What the person is about to do. `price` is what was shown when they went on to confirm it.
 * @typedef {{kind: 'now'|'bid'|'store', side: Side, price: number, days: number}} Deal
 *
 * What can be traded at by this person: the book without their own bids.
 * @typedef {Pick<Book, 'purchase_price'|'sales_price'|'last_trade'>} Market
 * @typedef {{kind: 'order', order: Order, deal: Deal}|{kind: 'bid', bid: NewBid, deal: Deal}} Result
 */

/**
 * Buying and selling: choose a size, say a price, look at it once more, done. The server has the last word;
 * each of its refusals leads to the step where it can be answered.
 */
export class TradeSheet {
  /** @type {Side} */
  side;
  /** Trade at the book's price, or rest as a bid. */
  now = false;
  /** @type {number|null} */
  typed = null;
  /** Nobody has typed this: a better start may replace it. @type {number|null} */
  #suggested = null;
  days = DEFAULT_EXPIRY;
  /** The trade is done: the page may let go of the address. */
  finished = false;
  #parts;
  #dialog;
  #intent = new Intent(api);
  #stop = new AbortController();
  #offers = offers(this.#stop.signal);
  #head = h('div', { class: 'trade-head' });
  #body = h('div', { class: 'trade-body' });
  /** @type {'size'|'form'|'confirm'|'done'|''} */
  #step = '';
  /** @type {(() => void)|null} */
  #refresh = null;

  /**
   * @param {object} parts
   * @param {import('../../core/store.js').Store<ProductDetail|null>} parts.product the chosen size
   * @param {import('../../core/store.js').Store<Product[]>} parts.products all sizes
   * @param {import('../../core/store.js').Store<Book|null>} parts.book
   * @param {Side} parts.side
   * @param {number|null} [parts.price] a level of the book that was pressed
   * @param {(size: string) => void} parts.onsize
   * @param {(result: Result) => void} parts.ondone
   * @param {() => void} parts.onsignin the login ran out
   * @param {AbortSignal} parts.signal
   */
  constructor(parts) {
    this.#parts = parts;
    this.side = parts.side;
    this.typed = parts.price ?? null;
    this.now = true;
    this.#dialog = openDialog({
      title: t('trade.title'),
      class: 'dialog-trade',
      signal: parts.signal,
      body: [this.#head, this.#body],
    });
    this.closed = this.#dialog.closed;
    this.closed.then(() => this.#stop.abort());
    parts.product.subscribe((product, before) => {
      // Read again, the same size must not throw anybody back to the start.
      if (product?.id !== before?.id) this.#enter();
    }, this.#stop.signal);
    parts.products.subscribe(() => this.#refresh?.(), this.#stop.signal);
    parts.book.subscribe((book, before) => {
      this.#askOffers();
      if (this.#step === 'form' && book && !before) this.#enter();
      else this.#refresh?.();
    }, this.#stop.signal);
    this.#offers.now.subscribe((now, before) => {
      // Their own bid stood first: what the sheet began with is not for them.
      if (this.#step === 'form' && now && !before && this.#ownFirst) {
        if (this.typed === this.#suggested) this.typed = null;
        this.#enter();
      } else this.#refresh?.();
    }, this.#stop.signal);
    this.#enter();
    this.#askOffers();
  }

  #askOffers(again = false) {
    const { book } = this;
    if (book && book.product === this.#parts.product.value?.id && this.product.tradable)
      this.#offers.read(book.product, book, again);
  }

  get #ownFirst() {
    const { book, market } = this;
    return book?.purchase_price !== market?.purchase_price || book?.sales_price !== market?.sales_price;
  }

  get signal() {
    return this.#stop.signal;
  }

  get book() {
    return this.#parts.book.value;
  }

  /** @returns {Market|null} */
  get market() {
    const { book } = this;
    const now = this.#offers.now.value;
    if (!book || now?.product !== book.product) return book;
    return { purchase_price: now.purchase, sales_price: now.sales, last_trade: book.last_trade };
  }

  /** @returns {ProductDetail} */
  get product() {
    const product = this.#parts.product.value;
    if (!product) throw new Error('no size is chosen yet');
    return product;
  }

  get tick() {
    return Math.max(1, this.product.info.tick);
  }

  close() {
    this.#dialog.close();
  }

  /** @param {import('../../core/element.js').Child} content @param {string} title @param {boolean} [focus] */
  #show(content, title, focus = true) {
    fill(this.#body, content);
    this.#dialog.setTitle(title);
    this.#dialog.element.scrollTop = 0;
    // A new step begins with its title, also for those who listen.
    const heading = this.#dialog.element.querySelector('h2');
    heading?.setAttribute('tabindex', '-1');
    if (focus) heading?.focus();
  }

  #drawHead() {
    const product = this.#parts.product.value;
    if (!product) return fill(this.#head);
    const { info } = product;
    const [picture] = pictures(info.productimage_set, info.productimage_urls);
    fill(
      this.#head,
      tile(picture, { class: 'tile-small', eager: true }),
      h(
        'div',
        { class: 'trade-what' },
        h('strong', null, info.brand_name),
        h('span', null, articleName(info, i18n.lang.value)),
        this.#step === 'size' ? null : h('span', { class: 'muted' }, tradedSize(product.size)),
      ),
    );
  }

  /** Starts where the chosen size allows. */
  #enter() {
    if (this.finished) return;
    const product = this.#parts.product.value;
    if (product?.info.delivery_tag === 'brand' && !this.#needsSize(product)) return this.#store();
    if (!product || !product.tradable) return this.#sizes();
    const best = this.side === 'purchase' ? product.purchase_price : product.sales_price;
    const offer = this.market ? bestFor(this.market, this.side) : best;
    this.now = offer !== null && (this.typed === null || this.typed === offer);
    this.form();
  }

  /** The store sells a size, not all of them at once. @param {ProductDetail} product */
  #needsSize(product) {
    return product.size === 'ALL' && this.#parts.products.value.length > 1;
  }

  #sizes() {
    this.#step = 'size';
    this.#drawHead();
    const picker = /** @type {import('./size-picker.js').SizePicker} */ (
      document.createElement('rally-sizes')
    );
    const refresh = () => {
      picker.products = this.#parts.products.value.filter(({ size }) => size !== 'ALL');
      picker.side = this.side;
      picker.store = this.#parts.product.value?.info.delivery_tag === 'brand';
      if (picker.isConnected) picker.draw();
    };
    picker.onpick = (size) => this.#parts.onsize(size);
    refresh();
    this.#refresh = refresh;
    this.#show(picker, t(this.side === 'purchase' ? 'trade.buy' : 'trade.sell'));
  }

  /** @param {Note|null} [note] */
  form(note = null) {
    this.#step = 'form';
    this.#drawHead();
    const { market, side, tick } = this;
    if (market && this.typed === null) {
      this.#suggested = suggestPrice({ side, tick, book: market });
      this.typed = this.#suggested;
    }
    const form = tradeForm(this, note);
    this.#refresh = form.refresh;
    this.#show(form.element, t(this.side === 'purchase' ? 'trade.buy' : 'trade.sell'));
  }

  /** @param {Deal} deal @param {{note?: Note|null, doubt?: string|null}} [how] */
  confirm(deal, { note = null, doubt = null } = {}) {
    this.#step = 'confirm';
    this.#drawHead();
    // What is being confirmed stands still, whatever the book does meanwhile.
    this.#refresh = null;
    const bidding = deal.kind === 'bid';
    const title =
      deal.side === 'purchase'
        ? t(bidding ? 'trade.confirm_bid' : 'trade.confirm_buy')
        : t(bidding ? 'trade.confirm_ask' : 'trade.confirm_sell');
    this.#show(confirmStep(this, deal, { note, doubt }), doubt ? t('trade.sure') : title);
  }

  #store() {
    const { purchase_price: price } = this.product;
    if (price === null || this.product.stock === 0) return this.#soldOut();
    this.confirm({ kind: 'store', side: 'purchase', price, days: 0 });
  }

  #soldOut() {
    this.#step = 'confirm';
    this.#drawHead();
    this.#show(notice('info', t('article.sold_out')), t('trade.buy'));
  }

  /**
   * @param {Deal} deal
   * @param {number} fee what was shown
   * @param {boolean} sure the second confirmation was given
   */
  async submit(deal, fee, sure) {
    try {
      this.#done(await this.#send(deal, fee, sure));
    } catch (error) {
      if (this.signal.aborted) return;
      this.#refused(Problem.from(error), deal, fee);
    }
  }

  /** @param {Deal} deal @param {number} fee @param {boolean} sure @returns {Promise<Result>} */
  async #send(deal, fee, sure) {
    const base = `/api/shop/products/${this.product.id}`;
    if (deal.kind === 'bid') {
      const body = { price: deal.price, expires_in_days: deal.days, confirm: sure };
      return { kind: 'bid', bid: await this.#intent.post(`${base}/bids/?type=${deal.side}`, body), deal };
    }
    const orders = deal.kind === 'store' ? 'storeorders/' : `transorders/?type=${deal.side}`;
    // Nobody pays a price or a fee that they did not see.
    const body = { expected_price: deal.price, expected_fee: fee, confirm: sure };
    const order = await this.#intent.post(`${base}/${orders}`, body);
    return { kind: 'order', order, deal };
  }

  /** @param {Problem} problem @param {Deal} deal @param {number} fee */
  #refused(problem, deal, fee) {
    if (problem.status === 401) return this.#parts.onsignin();
    const { code, price, meta } = problem;
    if (code === 'shop.price_moved' && price !== null) {
      const text = t('trade.moved', { old: won(deal.price), new: won(price) });
      return this.confirm({ ...deal, price }, { note: { tone: 'warn', text } });
    }
    if (code === 'shop.fee_changed') {
      const text = t('trade.fee_changed', { old: won(fee), new: won(Number(meta['fee'] ?? 0)) });
      return this.confirm(deal, { note: { tone: 'warn', text } });
    }
    if (code === 'shop.pending_sales_cap') {
      const text = t('trade.sales_cap', { limit: Number(meta['limit'] ?? 0) });
      return this.confirm(deal, { note: { tone: 'bad', text } });
    }
    if (code === 'shop.bid_crosses_book' && price !== null) {
      const text = t(deal.side === 'purchase' ? 'trade.crossed_buy' : 'trade.crossed_sell', {
        price: won(price),
      });
      return this.confirm({ ...deal, kind: 'now', price }, { note: { tone: 'warn', text } });
    }
    if (code === 'shop.price_needs_confirmation') {
      const last = price === null ? '' : won(price);
      return this.confirm(deal, { doubt: t('trade.far', { price: won(deal.price), last }) });
    }
    const note = /** @type {Note} */ ({ tone: 'bad', text: explain(problem) });
    if (
      code === 'shop.no_counter_bid' ||
      code === 'shop.price_off_tick' ||
      code === 'shop.price_out_of_band'
    ) {
      this.now = false;
      this.#askOffers(true);
      return this.form(note);
    }
    this.confirm(deal, { note });
  }

  /** @param {Result} result */
  #done(result) {
    this.#step = 'done';
    this.finished = true;
    this.#refresh = null;
    this.#parts.ondone(result);
    this.#show(resultStep(this, result), t('trade.done'));
  }
}
