import { ask } from '../../components/dialog.js';
import { infiniteList } from '../../components/infinite-list.js';
import { myPage, typeTabs } from '../../components/my-nav.js';
import { briefRow } from '../../components/shop/brief-row.js';
import { tradedSize } from '../../components/shop/size-picker.js';
import { emptyState, skeletonRows } from '../../components/states.js';
import { toast } from '../../components/toast.js';
import { api, explain, i18n, inbox, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { day, moment, won } from '../../core/format.js';
import { articleName } from '../../core/names.js';
import { Page } from '../../core/page.js';
import { Problem } from '../../core/problem.js';
import { editBid, renewBid } from './bid-edit.js';

/** @typedef {import('../../core/types.js').Bid} Bid */
/** @typedef {import('../../core/types.js').Side} Side */

/** @param {Side} side */
const listPath = (side) => (side === 'sales' ? '/api/shop/salesbids/' : '/api/shop/purchasebids/');

/** From then on a row says that its bid ends soon. */
const SOON_MS = 48 * 3_600_000;

/** My open bids and asks. */
class BidsPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Bid>|null} */
  #list = null;
  /** @type {Side} */
  #side = 'purchase';

  /** @override */
  connected() {
    this.#side = this.query.get('type') === 'sales' ? 'sales' : 'purchase';
    const buying = this.#side === 'purchase';
    this.#list = infiniteList(
      {
        first: `${listPath(this.#side)}?page_size=20`,
        load: (path, signal) => api.get(path, { signal }),
        label: t('bids.title'),
        key: (bid) => bid.id,
        row: (bid) => this.#row(bid),
        skeleton: () => skeletonRows(4),
        empty: () =>
          emptyState({
            icon: 'bid',
            title: t(buying ? 'bids.empty_purchase' : 'bids.empty_sales'),
            text: t('bids.empty_text'),
            action: { href: '/shop', label: t('bids.empty_action') },
          }),
      },
      this.restored,
    );
    this.replaceChildren(
      myPage(
        'bids',
        h('h1', null, t('bids.title')),
        typeTabs({
          label: t('bids.filter'),
          path: '/my/bids',
          value: buying ? '' : 'sales',
          options: [
            { value: '', label: t('bids.purchase') },
            { value: 'sales', label: t('bids.sales') },
          ],
        }),
        this.#list,
      ),
    );
    this.ready = this.#list.ready;
    const list = this.#list;
    inbox.listen(
      {
        change: (change) => {
          // Which of the bids it was, the server knows.
          const told = 'told' in change ? change.told : null;
          if (told?.kind === 'bid_matched' && told.target.side === this.#side) list.again();
        },
      },
      this.signal,
    );
  }

  /** @override */
  snapshot() {
    return this.#list?.state ?? null;
  }

  /** @param {Bid} bid */
  #row(bid) {
    const lang = i18n.lang.value;
    const name = articleName(bid.info, lang);
    const soon = Date.parse(bid.expires_at) - Date.now() < SOON_MS;
    /** @param {'edit'|'renew'|'cancel'} what @param {() => void} onclick */
    const button = (what, onclick) =>
      h(
        'button',
        {
          type: 'button',
          class: 'button button-line button-small',
          'aria-label': t(`bids.${what}_which`, { name }),
          onclick,
        },
        t(`bids.${what}`),
      );
    return briefRow({
      info: bid.info,
      size: tradedSize(bid.size),
      href: `/shop/${bid.info.id}?size=${encodeURIComponent(bid.size)}`,
      note: [
        h(
          'time',
          { class: 'muted small', datetime: bid.expires_at, title: moment(bid.expires_at, lang) },
          t('bids.until', { date: day(bid.expires_at, lang) }),
        ),
        soon ? h('span', { class: 'badge badge-warn' }, t('bids.soon')) : null,
      ],
      end: [
        h('strong', { class: 'number' }, won(bid.price)),
        h(
          'div',
          { class: 'row-actions' },
          button('edit', () => this.#change(bid, editBid, t('bids.changed'))),
          button('renew', () => this.#change(bid, renewBid, t('bids.renewed'))),
          button('cancel', () => this.#cancel(bid)),
        ),
      ],
    });
  }

  /** @param {Bid} bid @param {typeof editBid} change @param {string} said */
  async #change(bid, change, said) {
    const changed = await change(bid, { path: `${listPath(this.#side)}${bid.id}/`, signal: this.signal });
    if (changed === undefined) return;
    this.#list?.change(bid.id, changed);
    if (changed) toast(said);
  }

  /** @param {Bid} bid */
  async #cancel(bid) {
    const sure = await ask({
      title: t('bids.cancel_title'),
      text: t('bids.cancel_text', { name: articleName(bid.info, i18n.lang.value), price: won(bid.price) }),
      confirm: t('bids.cancel_yes'),
      signal: this.signal,
    });
    if (!sure || this.signal.aborted) return;
    try {
      await api.delete(`${listPath(this.#side)}${bid.id}/`);
      this.#list?.change(bid.id, null);
      toast(t('bids.cancelled'));
    } catch (error) {
      const problem = Problem.from(error);
      // Matched or expired meanwhile: it is not an open bid any more.
      if (problem.status === 404 || problem.code === 'shop.bid_closed') this.#list?.change(bid.id, null);
      toast(explain(problem), { bad: true });
    }
  }
}

define('page-bids', BidsPage);
