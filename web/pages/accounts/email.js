import { authPage } from '../../components/auth-page.js';
import { form, notice } from '../../components/form.js';
import { api, session, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { takeFragment } from '../../core/fragment.js';
import { signinPath } from '../../core/paths.js';
import { Page } from '../../core/page.js';
import { Problem } from '../../core/problem.js';

/**
 * The page that the link in the mail to a new address opens. Programs that look into mails open links, too: it
 * takes a press of the button.
 */
class EmailPage extends Page {
  #key = '';
  #body = h('div', { class: 'stack' });

  /** @override */
  connected() {
    this.replaceChildren(authPage(t('email.title'), this.#body));
    this.#read(this.restored?.email ?? '');
    this.listen(window, 'hashchange', () => this.#read(this.#key));
  }

  /** @override */
  snapshot() {
    return { email: this.#key };
  }

  /** @param {string} before */
  #read(before) {
    this.#key = takeFragment().get('key') ?? before;
    if (this.#key) this.#ask();
    else this.#end('bad');
  }

  #ask() {
    fill(
      this.#body,
      h('p', { class: 'auth-lead' }, t('email.text')),
      form({
        fields: {},
        submit: t('email.submit'),
        send: async () => {
          try {
            await api.post('/api/accounts/email/change/confirm/', { key: this.#key });
          } catch (error) {
            const { status } = Problem.from(error);
            if (status !== 404 && status !== 400) throw error;
            this.#end('bad').focus();
            return;
          }
          this.#key = '';
          this.#end('good').focus();
          if (session.user) await session.load();
        },
      }),
    );
  }

  /** @param {'good'|'bad'} tone */
  #end(tone) {
    const [href, label] = !session.user
      ? [tone === 'good' ? '/signin' : signinPath('/my/security'), t('signin.title')]
      : tone === 'good'
        ? ['/', t('missing.action')]
        : ['/my/security', t('email.to_settings')];
    const link = h('a', { class: 'button button-ink button-wide', href }, label);
    fill(
      this.#body,
      h(
        'div',
        { role: tone === 'good' ? 'status' : 'alert' },
        notice(tone, t(tone === 'good' ? 'email.good' : 'email.bad')),
      ),
      link,
    );
    return link;
  }
}

define('page-email', EmailPage);
