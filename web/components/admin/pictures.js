import { api, explain, t, tn } from '../../core/context.js';
import { RallyElement, define, fill, h } from '../../core/element.js';
import { refusalOf } from '../../core/upload.js';
import { pictureChooser, takeDropped } from '../file-chooser.js';
import { icon } from '../icon.js';
import { present, skeletonRows, tile } from '../states.js';
import { actionButton, askAndDo } from './act.js';

/** @typedef {{id: number, product_image: string, small?: string, width?: number, height?: number}} Picture */

/** So many at once: more only wait for each other. */
const AT_ONCE = 2;

/**
 * The pictures of an article: chosen or dropped, several at once, each with its own progress and its own error.
 */
export class Pictures extends RallyElement {
  info = 0;
  name = '';
  /** @type {Picture[]|null} those that the page has read already */
  known = null;
  /** @type {Picture[]} */
  #pictures = [];
  #grid = h('ul', { class: 'pictures', role: 'list' });
  #queue = h('ul', { class: 'uploads', role: 'list' });
  #status = h('p', { class: 'unseen', role: 'status' });
  #waiting = /** @type {(() => Promise<void>)[]} */ ([]);
  #running = 0;

  /** @override */
  connected() {
    const body = h('div', null);
    this.replaceChildren(body, this.#drop(), this.#queue, this.#status);
    this.#queue.setAttribute('aria-label', t('admin.pictures.uploads'));
    this.#grid.setAttribute('aria-label', t('admin.pictures'));
    present(body, {
      signal: this.signal,
      skeleton: () => skeletonRows(1),
      load: async (signal) =>
        this.known ?? api.get(`/api/shop/productinfos/${this.info}/images/`, { signal }),
      show: (/** @type {Picture[]} */ pictures) => {
        this.#pictures = pictures;
        this.#draw();
        return this.#grid;
      },
    });
    this.signal.addEventListener('abort', () => (this.#waiting = []));
  }

  #draw() {
    if (this.#pictures.length === 0) {
      return fill(this.#grid, h('li', { class: 'entries-none' }, t('admin.pictures.empty')));
    }
    fill(
      this.#grid,
      this.#pictures.map((picture, index) => {
        const n = index + 1;
        return h(
          'li',
          { class: 'picture' },
          tile(picture.small ?? picture.product_image, {
            alt: t('article.picture', { name: this.name, n, of: this.#pictures.length }),
          }),
          h(
            'button',
            {
              type: 'button',
              class: 'icon-button picture-delete',
              'aria-label': t('admin.pictures.delete', { n }),
              onclick: () => this.#delete(picture),
            },
            icon('close'),
          ),
          index === 0 ? h('span', { class: 'badge badge-ink' }, t('admin.pictures.first')) : null,
        );
      }),
    );
  }

  #drop() {
    const take = (/** @type {File[]} */ files) => this.#take(files);
    const zone = h(
      'div',
      { class: 'drop' },
      icon('picture'),
      pictureChooser({ label: t('admin.pictures.choose'), take }),
      h('p', { class: 'field-hint' }, t('admin.pictures.hint')),
    );
    takeDropped(zone, take);
    return zone;
  }

  /** @param {File[]} files */
  #take(files) {
    for (const file of files) this.#line(file);
    if (files.length > 0) this.#status.textContent = tn('admin.pictures.taken', files.length);
  }

  /** One file in the queue. @param {File} file */
  #line(file) {
    const preview = URL.createObjectURL(file);
    const bar = h('progress', {
      max: 1,
      value: 0,
      'aria-label': t('admin.pictures.progress', { name: file.name }),
    });
    const said = h('p', { class: 'upload-said', role: 'status' }, t('admin.pictures.waiting'));
    const buttons = h('div', { class: 'entry-end' });
    const line = h(
      'li',
      { class: 'upload' },
      h('img', { class: 'upload-preview', src: preview, alt: '', width: 48, height: 48 }),
      h('div', { class: 'upload-main' }, h('strong', null, file.name), bar, said),
      buttons,
    );
    const calledOff = new AbortController();
    const remove = () => {
      URL.revokeObjectURL(preview);
      line.remove();
    };
    const cancel = () => {
      calledOff.abort();
      remove();
    };
    /** @param {string} label @param {() => void} onclick */
    const button = (label, onclick) =>
      actionButton({ label, said: t('admin.pictures.which', { label, name: file.name }), onclick });
    /** @param {string} words @param {boolean} again */
    const fail = (words, again) => {
      line.classList.add('upload-bad');
      bar.hidden = true;
      said.textContent = words;
      fill(
        buttons,
        again ? button(t('action.retry'), start) : null,
        button(t('admin.pictures.drop'), remove),
      );
    };
    const run = async () => {
      if (calledOff.signal.aborted || this.signal.aborted) return;
      said.textContent = t('admin.pictures.sending');
      try {
        const picture = await this.#send(file, {
          signal: calledOff.signal,
          onprogress: (share) => (bar.value = share),
        });
        remove();
        this.#pictures = [...this.#pictures, picture];
        this.#draw();
        this.#status.textContent = t('admin.pictures.added', { name: file.name });
      } catch (error) {
        if (calledOff.signal.aborted || this.signal.aborted) return;
        fail(explain(error), true);
      }
    };
    const start = () => {
      line.classList.remove('upload-bad');
      bar.hidden = false;
      bar.value = 0;
      said.textContent = t('admin.pictures.waiting');
      fill(buttons, button(t('action.cancel'), cancel));
      this.#waiting.push(run);
      this.#next();
    };
    this.#queue.append(line);
    const refused = refusalOf(file);
    if (refused) fail(t(`error.${refused}`), false);
    else start();
  }

  /** @param {File} file @param {import('../../core/upload.js').Sending} how @returns {Promise<Picture>} */
  #send(file, how) {
    const body = new FormData();
    body.append('product_image', file);
    return api.upload('POST', `/api/shop/productinfos/${this.info}/images/`, body, how);
  }

  #next() {
    while (this.#running < AT_ONCE) {
      const run = this.#waiting.shift();
      if (!run) return;
      this.#running += 1;
      run().finally(() => {
        this.#running -= 1;
        this.#next();
      });
    }
  }

  /** @param {Picture} picture */
  async #delete(picture) {
    const gone = await askAndDo({
      title: t('admin.pictures.delete_title'),
      text: t('admin.pictures.delete_text'),
      confirm: t('admin.delete'),
      done: t('admin.deleted'),
      run: () => api.delete(`/api/shop/productimages/${picture.id}/`),
      signal: this.signal,
    });
    if (!gone) return;
    this.#pictures = this.#pictures.filter(({ id }) => id !== picture.id);
    this.#draw();
  }
}

define('rally-pictures', Pictures);
