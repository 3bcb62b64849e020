import { actionButton } from '../../components/admin/act.js';
import { AdminPage } from '../../components/admin/frame.js';
import { listing } from '../../components/admin/listing.js';
import { askReason } from '../../components/admin/reason.js';
import { table } from '../../components/admin/table.js';
import { tradedSize } from '../../components/shop/size-picker.js';
import { toast } from '../../components/toast.js';
import { api, i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { day, moment, won } from '../../core/format.js';
import { articleName } from '../../core/names.js';
import { word } from '../shop/order-status.js';

/** @typedef {import('../../core/types.js').StaffBid} StaffBid */

const PATH = '/api/admin/shop/bids/';
const STATUSES = ['open', 'filled', 'cancelled', 'expired'];

/** @param {string} iso */
function when(iso) {
  const lang = i18n.lang.value;
  return h('time', { datetime: iso, title: moment(iso, lang) }, day(iso, lang));
}

/** Everybody's bids. */
class AdminBidsPage extends AdminPage {
  /** @override */
  draw() {
    this.list = listing(
      {
        path: '/admin/bids',
        source: PATH,
        filters: [
          { name: 'search', label: t('admin.bid.search'), kind: 'search' },
          {
            name: 'side',
            label: t('admin.bid.side'),
            kind: 'select',
            options: [
              { value: 'purchase', label: t('bids.purchase') },
              { value: 'sales', label: t('bids.sales') },
            ],
          },
          {
            name: 'status',
            label: t('order.state'),
            kind: 'select',
            options: STATUSES.map((value) => ({ value, label: word(`admin.bid.${value}`, {}, value) })),
          },
          { name: 'user', label: t('admin.user_id'), kind: 'text', pattern: /^[1-9]\d{0,17}$/ },
        ],
        empty: { icon: 'bid', title: t('admin.bid.empty') },
        show: (rows) => this.#table(rows),
      },
      this.query,
    );
    this.desk('bids', { title: t('admin.bids') }, this.list);
    this.ready = this.list.ready;
  }

  /** @param {StaffBid[]} rows */
  #table(rows) {
    const lang = i18n.lang.value;
    return table({
      label: t('admin.bids'),
      rows,
      columns: [
        {
          label: t('admin.article.one'),
          kind: 'main',
          cell: (bid) =>
            h(
              'a',
              { href: `/shop/${bid.info.id}?size=${encodeURIComponent(bid.size)}` },
              `${articleName(bid.info, lang)} · ${tradedSize(bid.size)}`,
            ),
        },
        {
          label: t('admin.bid.side'),
          cell: ({ type }) =>
            h(
              'span',
              { class: type === 'purchase' ? 'badge badge-accent' : 'badge badge-ink' },
              t(type === 'purchase' ? 'bids.purchase' : 'bids.sales'),
            ),
        },
        { label: t('quote.price'), kind: 'number', cell: ({ price }) => won(price) },
        { label: t('order.state'), cell: ({ status }) => word(`admin.bid.${status}`, {}, status) },
        {
          label: t('admin.user'),
          cell: (bid) =>
            h('a', { href: `/admin/bids?user=${bid.user}` }, bid.profile_name || String(bid.user)),
        },
        { label: t('admin.created'), cell: (bid) => when(bid.created_at) },
        { label: t('admin.bid.end'), cell: (bid) => when(bid.closed_at ?? bid.expires_at) },
        {
          label: t('admin.actions'),
          kind: 'actions',
          cell: (bid) =>
            bid.status === 'open'
              ? actionButton({
                  label: t('bids.cancel'),
                  said: t('bids.cancel_which', { name: articleName(bid.info, lang) }),
                  onclick: () => this.#cancel(bid),
                })
              : null,
        },
      ],
    });
  }

  /** @param {StaffBid} bid */
  async #cancel(bid) {
    const done = await askReason({
      title: t('bids.cancel_title'),
      text: t('bids.cancel_text', { name: articleName(bid.info, i18n.lang.value), price: won(bid.price) }),
      submit: t('bids.cancel_yes'),
      signal: this.signal,
      send: (reason) => api.request('DELETE', `${PATH}${bid.id}/`, { reason }),
    });
    if (done === undefined) return;
    toast(t('bids.cancelled'));
    this.list?.again();
  }
}

define('page-admin-bids', AdminBidsPage);
