import { api, pongFeed, t, tn } from '../../core/context.js';
import { RallyElement, define, fill, h, play, reconcile } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { icon } from '../icon.js';
import { portrait } from '../portrait.js';
import { bone, present, skeleton, times } from '../states.js';
import { placeOfMatch } from './acts.js';
import { modeName, rated, sideName } from './words.js';

/**
 * @typedef {import('../../core/pong-types.js').LiveRow} LiveRow
 * @typedef {import('../../core/pong-types.js').LivePlayer} LivePlayer
 * @typedef {import('../../core/pong-types.js').Match} Match
 */

/** @param {Match} match @returns {LiveRow} */
function rowOf({ id, mode, players, score, watchers, tournament }) {
  const [left, right] = players;
  /** @param {Match['players'][number]} player @returns {LivePlayer|null} */
  const side = ({ user_id: user, profile_name: name, image, rating }) =>
    user === null || name === null ? null : { user_id: user, profile_name: name, image, rating };
  return { id, mode, players: [side(left), side(right)], score, watchers, tournament };
}

/** What each row shows, to change it in place. @type {WeakMap<HTMLElement, (row: LiveRow) => void>} */
const updates = new WeakMap();

/** Matches that are being played. They are read once, and follow the live connection from then on. */
class LiveList extends RallyElement {
  most = 6;
  /** @type {() => Node} */
  empty = () => h('p', { class: 'pong-none' }, t('pong.live_empty'));
  #list = h('ul', { class: 'live-matches', role: 'list' });
  #body = h('div');
  /** What was told since; an answer may be older. @type {LiveRow[]|null} */
  #told = null;
  /** @type {Promise<void>} */
  ready = Promise.resolve();

  /** @override */
  connected() {
    this.#told = null;
    this.#list.setAttribute('aria-label', t('pong.live'));
    fill(this.#list);
    this.replaceChildren(this.#body);
    this.ready = present(this.#body, {
      signal: this.signal,
      skeleton: () => skeleton(bones(Math.min(3, this.most))),
      load: async (signal) => {
        const { results } = await api.get(`/api/pong/matches/?live=true&page_size=${this.most}`, { signal });
        return this.#told ?? /** @type {Match[]} */ (results).map(rowOf);
      },
      show: (/** @type {LiveRow[]} */ rows) => this.#content(rows),
    });
    pongFeed.follow(({ live }) => {
      this.#told = live;
      if (!this.#body.querySelector('.skeleton')) {
        const content = this.#content(live);
        if (content.parentElement !== this.#body) fill(this.#body, content);
      }
    }, this.signal);
  }

  /** @param {LiveRow[]} rows */
  #content(rows) {
    if (rows.length === 0) return this.empty();
    reconcile(this.#list, rows.slice(0, this.most), {
      key: ({ id }) => id,
      create: liveRow,
      update: (node, row) => updates.get(node)?.(row),
    });
    return this.#list;
  }
}

define('rally-pong-live', LiveList);

/** @param {{most?: number, empty?: () => Node}} [how] @returns {LiveList} */
export function liveList(how = {}) {
  return Object.assign(/** @type {LiveList} */ (document.createElement('rally-pong-live')), how);
}

/** @param {LiveRow} start */
function liveRow(start) {
  let row = start;
  const { id, mode, tournament } = row;
  const scores = [h('strong', { class: 'live-score number' }), h('strong', { class: 'live-score number' })];
  const watchers = h('span', { class: 'live-watchers' });
  const names = row.players.map((player) => sideName(mode, player));
  const draw = () => {
    for (const side of [0, 1]) {
      const element = scores[side];
      const text = plain(row.score[side] ?? 0);
      if (!element || element.textContent === text) continue;
      if (element.textContent !== '') play(element, 'flash');
      element.textContent = text;
    }
    fill(
      watchers,
      row.watchers > 0
        ? [
            icon('eye'),
            h('span', { 'aria-hidden': 'true' }, plain(row.watchers)),
            h('span', { class: 'unseen' }, tn('pong.watchers', row.watchers)),
          ]
        : null,
    );
  };
  const node = h(
    'li',
    null,
    h(
      'a',
      { class: 'live-match', href: placeOfMatch(id) },
      h(
        'span',
        { class: 'live-sides' },
        row.players.map((player, side) =>
          h(
            'span',
            { class: 'live-side' },
            player
              ? portrait(player)
              : h('span', { class: 'portrait' }, icon(mode === 'ai' ? 'robot' : 'keyboard')),
            h('span', { class: 'live-name' }, names[side]),
            player?.rating == null ? null : h('span', { class: 'live-rating number' }, rated(player.rating)),
            scores[side],
          ),
        ),
      ),
      h(
        'span',
        { class: 'live-foot' },
        h('span', { class: 'live-dot', 'aria-hidden': 'true' }),
        h('span', { class: 'live-mode' }, modeName(mode, tournament)),
        watchers,
        h('span', { class: 'live-watch' }, t('friends.watch'), icon('next')),
      ),
    ),
  );
  updates.set(node, (next) => {
    row = next;
    draw();
  });
  draw();
  return node;
}

/** @param {number} n */
function bones(n) {
  return h(
    'div',
    { class: 'live-matches' },
    times(n, () =>
      h(
        'div',
        { class: 'live-match' },
        h('span', { class: 'live-bones' }, bone('w-60'), bone('w-80'), bone('w-40')),
      ),
    ),
  );
}
