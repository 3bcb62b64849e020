import { whereMailIs } from '../../components/accounts/mail-place.js';
import { field, form, input, notice } from '../../components/form.js';
import { api, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';

/**
 * Asks for the verification mail once more.
 *
 * @param {string} address
 */
export function resendForm(address) {
  const host = h('div', { class: 'panel' });
  const email = field({
    label: t('form.email_label'),
    control: input({ type: 'email', name: 'email', autocomplete: 'email', required: true, value: address }),
  });
  fill(
    host,
    h('h2', null, t('resend.title')),
    form({
      fields: { email },
      submit: t('resend.submit'),
      send: async () => {
        await api.post('/api/accounts/registration/resend-email/', { email: email.control.value.trim() });
        fill(host, h('div', { role: 'status' }, notice('good', t('resend.sent'))), whereMailIs());
      },
    }),
  );
  return host;
}
