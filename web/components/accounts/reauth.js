import { api, explain, session, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { currentRouter } from '../../core/navigation.js';
import { Problem } from '../../core/problem.js';
import { available, prove } from '../../core/webauthn.js';
import { openDialog } from '../dialog.js';
import { field, form, input, notice } from '../form.js';
import { icon } from '../icon.js';
import { bone, present, skeleton } from '../states.js';
import { atField, checkCode, codeField, recoveryField } from './code-field.js';
import { providerName } from './providers.js';

/**
 * "Confirm it's you": what changes the ways into an account asks for a proof that is not older than ten
 * minutes. Where the server asks, this dialog gives it, and the call is made once more.
 */

const REAUTH = '/api/accounts/reauth/';

/** One dialog for all calls that wait. @type {Promise<boolean>|null} */
let open = null;

/**
 * Runs a call; if it needs a fresh proof, asks for it and runs the call once more.
 *
 * @template T
 * @param {() => Promise<T>} call
 * @returns {Promise<T|undefined>} undefined: the person gave up. Other problems are thrown
 */
export async function withReauth(call) {
  try {
    return await call();
  } catch (error) {
    if (Problem.from(error).code !== 'accounts.reauth_required') throw error;
  }
  return (await confirmItsYou()) ? call() : undefined;
}

/** @returns {Promise<boolean>} false: the person gave up */
export function confirmItsYou() {
  open ??= ask().finally(() => {
    open = null;
  });
  return open;
}

async function ask() {
  const life = new AbortController();
  const body = h('div', { class: 'reauth' });
  const dialog = openDialog({ title: t('reauth.title'), body, class: 'dialog-small', signal: life.signal });
  let proved = false;
  const done = () => {
    proved = true;
    dialog.close();
  };
  // The page behind it is left, or the login ended elsewhere: there is nothing to confirm any more.
  currentRouter().url.subscribe(() => dialog.close(), life.signal);
  session.login.subscribe(({ state }) => {
    if (state !== 'signed-in') dialog.close();
  }, life.signal);
  present(body, {
    signal: life.signal,
    skeleton: () => skeleton(bone('bone-block')),
    load: (signal) => api.get('/api/accounts/security/', { signal }),
    show: ({ reauth }) => new Proofs(reauth, done, life.signal).element,
  }).then(() => /** @type {HTMLElement|null} */ (body.querySelector('input, .button'))?.focus());
  await dialog.closed;
  life.abort();
  return proved;
}

/** The proofs that this account can give. */
class Proofs {
  element = h('div', { class: 'stack' });
  #reauth;
  #done;
  #signal;
  #alert = h('div', { class: 'form-alert', role: 'alert' });
  #password = field({
    label: t('form.password'),
    control: input({
      type: 'password',
      name: 'password',
      autocomplete: 'current-password',
      required: true,
    }),
  });

  /** @param {string[]} reauth @param {() => void} done @param {AbortSignal} signal */
  constructor(reauth, done, signal) {
    this.#reauth = reauth;
    this.#done = done;
    this.#signal = signal;
    this.#draw(false);
  }

  /** @param {boolean} recovery a recovery code instead of one of the app */
  #draw(recovery) {
    const byPassword = this.#reauth.includes('password') || this.#reauth.includes('otp');
    const passkey = this.#reauth.includes('passkey') && available();
    const providers = this.#reauth.filter((name) => !['password', 'otp', 'passkey'].includes(name));
    const others = [
      passkey ? this.#button('passkey', t('reauth.passkey'), () => this.#usePasskey()) : null,
      providers.map((name) =>
        this.#button(name, t('reauth.provider', { provider: providerName(name) }), () => this.#goTo(name)),
      ),
    ].flat();
    const any = byPassword || others.some(Boolean);
    fill(
      this.element,
      h('p', { class: 'muted' }, t('reauth.text')),
      byPassword ? this.#form(recovery) : null,
      byPassword && others.some(Boolean) ? h('p', { class: 'or' }, h('span', null, t('signin.or'))) : null,
      others,
      this.#alert,
      any ? null : notice('warn', t('reauth.none')),
    );
  }

  /** @param {boolean} recovery */
  #form(recovery) {
    /** @type {Record<string, import('../form.js').Field>} */
    const secret = this.#reauth.includes('password') ? { password: this.#password } : {};
    const typed = () =>
      Object.fromEntries(Object.entries(secret).map(([key, of]) => [key, of.control.value]));
    if (!this.#reauth.includes('otp')) {
      return form({
        fields: secret,
        submit: t('reauth.submit'),
        send: () => this.#send(typed(), 'code'),
      });
    }
    const name = recovery ? 'recovery_code' : 'code';
    const code = recovery ? recoveryField() : codeField();
    return form({
      fields: { ...secret, [name]: code },
      submit: t('reauth.submit'),
      check: () => (recovery ? {} : checkCode(code)),
      send: () => this.#send({ ...typed(), [name]: code.control.value.trim() }, name),
      after: h(
        'button',
        {
          type: 'button',
          class: 'link-button',
          onclick: () => {
            this.#draw(!recovery);
            /** @type {HTMLElement|null} */ (this.element.querySelector('.code-input'))?.focus();
          },
        },
        t(recovery ? 'code.use_code' : 'code.use_recovery'),
      ),
    });
  }

  /** @param {Record<string, string>} proof @param {string} code the field of the code */
  async #send(proof, code) {
    fill(this.#alert);
    try {
      await api.post(REAUTH, proof, { signal: this.#signal });
    } catch (error) {
      throw atField(error, {
        'accounts.bad_credentials': { field: 'password', text: t('reauth.wrong_password') },
        'accounts.code_invalid': { field: code, text: t('error.accounts.code_invalid') },
      });
    }
    this.#done();
  }

  /** @param {string} name @param {string} label @param {() => Promise<void>} run */
  #button(name, label, run) {
    const button = h(
      'button',
      {
        type: 'button',
        class: 'button button-line button-wide',
        dataset: { proof: name },
        onclick: async () => {
          if (button.hasAttribute('aria-busy')) return;
          fill(this.#alert);
          button.setAttribute('aria-busy', 'true');
          try {
            await run();
          } catch (error) {
            if (!this.#signal.aborted) fill(this.#alert, notice('bad', explain(error)));
          } finally {
            button.removeAttribute('aria-busy');
          }
        },
      },
      name === 'passkey' ? icon('key') : null,
      label,
    );
    return button;
  }

  async #usePasskey() {
    const reply = await prove(api, `${REAUTH}passkey/`, { signal: this.#signal });
    if (reply) this.#done();
    else if (!this.#signal.aborted) fill(this.#alert, notice('info', t('passkey.gave_up')));
  }

  /** @param {string} provider whose page confirms it, and sends back to this one */
  async #goTo(provider) {
    const { url } = await api.post(
      `/api/accounts/oauth/${provider}/reauth/`,
      { next: currentRouter().path },
      { signal: this.#signal },
    );
    location.assign(url);
  }
}
