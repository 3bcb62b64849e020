import { infiniteList } from '../../components/infinite-list.js';
import { myPage } from '../../components/my-nav.js';
import { briefRow } from '../../components/shop/brief-row.js';
import { tradedSize } from '../../components/shop/size-picker.js';
import { emptyState, skeletonRows } from '../../components/states.js';
import { api, i18n, t, tn } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { day, won } from '../../core/format.js';
import { articleName } from '../../core/names.js';
import { Page } from '../../core/page.js';
import { direction, signedPercent, signedWon } from './order-gain.js';

/**
 * @typedef {import('../../core/types.js').Piece} Piece
 * @typedef {import('../../core/types.js').PortfolioTotals} PortfolioTotals
 * @typedef {import('../../core/types.js').PortfolioPage} PortfolioPage
 */

const ARROWS = { up: '▲', down: '▼', flat: '' };

/** Sign, arrow and colour say the same: nobody has to see the colour. @param {number|null} gain @param {number|null} pct */
function gainText(gain, pct) {
  if (gain === null) return h('span', { class: 'muted' }, '–');
  const way = direction(gain);
  return h(
    'span',
    { class: `gain gain-${way} number` },
    h('span', { 'aria-hidden': 'true' }, ARROWS[way]),
    signedWon(gain),
    pct === null ? null : [' ', h('span', { class: 'gain-pct' }, `(${signedPercent(pct, i18n.lang.value)})`)],
  );
}

/** What I own, what it cost, and what it is worth today. */
class Portfolio extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Piece>|null} */
  #list = null;
  /** @type {PortfolioTotals|null} */
  #totals = null;
  #head = h('div', { class: 'portfolio-head' });

  /** @override */
  connected() {
    this.#totals = this.restored?.totals ?? null;
    this.#list = infiniteList(
      {
        first: '/api/shop/portfolio/?page_size=20',
        load: (path, signal) => api.get(path, { signal }),
        onpage: (page) => this.#drawTotals(/** @type {PortfolioPage} */ (page).totals),
        label: t('portfolio.title'),
        key: (piece) => piece.order,
        row: (piece) => this.#row(piece),
        skeleton: () => skeletonRows(4),
        empty: () =>
          emptyState({
            icon: 'bid',
            title: t('portfolio.empty'),
            text: t('portfolio.empty_text'),
            action: { href: '/shop', label: t('portfolio.empty_action') },
          }),
      },
      this.restored,
    );
    if (this.#totals) this.#drawTotals(this.#totals);
    else this.#keepRoom();
    this.replaceChildren(myPage('portfolio', h('h1', null, t('portfolio.title')), this.#head, this.#list));
    // Where nothing came there is nothing to keep room for.
    this.ready = this.#list.ready.then(() => {
      if (!this.#totals) fill(this.#head);
    });
  }

  /** @override */
  snapshot() {
    return this.#list ? { ...this.#list.state, totals: this.#totals } : null;
  }

  /** The list below stays where it is when the totals come. */
  #keepRoom() {
    const nothing = { value: 0, cost: 0, gain: 0, gain_pct: 0, pieces: 1 };
    fill(this.#head, h('div', { class: 'portfolio-wait', 'aria-hidden': 'true' }, this.#sums(nothing)));
  }

  /** @param {PortfolioTotals} totals */
  #drawTotals(totals) {
    this.#totals = totals;
    fill(this.#head, totals.pieces > 0 ? this.#sums(totals) : null);
  }

  /** @param {PortfolioTotals} totals */
  #sums(totals) {
    /** @param {string} name @param {import('../../core/element.js').Child} value */
    const total = (name, value) => h('div', null, h('dt', null, name), h('dd', null, value));
    return [
      h(
        'dl',
        { class: 'totals' },
        total(t('portfolio.value'), h('strong', { class: 'number' }, won(totals.value))),
        total(t('portfolio.gain'), gainText(totals.gain, totals.gain_pct)),
        total(t('portfolio.cost'), h('span', { class: 'number' }, won(totals.cost))),
        total(t('portfolio.pieces'), tn('portfolio.n', totals.pieces)),
      ),
      h('p', { class: 'muted small' }, t('portfolio.how')),
    ];
  }

  /** @param {Piece} piece */
  #row(piece) {
    const lang = i18n.lang.value;
    const size = encodeURIComponent(piece.size);
    const name = articleName(piece.info, lang);
    const offer = piece.sell_now;
    return briefRow({
      info: piece.info,
      size: tradedSize(piece.size),
      href: `/shop/${piece.info.id}?size=${size}`,
      note: [
        h(
          'span',
          { class: 'muted small number' },
          piece.cost === 0 // nothing else is free
            ? t('portfolio.won', { date: day(piece.bought_at, lang) })
            : t('portfolio.bought', { price: won(piece.cost), date: day(piece.bought_at, lang) }),
        ),
        h('a', { class: 'piece-order small', href: `/my/orders/${piece.order}` }, t('portfolio.order')),
      ],
      end: [
        h(
          'strong',
          { class: 'number' },
          piece.price_now === null ? t('portfolio.no_price') : won(piece.price_now),
        ),
        gainText(piece.gain, piece.gain_pct),
        h(
          'a',
          {
            class: 'button button-line button-small',
            href: `/shop/${piece.info.id}?size=${size}&trade=sales`,
            'aria-label':
              offer === null
                ? t('portfolio.sell_which', { name })
                : t('portfolio.sell_at_which', { name, price: won(offer) }),
          },
          offer === null ? t('portfolio.sell') : t('portfolio.sell_at', { price: won(offer) }),
        ),
      ],
    });
  }
}

define('page-portfolio', Portfolio);
