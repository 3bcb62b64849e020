import { actionButton, askAndDo } from '../../components/admin/act.js';
import { AdminPage } from '../../components/admin/frame.js';
import { listing } from '../../components/admin/listing.js';
import { changePrize } from '../../components/admin/prize.js';
import { table } from '../../components/admin/table.js';
import { cupState, placeOfCup } from '../../components/pong/cup-card.js';
import { api, i18n, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { day, moment, plain } from '../../core/format.js';

/** @typedef {import('../../core/pong-types.js').CupBrief} CupBrief */

const PATH = '/api/pong/tournaments/';
const STATES = /** @type {const} */ (['open', 'running', 'finished', 'cancelled']);

/** Everybody's tournaments. */
class AdminTournamentsPage extends AdminPage {
  /** @override */
  draw() {
    this.list = listing(
      {
        path: '/admin/tournaments',
        source: PATH,
        cursor: true,
        filters: [
          {
            name: 'state',
            label: t('pong.cup_states'),
            kind: 'select',
            options: STATES.map((value) => ({ value, label: t(`pong.cup_state.${value}`) })),
          },
        ],
        empty: { icon: 'trophy', title: t('admin.cup_empty') },
        show: (rows) => this.#table(rows),
      },
      this.query,
    );
    this.desk('tournaments', { title: t('admin.cups') }, this.list);
    this.ready = this.list.ready;
  }

  /** @param {CupBrief[]} rows */
  #table(rows) {
    const lang = i18n.lang.value;
    return table({
      label: t('admin.cups'),
      rows,
      columns: [
        {
          label: t('pong.cup_name'),
          kind: 'main',
          cell: ({ id, name }) => h('a', { href: placeOfCup(id) }, name),
        },
        { label: t('order.state'), cell: ({ state }) => cupState(state) },
        {
          label: t('pong.entries'),
          kind: 'number',
          cell: ({ entries, size }) => `${plain(entries)} / ${plain(size)}`,
        },
        { label: t('admin.cup_maker'), cell: ({ created_by: maker }) => maker?.profile_name ?? '–' },
        { label: t('pong.champion'), cell: ({ champion }) => champion?.profile_name ?? '–' },
        {
          label: t('admin.created'),
          cell: ({ created_at: at }) => h('time', { datetime: at, title: moment(at, lang) }, day(at, lang)),
        },
        {
          label: t('admin.actions'),
          kind: 'actions',
          cell: (cup) => [
            cup.may_prize
              ? actionButton({
                  label: t('admin.prize'),
                  said: t('admin.prize_of', { name: cup.name }),
                  onclick: () => this.#prize(cup),
                })
              : null,
            cup.state === 'open' || cup.state === 'running'
              ? actionButton({
                  label: t('action.cancel'),
                  said: t('admin.cup_cancel_of', { name: cup.name }),
                  onclick: () => this.#cancel(cup),
                })
              : null,
          ],
        },
      ],
    });
  }

  /** @param {CupBrief} cup */
  async #prize(cup) {
    if (await changePrize(cup, this.signal)) this.list?.again();
  }

  /** @param {CupBrief} cup */
  async #cancel({ id }) {
    const done = await askAndDo({
      title: t('pong.sure.cancel'),
      text: t('pong.sure_text.cancel'),
      confirm: t('pong.cup_act.cancel'),
      done: t('pong.done.cancel'),
      run: () => api.post(`${PATH}${id}/cancel/`),
      signal: this.signal,
    });
    if (done) this.list?.again();
  }
}

define('page-admin-tournaments', AdminTournamentsPage);
