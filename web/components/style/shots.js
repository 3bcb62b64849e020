import { t } from '../../core/context.js';
import { h, reconcile } from '../../core/element.js';
import { placeImage } from './cropped.js';

/** @typedef {import('../../core/compose.js').Shot} Shot */

/** A press that moves farther is a drag. */
const SLOP = 8;

/**
 * The pictures in their order, small: pressed to work on one, dragged to change the order.
 *
 * @param {object} how
 * @param {(id: string) => void} how.onpick
 * @param {(id: string, to: number) => void} how.onmove
 */
export function shotStrip({ onpick, onmove }) {
  const list = h('ul', { class: 'shots', role: 'list', 'aria-label': t('compose.pictures') });
  let dragged = false;

  /** @param {PointerEvent} start @param {string} id */
  const drag = (start, id) => {
    const life = new AbortController();
    const { signal } = life;
    dragged = false;
    /** @param {PointerEvent} event */
    const move = ({ pointerId, clientX, clientY }) => {
      if (pointerId !== start.pointerId) return;
      if (!dragged && Math.hypot(clientX - start.clientX, clientY - start.clientY) < SLOP) return;
      dragged = true;
      const under = document.elementFromPoint(clientX, clientY)?.closest('.shot');
      const to = [...list.children].indexOf(/** @type {Element} */ (under));
      const from = [...list.children].findIndex(
        (each) => /** @type {HTMLElement} */ (each).dataset['key'] === id,
      );
      list.children[from]?.classList.add('is-dragged');
      if (to >= 0 && to !== from) onmove(id, to);
    };
    addEventListener('pointermove', move, { signal });
    for (const end of ['pointerup', 'pointercancel']) {
      addEventListener(
        end,
        () => {
          life.abort();
          list.querySelector('.is-dragged')?.classList.remove('is-dragged');
        },
        { signal },
      );
    }
  };

  /** @param {Shot} shot */
  const create = (shot) => {
    const image = h('img', { class: 'cropped-image', src: shot.url, alt: '', draggable: 'false' });
    return h(
      'li',
      { class: 'shot' },
      h(
        'button',
        {
          type: 'button',
          class: 'shot-button',
          onpointerdown: (/** @type {PointerEvent} */ event) => {
            if (event.button === 0) drag(event, shot.id);
          },
          onclick: () => {
            if (!dragged) onpick(shot.id);
            dragged = false;
          },
        },
        h('span', { class: 'cropped' }, image),
        h('span', { class: 'unseen shot-name' }),
      ),
    );
  };

  return {
    element: list,
    /** @param {Shot[]} shots @param {number} frame @param {string|null} current */
    draw: (shots, frame, current) => {
      list.hidden = shots.length < 2;
      list.style.setProperty('--ratio', frame.toFixed(4));
      reconcile(list, shots, { key: ({ id }) => id, create });
      for (const [i, item] of [...list.children].entries()) {
        const shot = shots[i];
        const image = /** @type {HTMLElement|null} */ (item.querySelector('img'));
        const name = item.querySelector('.shot-name');
        if (!shot || !image || !name) continue;
        placeImage(image, shot, frame);
        name.textContent = t('compose.picture_n', { n: i + 1, of: shots.length });
        item.querySelector('button')?.setAttribute('aria-current', String(shot.id === current));
      }
    },
  };
}
