import '../../components/shop/chart.js';
import '../../components/gallery.js';
import '../../components/shop/ladder.js';
import '../../components/shop/reviews.js';
import '../../components/shop/size-picker.js';
import '../../components/shop/stats.js';
import '../../components/shop/wish-button.js';
import { notice } from '../../components/form.js';
import { icon } from '../../components/icon.js';
import { tradeTable } from '../../components/shop/trades.js';
import { TradeSheet } from '../../components/shop/trade-sheet.js';
import { missingState, present } from '../../components/states.js';
import { seenOn } from '../../components/style/seen-on.js';
import { toast } from '../../components/toast.js';
import { i18n, live, session, t } from '../../core/context.js';
import { define, fill, h, play } from '../../core/element.js';
import { won } from '../../core/format.js';
import { DEFAULT_RANGE, rangeOf } from '../../core/chart.js';
import { articleName, pictures } from '../../core/names.js';
import { navigate, toSignin } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { withQuery } from '../../core/router.js';
import { ArticleData } from './article-data.js';
import {
  articleBones,
  articleFacts,
  articlePrices,
  shareArticle,
  storeDeal,
  twoWays,
} from './article-view.js';

/**
 * @typedef {import('../../core/types.js').Info} Info
 * @typedef {import('../../core/types.js').Side} Side
 * @typedef {import('../../core/types.js').Book} Book
 */

/** One article: pictures, sizes, what it costs right now, and the way to trade it. */
class ArticlePage extends Page {
  #data = new ArticleData();
  #picker = /** @type {import('../../components/shop/size-picker.js').SizePicker} */ (h('rally-sizes'));
  #ladder = /** @type {import('../../components/shop/ladder.js').Ladder} */ (h('rally-ladder'));
  #chart = /** @type {import('../../components/shop/chart.js').PriceChart} */ (h('rally-chart'));
  #stats = /** @type {import('../../components/shop/stats.js').MarketStats} */ (h('rally-stats'));
  #reviews = /** @type {import('../../components/shop/reviews.js').Reviews} */ (h('rally-reviews'));
  #wish = /** @type {import('../../components/shop/wish-button.js').WishButton} */ (h('rally-wish'));
  #merged = h('p', { class: 'muted small market-note' });
  #trades = h('div');
  #deal = h('div', { class: 'deal' });
  #spoken = h('p', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  #ask = h('strong', { class: 'number' });
  #bid = h('strong', { class: 'number' });
  #last = h('strong', { class: 'number' });
  /** @type {TradeSheet|null} */
  #sheet = null;
  /** The sheet has an entry of its own in the history. */
  #pushed = false;
  /** @type {number|null} */
  #price = null;

  /** @override */
  connected() {
    this.#data = new ArticleData();
    this.ready = present(this, {
      signal: this.signal,
      skeleton: articleBones,
      load: (signal) => this.#data.load(Number(this.params['id']), this.query.get('size'), signal),
      show: () => this.#show(),
      failed: (problem) =>
        problem.status === 404
          ? missingState({
              icon: 'search',
              title: t('article.missing'),
              text: t('article.missing_text'),
              action: { href: '/shop', label: t('article.to_shop') },
            })
          : null,
    });
  }

  /** @override @param {URLSearchParams} query */
  update(query) {
    this.query = query;
    if (!this.#data.info) return false;
    this.#choose(query.get('size'));
    this.#drawMarket();
    this.#toggleSheet();
    this.#toggleReview();
    return true;
  }

  /** @returns {Node[]} */
  #show() {
    const data = this.#data;
    const info = /** @type {Info} */ (data.info);
    this.setTitle(articleName(info, i18n.lang.value));
    const page = this.#layout(info);
    data.products.subscribe((products) => {
      this.#picker.products = products;
      this.#picker.draw();
    }, this.signal);
    data.product.subscribe(() => this.#drawProduct(), this.signal);
    data.book.subscribe((book, before) => this.#drawBook(book, before), this.signal);
    data.trades.subscribe((trades) => fill(this.#trades, tradeTable(trades)), this.signal);
    this.#picker.products = data.products.value;
    this.#picker.store = info.delivery_tag === 'brand';
    this.#picker.onpick = (size) => this.#pick(size);
    this.#ladder.onpick = (side, price) => this.#open(side, price);
    data.traded.subscribe(() => {
      this.#chart.again();
      this.#stats.again();
    }, this.signal);
    this.#chart.onrange = (range) => this.#range(range);
    this.#reviews.info = info.id;
    this.#reviews.count = info.comments ?? null;
    this.#reviews.onsignin = () => toSignin(location.pathname + withQuery(this.query, { review: 'write' }));
    data.follow(live, this.signal);
    this.#drawProduct();
    this.#drawBook(data.book.value, null);
    fill(this.#trades, tradeTable(data.trades.value));
    this.#toggleSheet();
    // Its place exists only when what stands above it is there.
    queueMicrotask(() => this.#toggleReview());
    return page;
  }

  /** @param {Info} info @returns {Node[]} */
  #layout(info) {
    const lang = i18n.lang.value;
    const name = articleName(info, lang);
    const second = articleName(info, lang === 'ko' ? 'en' : 'ko');
    const gallery = /** @type {import('../../components/gallery.js').Gallery} */ (h('rally-gallery'));
    gallery.images = pictures(info.productimage_set, info.productimage_urls);
    gallery.name = name;
    const store = info.delivery_tag === 'brand';
    const sized = this.#data.products.value.length > 1;
    const side = h(
      'div',
      { class: 'article-side' },
      h(
        'header',
        { class: 'article-head' },
        h('a', { class: 'article-brand', href: `/shop?brand_id=${info.brand}` }, info.brand_name),
        h('h1', null, name),
        second === name ? null : h('p', { class: 'muted' }, second),
      ),
      store ? null : articlePrices({ ask: this.#ask, bid: this.#bid, last: this.#last }),
      this.#spoken,
      sized ? this.#picker : null,
      this.#deal,
      h(
        'div',
        { class: 'article-tools' },
        this.#wish,
        h(
          'button',
          {
            type: 'button',
            class: 'button button-line',
            onclick: () => shareArticle(name, this.#data.product.value),
          },
          icon('share'),
          t('action.share'),
        ),
      ),
      articleFacts(info),
    );
    const market = h(
      'div',
      { class: 'market' },
      this.#stats,
      h('section', { class: 'panel chart-panel', 'aria-label': t('chart.title') }, this.#chart),
      h('section', { class: 'panel' }, h('h2', null, t('book.title')), this.#merged, this.#ladder),
      h('section', { class: 'panel' }, h('h2', null, t('trades.title')), this.#trades),
    );
    return [
      h(
        'div',
        { class: 'article' },
        h(
          'div',
          { class: 'article-pictures' },
          gallery,
          store ? null : market,
          seenOn({ info: info.id, name, count: info.shares, signal: this.signal }),
          h('section', { class: 'article-reviews' }, this.#reviews),
        ),
        side,
      ),
    ];
  }

  #drawProduct() {
    const data = this.#data;
    const product = data.product.value;
    if (!product) {
      fill(this.#deal, notice('info', t('article.no_sizes')));
      this.#wish.hidden = true;
      return;
    }
    this.#merged.textContent = t('book.merged');
    this.#merged.hidden = product.tradable;
    this.#picker.value = product.size;
    if (this.#picker.isConnected) this.#picker.draw();
    this.#wish.product = product.id;
    this.#wish.on = product.user_wishcheck;
    this.#wish.count = product.info.wishes;
    this.#wish.tick = Math.max(1, product.info.tick);
    this.#wish.ask = product.purchase_price;
    this.#wish.target = product.user_target_price;
    this.#wish.ontarget = (target) => data.awaited(product.id, target);
    this.#wish.onwish = (on) => data.wished(product.id, on);
    if (this.#wish.isConnected) this.#wish.draw();
    const store = product.info.delivery_tag === 'brand';
    fill(
      this.#deal,
      store
        ? storeDeal(product, () => this.#open('purchase'))
        : twoWays((side) => {
            this.#open(side);
          }),
    );
    if (!store) this.#drawMarket();
    this.#drawDealPrices(data.book.value);
  }

  /** @param {Book|null} book @param {Book|null} before */
  #drawBook(book, before) {
    this.#ladder.book = book;
    if (this.#ladder.isConnected) this.#ladder.draw();
    /** @param {HTMLElement} element @param {number|null|undefined} amount */
    const put = (element, amount) => {
      const text = amount == null ? '–' : won(amount);
      if (element.textContent === text) return;
      element.textContent = text;
      if (before && before.product === book?.product) play(element, 'flash');
    };
    put(this.#ask, book?.purchase_price);
    put(this.#bid, book?.sales_price);
    put(this.#last, book?.last_trade?.price);
    this.#drawDealPrices(book);
    this.#speak(book, before);
  }

  /** @param {Book|null} book */
  #drawDealPrices(book) {
    for (const label of this.#deal.querySelectorAll('[data-price]')) {
      const price =
        label.getAttribute('data-price') === 'purchase' ? book?.purchase_price : book?.sales_price;
      label.textContent = price == null ? '–' : won(price);
    }
  }

  /** @param {Book|null} book @param {Book|null} before */
  #speak(book, before) {
    if (!book || !before || before.product !== book.product) return;
    const said = [];
    if (book.purchase_price !== before.purchase_price && book.purchase_price !== null) {
      said.push(t('article.say_ask', { price: won(book.purchase_price) }));
    }
    if (book.sales_price !== before.sales_price && book.sales_price !== null) {
      said.push(t('article.say_bid', { price: won(book.sales_price) }));
    }
    if (said.length > 0) this.#spoken.textContent = said.join(' ');
  }

  /** The size and the range that the figures are about. */
  #drawMarket() {
    const product = this.#data.product.value;
    if (!product || product.info.delivery_tag === 'brand') return;
    this.#stats.show(product.id);
    this.#chart.show(product.id, rangeOf(this.query.get('range')));
  }

  /** @param {import('../../core/chart.js').Range} range */
  #range(range) {
    const query = withQuery(this.query, { range: range === DEFAULT_RANGE ? null : range });
    navigate(location.pathname + query, { replace: true });
  }

  /** Back from signing in to write: the address said so, and need not say it for ever. */
  async #toggleReview() {
    if (this.query.get('review') !== 'write') return;
    const { state } = await session.known();
    await this.#reviews.ready;
    if (!this.isConnected || this.query.get('review') !== 'write') return;
    if (state === 'signed-in') this.#reviews.write();
    navigate(location.pathname + withQuery(this.query, { review: null }), { replace: true });
  }

  /** @param {string} size */
  #pick(size) {
    navigate(location.pathname + withQuery(this.query, { size }), { replace: true });
  }

  /** @param {string|null} size */
  async #choose(size) {
    const { signal } = this;
    try {
      await this.#data.choose(size, signal);
    } catch {
      if (signal.aborted) return;
      toast(t('state.error'), { bad: true });
      this.#drawProduct();
    }
  }

  /** @param {Side} side @param {number|null} [price] a level that was pressed */
  async #open(side, price = null) {
    const { state } = await session.known();
    const query = withQuery(this.query, { trade: side });
    if (state !== 'signed-in') return toSignin(location.pathname + query);
    this.#pushed = true;
    this.#price = price;
    return navigate(location.pathname + query);
  }

  /** The address says whether the sheet is open, so that back closes it and signing in opens it again. */
  async #toggleSheet() {
    // The page has to stand first, and who is looking at it has to be known.
    const { state } = await session.known();
    if (!this.isConnected) return;
    const side = this.query.get('trade');
    if (side !== 'purchase' && side !== 'sales') {
      if (this.#sheet && !this.#sheet.finished) this.#sheet.close();
      return;
    }
    if (this.#sheet) return;
    if (state === 'anonymous') return this.#leaveTrade();
    const data = this.#data;
    const sheet = new TradeSheet({
      product: data.product,
      products: data.products,
      book: data.book,
      side,
      price: this.#price,
      signal: this.signal,
      onsize: (size) => this.#pick(size),
      onsignin: () => toSignin(),
      ondone: () => {
        this.#leaveTrade();
        data.refresh(this.signal).catch(() => {});
      },
    });
    this.#sheet = sheet;
    sheet.closed.then(() => {
      this.#sheet = null;
      this.#price = null;
      if (this.isConnected) this.#leaveTrade();
    });
  }

  #leaveTrade() {
    if (!this.query.has('trade')) return;
    if (this.#pushed) history.back();
    else navigate(location.pathname + withQuery(this.query, { trade: null }), { replace: true });
    this.#pushed = false;
  }
}

define('page-article', ArticlePage);
