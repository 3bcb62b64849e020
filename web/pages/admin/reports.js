import { actionButton } from '../../components/admin/act.js';
import { AdminPage } from '../../components/admin/frame.js';
import { askReason } from '../../components/admin/reason.js';
import { infiniteList } from '../../components/infinite-list.js';
import { typeTabs } from '../../components/my-nav.js';
import { personLink } from '../../components/person.js';
import { bone, emptyState, skeleton, tile, times } from '../../components/states.js';
import { toast } from '../../components/toast.js';
import { api, i18n, t, tn } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { ago, moment } from '../../core/format.js';
import { framedPicture } from '../../core/names.js';
import { placeOfPerson } from '../../core/paths.js';
import { word } from '../shop/order-status.js';

/**
 * @typedef {import('../../core/style-types.js').Report} Report
 * @typedef {'hide'|'dismiss'|'restore'} Step
 */

const PATH = '/api/styles/reports/';
const STATES = /** @type {const} */ (['open', 'hidden', 'dismissed']);

/** @param {Report} report @returns {string|null} where it can be looked at */
function placeOf({ object_type: type, post_id: post, author }) {
  if (post !== null) return `/style/posts/${post}`;
  return type === 'profile' && author ? placeOfPerson(author.profile_name) : null;
}

/** @param {Report} report @returns {Step[]} */
function stepsOf({ state, object_type: type }) {
  if (state !== 'open') return ['restore'];
  // A person can't be hidden.
  return type === 'profile' ? ['dismiss'] : ['dismiss', 'hide'];
}

/** What people find wrong, and what becomes of it. */
class ReportsPage extends AdminPage {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Report>|null} */
  #reports = null;

  /** @returns {typeof STATES[number]} */
  get #state() {
    return STATES.find((known) => known === this.query.get('state')) ?? 'open';
  }

  /** @override */
  draw() {
    const state = this.#state;
    this.#reports = infiniteList(
      {
        first: `${PATH}?state=${state}&page_size=20`,
        load: (path, signal) => api.get(path, { signal }),
        label: t('admin.reports'),
        class: 'reports',
        key: ({ id }) => id,
        row: (report) => this.#row(report),
        skeleton: () =>
          skeleton(
            h(
              'div',
              { class: 'reports' },
              times(4, () => h('div', { class: 'panel' }, bone('w-30'), bone('w-80'), bone('w-40'))),
            ),
          ),
        empty: () => emptyState({ icon: 'flag', title: t(`admin.report.empty.${state}`) }),
      },
      this.restored?.state === state ? { pages: this.restored.pages } : null,
    );
    this.desk(
      'reports',
      { title: t('admin.reports') },
      typeTabs({
        label: t('order.state'),
        name: 'state',
        path: '/admin/reports',
        value: state === 'open' ? '' : state,
        options: STATES.map((each) => ({
          value: each === 'open' ? '' : each,
          label: t(`admin.report.state.${each}`),
        })),
      }),
      this.#reports,
    );
    this.ready = this.#reports.ready;
  }

  /** @override */
  snapshot() {
    return this.#reports ? { pages: this.#reports.state.pages, state: this.#state } : null;
  }

  /** @param {Report} report */
  #row(report) {
    const { object_type: type, count, reasons, notes, excerpt, image, author, updated_at: at } = report;
    const lang = i18n.lang.value;
    const place = placeOf(report);
    const name = t(`admin.report.type.${type}`);
    return h(
      'li',
      { class: 'panel report' },
      image ? tile(framedPicture(image, 1), { class: 'report-picture', sizes: '88px' }) : null,
      h(
        'div',
        { class: 'report-main' },
        h(
          'p',
          { class: 'report-head' },
          h('span', { class: 'badge badge-ink' }, name),
          author ? personLink(author) : h('span', { class: 'muted' }, t('reviews.left')),
          h('time', { class: 'muted small', datetime: at, title: moment(at, lang) }, ago(at, lang)),
        ),
        h(
          'p',
          { class: excerpt ? 'report-excerpt' : 'report-excerpt muted' },
          excerpt || t(image ? 'admin.report.no_words' : 'admin.report.gone'),
        ),
        h(
          'ul',
          { class: 'chips', role: 'list', 'aria-label': tn('admin.report.count', count) },
          h('li', { class: 'badge badge-accent' }, tn('admin.report.count', count)),
          Object.entries(reasons).map(([reason, n]) =>
            h('li', { class: 'badge' }, `${word(`report.reason.${reason}`, {}, reason)} ${n}`),
          ),
        ),
        notes.length > 0
          ? h(
              'ul',
              { class: 'report-notes', role: 'list', 'aria-label': t('admin.report.notes') },
              notes.map((note) => h('li', null, note)),
            )
          : null,
      ),
      h(
        'div',
        { class: 'report-acts' },
        place
          ? h('a', { class: 'button button-line button-small', href: place }, t('admin.report.see'))
          : null,
        stepsOf(report).map((step) =>
          actionButton({
            label: t(`admin.report.${step}`),
            tone: step === 'hide' ? 'accent' : 'line',
            onclick: () => this.#decide(report, step),
          }),
        ),
      ),
    );
  }

  /** @param {Report} report @param {Step} step */
  async #decide(report, step) {
    const done = await askReason({
      title: t(`admin.report.${step}_title`),
      text: t(`admin.report.${step}_text`),
      submit: t(`admin.report.${step}`),
      signal: this.signal,
      send: (reason) => api.post(`${PATH}${report.id}/${step}/`, { reason }),
    });
    if (done === undefined) return;
    toast(t(`admin.report.${step}_done`));
    this.#reports?.change(report.id, null);
    const heading = this.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus();
  }
}

define('page-admin-reports', ReportsPage);
