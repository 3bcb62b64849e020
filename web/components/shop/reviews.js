import { api, friends, session, t } from '../../core/context.js';
import { RallyElement, define, fill, h } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { tab } from '../../core/storage.js';
import { infiniteList } from '../infinite-list.js';
import { bone, emptyState, skeleton, times } from '../states.js';
import { toast } from '../toast.js';
import { LIMIT } from './remark.js';
import { reviewRow } from './review-row.js';
import { wordsForm } from './words-form.js';

/** @typedef {import('../../core/types.js').Review} Review */

const PAGE_SIZE = 10;

/**
 * What people say about an article, the newest first.
 */
export class Reviews extends RallyElement {
  info = 0;
  /** Reviews and replies. @type {number|null} */
  count = null;
  /** Signing in, and coming back to write. @type {() => unknown} */
  onsignin = () => {};
  #number = h('span', { class: 'review-count number' });
  /** @type {import('../infinite-list.js').InfiniteList<Review>} */
  #list = infiniteList(this.#source());
  #write = h('div', { class: 'review-write' });
  /** @type {ReturnType<typeof wordsForm>|null} */
  #form = null;

  /** @override */
  connected() {
    fill(
      this,
      h('header', { class: 'review-title' }, h('h2', null, t('reviews.title')), this.#number),
      this.#write,
      this.#list,
    );
    this.#drawCount();
    this.#drawWrite();
    this.watch(session.login, (_, before) => {
      if (before.state === 'unknown') this.#drawWrite();
    });
    friends.listen(({ event, user_id: user }) => {
      if (event === 'blocked') this.#blocked(user);
    }, this.signal);
  }

  get ready() {
    return this.#list.ready;
  }

  /** Brings the place to write into sight. */
  write() {
    this.scrollIntoView({ block: 'start' });
    this.#form?.focus();
  }

  get #draftKey() {
    return `rally.review.${this.info}`;
  }

  #drawCount() {
    this.#number.textContent = this.count === null ? '' : plain(this.count);
  }

  /** What they wrote is gone, with the replies to it; a row removes its other replies itself. @param {number|undefined} user */
  #blocked(user) {
    const theirs = this.#list.state.rows.filter(({ created_by: author }) => author?.user_id === user);
    for (const { id, replies } of theirs) {
      this.#list.change(id, null);
      this.#counted(-1 - replies.length);
    }
  }

  /** @param {number} by */
  #counted(by) {
    if (this.count === null) return;
    this.count = Math.max(0, this.count + by);
    this.#drawCount();
  }

  #drawWrite() {
    const { state } = session.login.value;
    if (state === 'unknown') return;
    if (state === 'anonymous') {
      this.#form = null;
      fill(
        this.#write,
        h('p', { class: 'muted' }, t('reviews.signin_text')),
        h(
          'button',
          { type: 'button', class: 'button button-line button-small', onclick: () => this.onsignin() },
          t('reviews.signin'),
        ),
      );
      return;
    }
    const form = wordsForm({
      label: t('reviews.write'),
      placeholder: t('reviews.placeholder'),
      submit: t('reviews.send'),
      limit: LIMIT,
      value: tab.get(this.#draftKey) ?? '',
      // A login may end while somebody writes, and a page may be left by mistake.
      ondraft: (text) => tab.set(this.#draftKey, text || null),
      send: async (content) => {
        const path = `/api/shop/productinfos/${this.info}/comments/`;
        const made = await api.post(path, { content }, { signal: this.signal });
        tab.set(this.#draftKey, null);
        form.set('');
        this.#counted(1);
        this.#list.addFirst(made);
        toast(t('reviews.sent'));
      },
    });
    this.#form = form;
    fill(this.#write, form.element);
  }

  /** @returns {import('../infinite-list.js').Source<Review>} */
  #source() {
    return {
      first: '',
      label: t('reviews.title'),
      class: 'reviews',
      key: (review) => review.id,
      // A row keeps itself up to date; drawn anew it would lose what is being written in it.
      mark: (review) => String(review.id),
      load: (path, signal) =>
        api.portion(path || `/api/shop/productinfos/${this.info}/comments/?page_size=${PAGE_SIZE}`, {
          signal,
        }),
      row: (review) =>
        reviewRow(
          review,
          {
            signin: () => this.onsignin(),
            counted: (by) => this.#counted(by),
            signal: this.signal,
          },
          () => this.#list.change(review.id, null),
        ),
      skeleton: () =>
        skeleton(
          h(
            'div',
            { class: 'reviews' },
            times(3, () =>
              h(
                'div',
                { class: 'remark' },
                bone('portrait'),
                h('div', { class: 'remark-main' }, bone('w-30'), bone('w-80'), bone('w-60')),
              ),
            ),
          ),
        ),
      empty: () => emptyState({ icon: 'edit', title: t('reviews.empty'), text: t('reviews.empty_text') }),
    };
  }
}

define('rally-reviews', Reviews);
