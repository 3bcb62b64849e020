import { explain, t } from '../../core/context.js';
import { fill, h, uniqueId } from '../../core/element.js';

/**
 * A name that is changed where it stands. Enter keeps, Escape leaves it as it was.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.label
 * @param {number} options.length
 * @param {(name: string) => Promise<string>} options.save
 * @returns {{element: HTMLElement, edit: () => void}}
 */
export function renamable({ name, label, length, save }) {
  const element = h('span', { class: 'rename' }, name);
  /** @type {Element|null} */
  let opener = null;

  const show = () => {
    const inside = element.contains(document.activeElement);
    fill(element, name);
    if (inside && opener instanceof HTMLElement) opener.focus();
  };

  const edit = () => {
    opener = document.activeElement;
    const errorId = uniqueId('rename-error');
    const error = h('span', { class: 'field-error', id: errorId, role: 'alert' });
    const control = h('input', {
      class: 'input input-small',
      type: 'text',
      name: 'rename',
      value: name,
      maxlength: length,
      required: true,
      autocomplete: 'off',
      'aria-label': label,
      'aria-describedby': errorId,
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === 'Escape') show();
      },
    });
    const submit = h(
      'button',
      { type: 'submit', class: 'button button-ink button-small' },
      t('passkeys.save'),
    );
    const form = h(
      'form',
      {
        class: 'rename-form',
        novalidate: true,
        onsubmit: async (/** @type {Event} */ event) => {
          event.preventDefault();
          const wanted = control.value.trim();
          if (submit.hasAttribute('aria-busy')) return;
          if (wanted === name) return show();
          if (wanted === '') {
            fill(error, t('said.required'));
            return control.focus();
          }
          fill(error);
          submit.setAttribute('aria-busy', 'true');
          try {
            name = await save(wanted);
            show();
          } catch (problem) {
            fill(error, explain(problem));
            control.focus();
          } finally {
            submit.removeAttribute('aria-busy');
          }
        },
      },
      control,
      submit,
      h(
        'button',
        { type: 'button', class: 'button button-line button-small', onclick: show },
        t('action.cancel'),
      ),
      error,
    );
    fill(element, form);
    control.select();
  };

  return { element, edit };
}
