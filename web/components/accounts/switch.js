import { h, uniqueId } from '../../core/element.js';

/**
 * On or off, at once. It shows the new state while the server is asked, and goes back if that comes to nothing.
 *
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.hint
 * @param {(checked: boolean) => Promise<boolean>} [options.change] false: it stays as it was; without it nobody can change it
 * @returns {{element: HTMLElement, set: (checked: boolean) => void}}
 */
export function switchField({ label, hint, change }) {
  const hintId = uniqueId('switch-hint');
  let busy = false;
  const control = h('input', {
    type: 'checkbox',
    role: 'switch',
    class: 'switch',
    'aria-describedby': hintId,
    disabled: !change,
    // A disabled control would lose the focus.
    onclick: (/** @type {Event} */ event) => {
      if (busy) event.preventDefault();
    },
    onchange: async () => {
      if (!change) return;
      const wanted = control.checked;
      busy = true;
      control.setAttribute('aria-busy', 'true');
      const done = await change(wanted);
      if (!done) control.checked = !wanted;
      busy = false;
      control.removeAttribute('aria-busy');
    },
  });
  return {
    element: h(
      'label',
      { class: 'switch-row' },
      h(
        'span',
        { class: 'switch-words' },
        h('strong', null, label),
        h('span', { id: hintId, class: 'field-hint' }, hint),
      ),
      control,
    ),
    set: (checked) => {
      if (!busy) control.checked = checked;
    },
  };
}
