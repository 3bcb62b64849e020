import { explain, t } from '../../core/context.js';
import { fill, h, uniqueId } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { Problem } from '../../core/problem.js';
import { letters, notice } from '../form.js';

/**
 * A few sentences of somebody: counted as the server counts them, sent with the button or Ctrl+Enter.
 *
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.submit
 * @param {number} options.limit letters
 * @param {(text: string) => Promise<void>} options.send failures are shown here
 * @param {string} [options.value]
 * @param {string} [options.placeholder]
 * @param {boolean} [options.showLabel]
 * @param {() => void} [options.cancel] without it there is no way out, and no button for it
 * @param {(text: string) => void} [options.ondraft] told of each change
 * @param {(area: HTMLTextAreaElement) => Node} [options.helper] stands around the field, and helps to write in it
 */
export function wordsForm(options) {
  const { label, submit, limit, send, value = '', placeholder = '', cancel, ondraft, helper } = options;
  const id = uniqueId('words');
  const alert = h('div', { class: 'form-alert', role: 'alert' });
  const count = h('span', { class: 'words-count number', id: `${id}-count` });
  const area = h('textarea', {
    id,
    class: 'input words-text',
    rows: '3',
    placeholder,
    'aria-describedby': `${id}-count`,
    value,
  });
  const button = h('button', { type: 'submit', class: 'button button-ink button-small' }, submit);

  const check = () => {
    const n = letters(area.value);
    const over = n > limit;
    count.textContent = t('reviews.count', { n: plain(n), of: plain(limit) });
    count.classList.toggle('is-over', over);
    if (over) area.setAttribute('aria-invalid', 'true');
    else area.removeAttribute('aria-invalid');
    button.disabled = n === 0 || over;
    // As high as what is written, so that nobody writes in a slit.
    area.rows = Math.min(10, Math.max(3, area.value.split('\n').length + 1));
  };

  let busy = false;
  const go = async () => {
    if (busy || button.disabled) return;
    busy = true;
    fill(alert);
    button.setAttribute('aria-busy', 'true');
    try {
      await send(area.value.trim());
    } catch (error) {
      const problem = Problem.from(error);
      if (problem.code === 'client.failure') reportError(error);
      const said = problem.errors['content'];
      fill(alert, notice('bad', said ? t('reviews.bad_text', { n: plain(limit) }) : explain(problem)));
    } finally {
      busy = false;
      button.removeAttribute('aria-busy');
    }
  };

  area.addEventListener('input', () => {
    check();
    ondraft?.(area.value);
  });
  area.addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      go();
    }
    if (event.key === 'Escape' && cancel && area.value === value) cancel();
  });
  check();
  const element = h(
    'form',
    {
      class: 'words',
      novalidate: true,
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        go();
      },
    },
    h('label', { class: options.showLabel ? 'label' : 'unseen', for: id }, label),
    helper ? helper(area) : area,
    alert,
    h(
      'div',
      { class: 'words-foot' },
      count,
      cancel
        ? h(
            'button',
            { type: 'button', class: 'button button-line button-small', onclick: cancel },
            t('action.cancel'),
          )
        : null,
      button,
    ),
  );
  return {
    element,
    /** @param {string} text */
    set: (text) => {
      area.value = text;
      check();
    },
    focus: () => {
      area.focus();
      area.setSelectionRange(area.value.length, area.value.length);
    },
  };
}
