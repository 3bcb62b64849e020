import { session, t } from '../../core/context.js';
import { field, input } from '../form.js';

/**
 * Fields that several forms of an account have.
 *
 * @typedef {import('../form.js').Field} Field
 * @typedef {{new_password1: Field, new_password2: Field}} NewPassword
 */

/**
 * The password that the account has now.
 *
 * @param {string} name the server's
 * @param {string} [label]
 */
export function currentPassword(name, label = t('form.password')) {
  return field({
    label,
    control: input({ type: 'password', name, autocomplete: 'current-password', required: true }),
  });
}

/**
 * A new one, twice.
 *
 * @param {{label?: string, again?: string}} [labels]
 * @returns {NewPassword}
 */
export function newPassword({ label = t('password.new'), again = t('password.new_again') } = {}) {
  return {
    new_password1: field({
      label,
      hint: t('signup.password_hint'),
      control: input({
        type: 'password',
        name: 'new_password1',
        autocomplete: 'new-password',
        required: true,
        minlength: 8,
      }),
    }),
    new_password2: field({
      label: again,
      control: input({
        type: 'password',
        name: 'new_password2',
        autocomplete: 'new-password',
        required: true,
      }),
    }),
  };
}

/**
 * What can be said of a new password without asking.
 *
 * @param {NewPassword} fields
 * @returns {Partial<Record<keyof NewPassword, string>>}
 */
export function newPasswordComplaints({ new_password1: first, new_password2: second }) {
  return {
    ...(/^\d+$/.test(first.control.value) ? { new_password1: t('said.password_digits') } : {}),
    ...(first.control.value.length > 128 ? { new_password1: t('said.password_long') } : {}),
    ...(first.control.value !== second.control.value ? { new_password2: t('said.passwords') } : {}),
  };
}

/** Whose password it is: for password managers; people know. @returns {Field} */
export function whose() {
  const whom = field({
    label: t('form.email_label'),
    control: input({
      type: 'email',
      name: 'username',
      autocomplete: 'username',
      readonly: true,
      value: session.user?.email ?? '',
    }),
  });
  whom.element.hidden = true;
  return whom;
}

/** The browser would begin with the button that closes the dialog. @param {HTMLElement} inside */
export function focusFirst(inside) {
  /** @type {HTMLElement|null} */ (inside.querySelector('.field:not([hidden]) input'))?.focus();
}
