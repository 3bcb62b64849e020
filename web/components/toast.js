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
 * @param {{bad?: boolean}} [options]
 */
export function toast(text, { bad = false } = {}) {
  const host = toastRegion();
  if (!host.isConnected) return;
  const note = h('div', { class: bad ? 'toast toast-bad' : 'toast' }, text);
  host.append(note);
  // Shown again, it lies above a dialog that was opened in between.
  if (host.matches(':popover-open')) host.hidePopover();
  host.showPopover();
  setTimeout(() => {
    note.remove();
    if (!host.childElementCount && host.matches(':popover-open')) host.hidePopover();
  }, STAY);
}
