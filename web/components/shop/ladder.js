import { t, tn } from '../../core/context.js';
import { RallyElement, define, fill, h, play, reconcile } from '../../core/element.js';
import { cumulate, spread } from '../../core/book.js';
import { plain, won } from '../../core/format.js';

/** @typedef {import('../../core/types.js').Book} Book */
/** @typedef {import('../../core/book.js').Step} Step */
/** @typedef {import('../../core/types.js').Side} Side */

const SHORT = 5;

/**
 * The order book as a ladder: asks above, bids below, the best of both next to the spread. The bars grow with
 * everything that stands at a price or at a better one: how deep one gets by taking it all.
 */
export class Ladder extends RallyElement {
  /** @type {Book|null} */
  book = null;
  /** A level was chosen: to buy at an ask or to sell at a bid. @type {((side: Side, price: number) => void)|null} */
  onpick = null;
  #asks = h('tbody', { class: 'ladder-asks' });
  #bids = h('tbody', { class: 'ladder-bids' });
  #middle = h('tbody', { class: 'ladder-middle' });
  #more = h('button', { type: 'button', class: 'link-button', onclick: () => this.#toggle() });
  #all = false;
  /** What the longest bar stands for. */
  #most = 1;

  /** @override */
  connected() {
    this.replaceChildren(
      h(
        'table',
        { class: 'ladder' },
        h('caption', { class: 'unseen' }, t('book.title')),
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            h('th', { scope: 'col' }, t('book.side')),
            h('th', { scope: 'col', class: 'number' }, t('book.price')),
            h('th', { scope: 'col', class: 'number' }, t('book.count')),
            h('th', { scope: 'col', class: 'number' }, t('book.sum')),
          ),
        ),
        this.#asks,
        this.#middle,
        this.#bids,
      ),
      this.#more,
    );
    this.draw();
  }

  #toggle() {
    this.#all = !this.#all;
    this.draw();
  }

  draw() {
    const { book } = this;
    if (!book) return;
    const limit = this.#all ? 20 : SHORT;
    const asks = cumulate(book.asks.slice(0, limit));
    const bids = cumulate(book.bids.slice(0, limit));
    this.#most = Math.max(1, asks.at(-1)?.sum ?? 0, bids.at(-1)?.sum ?? 0);
    // The lowest ask stands lowest, next to the spread.
    this.#side(this.#asks, 'purchase', asks.reverse(), t('book.no_asks'));
    this.#side(this.#bids, 'sales', bids, t('book.no_bids'));
    const gap = spread(book);
    fill(
      this.#middle,
      h(
        'tr',
        null,
        h('th', { scope: 'row', class: 'ladder-spread' }, t('book.spread')),
        h('td', { class: 'number ladder-spread', colspan: '3' }, gap === null ? '–' : won(gap)),
      ),
    );
    this.#more.hidden = book.asks.length <= SHORT && book.bids.length <= SHORT;
    this.#more.textContent = t(this.#all ? 'book.less' : 'book.more');
  }

  /**
   * @param {HTMLElement} body
   * @param {Side} side
   * @param {Step[]} levels
   * @param {string} none
   */
  #side(body, side, levels, none) {
    if (levels.length === 0) {
      fill(body, h('tr', { class: 'ladder-none' }, h('td', { colspan: '4' }, none)));
      return;
    }
    reconcile(body, levels, {
      key: (level) => level.price,
      create: (level) => this.#row(side, level),
      update: (row, level) => this.#update(row, level),
    });
    // The note that a side was empty has no key and would stay.
    body.querySelector('.ladder-none')?.remove();
  }

  /** @param {Side} side @param {Step} level */
  #row(side, level) {
    const price = won(level.price);
    const row = h(
      'tr',
      { class: 'level' },
      h('td', { class: 'level-side' }, t(side === 'purchase' ? 'book.ask' : 'book.bid')),
      h(
        'td',
        { class: 'number level-price' },
        this.onpick
          ? h(
              'button',
              {
                type: 'button',
                class: 'level-button',
                'aria-label': t(side === 'purchase' ? 'book.buy_at' : 'book.sell_at', { price }),
                onclick: () => this.onpick?.(side, level.price),
              },
              price,
            )
          : price,
      ),
      h('td', { class: 'number level-count' }),
      h('td', { class: 'number level-sum' }),
    );
    this.#update(row, level);
    return row;
  }

  /** @param {HTMLElement} row @param {Step} level */
  #update(row, level) {
    const count = /** @type {HTMLElement} */ (row.querySelector('.level-count'));
    const text = tn('book.n', level.count);
    const sum = /** @type {HTMLElement} */ (row.querySelector('.level-sum'));
    row.style.setProperty('--share', (level.sum / this.#most).toFixed(3));
    sum.textContent = plain(level.sum);
    if (count.textContent === text) return;
    const first = count.textContent === '';
    count.textContent = text;
    if (!first) play(count, 'flash');
  }
}

define('rally-ladder', Ladder);
