import { friends, net, pong, t, tn } from '../../core/context.js';
import { RallyElement, define, fill, h, reconcile } from '../../core/element.js';
import { inOrder } from '../../core/friends-state.js';
import { Problem } from '../../core/problem.js';
import { errorState } from '../states.js';
import { friendRow, skeletonPeople, updateFriendRow } from './person-row.js';

/**
 * @typedef {import('../../core/friends-state.js').Friend} Friend
 * @typedef {import('../../core/element.js').Child} Child
 */

const PORTION = 50;
const MINUTE = 60_000;

/**
 * My friends, online first. Rows change where they are; while the pointer or the focus is in the list, none
 * moves away from under it.
 */
export class Roster extends RallyElement {
  /** What can be done about each. @type {((current: () => Friend) => Child)|undefined} */
  actions = undefined;
  /** So many of those who are away are shown, and a link to all of them; null: all, while one scrolls. @type {number|null} */
  away = null;
  bones = 6;
  /** @type {() => Node} */
  empty = () => h('p');
  #list = h('ul', { role: 'list', class: 'people' });
  #tail = h('div', { class: 'list-tail' });
  #shown = PORTION;
  #pointed = false;
  /** @type {number[]} */
  #order = [];
  /** @type {IntersectionObserver|null} */
  #observer = null;

  /** @override */
  connected() {
    this.#list.setAttribute('aria-label', t('friends.title'));
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) this.#more();
      },
      { rootMargin: '600px' },
    );
    this.signal.addEventListener('abort', () => this.#observer?.disconnect());
    // A finger points at what it presses only; a mouse rests.
    this.listen(this, 'pointerenter', ({ pointerType }) => (this.#pointed = pointerType === 'mouse'));
    this.listen(this, 'pointerleave', () => {
      this.#pointed = false;
      this.#draw();
    });
    this.listen(this, 'focusout', (event) => {
      if (!this.contains(event.relatedTarget)) queueMicrotask(() => this.#draw());
    });
    this.watch(friends.people, () => this.#draw());
    this.watch(friends.reading, () => this.#draw());
    this.watch(pong.stand, () => this.#draw());
    this.watch(net.online, (online) => {
      if (online && friends.reading.value.state === 'failed') friends.need();
    });
    const timer = setInterval(() => this.#draw(), MINUTE);
    this.signal.addEventListener('abort', () => clearInterval(timer));
    this.#draw();
    friends.need();
  }

  get #held() {
    return this.#pointed || this.contains(document.activeElement);
  }

  #more() {
    if (this.#shown < this.#order.length) {
      this.#shown += PORTION;
      this.#draw();
    } else friends.more();
  }

  #draw() {
    if (!this.isConnected) return;
    const { state, error, more } = friends.reading.value;
    const rows = inOrder(friends.people.value, this.#held ? this.#order : null);
    if (rows.length === 0) return this.#drawNobody(state, error);
    this.#order = rows.map(({ user_id: id }) => id);
    const online = rows.filter((row) => row.online).length;
    const limit = this.away === null ? this.#shown : online + this.away;
    reconcile(this.#list, rows.slice(0, limit), {
      key: (friend) => friend.user_id,
      create: (friend) => friendRow(friend, this.actions),
      update: updateFriendRow,
    });
    if (this.firstElementChild !== this.#list) fill(this, this.#list, this.#tail);
    this.#drawTail(rows.length, limit, more);
    if (state === 'failed' && more)
      fill(
        this.#tail,
        errorState(error, () => friends.need()),
      );
  }

  /** @param {number} count @param {number} limit @param {boolean} more */
  #drawTail(count, limit, more) {
    this.#observer?.disconnect();
    const rest = count > limit || more;
    if (!rest) {
      const end = this.away === null && count > 8 ? tn('friends.count', count) : '';
      fill(this.#tail, end ? h('p', { class: 'list-end' }, end) : null);
    } else if (this.away !== null) {
      // Kept: whoever is about to press it shall still find it.
      if (!this.#tail.querySelector('a')) {
        fill(
          this.#tail,
          h('a', { class: 'button button-line button-small', href: '/friends' }, t('friends.show_all')),
        );
      }
    } else {
      const button =
        this.#tail.querySelector('button.is-more') ??
        h(
          'button',
          { type: 'button', class: 'button button-line is-more', onclick: () => this.#more() },
          t('list.more'),
        );
      if (!button.isConnected) fill(this.#tail, button);
      this.#observer?.observe(button);
    }
  }

  /** @param {string} state @param {unknown} error */
  #drawNobody(state, error) {
    this.#order = [];
    if (state === 'ready') return fill(this, this.empty());
    if (state === 'failed')
      return fill(
        this,
        errorState(Problem.from(error), () => friends.need()),
      );
    if (!this.querySelector('.skeleton')) fill(this, skeletonPeople(this.bones));
  }
}

define('rally-roster', Roster);

/** @param {Partial<Pick<Roster, 'actions'|'away'|'bones'|'empty'>>} how @returns {Roster} */
export function roster(how) {
  return Object.assign(/** @type {Roster} */ (document.createElement('rally-roster')), how);
}
