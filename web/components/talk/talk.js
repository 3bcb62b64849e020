import { api, friends, session, t } from '../../core/context.js';
import { RallyElement, fill, h } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { tab } from '../../core/storage.js';
import { infiniteList } from '../infinite-list.js';
import { bone, emptyState, skeleton, times } from '../states.js';
import { toast } from '../toast.js';
import { thread } from './thread.js';
import { wordsForm } from './words-form.js';

/** @typedef {import('../../core/types.js').Review} Review */

const PAGE_SIZE = 10;

/**
 * What is talked about, and how.
 *
 * @typedef {object} Topic
 * @property {string} base of the API
 * @property {string} path of the list
 * @property {string} draft key of what is written and not sent
 * @property {number} limit letters
 * @property {boolean} open whoever is not signed in may read
 * @property {Record<Word, import('../../core/i18n.js').MessageKey>} words
 * @property {(area: HTMLTextAreaElement) => Node} [helper] helps to write
 * @property {(path: string, signal: AbortSignal) => import('../friends/menu.js').Entry[]} [entries] what else can be done about a remark
 *
 * @typedef {'title'|'write'|'placeholder'|'send'|'sent'|'signin'|'signin_text'|'by'|'delete_title'|'empty'|'empty_text'} Word
 */

/**
 * What people say about something, the newest first, with replies.
 */
export class Talk extends RallyElement {
  /** Reviews and replies. @type {number|null} */
  count = null;
  /** Signing in, and coming back to write. @type {() => unknown} */
  onsignin = () => {};
  /** @type {(count: number) => void} */
  oncount = () => {};
  #number = h('span', { class: 'review-count number' });
  /** @type {import('../infinite-list.js').InfiniteList<Review>|null} */
  #list = null;
  #write = h('div', { class: 'review-write' });
  #place = h('div');
  /** @type {Promise<unknown>} */
  ready = Promise.resolve();
  /** @type {ReturnType<typeof wordsForm>|null} */
  #form = null;

  /** @returns {Topic} */
  get topic() {
    throw new Error('a talk needs a topic');
  }

  /** @override */
  connected() {
    const { topic } = this;
    this.#list = null;
    fill(
      this,
      h('header', { class: 'review-title' }, h('h2', null, t(topic.words.title)), this.#number),
      this.#write,
      this.#place,
    );
    this.#drawCount();
    this.#drawWrite();
    if (topic.open) this.#drawList();
    else
      this.ready = session
        .known()
        .then(({ state }) => (state === 'signed-in' ? this.#drawList() : undefined));
    this.watch(session.login, (_, before) => {
      if (before.state === 'unknown') this.#drawWrite();
    });
    friends.listen(({ event, user_id: user }) => {
      if (event === 'blocked' || event === 'muted') this.#unseen(user);
    }, this.signal);
  }

  #drawList() {
    if (this.#list || !this.isConnected) return Promise.resolve();
    this.#list = infiniteList(this.#source());
    fill(this.#place, this.#list);
    this.ready = this.#list.ready;
    return this.ready;
  }

  /** Brings the place to write into sight. */
  write() {
    this.scrollIntoView({ block: 'start' });
    this.#form?.focus();
  }

  #drawCount() {
    this.#number.textContent = this.count === null ? '' : plain(this.count);
  }

  /** What they wrote is gone, with the replies to it; a row removes its other replies itself. @param {number|undefined} user */
  #unseen(user) {
    const list = this.#list;
    const theirs = list?.state.rows.filter(({ created_by: author }) => author?.user_id === user) ?? [];
    for (const { id, replies } of theirs) {
      list?.change(id, null);
      this.#counted(-1 - replies.length);
    }
  }

  /** @param {number} by */
  #counted(by) {
    if (this.count === null) return;
    this.count = Math.max(0, this.count + by);
    this.#drawCount();
    this.oncount(this.count);
  }

  #drawWrite() {
    const { draft, limit, path, words, helper } = this.topic;
    const { state } = session.login.value;
    if (state === 'unknown') return;
    if (state === 'anonymous') {
      this.#form = null;
      fill(
        this.#write,
        h('p', { class: 'muted' }, t(words.signin_text)),
        h(
          'button',
          { type: 'button', class: 'button button-line button-small', onclick: () => this.onsignin() },
          t(words.signin),
        ),
      );
      return;
    }
    const form = wordsForm({
      label: t(words.write),
      placeholder: t(words.placeholder),
      submit: t(words.send),
      limit,
      ...(helper ? { helper } : {}),
      value: tab.get(draft) ?? '',
      // A login may end while somebody writes, and a page may be left by mistake.
      ondraft: (text) => tab.set(draft, text || null),
      send: async (content) => {
        const made = await api.post(path, { content }, { signal: this.signal });
        tab.set(draft, null);
        form.set('');
        this.#counted(1);
        this.#list?.addFirst(made);
        toast(t(words.sent));
      },
    });
    this.#form = form;
    fill(this.#write, form.element);
  }

  /** @returns {import('../infinite-list.js').Source<Review>} */
  #source() {
    const { topic } = this;
    const { words } = topic;
    return {
      first: `${topic.path}?page_size=${PAGE_SIZE}`,
      label: t(words.title),
      class: 'reviews',
      key: (review) => review.id,
      // A row keeps itself up to date; drawn anew it would lose what is being written in it.
      mark: (review) => String(review.id),
      load: (path, signal) => api.portion(path, { signal }),
      row: (review) =>
        thread(
          review,
          {
            topic,
            signin: () => this.onsignin(),
            counted: (by) => this.#counted(by),
            signal: this.signal,
          },
          () => this.#list?.change(review.id, null),
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
      empty: () => emptyState({ icon: 'edit', title: t(words.empty), text: t(words.empty_text) }),
    };
  }
}
