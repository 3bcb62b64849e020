import { t } from '../../core/context.js';
import { RallyElement, define, h, reconcile, uniqueId } from '../../core/element.js';
import { MOST_ZOOM, held, moved, rectOf, toFrame, toPicture, zoomed } from '../../core/crop.js';
import { sidesOf } from '../../core/tag-sides.js';
import { icon } from '../icon.js';
import { placeImage } from './cropped.js';

/**
 * @typedef {import('../../core/compose.js').Shot} Shot
 * @typedef {{id: number, name: string, x: number, y: number}} Dot  x and y: 0…1 of the whole picture
 */

const STEP = 0.02;

/**
 * A picture in its frame: dragged, pinched, or moved with the keys until it shows what it should. While articles
 * are tagged it stays where it is, and a press says where an article is.
 */
export class CropStage extends RallyElement {
  /** @type {Shot|null} */
  shot = null;
  frame = 1;
  /** A press tags; dragging crops otherwise. */
  tagging = false;
  /** @type {Dot[]} */
  dots = [];
  /** @type {(crop: import('../../core/crop.js').Crop) => void} */
  oncrop = () => {};
  /** @type {(place: {x: number, y: number}) => void} 0…1 of the whole picture */
  onplace = () => {};
  /** @type {(id: number, place: {x: number, y: number}) => void} */
  onmove = () => {};
  #image = h('img', { class: 'cropped-image', alt: '', draggable: 'false' });
  #marks = h('div', { class: 'crop-dots' });
  #hint = h('p', { class: 'field-hint', id: uniqueId('crop') });
  #window = h('div', { class: 'crop-window', role: 'group', tabindex: '0' }, this.#image, this.#marks);
  #zoom = h('input', {
    type: 'range',
    class: 'crop-zoom',
    min: 1,
    max: MOST_ZOOM,
    step: 0.01,
    value: 1,
    oninput: () => this.oncrop(zoomed(this.#size, this.frame, this.#crop, Number(this.#zoom.value))),
  });
  #tools = h('label', { class: 'crop-tools' }, icon('minus'), this.#zoom, icon('plus'));
  /** Fingers on the picture. @type {Map<number, {x: number, y: number}>} */
  #fingers = new Map();
  #spread = 0;

  /** @override */
  connected() {
    this.#zoom.setAttribute('aria-label', t('crop.zoom'));
    this.#window.setAttribute('aria-label', t('crop.picture'));
    this.#window.setAttribute('aria-describedby', this.#hint.id);
    this.replaceChildren(this.#window, this.#tools, this.#hint);
    this.listen(this.#window, 'pointerdown', (event) => this.#down(event));
    this.listen(this.#window, 'pointermove', (event) => this.#drag(event));
    for (const end of ['pointerup', 'pointercancel']) {
      this.listen(this.#window, end, ({ pointerId }) => this.#fingers.delete(pointerId));
    }
    this.listen(this.#window, 'click', (event) => this.#press(event));
    this.listen(this.#window, 'keydown', (event) => this.#key(event));
    // As maps do it: without a key held the page scrolls on.
    this.listen(this.#window, 'wheel', (event) => this.#wheel(event), { passive: false });
    this.draw();
  }

  get #size() {
    return this.shot ?? { width: 1, height: 1 };
  }

  get #crop() {
    return this.shot?.crop ?? { x: 0.5, y: 0.5, zoom: 1 };
  }

  get #rect() {
    return rectOf(this.#size, this.frame, this.#crop);
  }

  /** Shows what is set. */
  draw() {
    const { shot, frame } = this;
    if (!shot) return;
    this.style.setProperty('--ratio', frame.toFixed(4));
    if (this.#image.getAttribute('src') !== shot.url) this.#image.src = shot.url;
    placeImage(this.#image, shot, frame);
    const { zoom } = held(shot, frame, shot.crop);
    this.#zoom.value = String(zoom);
    const rect = this.#rect;
    const room = shot.width - rect.width > 1 || shot.height - rect.height > 1;
    this.#window.classList.toggle('can-pan', room && !this.tagging);
    this.#window.classList.toggle('is-tagging', this.tagging);
    this.#tools.hidden = this.tagging;
    this.#hint.textContent = t(this.tagging ? 'crop.hint_tag' : 'crop.hint');
    this.#drawDots();
  }

  /** The dots stay: whoever drags one, or moves it with the keys, holds on to it. */
  #drawDots() {
    reconcile(this.#marks, this.tagging ? this.dots : [], {
      key: ({ id }) => id,
      create: (dot) => {
        const button = h(
          'button',
          { type: 'button', dataset: { dot: dot.id }, 'aria-describedby': this.#hint.id },
          h('span', { class: 'post-tag-dot' }),
          h('span', { class: 'post-tag-label' }, h('span', { class: 'post-tag-name' }, dot.name)),
        );
        this.#putDot(button, dot);
        return button;
      },
      update: (button, dot) => this.#putDot(button, dot),
    });
  }

  /** @param {HTMLElement} button @param {Dot} dot */
  #putDot(button, dot) {
    const { x, y } = toFrame(this.#size, this.#rect, dot);
    button.className = `post-tag tag-${sidesOf([{ x, y }])[0]}`;
    button.style.setProperty('--tag-x', `${x * 100}%`);
    button.style.setProperty('--tag-y', `${y * 100}%`);
  }

  /** @param {number} id */
  focusDot(id) {
    /** @type {HTMLElement|null} */ (this.#marks.querySelector(`[data-dot="${id}"]`))?.focus();
  }

  /** @param {{clientX: number, clientY: number}} event @returns {{x: number, y: number}} 0…1 of the frame */
  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.#window.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  }

  /** @param {Element|null|undefined} target @returns {Dot|undefined} */
  #dotOf(target) {
    const id = Number(target?.closest('[data-dot]')?.getAttribute('data-dot') ?? NaN);
    return this.dots.find((dot) => dot.id === id);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    const dot = this.tagging ? this.#dotOf(/** @type {Element} */ (event.target)) : undefined;
    if (dot) return this.#dragDot(event, dot);
    if (this.tagging) return;
    this.#fingers.set(event.pointerId, this.#at(event));
    this.#spread = this.#reach();
    this.#window.setPointerCapture(event.pointerId);
  }

  /** How far two fingers are from each other. */
  #reach() {
    const [one, two] = [...this.#fingers.values()];
    return one && two ? Math.hypot(one.x - two.x, one.y - two.y) : 0;
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const before = this.#fingers.get(event.pointerId);
    if (!before) return;
    const now = this.#at(event);
    this.#fingers.set(event.pointerId, now);
    const n = this.#fingers.size;
    let crop = moved(this.#size, this.frame, this.#crop, {
      dx: (now.x - before.x) / n,
      dy: (now.y - before.y) / n,
    });
    const spread = this.#reach();
    if (n === 2 && this.#spread > 0 && spread > 0) {
      const [one, two] = [...this.#fingers.values()];
      const middle = { x: ((one?.x ?? 0) + (two?.x ?? 0)) / 2, y: ((one?.y ?? 0) + (two?.y ?? 0)) / 2 };
      crop = zoomed(this.#size, this.frame, crop, (crop.zoom * spread) / this.#spread, middle);
      this.#spread = spread;
    }
    this.oncrop(crop);
  }

  /** @param {PointerEvent} start @param {Dot} dot */
  #dragDot(start, dot) {
    const drag = new AbortController();
    const { signal } = drag;
    /** @param {PointerEvent} event */
    const move = (event) => {
      if (event.pointerId !== start.pointerId) return;
      this.onmove(dot.id, toPicture(this.#size, this.#rect, this.#at(event)));
    };
    addEventListener('pointermove', move, { signal });
    for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => drag.abort(), { signal });
  }

  /** @param {MouseEvent} event */
  #press(event) {
    if (!this.tagging || this.#dotOf(/** @type {Element} */ (event.target))) return;
    this.onplace(toPicture(this.#size, this.#rect, this.#at(event)));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    /** @type {Record<string, [number, number]>} */
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const way = ways[event.key];
    const dot = this.#dotOf(document.activeElement);
    const size = this.#size;
    if (way) {
      event.preventDefault();
      const [dx, dy] = [way[0] * STEP, way[1] * STEP];
      if (dot) {
        const place = toFrame(size, this.#rect, dot);
        this.onmove(dot.id, toPicture(size, this.#rect, { x: place.x + dx, y: place.y + dy }));
      } else if (!this.tagging) this.oncrop(moved(size, this.frame, this.#crop, { dx: -dx, dy: -dy }));
      return;
    }
    const zooms = { '+': 1.1, '=': 1.1, '-': 1 / 1.1 };
    const by = zooms[/** @type {keyof typeof zooms} */ (event.key)];
    if (!by || this.tagging) return;
    event.preventDefault();
    this.oncrop(zoomed(size, this.frame, this.#crop, this.#crop.zoom * by));
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (this.tagging || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const zoom = this.#crop.zoom * Math.exp(-event.deltaY / 300);
    this.oncrop(zoomed(this.#size, this.frame, this.#crop, zoom, this.#at(event)));
  }
}

define('rally-crop', CropStage);
