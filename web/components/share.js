import { t } from '../core/context.js';
import { toast } from './toast.js';

/**
 * Gives an address on: as the device does it, or into the clipboard.
 *
 * @param {string} title
 * @param {string} url
 */
export async function share(title, url) {
  try {
    if (navigator.share) await navigator.share({ title, url });
    else await copyLink(url);
  } catch {
    // Closed without sharing, or not allowed here: the address bar has it.
  }
}

/** @param {string} url */
export async function copyLink(url) {
  await navigator.clipboard.writeText(url);
  toast(t('article.copied'));
}
