import { t } from '../core/context.js';
import { RallyElement, define, h } from '../core/element.js';
import { icon } from './icon.js';
import { tile } from './states.js';

/** A stage is neither a strip nor a tower, whatever the first picture is. */
const NARROWEST = 4 / 5;
const WIDEST = 4 / 3;
/** As wide as the stage is: the whole of a phone, the left column of a desktop. */
const STAGE_SIZES = '(min-width: 1280px) 728px, (min-width: 1024px) calc(100vw - 552px), 100vw';

/**
 * Pictures side by side: swiped on a phone, chosen by small pictures on a desktop. Scrolling is the browser's.
 * The stage has its shape before the first picture is there.
 */
export class Gallery extends RallyElement {
  /** @type {import('../core/names.js').Picture[]} */
  images = [];
  name = '';
  /** What the pictures are together. */
  label = t('article.pictures');
  /** The frame's shape where it is known; else that of the first picture, within reason. @type {number|null} */
  ratio = null;
  /** As wide as the stage is. */
  sizes = STAGE_SIZES;
  /** What lies over a picture. @type {(index: number) => import('../core/element.js').Child} */
  over = () => null;
  /** Dots below, not small pictures. */
  dots = false;
  #track = h('ul', { class: 'gallery-track', role: 'list' });
  #marks = h('div', { class: 'gallery-marks' });
  #at = 0;

  /** @override */
  connected() {
    const images = this.images.length > 0 ? this.images : [null];
    const many = images.length > 1;
    const [first] = this.images;
    const shape = first ? Math.min(WIDEST, Math.max(NARROWEST, first.width / first.height)) : 1;
    this.style.setProperty('--ratio', (this.ratio ?? shape).toFixed(4));
    this.classList.toggle('has-dots', this.dots);
    this.#track.replaceChildren(
      ...images.map((picture, index) =>
        h(
          'li',
          { class: 'gallery-item' },
          tile(picture, {
            eager: index === 0,
            sizes: this.sizes,
            alt: t('article.picture', { name: this.name, n: index + 1, of: images.length }),
          }),
          this.over(index),
        ),
      ),
    );
    if (many) {
      // What scrolls must be reachable with the keyboard.
      this.#track.tabIndex = 0;
      this.#track.setAttribute('aria-label', this.label);
      this.listen(this.#track, 'keydown', (event) => this.#key(event));
    }
    this.#marks.replaceChildren(
      ...images.map((picture, index) =>
        h(
          'button',
          {
            type: 'button',
            class: 'gallery-mark',
            'aria-label': t('article.show_picture', { n: index + 1 }),
            onclick: () => this.#show(index),
          },
          this.dots ? null : tile(picture, { sizes: '72px' }),
        ),
      ),
    );
    this.#marks.hidden = !many;
    this.replaceChildren(
      h(
        'div',
        { class: 'gallery-stage' },
        this.#track,
        many ? this.#arrow(-1) : null,
        many ? this.#arrow(1) : null,
      ),
      this.#marks,
    );
    this.listen(this.#track, 'scroll', () => this.#mark(), { passive: true });
    this.#mark();
  }

  /** @param {1|-1} direction */
  #arrow(direction) {
    return h(
      'button',
      {
        type: 'button',
        class: direction < 0 ? 'gallery-arrow gallery-back' : 'gallery-arrow gallery-next',
        'aria-label': t(direction < 0 ? 'article.previous_picture' : 'article.next_picture'),
        onclick: () => this.#show(this.#at + direction),
      },
      icon(direction < 0 ? 'back' : 'next'),
    );
  }

  /** A whole picture with each press, not the few pixels that a browser scrolls. @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = this.#track.childElementCount - 1;
    /** @type {Record<string, number>} */
    const goals = { ArrowLeft: this.#at - 1, ArrowRight: this.#at + 1, Home: 0, End: last };
    const goal = goals[event.key];
    if (goal === undefined) return;
    event.preventDefault();
    this.#show(Math.min(last, Math.max(0, goal)));
  }

  /** @param {number} index */
  #show(index) {
    const count = this.#track.childElementCount;
    const goal = (index + count) % count;
    this.#track.scrollTo({ left: goal * this.#track.clientWidth });
  }

  #mark() {
    const width = this.#track.clientWidth || 1;
    this.#at = Math.round(this.#track.scrollLeft / width);
    for (const [index, mark] of [...this.#marks.children].entries()) {
      mark.setAttribute('aria-current', String(index === this.#at));
    }
  }
}

define('rally-gallery', Gallery);
