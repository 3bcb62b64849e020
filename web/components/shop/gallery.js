import { t } from '../../core/context.js';
import { RallyElement, define, h } from '../../core/element.js';
import { icon } from '../icon.js';
import { tile } from '../states.js';

/**
 * Pictures side by side: swiped on a phone, chosen by small pictures on a desktop. Scrolling is the browser's.
 */
export class Gallery extends RallyElement {
  /** @type {string[]} */
  images = [];
  name = '';
  #track = h('ul', { class: 'gallery-track', role: 'list' });
  #marks = h('div', { class: 'gallery-marks' });
  #at = 0;

  /** @override */
  connected() {
    const images = this.images.length > 0 ? this.images : [''];
    const many = images.length > 1;
    this.#track.replaceChildren(
      ...images.map((url, index) =>
        h(
          'li',
          { class: 'gallery-item' },
          tile(url, {
            eager: index === 0,
            alt: t('article.picture', { name: this.name, n: index + 1, of: images.length }),
          }),
        ),
      ),
    );
    if (many) {
      // What scrolls must be reachable with the keyboard.
      this.#track.tabIndex = 0;
      this.#track.setAttribute('aria-label', t('article.pictures'));
    }
    this.#marks.replaceChildren(
      ...images.map((url, index) =>
        h(
          'button',
          {
            type: 'button',
            class: 'gallery-mark',
            'aria-label': t('article.show_picture', { n: index + 1 }),
            onclick: () => this.#show(index),
          },
          tile(url),
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
