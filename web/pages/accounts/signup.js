import { newPassword, newPasswordComplaints } from '../../components/accounts/fields.js';
import { whereMailIs } from '../../components/accounts/mail-place.js';
import { authPage } from '../../components/auth-page.js';
import { field, form, input, select, shoeSizes } from '../../components/form.js';
import { icon } from '../../components/icon.js';
import { api, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { safeNext, signinPath } from '../../core/paths.js';
import { Page } from '../../core/page.js';
import { resendForm } from './resend.js';

/** A new account. It works after the address is verified by mail. */
class SignupPage extends Page {
  /** @override */
  connected() {
    const next = safeNext(this.query.get('next'), location.origin);
    const email = field({
      label: t('form.email_label'),
      control: input({
        type: 'email',
        name: 'email',
        autocomplete: 'email',
        required: true,
        inputmode: 'email',
      }),
    });
    const chosen = newPassword({ label: t('form.password'), again: t('form.password_again') });
    const size = field({
      label: t('profile.shoe_size'),
      optional: true,
      control: select({ name: 'shoe_size' }, shoeSizes()),
    });
    const phone = field({
      label: t('profile.phone'),
      optional: true,
      control: input({
        type: 'tel',
        name: 'phone_number',
        autocomplete: 'tel',
        inputmode: 'tel',
        placeholder: '010-1234-5678',
      }),
    });
    this.replaceChildren(
      authPage(
        t('signup.title'),
        form({
          fields: {
            email,
            password1: chosen.new_password1,
            password2: chosen.new_password2,
            shoe_size: size,
            phone_number: phone,
          },
          submit: t('signup.submit'),
          check: () => {
            const { new_password1: first = '', new_password2: second = '' } = newPasswordComplaints(chosen);
            return { password1: first, password2: second };
          },
          send: async () => {
            const address = email.control.value.trim();
            await api.post('/api/accounts/registration/', {
              email: address,
              password1: chosen.new_password1.control.value,
              password2: chosen.new_password2.control.value,
              ...(size.control.value ? { shoe_size: Number(size.control.value) } : {}),
              ...(phone.control.value.trim() ? { phone_number: phone.control.value.trim() } : {}),
            });
            this.#sent(address);
          },
        }),
        h(
          'p',
          { class: 'auth-other' },
          t('signup.have'),
          ' ',
          h('a', { href: signinPath(next) }, t('signin.title')),
        ),
      ),
    );
  }

  /** @param {string} address */
  #sent(address) {
    const again = h('div');
    const heading = h('h1', { tabindex: '-1' }, t('signup.sent'));
    fill(
      this,
      h(
        'div',
        { class: 'auth' },
        h('div', { class: 'result-sign' }, icon('mail')),
        heading,
        h('p', null, t('signup.sent_text', { email: address })),
        whereMailIs(),
        h(
          'button',
          {
            type: 'button',
            class: 'link-button',
            onclick: () => fill(again, resendForm(address)),
          },
          t('signup.again'),
        ),
        again,
      ),
    );
    scrollTo(0, 0);
    heading.focus();
  }
}

define('page-signup', SignupPage);
