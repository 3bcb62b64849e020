import { explain, i18n, t, tn } from '../../core/context.js';
import { MOST_PICTURES, MOST_PRODUCTS, frameFor, planOf, reordered, spotsOf } from '../../core/compose.js';
import { RATIOS, rectOf, toPicture } from '../../core/crop.js';
import { RallyElement, define, fill, h } from '../../core/element.js';
import { articleName } from '../../core/names.js';
import { refusalOf } from '../../core/upload.js';
import { pictureChooser, takeDropped } from '../file-chooser.js';
import { icon } from '../icon.js';
import { segmented } from '../segmented.js';
import { tile } from '../states.js';
import { toast } from '../toast.js';
import './crop-stage.js';
import { cut, fileName, release, shotOf } from './picture-file.js';
import { pickProduct } from './product-picker.js';
import { shotStrip } from './shots.js';

/**
 * @typedef {import('../../core/compose.js').Shot} Shot
 * @typedef {import('../../core/compose.js').Tagged} Tagged
 * @typedef {import('../../core/compose.js').Article} Article
 * @typedef {import('../../core/crop.js').Ratio} Ratio
 */

/**
 * The pictures of a post and the articles on them, while it is made.
 */
export class Composer extends RallyElement {
  /** Told of every change. */
  onedit = () => {};
  /** The frame that the post has on the server, until another is chosen. @type {number|null} */
  kept = null;
  /** @type {number|null} */
  #frame = null;
  /** @type {Shot[]} */
  #shots = [];
  /** @type {Tagged[]} */
  #tags = [];
  /** @type {Ratio} */
  #ratio = '4:5';
  /** @type {string|null} */
  #current = null;
  #tagging = false;
  #stage = /** @type {import('./crop-stage.js').CropStage} */ (h('rally-crop'));
  #strip = shotStrip({
    onpick: (id) => this.#pick(id),
    onmove: (id, to) => this.#move(id, to),
  });
  #empty = h('div', { class: 'compose-drop' });
  #work = h('div', { class: 'compose-work' });
  #mode = h('div');
  #shape = h('div');
  #tools = h('div', { class: 'compose-tools' });
  #products = h('div', { class: 'compose-products' });
  #said = h('p', { class: 'unseen', role: 'status' });
  #error = h('p', { class: 'field-error', role: 'alert', hidden: true });

  /** @override */
  connected() {
    this.#frame = this.kept;
    this.#stage.oncrop = (crop) => this.#change(this.#current, { crop });
    this.#stage.onplace = (place) => this.#tag(place);
    this.#stage.onmove = (id, { x, y }) => this.#put(id, { x, y });
    const zone = h('div', { class: 'compose-pictures' }, this.#empty, this.#work, this.#error, this.#said);
    fill(
      this.#empty,
      icon('pictures'),
      h('strong', null, t('compose.drop')),
      this.#chooser('button-ink'),
      h('p', { class: 'field-hint' }, t('compose.drop_hint', { n: MOST_PICTURES })),
    );
    fill(this.#work, this.#mode, this.#stage, this.#strip.element, this.#tools, this.#shape);
    this.replaceChildren(zone);
    takeDropped(zone, (files) => this.#take(files));
    this.signal.addEventListener('abort', () => this.#shots.forEach(release));
    this.#draw();
  }

  /** The list of articles stands elsewhere on the page. */
  get products() {
    return this.#products;
  }

  get pictures() {
    return this.#shots.length;
  }

  get #shown() {
    return frameFor(this.#shots, this.#ratio, this.#frame);
  }

  /** @param {Shot[]} shots @param {Tagged[]} tags of a post that is changed */
  load(shots, tags) {
    this.#shots = shots;
    this.#tags = tags;
    this.#current = shots[0]?.id ?? null;
    this.#draw();
  }

  /** Where a tag of the server is on its picture. @param {Shot} shot @param {{x: number, y: number}} place 0…1 of the frame */
  placeOn(shot, place) {
    return toPicture(shot, rectOf(shot, this.kept ?? 1, shot.crop), place);
  }

  /** @param {string} message empty removes it */
  complain(message) {
    this.#error.hidden = message === '';
    fill(this.#error, message ? [icon('warn'), message] : null);
  }

  /**
   * What the server is told of pictures and articles.
   *
   * @param {FormData} body
   * @param {boolean} anew the post is new: there is nothing to keep
   */
  async write(body, anew) {
    const frame = this.#shown;
    const { keep, send } = planOf(this.#shots, frame, this.kept);
    const spots = spotsOf(this.#tags, this.#shots, frame);
    if (!anew) for (const address of keep) body.append('images', address);
    if (!anew && keep.length === 0) body.append('images', '');
    for (const [i, shot] of send.entries()) {
      const blob = await cut(shot, frame);
      body.append('image', blob, fileName(blob, keep.length + i));
    }
    if (this.#shots.length > 0) body.append('image_ratio', frame.toFixed(4));
    for (const { info_id: id } of this.#tags) body.append('productinfo_ids', String(id));
    body.append('tags', JSON.stringify(spots));
  }

  #changed() {
    this.complain('');
    this.#draw();
    this.onedit();
  }

  /** @param {string|null} id @param {Partial<Shot>} change */
  #change(id, change) {
    this.#shots = this.#shots.map((shot) => (shot.id === id ? { ...shot, ...change } : shot));
    this.#drawStage();
    this.onedit();
  }

  /** @param {string} look */
  #chooser(look) {
    return pictureChooser({
      label: [icon('plus'), t('compose.choose')],
      look,
      take: (files) => this.#take(files),
    });
  }

  /** @param {File[]} files */
  async #take(files) {
    const room = MOST_PICTURES - this.#shots.length;
    /** @type {string[]} */
    const refused = files.length > room ? [t('compose.too_many', { n: MOST_PICTURES })] : [];
    let taken = 0;
    for (const file of files.slice(0, Math.max(0, room))) {
      const code = refusalOf(file);
      if (code) {
        refused.push(`${file.name}: ${t(`error.${code}`)}`);
        continue;
      }
      try {
        const shot = await shotOf(file);
        if (this.signal.aborted) return release(shot);
        this.#shots = [...this.#shots, shot];
        if (taken === 0) this.#current = shot.id;
        taken += 1;
      } catch (error) {
        refused.push(`${file.name}: ${explain(error)}`);
      }
    }
    if (taken > 0) this.#changed();
    if (refused.length > 0) this.complain(refused.join(' '));
    this.#said.textContent = taken > 0 ? tn('compose.taken', taken) : '';
  }

  /** @param {string} id */
  #pick(id) {
    this.#current = id;
    this.#draw();
  }

  /** @param {string} id @param {number} to */
  #move(id, to) {
    const from = this.#shots.findIndex((shot) => shot.id === id);
    this.#shots = reordered(this.#shots, from, to);
    this.#said.textContent = t('compose.moved', { n: to + 1 });
    this.#changed();
  }

  #remove() {
    const at = this.#shots.findIndex(({ id }) => id === this.#current);
    const shot = this.#shots[at];
    if (!shot) return;
    release(shot);
    this.#shots = this.#shots.filter((each) => each !== shot);
    this.#tags = this.#tags.map((tag) => (tag.shot === shot.id ? { ...tag, shot: null } : tag));
    this.#current = (this.#shots[at] ?? this.#shots[at - 1])?.id ?? null;
    this.#said.textContent = t('compose.removed');
    this.#changed();
    /** @type {HTMLElement|null} */ (
      this.querySelector('.shot-button[aria-current=true], .crop-window, input')
    )?.focus();
  }

  /** @param {Article} article @param {{shot: string|null, x: number, y: number}} place */
  add(article, place = { shot: null, x: 0.5, y: 0.5 }) {
    const others = this.#tags.filter(({ info_id: id }) => id !== article.info_id);
    if (others.length >= MOST_PRODUCTS) {
      toast(t('compose.too_many_products', { n: MOST_PRODUCTS }), { bad: true });
      return;
    }
    this.#tags = [...others, { ...article, ...place }];
    this.#changed();
  }

  /** @param {{x: number, y: number}|null} place on the picture that is shown; null: on none */
  async #tag(place) {
    const shot = this.#current;
    const article = await pickProduct(this.signal);
    if (!article || this.signal.aborted) return;
    if (place && shot) {
      this.add(article, { shot, ...place });
      this.#stage.focusDot(article.info_id);
    } else this.add(article);
  }

  /** @param {number} id @param {Partial<Tagged>} change */
  #put(id, change) {
    this.#tags = this.#tags.map((tag) => (tag.info_id === id ? { ...tag, ...change } : tag));
    this.#drawStage();
    this.onedit();
  }

  #draw() {
    const some = this.#shots.length > 0;
    this.#empty.hidden = some;
    this.#work.hidden = !some;
    if (some) {
      this.#drawModes();
      this.#drawTools();
      this.#drawStage();
    }
    this.#drawProducts();
  }

  #drawStage() {
    const stage = this.#stage;
    stage.shot = this.#shots.find(({ id }) => id === this.#current) ?? null;
    stage.frame = this.#shown;
    stage.tagging = this.#tagging;
    stage.dots = this.#tags
      .filter(({ shot }) => shot !== null && shot === this.#current)
      .map((tag) => ({ id: tag.info_id, name: articleName(tag, i18n.lang.value), x: tag.x, y: tag.y }));
    if (stage.isConnected) stage.draw();
    this.#strip.draw(this.#shots, this.#shown, this.#current);
  }

  #drawModes() {
    if (this.#mode.childElementCount > 0) return;
    fill(
      this.#mode,
      segmented({
        legend: t('compose.mode'),
        value: 'crop',
        options: [
          { value: 'crop', label: t('compose.mode_crop') },
          { value: 'tag', label: t('compose.mode_tag') },
        ],
        onchange: (mode) => {
          this.#tagging = mode === 'tag';
          this.#drawStage();
        },
      }),
    );
    fill(
      this.#shape,
      segmented({
        legend: t('compose.ratio'),
        showLegend: true,
        value: this.#frame === null ? this.#ratio : /** @type {Ratio} */ ('kept'),
        options: RATIOS.map((value) => ({ value, label: value || t('compose.ratio_first') })),
        onchange: (value) => {
          this.#ratio = value;
          this.#frame = null;
          this.#drawStage();
          this.onedit();
        },
      }),
    );
  }

  #drawTools() {
    const at = this.#shots.findIndex(({ id }) => id === this.#current);
    const last = this.#shots.length - 1;
    /** @param {import('../icon.js').IconName} sign @param {string} label @param {() => void} onclick @param {boolean} [off] */
    const tool = (sign, label, onclick, off = false) =>
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': label, 'aria-disabled': String(off), onclick },
        icon(sign),
      );
    const focused = [...this.#tools.querySelectorAll('button')].indexOf(
      /** @type {HTMLButtonElement} */ (document.activeElement),
    );
    fill(
      this.#tools,
      last > 0
        ? [
            tool(
              'back',
              t('compose.earlier'),
              () => at > 0 && this.#move(this.#current ?? '', at - 1),
              at === 0,
            ),
            tool(
              'next',
              t('compose.later'),
              () => at < last && this.#move(this.#current ?? '', at + 1),
              at === last,
            ),
          ]
        : null,
      tool('trash', t('compose.remove'), () => this.#remove()),
      h(
        'span',
        { class: 'compose-count number' },
        t('compose.picture_n', { n: at + 1, of: this.#shots.length }),
      ),
      this.#shots.length < MOST_PICTURES ? this.#chooser('button-line') : null,
    );
    // The pressed button was drawn anew: its successor takes over.
    if (focused >= 0) this.#tools.querySelectorAll('button')[focused]?.focus();
  }

  #drawProducts() {
    const lang = i18n.lang.value;
    fill(
      this.#products,
      h(
        'ul',
        { class: 'post-products', role: 'list', 'aria-label': t('post.products') },
        this.#tags.map((tag) => {
          const name = articleName(tag, lang);
          return h(
            'li',
            { class: 'post-product' },
            tile(tag.image, { sizes: '64px' }),
            h(
              'span',
              { class: 'post-product-main' },
              h('span', { class: 'post-product-name' }, name),
              tag.shot === null && this.#shots.length > 0
                ? h(
                    'button',
                    { type: 'button', class: 'link-button', onclick: () => this.#show(tag) },
                    t('compose.show_on_picture'),
                  )
                : h('span', { class: 'muted' }, this.#where(tag)),
            ),
            h(
              'button',
              {
                type: 'button',
                class: 'icon-button',
                'aria-label': t('compose.drop_product', { name }),
                onclick: () => {
                  this.#tags = this.#tags.filter((each) => each !== tag);
                  this.#changed();
                  this.#products.querySelector('button')?.focus();
                },
              },
              icon('close'),
            ),
          );
        }),
      ),
      this.#tags.length < MOST_PRODUCTS
        ? h(
            'button',
            { type: 'button', class: 'button button-line button-small', onclick: () => this.#tag(null) },
            icon('tag'),
            t('compose.add_product'),
          )
        : null,
    );
  }

  /** @param {Tagged} tag */
  #where({ shot }) {
    const at = this.#shots.findIndex(({ id }) => id === shot);
    return at < 0 ? '' : t('compose.on_picture', { n: at + 1 });
  }

  /** Puts a product into the middle of the picture that is shown, where keys and fingers take it further. @param {Tagged} tag */
  #show(tag) {
    const shot = this.#shots.find(({ id }) => id === this.#current);
    if (!shot) return;
    this.#tagging = true;
    for (const radio of this.#mode.querySelectorAll('input')) radio.checked = radio.value === 'tag';
    const middle = toPicture(shot, rectOf(shot, this.#shown, shot.crop), { x: 0.5, y: 0.5 });
    this.#tags = this.#tags.map((each) => (each === tag ? { ...tag, shot: shot.id, ...middle } : each));
    this.#changed();
    this.#stage.focusDot(tag.info_id);
  }
}

define('rally-composer', Composer);
