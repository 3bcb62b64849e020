import '../../components/shop/gallery.js';
import '../../components/shop/ladder.js';
import '../../components/shop/size-picker.js';
import '../../components/shop/wish-button.js';
import { notice } from '../../components/form.js';
import { icon } from '../../components/icon.js';
import { flash, sizeLabel } from '../../components/shop/size-picker.js';
import { tradeTable } from '../../components/shop/trades.js';
import { TradeSheet } from '../../components/shop/trade-sheet.js';
import { bone, emptyState, present, skeleton } from '../../components/states.js';
import { toast } from '../../components/toast.js';
import { i18n, live, session, t, tn } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { day, won } from '../../core/format.js';
import { articleName, pictures } from '../../core/names.js';
import { navigate, toSignin } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { withQuery } from '../../core/router.js';
import { ArticleData } from './article-data.js';

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
      skeleton: () => this.#bones(),
      load: (signal) => this.#data.load(Number(this.params['id']), this.query.get('size'), signal),
      show: () => this.#show(),
      failed: (problem) =>
        problem.status === 404
          ? emptyState({
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
    this.#toggleSheet();
    return true;
  }

  #bones() {
    return skeleton(
      h(
        'div',
        { class: 'article' },
        h('div', { class: 'article-pictures' }, bone('tile')),
        h(
          'div',
          { class: 'article-side stack' },
          bone('w-30'),
          bone('w-80'),
          bone('w-60'),
          bone('bone-block'),
          bone('bone-block'),
        ),
      ),
    );
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
    data.follow(live, this.signal);
    this.#drawProduct();
    this.#drawBook(data.book.value, null);
    fill(this.#trades, tradeTable(data.trades.value));
    this.#toggleSheet();
    return page;
  }

  /** @param {Info} info @returns {Node[]} */
  #layout(info) {
    const lang = i18n.lang.value;
    const name = articleName(info, lang);
    const second = articleName(info, lang === 'ko' ? 'en' : 'ko');
    const gallery = /** @type {import('../../components/shop/gallery.js').Gallery} */ (h('rally-gallery'));
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
      store ? null : this.#prices(),
      this.#spoken,
      sized ? this.#picker : null,
      this.#deal,
      h(
        'div',
        { class: 'article-tools' },
        this.#wish,
        h(
          'button',
          { type: 'button', class: 'button button-line', onclick: () => this.#share(name) },
          icon('share'),
          t('action.share'),
        ),
      ),
      this.#details(info),
    );
    const market = h(
      'div',
      { class: 'market' },
      h('section', { class: 'panel' }, h('h2', null, t('book.title')), this.#merged, this.#ladder),
      h('section', { class: 'panel' }, h('h2', null, t('trades.title')), this.#trades),
    );
    return [
      h(
        'div',
        { class: 'article' },
        h('div', { class: 'article-pictures' }, gallery, store ? null : market),
        side,
      ),
    ];
  }

  #prices() {
    /** @param {string} label @param {HTMLElement} value */
    const cell = (label, value) => h('div', null, h('dt', null, label), h('dd', null, value));
    return h(
      'dl',
      { class: 'trio trio-large' },
      cell(t('book.lowest_ask'), this.#ask),
      cell(t('book.highest_bid'), this.#bid),
      cell(t('book.last'), this.#last),
    );
  }

  /** @param {Info} info */
  #details(info) {
    const lang = i18n.lang.value;
    /** @type {[string, string|null][]} */
    const facts = [
      [t('article.model'), info.model_number],
      [t('article.colorway'), info.colorway],
      [t('article.released'), info.release_date ? day(info.release_date, lang) : null],
      [t('article.retail'), info.retail_price ? won(info.retail_price) : null],
      [t('filter.category'), t(`category.${info.category}`)],
      [t('filter.delivery'), t(`delivery.${info.delivery_tag}`)],
    ];
    return h(
      'section',
      { class: 'article-facts' },
      h('h2', null, t('article.facts')),
      h(
        'dl',
        { class: 'facts' },
        facts.map(([name, value]) =>
          value ? h('div', null, h('dt', null, name), h('dd', null, value)) : null,
        ),
      ),
    );
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
    this.#wish.onwish = (on) => data.wished(product.id, on);
    if (this.#wish.isConnected) this.#wish.draw();
    fill(this.#deal, product.info.delivery_tag === 'brand' ? this.#storeDeal() : this.#twoWays());
    this.#drawDealPrices(data.book.value);
  }

  #twoWays() {
    /** @param {Side} side */
    const way = (side) => {
      const buying = side === 'purchase';
      return h(
        'button',
        {
          type: 'button',
          class: buying ? 'button button-accent deal-button' : 'button button-ink deal-button',
          onclick: () => this.#open(side),
        },
        h('span', { class: 'deal-verb' }, t(buying ? 'trade.buy' : 'trade.sell')),
        h(
          'span',
          { class: 'deal-price' },
          h('span', { class: 'number', dataset: { price: side } }),
          h('small', null, t(buying ? 'trade.now_buy' : 'trade.now_sell')),
        ),
      );
    };
    return [way('purchase'), way('sales')];
  }

  #storeDeal() {
    const product = this.#data.product.value;
    const gone = product?.purchase_price == null || product.stock === 0;
    return [
      h(
        'p',
        { class: 'store-price' },
        h('strong', { class: 'number' }, product?.purchase_price == null ? '–' : won(product.purchase_price)),
        h('span', { class: 'muted' }, product?.stock == null ? '' : tn('article.stock', product.stock)),
      ),
      gone ? notice('info', t('article.sold_out')) : null,
      h(
        'button',
        {
          type: 'button',
          class: 'button button-accent button-wide',
          disabled: gone,
          onclick: () => this.#open('purchase'),
        },
        t('trade.buy'),
      ),
    ];
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
      if (before && before.product === book?.product) flash(element);
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

  /** @param {string} name */
  async #share(name) {
    const product = this.#data.product.value;
    const url =
      location.origin + location.pathname + (product ? `?size=${encodeURIComponent(product.size)}` : '');
    try {
      if (navigator.share)
        await navigator.share({ title: `${name} · ${sizeLabel(product?.size ?? 'ALL')}`, url });
      else {
        await navigator.clipboard.writeText(url);
        toast(t('article.copied'));
      }
    } catch {
      // Closed without sharing, or not allowed here: the address bar has it.
    }
  }
}

define('page-article', ArticlePage);
