import { authPage } from '../../components/auth-page.js';
import { field, form, input, notice } from '../../components/form.js';
import { session, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { safeNext } from '../../core/paths.js';
import { Page } from '../../core/page.js';
import { Problem } from '../../core/problem.js';
import { resendForm } from './resend.js';

/** Signing in. Where to go afterwards the router decides, as soon as the session says who this is. */
class SigninPage extends Page {
  /** @override */
  connected() {
    const next = this.query.get('next');
    const suffix = safeNext(next, location.origin) === '/' ? '' : `?next=${encodeURIComponent(next ?? '')}`;
    const help = h('div');
    const email = field({
      label: t('form.email_label'),
      control: input({
        type: 'email',
        name: 'email',
        autocomplete: 'username',
        required: true,
        inputmode: 'email',
      }),
    });
    const password = field({
      label: t('form.password'),
      control: input({
        type: 'password',
        name: 'password',
        autocomplete: 'current-password',
        required: true,
      }),
    });
    this.replaceChildren(
      authPage(
        t('signin.title'),
        suffix ? notice('info', t('signin.needed')) : null,
        form({
          fields: { email, password },
          submit: t('signin.submit'),
          send: async () => {
            fill(help);
            try {
              await session.signIn(email.control.value.trim(), password.control.value);
            } catch (error) {
              if (Problem.from(error).code === 'accounts.email_unverified') {
                fill(help, resendForm(email.control.value.trim()));
              }
              throw error;
            }
          },
        }),
        help,
        h(
          'p',
          { class: 'auth-other' },
          t('signin.new'),
          ' ',
          h('a', { href: `/signup${suffix}` }, t('signup.title')),
        ),
      ),
    );
  }
}

define('page-signin', SigninPage);
