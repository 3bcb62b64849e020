import { explain, t } from '../core/context.js';
import { fill, h, uniqueId } from '../core/element.js';
import { Problem } from '../core/problem.js';
import { SAID } from '../core/said.js';
import { icon } from './icon.js';

/**
 * Forms: a label above, a hint below, an error next to its field and one place for what belongs to none.
 *
 * @typedef {HTMLInputElement|HTMLSelectElement|HTMLTextAreaElement} Control
 *
 * @typedef {object} Field
 * @property {HTMLElement} element
 * @property {Control} control
 * @property {(message: string) => void} setError empty removes it
 */

/**
 * How much is written.
 *
 * @param {Control} control
 * @param {number} limit
 */
function counter(control, limit) {
  const count = h('span', { class: 'field-count number', 'aria-hidden': 'true' });
  const draw = () => {
    const n = letters(control.value);
    count.textContent = t('reviews.count', { n, of: limit });
    count.classList.toggle('is-over', n > limit);
  };
  control.addEventListener('input', draw);
  draw();
  return count;
}

/** Emoji and Hangul count as one letter each, as they do on the server. @param {string} text @returns {number} */
export const letters = (text) => [...text.trim()].length;

/**
 * @param {object} options
 * @param {string} options.label
 * @param {Control} options.control
 * @param {import('../core/element.js').Child} [options.hint]
 * @param {boolean} [options.optional]
 * @param {number} [options.limit] letters; how many there are is shown
 * @returns {Field}
 */
export function field({ label, control, hint = '', optional = false, limit = 0 }) {
  control.id ||= uniqueId('field');
  const hintId = `${control.id}-hint`;
  const errorId = `${control.id}-error`;
  const error = h('p', { class: 'field-error', id: errorId, hidden: true });
  /** @param {boolean} bad */
  const describe = (bad) => {
    const ids = [bad ? errorId : '', hint ? hintId : ''].filter(Boolean).join(' ');
    if (ids) control.setAttribute('aria-describedby', ids);
    else control.removeAttribute('aria-describedby');
    if (bad) control.setAttribute('aria-invalid', 'true');
    else control.removeAttribute('aria-invalid');
  };
  describe(false);
  /** @param {string} message */
  const setError = (message) => {
    error.hidden = message === '';
    fill(error, message ? [icon('warn'), message] : null);
    describe(message !== '');
  };
  control.addEventListener('input', () => setError(''));
  const foot = hint ? h('p', { class: 'field-hint', id: hintId }, hint) : null;
  const element = h(
    'div',
    { class: 'field' },
    h(
      'label',
      { class: 'label', for: control.id },
      label,
      optional ? h('span', { class: 'label-note' }, t('form.optional')) : null,
    ),
    control,
    limit > 0 ? h('div', { class: 'field-foot' }, foot, counter(control, limit)) : foot,
    error,
  );
  return { element, control, setError };
}

/**
 * @param {Record<string, unknown>} props
 * @returns {HTMLInputElement}
 */
export function input(props) {
  return h('input', { class: 'input', ...props });
}

/**
 * @param {Record<string, unknown>} props
 * @param {{value: string, label: string}[]} options
 * @returns {HTMLSelectElement}
 */
export function select(props, options) {
  const { value, ...rest } = props;
  const control = h(
    'select',
    { class: 'input select', ...rest },
    options.map((option) => h('option', { value: option.value }, option.label)),
  );
  if (value !== undefined) control.value = String(value);
  return control;
}

/**
 * A message inside the page, in the flow of reading.
 *
 * @param {'info'|'warn'|'bad'|'good'} tone
 * @param {...import('../core/element.js').Child} children
 */
export function notice(tone, ...children) {
  const sign = /** @type {const} */ ({ info: 'info', warn: 'warn', bad: 'warn', good: 'check' })[tone];
  return h(
    'div',
    { class: `notice notice-${tone}` },
    icon(sign),
    h('div', { class: 'notice-text' }, children),
  );
}

/** @param {Control} control @returns {string} what is wrong with it, in the language of the page */
function complaint(control) {
  const { validity } = control;
  if (validity.valueMissing) return t('said.required');
  if (validity.typeMismatch) return t('said.email');
  if (validity.tooShort) return t('said.password_short');
  if (validity.patternMismatch) return t('form.pattern');
  return validity.valid ? '' : control.validationMessage;
}

/** @param {string} message of the server @returns {string} the same in the reader's language */
function inOurWords(message) {
  const key = SAID.get(message);
  return key ? t(key) : message;
}

/**
 * @param {object} options
 * @param {Record<string, Field>} options.fields by the server's name
 * @param {string} options.submit
 * @param {() => Promise<void>} options.send failures are shown in the form
 * @param {() => Record<string, string>} [options.check] more complaints, by field
 * @param {import('../core/element.js').Child} [options.more] between the fields and the button
 * @param {import('../core/element.js').Child} [options.after] below the button
 * @returns {HTMLFormElement}
 */
export function form({ fields, submit, send, check = () => ({}), more, after }) {
  const alert = h('div', { class: 'form-alert', role: 'alert' });
  const button = h('button', { type: 'submit', class: 'button button-ink button-wide' }, submit);
  let busy = false;

  /** @param {Record<string, string>} complaints @returns {boolean} */
  const complain = (complaints) => {
    /** @type {Control|null} */
    let first = null;
    for (const [name, { control, setError }] of Object.entries(fields)) {
      const message = complaints[name] ?? '';
      setError(message);
      if (message && !first) first = control;
    }
    first?.focus();
    return first !== null;
  };

  /** @param {unknown} error */
  const show = (error) => {
    const problem = Problem.from(error);
    if (problem.code === 'client.failure') reportError(error);
    /** @type {Record<string, string>} */
    const known = {};
    const rest = [];
    for (const [name, messages] of Object.entries(problem.errors)) {
      const texts = messages.map(inOurWords);
      if (fields[name]) known[name] = texts.join(' ');
      else rest.push(...texts);
    }
    const placed = complain(known);
    if (placed && rest.length === 0) return;
    fill(alert, notice('bad', rest.length > 0 ? rest.join(' ') : explain(problem)));
  };

  return h(
    'form',
    {
      class: 'form',
      novalidate: true,
      onsubmit: async (/** @type {Event} */ event) => {
        event.preventDefault();
        if (busy) return;
        fill(alert);
        const complaints = Object.fromEntries(
          Object.entries(fields).map(([name, { control }]) => [name, complaint(control)]),
        );
        if (complain({ ...check(), ...Object.fromEntries(Object.entries(complaints).filter(([, m]) => m)) }))
          return;
        busy = true;
        button.setAttribute('aria-busy', 'true');
        try {
          await send();
        } catch (error) {
          show(error);
        } finally {
          busy = false;
          button.removeAttribute('aria-busy');
        }
      },
    },
    Object.values(fields).map(({ element }) => element),
    more,
    alert,
    button,
    after,
  );
}

/**
 * Sizes a person can wear, as the server takes them.
 *
 * @returns {{value: string, label: string}[]}
 */
export function shoeSizes() {
  const sizes = [{ value: '', label: t('form.none') }];
  for (let size = 220; size <= 310; size += 5) sizes.push({ value: String(size), label: String(size) });
  return sizes;
}
