import { infiniteList } from '../../components/infinite-list.js';
import { icon } from '../../components/icon.js';
import { typeTabs } from '../../components/my-nav.js';
import { createCup } from '../../components/pong/create-cup.js';
import { cupBones, cupCard, placeOfCup } from '../../components/pong/cup-card.js';
import { emptyState } from '../../components/states.js';
import { api, pongFeed, session, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { navigate, toSignin } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { pongPage } from './frame.js';

/** @typedef {import('../../core/pong-types.js').CupBrief} CupBrief */

const STATES = /** @type {const} */ (['open', 'running', 'finished']);

/** Tournaments: those that one can enter, those that are played, those that were. */
class TournamentsPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<CupBrief>|null} */
  #list = null;

  get #state() {
    return STATES.find((state) => state === this.query.get('state')) ?? 'open';
  }

  /** @override */
  connected() {
    const state = this.#state;
    /** @type {import('../../components/infinite-list.js').InfiniteList<CupBrief>} */
    const list = infiniteList(
      {
        first: `/api/pong/tournaments/?state=${state}&page_size=20`,
        load: (path, signal) => api.get(path, { signal }),
        label: t('pong.cups'),
        class: 'cups',
        key: ({ id }) => id,
        row: (cup) => h('li', null, cupCard(cup, { level: 'h2' })),
        skeleton: () => cupBones(4),
        empty: () =>
          emptyState({
            icon: 'trophy',
            title: t(`pong.cups_empty.${state}`),
            ...(state === 'open' ? { text: t('pong.cups_empty_text') } : {}),
          }),
      },
      this.restored,
    );
    this.#list = list;
    this.replaceChildren(
      pongPage(
        'tournaments',
        {
          title: t('pong.cups'),
          action: h(
            'button',
            {
              type: 'button',
              class: 'button button-ink button-small',
              onclick: () => this.#create(),
            },
            icon('plus'),
            t('pong.cup_open'),
          ),
        },
        typeTabs({
          label: t('pong.cup_states'),
          path: '/pong/tournaments',
          name: 'state',
          value: state === 'open' ? '' : state,
          options: STATES.map((each) => ({
            value: each === 'open' ? '' : each,
            label: t(`pong.cup_state.${each}`),
          })),
        }),
        list,
      ),
    );
    pongFeed.follow(({ tournaments }) => {
      const told = new Map(tournaments.map((cup) => [cup.id, cup]));
      list.alter((rows) => {
        const next = rows.map((row) => {
          const now = told.get(row.id);
          return now && (now.entries !== row.entries || now.state !== row.state)
            ? { ...row, entries: now.entries, state: now.state }
            : row;
        });
        return next.every((row, i) => row === rows[i]) ? rows : next;
      });
    }, this.signal);
    this.ready = list.ready;
  }

  /** @override */
  snapshot() {
    return this.#list?.state ?? null;
  }

  async #create() {
    if (!session.user) return toSignin();
    const cup = await createCup(this.signal);
    if (cup) await navigate(placeOfCup(cup.id));
  }
}

define('page-pong-tournaments', TournamentsPage);
