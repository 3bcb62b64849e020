import { newPassword, newPasswordComplaints } from '../../components/accounts/fields.js';
import { whereMailIs } from '../../components/accounts/mail-place.js';
import { authPage } from '../../components/auth-page.js';
import { field, form, input, notice } from '../../components/form.js';
import { icon } from '../../components/icon.js';
import { toast } from '../../components/toast.js';
import { api, session, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { takeFragment } from '../../core/fragment.js';
import { navigate } from '../../core/navigation.js';
import { Page } from '../../core/page.js';
import { Problem } from '../../core/problem.js';

/** @typedef {{uid: string, token: string}} Link */

/** A forgotten password: asking for the mail, and, from its link, the new one. */
class ResetPage extends Page {
  /** @type {Link|null} */
  #link = null;

  /** @override */
  connected() {
    this.#read(this.restored?.reset ?? null);
    // Another link of a mail, opened in this tab.
    this.listen(window, 'hashchange', () => this.#read(this.#link));
  }

  /** @override */
  snapshot() {
    return { reset: this.#link };
  }

  /** @param {Link|null} before */
  #read(before) {
    const fragment = takeFragment();
    const uid = fragment.get('uid');
    const token = fragment.get('token');
    this.#link = uid && token ? { uid, token } : before;
    if (this.#link) this.#choose(this.#link);
    else this.#ask();
  }

  /** @param {string} [complaint] */
  #ask(complaint) {
    this.#link = null;
    this.setTitle(t('reset.title'));
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
    fill(
      this,
      authPage(
        t('reset.title'),
        complaint ? h('div', { role: 'alert' }, notice('bad', complaint)) : h('p', null, t('reset.text')),
        form({
          fields: { email },
          submit: t('reset.submit'),
          send: async () => {
            const address = email.control.value.trim();
            await api.post('/api/accounts/password/reset/', { email: address });
            this.#sent(address);
          },
        }),
        h('div', { class: 'auth-links' }, h('a', { href: '/signin' }, t('signin.title'))),
      ),
    );
    return email.control;
  }

  /** @param {string} address */
  #sent(address) {
    const heading = h('h1', { tabindex: '-1' }, t('reset.sent'));
    fill(
      this,
      h(
        'div',
        { class: 'auth' },
        h('div', { class: 'result-sign' }, icon('mail')),
        heading,
        h('p', null, t('reset.sent_text', { email: address })),
        whereMailIs(),
        h(
          'div',
          { class: 'auth-links' },
          h(
            'button',
            { type: 'button', class: 'link-button', onclick: () => this.#ask().focus() },
            t('reset.again'),
          ),
          h('a', { href: '/signin' }, t('signin.title')),
        ),
      ),
    );
    scrollTo(0, 0);
    heading.focus();
  }

  /** @param {Link} link */
  #choose(link) {
    this.setTitle(t('reset.new'));
    const chosen = newPassword();
    fill(
      this,
      authPage(
        t('reset.new'),
        h('p', null, t('reset.new_text')),
        form({
          fields: chosen,
          submit: t('reset.save'),
          check: () => {
            const { new_password1: first = '', new_password2: second = '' } = newPasswordComplaints(chosen);
            return { new_password1: first, new_password2: second };
          },
          send: async () => {
            try {
              await api.post('/api/accounts/password/reset/confirm/', {
                ...link,
                new_password1: chosen.new_password1.control.value,
                new_password2: chosen.new_password2.control.value,
              });
            } catch (error) {
              if (Problem.from(error).code !== 'accounts.reset_invalid') throw error;
              this.#ask(t('error.accounts.reset_invalid')).focus();
              return;
            }
            session.forget();
            await navigate('/signin', { replace: true });
            toast(t('reset.done'));
          },
        }),
      ),
    );
  }
}

define('page-reset', ResetPage);
