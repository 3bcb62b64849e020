import { h } from '../core/element.js';
import { openDialog } from './dialog.js';
import { sayingIt } from './field-words.js';
import { form } from './form.js';
import { askToLeave } from './leaving.js';

/**
 * @typedef {import('../core/element.js').Child} Child
 * @typedef {import('./form.js').Field} Field
 */

/** @param {Record<string, string|undefined>} said @returns {Record<string, string>} what was said in fact */
function complaints(said) {
  return Object.fromEntries(Object.entries(said).flatMap(([name, text]) => (text ? [[name, text]] : [])));
}

/**
 * A form in a dialog. It stays open while the server refuses, and asks before it throws away what was typed.
 *
 * @template T
 * @param {object} options
 * @param {string} options.title
 * @param {Child} [options.intro]
 * @param {Record<string, Field>} options.fields by the server's name
 * @param {Child} [options.more] below the fields
 * @param {string} options.submit
 * @param {() => Promise<T>} options.send
 * @param {() => Record<string, string|undefined>} [options.check] complaints by field
 * @param {AbortSignal} options.signal
 * @param {(close: () => void) => void} [options.opened]
 * @returns {Promise<T|undefined>} undefined when it was closed without sending
 */
export async function formDialog({ title, intro, fields, more, submit, send, check, signal, opened }) {
  /** @type {T|undefined} */
  let outcome;
  const values = () =>
    Object.values(fields)
      .map(({ control }) => control.value)
      .join('\u0000');
  const before = values();
  const dialog = openDialog({
    title,
    signal,
    mayClose: () => {
      if (values() === before) return true;
      askToLeave(signal).then((sure) => {
        if (sure) dialog.close();
      });
      return false;
    },
    body: h(
      'div',
      { class: 'stack' },
      intro,
      form({
        fields,
        submit,
        check: () => complaints(check?.() ?? {}),
        more,
        send: async () => {
          outcome = await sayingIt(send);
          dialog.close();
        },
      }),
    ),
  });
  opened?.(dialog.close);
  const first = Object.values(fields)[0]?.control;
  first?.focus();
  await dialog.closed;
  return outcome;
}
