import { t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { formDialog } from '../form-dialog.js';
import { field } from '../form.js';

/**
 * @param {object} options
 * @param {string} options.label
 * @param {string} [options.hint]
 * @param {boolean} [options.optional]
 */
export function longField({ label, hint = '', optional = false }) {
  const area = h('textarea', {
    class: 'input area',
    rows: 3,
    maxlength: 500,
    required: !optional,
  });
  // It has all that a form asks of its controls.
  const control = /** @type {HTMLInputElement} */ (/** @type {unknown} */ (area));
  return field({ label, hint, optional, control });
}

/**
 * Asks why before something is done that somebody else will ask about. What the server refuses stays written
 * in the dialog.
 *
 * @template T
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.text
 * @param {string} options.submit
 * @param {string} [options.hint] who will read it
 * @param {(reason: string) => Promise<T>} options.send
 * @param {AbortSignal} options.signal
 * @returns {Promise<T|undefined>}
 */
export function askReason({ title, text, submit, hint = t('admin.reason_hint'), send, signal }) {
  const reason = longField({ label: t('admin.reason'), hint });
  return formDialog({
    title,
    intro: h('p', { class: 'muted' }, text),
    fields: { reason },
    submit,
    signal,
    check: () => (reason.control.value.trim() ? {} : { reason: t('said.required') }),
    send: () => send(reason.control.value.trim()),
  });
}
