import { t } from '../core/context.js';
import { toast } from './toast.js';

/** @param {string} text @param {string} said when it is in the clipboard */
export async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    // Not every place has a clipboard that may be written.
    toast(t('copy.failed'), { bad: true });
  }
}
