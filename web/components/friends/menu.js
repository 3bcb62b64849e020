import { h, uniqueId } from '../../core/element.js';
import { icon } from '../icon.js';

/** @typedef {{label: string, icon: import('../icon.js').IconName, run: () => unknown}} Entry */

const GAP = 4;

/**
 * A button with three dots and what can be done behind it. The browser closes it on Escape and on a press
 * elsewhere.
 *
 * @param {object} options
 * @param {string} options.label
 * @param {() => Entry[]} options.entries asked each time it opens
 */
export function moreMenu({ label, entries }) {
  const id = uniqueId('more');
  const panel = h('div', { id, class: 'popover more-panel', popover: 'auto' });
  const button = h(
    'button',
    { type: 'button', class: 'icon-button more-button', popovertarget: id, 'aria-label': label },
    icon('more'),
  );
  const close = () => {
    if (panel.matches(':popover-open')) panel.hidePopover();
  };
  panel.addEventListener('beforetoggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === 'open') draw();
  });
  panel.addEventListener('toggle', (event) => {
    if (/** @type {ToggleEvent} */ (event).newState !== 'open') return removeEventListener('scroll', close);
    place(button, panel);
    // Bound to a place of the window: it would stay while the row moves away.
    addEventListener('scroll', close, { passive: true, once: true });
  });
  const draw = () => {
    panel.replaceChildren(
      h(
        'div',
        { class: 'menu' },
        entries().map((entry) =>
          h(
            'button',
            {
              type: 'button',
              class: 'menu-item',
              onclick: () => {
                close();
                entry.run();
              },
            },
            icon(entry.icon),
            entry.label,
          ),
        ),
      ),
    );
  };
  return h('span', { class: 'more' }, button, panel);
}

/** Below the button, or above it where there is no room. @param {HTMLElement} button @param {HTMLElement} panel */
function place(button, panel) {
  const { right, bottom, top } = button.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const below = bottom + GAP + height <= innerHeight;
  const left = Math.max(8, Math.min(right - width, document.documentElement.clientWidth - width - 8));
  panel.style.setProperty(
    'inset',
    `${below ? bottom + GAP : Math.max(8, top - GAP - height)}px auto auto ${left}px`,
  );
}
