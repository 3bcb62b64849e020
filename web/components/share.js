import { t } from '../core/context.js';
import { copy } from './copy.js';

/** @param {string} url an address, into the clipboard */
export const copyLink = (url) => copy(url, t('article.copied'));

/**
 * Gives an address on: as the device does it, or into the clipboard.
 *
 * @param {string} title
 * @param {string} url
 */
export async function share(title, url) {
  if (!navigator.share) return copyLink(url);
  try {
    await navigator.share({ title, url });
  } catch {
    // Closed without sharing, or not allowed here: the address bar has it.
  }
}
