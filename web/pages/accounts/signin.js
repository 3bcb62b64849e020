import { providerName } from '../../components/accounts/providers.js';
import { authPage } from '../../components/auth-page.js';
import { field, form, input, notice } from '../../components/form.js';
import { i18n, session, t } from '../../core/context.js';
import { define, fill, h } from '../../core/element.js';
import { safeNext, withNext } from '../../core/paths.js';
import { Page } from '../../core/page.js';
import { Problem } from '../../core/problem.js';
import { resendForm } from './resend.js';
import { ALL_METHODS, SecondStep } from './second-step.js';
import { otherWays } from './ways.js';

/** Signing in. Where to go afterwards the router decides, as soon as the session says who this is. */
class SigninPage extends Page {
  #host = h('div');
  /** Steps change without a new page: this says so to those who don't see it. */
  #spoken = h('div', { class: 'unseen', role: 'status' });
  /** What the second step may be done with; null in the first. @type {readonly string[]|null} */
  #methods = null;
  /** Ends with the step. */
  #step = new AbortController();

  get #next() {
    return safeNext(this.query.get('next'), location.origin);
  }

  /** @override */
  connected() {
    this.replaceChildren(this.#host, this.#spoken);
    this.signal.addEventListener('abort', () => this.#step.abort());
    const second = this.query.get('step') === 'second' ? ALL_METHODS : null;
    const again = this.restored?.signin;
    const step = this.#show(again ? this.restored.methods : second, this.#reason());
    // Back from a provider's page there is one thing to do. In a page that is only drawn anew the focus stays.
    if (!again) step?.focus();
  }

  /** @override */
  snapshot() {
    return { signin: true, methods: this.#methods };
  }

  /**
   * @param {readonly string[]|null} methods null: the first step
   * @param {HTMLElement|null} [message]
   */
  #show(methods, message = null) {
    this.#step.abort();
    this.#step = new AbortController();
    this.#methods = methods;
    this.setTitle(t(methods ? 'second.title' : 'signin.title'));
    if (methods) return this.#second(methods);
    this.#first(message);
    return null;
  }

  /** @returns {HTMLElement|null} why somebody is here who did not come by themselves */
  #reason() {
    const code = this.query.get('error');
    if (!code) return this.#next === '/' ? null : notice('info', t('signin.needed'));
    const provider = providerName(this.query.get('provider') ?? '');
    if (provider && /(^|\.)link_required$/.test(code)) {
      return notice(
        'warn',
        h('strong', null, t('signin.link_title', { provider })),
        h('p', null, t('signin.link_text', { provider })),
      );
    }
    const key = [`error.${code}`, `error.accounts.${code}`].find((name) => i18n.has(name));
    return notice('bad', key && i18n.has(key) ? t(key) : t('signin.failed'));
  }

  /** @param {HTMLElement|null} message */
  #first(message) {
    const next = this.#next;
    const help = h('div');
    const reason = h('div', { class: 'form-alert', role: 'alert' }, message);
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
    fill(
      this.#host,
      authPage(
        t('signin.title'),
        reason,
        form({
          fields: { email, password },
          submit: t('signin.submit'),
          send: async () => {
            fill(help);
            fill(reason);
            try {
              const pending = await session.signIn(email.control.value.trim(), password.control.value);
              if (pending) this.#show(pending.methods)?.focus();
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
          'div',
          { class: 'auth-links' },
          h('a', { href: '/reset' }, t('signin.forgot')),
          h('p', null, t('signin.new'), ' ', h('a', { href: withNext('/signup', next) }, t('signup.title'))),
        ),
        otherWays(next, this.#step.signal),
      ),
    );
    return email.control;
  }

  /** @param {readonly string[]} methods */
  #second(methods) {
    const step = new SecondStep({
      methods,
      signal: this.#step.signal,
      restart: (expired) => {
        this.#show(null, expired ? notice('warn', t('signin.again')) : null);
        this.#spoken.textContent = t('signin.title');
        /** @type {HTMLElement|null} */ (this.querySelector('input[name=email]'))?.focus();
      },
    });
    fill(this.#host, authPage(t('second.title'), step.element));
    this.#spoken.textContent = t('second.title');
    scrollTo(0, 0);
    return step;
  }
}

define('page-signin', SigninPage);
