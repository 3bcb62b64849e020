import { h } from '../core/element.js';

const STAY = 5_000;

/** @type {HTMLElement|null} */
let region = null;

/** The region must be in the document before its first message, or nobody reads it aloud. */
export function toastRegion() {
  region ??= h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite', popover: 'manual' });
  return region;
}

/**
 * A short message that goes away by itself. Never the only place where something important stands.
 *
 * @param {string} text
 * @param {{bad?: boolean, href?: string}} [options] href: where it leads
 * @returns {Promise<void>} settled when it is gone
 */
export function toast(text, { bad = false, href = '' } = {}) {
  const host = toastRegion();
  if (!host.isConnected) return Promise.resolve();
  const look = bad ? 'toast toast-bad' : 'toast';
  const note = href ? h('a', { class: look, href }, text) : h('div', { class: look }, text);
  host.append(note);
  // Shown again, it lies above a dialog that was opened in between.
  if (host.matches(':popover-open')) host.hidePopover();
  host.showPopover();
  return new Promise((gone) => {
    const end = () => {
      clearTimeout(timer);
      note.remove();
      if (!host.childElementCount && host.matches(':popover-open')) host.hidePopover();
      gone();
    };
    const timer = setTimeout(end, STAY);
    // The page that it leads to says the same. The router has to see the click first.
    if (href) note.addEventListener('click', () => setTimeout(end));
  });
}
