import { actionButton, askAndDo } from '../../components/admin/act.js';
import { bpsOf, localMinute, percentOf } from '../../components/admin/fee-values.js';
import { AdminPage } from '../../components/admin/frame.js';
import { listing } from '../../components/admin/listing.js';
import { table } from '../../components/admin/table.js';
import { formDialog } from '../../components/form-dialog.js';
import { field, input } from '../../components/form.js';
import { toast } from '../../components/toast.js';
import { api, i18n, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { moment, percent } from '../../core/format.js';

/** @typedef {import('../../core/types.js').FeePlan} FeePlan */

const PATH = '/api/admin/shop/fees/';
/** How early a change has to be known. */
const NOTICE_MS = 3_600_000;

const MAX_RATE = 5_000;

const RATES = /** @type {const} */ ({
  buyer_bps: MAX_RATE,
  seller_bps: MAX_RATE,
  penalty_bps: MAX_RATE,
  fail_penalty_bps: MAX_RATE,
  credit_bps: 10_000,
});
/** @typedef {keyof typeof RATES} Rate */
const NAMES = /** @type {Rate[]} */ (Object.keys(RATES));

/** What trades cost, and from when on. */
class FeesPage extends AdminPage {
  #now = h('section', { class: 'panel desk-panel fees-now' });
  /** What holds now. @type {Partial<Record<Rate, number>>} */
  #rates = {};

  /** @override */
  draw() {
    const add = actionButton({ label: t('admin.fee.add'), tone: 'ink', onclick: () => this.#add() });
    this.list = listing(
      {
        path: '/admin/fees',
        source: PATH,
        filters: [],
        empty: { icon: 'bid', title: t('admin.fee.empty'), text: t('admin.fee.empty_text') },
        show: (plans) => this.#table(plans),
        onread: ({ now }) => this.#hold(now),
      },
      this.query,
    );
    this.#hold({});
    this.desk(
      'fees',
      { title: t('admin.fees'), action: add },
      h('p', { class: 'setting-text' }, t('admin.fee.text')),
      this.#now,
      this.list,
    );
    this.ready = this.list.ready;
  }

  /** The figures of today, also where nothing was ever scheduled. @param {Partial<Record<Rate, number>>} rates */
  #hold(rates) {
    this.#rates = rates;
    const lang = i18n.lang.value;
    fill(
      this.#now,
      h('h2', null, t('admin.fee.in_force')),
      h(
        'dl',
        { class: 'facts' },
        NAMES.map((name) => {
          const rate = rates[name];
          return h(
            'div',
            null,
            h(
              'dt',
              null,
              t(`admin.fee.${name}`),
              h('span', { class: 'fees-of' }, t(`admin.fee.${name}_hint`)),
            ),
            h('dd', { class: 'number' }, rate === undefined ? '–' : percent(rate, lang)),
          );
        }),
      ),
    );
  }

  /** @param {FeePlan[]} plans */
  #table(plans) {
    const lang = i18n.lang.value;
    const begun = (/** @type {FeePlan} */ plan) => Date.parse(plan.effective_from) <= Date.now();
    return table({
      label: t('admin.fees'),
      rows: plans,
      look: ({ in_force: now }) => (now ? 'is-now' : ''),
      columns: [
        {
          label: t('admin.fee.from'),
          kind: 'main',
          cell: (plan) => [
            moment(plan.effective_from, lang),
            ' ',
            plan.in_force ? h('span', { class: 'badge badge-good' }, t('admin.fee.now')) : null,
            begun(plan) ? null : h('span', { class: 'badge badge-warn' }, t('admin.fee.ahead')),
          ],
        },
        ...NAMES.map((name) => ({
          label: t(`admin.fee.${name}`),
          kind: /** @type {const} */ ('number'),
          cell: (/** @type {FeePlan} */ plan) => percent(plan[name], lang),
        })),
        { label: t('admin.created'), cell: (plan) => moment(plan.created_at, lang) },
        {
          label: t('admin.actions'),
          kind: 'actions',
          cell: (plan) =>
            begun(plan)
              ? null
              : actionButton({
                  label: t('admin.delete'),
                  said: t('admin.delete_which', { name: moment(plan.effective_from, lang) }),
                  onclick: () => this.#delete(plan),
                }),
        },
      ],
    });
  }

  async #add() {
    const now = this.#rates;
    const from = field({
      label: t('admin.fee.from'),
      hint: t('admin.fee.from_hint'),
      control: input({
        name: 'effective_from',
        type: 'datetime-local',
        required: true,
        // A useful beginning instead of a `min`: that would complain in the browser's words.
        value: localMinute(new Date(Date.now() + 24 * NOTICE_MS)),
      }),
    });
    const rates = Object.fromEntries(
      NAMES.map((name) => [
        name,
        field({
          label: t(`admin.fee.${name}`),
          hint: t(`admin.fee.${name}_hint`),
          control: input({
            name,
            required: true,
            inputmode: 'decimal',
            autocomplete: 'off',
            maxlength: 7,
            value: now[name] === undefined ? '' : percentOf(now[name]),
          }),
        }),
      ]),
    );
    const added = await formDialog({
      title: t('admin.fee.add'),
      fields: { effective_from: from, ...rates },
      submit: t('admin.fee.submit'),
      signal: this.signal,
      check: () => {
        const early = Date.parse(from.control.value) < Date.now() + NOTICE_MS;
        const bad = NAMES.filter((name) => bpsOf(rates[name]?.control.value ?? '', RATES[name]) === null);
        return {
          ...(early ? { effective_from: t('admin.fee.too_early') } : {}),
          ...Object.fromEntries(
            bad.map((name) => [name, t('admin.fee.bad_rate', { max: percentOf(RATES[name]) })]),
          ),
        };
      },
      send: () =>
        api.post(PATH, {
          effective_from: new Date(from.control.value).toISOString(),
          ...Object.fromEntries(
            NAMES.map((name) => [name, bpsOf(rates[name]?.control.value ?? '', RATES[name])]),
          ),
        }),
    });
    if (!added) return;
    toast(t('admin.added'));
    this.list?.again();
  }

  /** @param {FeePlan} plan */
  async #delete(plan) {
    const gone = await askAndDo({
      title: t('admin.fee.delete_title'),
      text: t('admin.fee.delete_text', { date: moment(plan.effective_from, i18n.lang.value) }),
      confirm: t('admin.delete'),
      done: t('admin.deleted'),
      run: () => api.delete(`${PATH}${plan.id}/`),
      signal: this.signal,
    });
    if (gone) this.list?.again();
  }
}

define('page-admin-fees', FeesPage);
