import { t } from '../core/context.js';
import { h, uniqueId } from '../core/element.js';
import { icon } from './icon.js';

/**
 * The native dialog: the browser keeps the focus inside, hears Escape and gives the focus back. On a phone it
 * is a sheet at the bottom.
 *
 * @typedef {object} Dialog
 * @property {HTMLDialogElement} element
 * @property {HTMLElement} body
 * @property {(title: string) => void} setTitle
 * @property {() => void} close
 * @property {Promise<void>} closed
 */

/**
 * @param {object} options
 * @param {string} options.title
 * @param {import('../core/element.js').Child} [options.body]
 * @param {string} [options.class]
 * @param {AbortSignal} [options.signal] closes the dialog
 * @param {() => boolean} [options.mayClose] asked when the person wants to close it; closing from code is not asked for
 * @returns {Dialog}
 */
export function openDialog({ title, body, class: extra = '', signal, mayClose = () => true }) {
  const id = uniqueId('dialog');
  const heading = h('h2', { id, class: 'dialog-title' }, title);
  const content = h('div', { class: 'dialog-body' }, body);
  const element = h(
    'dialog',
    { class: `dialog ${extra}`.trim(), 'aria-labelledby': id },
    h(
      'div',
      { class: 'dialog-frame' },
      h(
        'header',
        { class: 'dialog-head' },
        heading,
        h(
          'button',
          {
            type: 'button',
            class: 'icon-button',
            'aria-label': t('action.close'),
            onclick: () => {
              if (mayClose()) shut();
            },
          },
          icon('close'),
        ),
      ),
      content,
    ),
  );
  /** @type {() => void} */
  let resolve = () => {};
  /** @type {Promise<void>} */
  const closed = new Promise((resolved) => (resolve = resolved));
  // The event comes a frame later. Whoever waits learns it at once: a step back made meanwhile finds nothing open.
  const shut = () => {
    element.close();
    element.remove();
    resolve();
  };
  element.addEventListener('close', shut);
  // A press on the backdrop is a press on the dialog itself. Both ends of the press must be there, or
  // selecting text with the mouse could close it.
  let pressed = false;
  element.addEventListener('pointerdown', (event) => {
    pressed = event.target === element;
  });
  element.addEventListener('click', (event) => {
    if (pressed && event.target === element && mayClose()) shut();
  });
  element.addEventListener('cancel', (event) => {
    // Only its own: a file input inside has an event of the same name.
    if (event.target !== element) return;
    if (mayClose()) shut();
    else event.preventDefault();
  });
  signal?.addEventListener('abort', shut, { once: true });
  document.body.append(element);
  element.showModal();
  return {
    element,
    body: content,
    setTitle: (text) => {
      heading.textContent = text;
    },
    close: shut,
    closed,
  };
}

/**
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.text
 * @param {string} options.confirm
 * @param {string} [options.keep] the way out; by default that the thing stays as it is
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<boolean>}
 */
export async function ask({ title, text, confirm, keep = t('action.keep'), signal }) {
  let answer = false;
  const dialog = openDialog({
    title,
    class: 'dialog-small',
    ...(signal ? { signal } : {}),
    body: [
      h('p', { class: 'dialog-text' }, text),
      h(
        'div',
        { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'button button-line', onclick: () => dialog.close() }, keep),
        h(
          'button',
          {
            type: 'button',
            class: 'button button-accent',
            onclick: () => {
              answer = true;
              dialog.close();
            },
          },
          confirm,
        ),
      ),
    ],
  });
  await dialog.closed;
  return answer;
}
