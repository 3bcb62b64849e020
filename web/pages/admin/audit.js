import { differences } from '../../components/admin/diff.js';
import { AdminPage } from '../../components/admin/frame.js';
import { listing } from '../../components/admin/listing.js';
import { i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { moment, percent, won } from '../../core/format.js';
import { carrierName, orderStatus, word } from '../shop/order-status.js';

/** @typedef {import('../../core/types.js').AuditEntry} AuditEntry */

const ACTIONS = [
  'shop.article.create',
  'shop.article.change',
  'shop.article.delete',
  'shop.brand.create',
  'shop.brand.change',
  'shop.brand.delete',
  'shop.size.create',
  'shop.size.change',
  'shop.size.delete',
  'shop.picture.create',
  'shop.picture.delete',
  'shop.bid.cancel',
  'shop.order.receive',
  'shop.order.pass',
  'shop.order.fail',
  'shop.order.dispatch',
  'shop.order.cancel',
  'shop.order.undo',
  'shop.fees.create',
  'shop.fees.delete',
  'shop.comment.delete',
  'shop.reply.delete',
  'style.post.delete',
  'style.comment.delete',
  'style.reply.delete',
  'style.report.hidden',
  'style.report.dismissed',
  'style.report.open',
];

/** @param {string} action @returns {string} */
const actionName = (action) => word(`admin.did.${action}`, {}, action);

/** Pages that a target has. @param {string} target `brand:3` */
function place(target) {
  const [thing, id] = target.split(':');
  if (thing === 'order') return `/admin/orders/${id}`;
  if (thing === 'article') return `/admin/articles/${id}`;
  return null;
}

/** @param {string} target */
function targetName(target) {
  const [thing = '', id = ''] = target.split(':');
  return `${word(`admin.thing.${thing}`, {}, thing)} #${id}`;
}

const MONEY = new Set(['price', 'purchase_price', 'retail_price', 'tick']);

/** @param {string} field @param {string} value @returns {string} as people read it */
function valueName(field, value) {
  const lang = i18n.lang.value;
  if (field === 'status') return orderStatus(value);
  if (field === 'effective_from') return moment(value, lang);
  if (field.endsWith('_bps')) return percent(Number(value), lang);
  if (MONEY.has(field)) return won(Number(value));
  const family = { category: 'category', delivery_tag: 'delivery', reason: 'admin.because' }[field];
  if (field === 'carrier') return carrierName(value);
  return family ? word(`${family}.${value}`, {}, value) : value;
}

/** @param {AuditEntry} entry */
function changes({ before, after }) {
  const list = differences(before, after);
  if (list.length === 0) return null;
  /** @param {string} field @param {string|null} text @param {'del'|'ins'} tag */
  const value = (field, text, tag) =>
    text === null ? null : h(tag, { class: `diff-${tag}` }, valueName(field, text));
  return h(
    'dl',
    { class: 'diff' },
    list.map(({ field, before: was, after: is, kind }) =>
      h(
        'div',
        null,
        h('dt', null, word(`admin.field.${field}`, {}, field)),
        h(
          'dd',
          null,
          value(field, was, 'del'),
          kind === 'changed' ? h('span', { class: 'diff-to', 'aria-hidden': 'true' }, '→') : null,
          value(field, is, 'ins'),
        ),
      ),
    ),
  );
}

/** @param {AuditEntry} entry */
function line(entry) {
  const href = place(entry.target);
  const name = targetName(entry.target);
  return h(
    'li',
    { class: 'audit-entry' },
    h(
      'div',
      { class: 'audit-head' },
      h('strong', null, actionName(entry.action)),
      href ? h('a', { href }, name) : h('span', null, name),
    ),
    h(
      'p',
      { class: 'muted small' },
      h(
        'a',
        { href: `/admin/audit?actor=${entry.actor.user_id}` },
        entry.actor.profile_name || `#${entry.actor.user_id}`,
      ),
      ' · ',
      h('time', { datetime: entry.at }, moment(entry.at, i18n.lang.value)),
    ),
    entry.reason
      ? h('p', { class: 'audit-reason' }, t('admin.audit.reason', { reason: entry.reason }))
      : null,
    changes(entry),
  );
}

/** What the staff did. */
class AuditPage extends AdminPage {
  /** @override */
  draw() {
    this.list = listing(
      {
        path: '/admin/audit',
        source: '/api/admin/audit/',
        cursor: true,
        filters: [
          {
            name: 'action',
            label: t('admin.audit.action'),
            kind: 'select',
            options: ACTIONS.map((value) => ({ value, label: actionName(value) })),
          },
          { name: 'target', label: t('admin.audit.target'), kind: 'text' },
          { name: 'actor', label: t('admin.user_id'), kind: 'text', pattern: /^[1-9]\d{0,17}$/ },
        ],
        empty: { icon: 'order', title: t('admin.audit.empty') },
        show: (/** @type {AuditEntry[]} */ rows) =>
          h('ol', { class: 'audit', role: 'list', 'aria-label': t('admin.audit') }, rows.map(line)),
      },
      this.query,
    );
    this.desk('audit', { title: t('admin.audit') }, this.list);
    this.ready = this.list.ready;
  }
}

define('page-admin-audit', AuditPage);
