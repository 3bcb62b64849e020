import { authPage } from '../../components/auth-page.js';
import { notice } from '../../components/form.js';
import { bone, present, skeleton } from '../../components/states.js';
import { api, session, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { Page } from '../../core/page.js';
import { resendForm } from './resend.js';

/** The page that the link in the mail opens. */
class VerifyPage extends Page {
  /** @override */
  connected() {
    const body = h('div', { class: 'stack' });
    // Behind the #, where no server sees it; older letters had it before. It stays there: a page that is
    // loaded again says the same.
    const key = new URLSearchParams(location.hash.slice(1)).get('key') ?? '';
    this.replaceChildren(authPage(t('verify.title'), body));
    const refused = () =>
      h(
        'div',
        { class: 'stack' },
        h('div', { role: 'alert' }, notice('bad', t('verify.bad'))),
        resendForm(''),
      );
    const choose = () => h('div', { role: 'status' }, notice('info', t('verify.choose')));
    if (this.query.get('choose')) {
      body.replaceChildren(choose());
      return;
    }
    if (!key) {
      body.replaceChildren(refused());
      return;
    }
    this.ready = present(body, {
      signal: this.signal,
      skeleton: () => skeleton(bone('bone-block')),
      load: (signal) => api.post('/api/accounts/registration/verify-email/', { key }, { signal }),
      show: (reply) =>
        reply.choose_password
          ? choose()
          : [
              h('div', { role: 'status' }, notice('good', t('verify.good'))),
              session.user
                ? h('a', { class: 'button button-ink button-wide', href: '/' }, t('missing.action'))
                : h('a', { class: 'button button-ink button-wide', href: '/signin' }, t('signin.title')),
            ],
      failed: (problem) => (problem.status === 404 || problem.status === 400 ? refused() : null),
    });
  }
}

define('page-verify', VerifyPage);
