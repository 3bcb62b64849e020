import { t } from '../../core/context.js';
import { Problem } from '../../core/problem.js';
import { field, input } from '../form.js';

/**
 * The second step's codes: six digits of an app, or one of the printed recovery codes.
 *
 * @typedef {import('../form.js').Field} Field
 */

const DIGITS = 6;

/** @param {Field} made @returns {Field} whose complaint is read aloud, also while the focus stays in it */
function spoken(made) {
  made.element.classList.add('field-steady');
  made.element.querySelector('.field-error')?.setAttribute('role', 'alert');
  return made;
}

/** @param {string} text @returns {string} what of it are digits, also those of an IME */
export function digitsOf(text) {
  return text
    .normalize('NFKC')
    .replace(/[^0-9]/g, '')
    .slice(0, DIGITS);
}

/**
 * @param {object} [options]
 * @param {() => void} [options.onfull] the last digit was typed or pasted
 * @returns {Field}
 */
export function codeField({ onfull } = {}) {
  const control = input({
    name: 'code',
    class: 'input code-input',
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    autocapitalize: 'none',
    spellcheck: 'false',
    required: true,
  });
  let before = '';
  control.addEventListener('input', (event) => {
    // Not while an IME is still composing: it would lose its place.
    if (event instanceof InputEvent && event.isComposing) return;
    const digits = digitsOf(control.value);
    if (digits !== control.value) control.value = digits;
    const full = digits.length === DIGITS && digits !== before;
    before = digits;
    if (full) onfull?.();
  });
  return spoken(field({ label: t('code.label'), hint: t('code.hint'), control }));
}

/** @param {Field} code @returns {Record<string, string>} complaints of a form that has it as `code` */
export function checkCode({ control }) {
  return digitsOf(control.value).length === DIGITS ? {} : { code: t('code.six') };
}

/** @returns {Field} */
export function recoveryField() {
  const control = input({
    name: 'recovery_code',
    class: 'input code-input',
    type: 'text',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    required: true,
  });
  return spoken(field({ label: t('code.recovery_label'), hint: t('code.recovery_hint'), control }));
}

/**
 * A fault that belongs to one field is said there.
 *
 * @param {unknown} error
 * @param {Record<string, {field: string, text: string}>} places by the fault's code
 * @returns {unknown} what a form shows
 */
export function atField(error, places) {
  const problem = Problem.from(error);
  const place = places[problem.code];
  if (!place) return error;
  return new Problem({
    status: problem.status,
    code: problem.code,
    errors: { [place.field]: [place.text] },
  });
}
