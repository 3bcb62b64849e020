import { atField, checkCode, codeField, recoveryField } from '../../components/accounts/code-field.js';
import { form, notice } from '../../components/form.js';
import { icon } from '../../components/icon.js';
import { api, explain, session, t } from '../../core/context.js';
import { fill, h, uniqueId } from '../../core/element.js';
import { Problem } from '../../core/problem.js';
import { available, prove } from '../../core/webauthn.js';

/** @typedef {'otp'|'recovery_code'|'passkey'} Method */

/** When nobody has said what the account has: after a provider's page. @type {readonly Method[]} */
export const ALL_METHODS = ['otp', 'recovery_code', 'passkey'];

/** The second step of signing in. The server knows about the first one by a cookie of its own. */
export class SecondStep {
  element = h('div', { class: 'second' });
  #methods;
  #signal;
  #restart;
  #alert = h('div', { class: 'form-alert', role: 'alert' });
  #trust = h('input', { type: 'checkbox', name: 'trust_device' });

  /**
   * @param {object} options
   * @param {readonly string[]} options.methods
   * @param {AbortSignal} options.signal
   * @param {(expired: boolean) => void} options.restart back to the first step
   */
  constructor({ methods, signal, restart }) {
    // Where the browser can't use passkeys they are no way out.
    this.#methods = ALL_METHODS.filter(
      (name) => methods.includes(name) && (name !== 'passkey' || available()),
    );
    this.#signal = signal;
    this.#restart = restart;
    const { 0: first } = this.#methods;
    this.#draw(first === 'recovery_code' && this.#methods.includes('passkey') ? 'passkey' : first);
  }

  focus() {
    /** @type {HTMLElement|null} */ (this.element.querySelector('.code-input, .button'))?.focus();
  }

  /** @param {Method|undefined} method */
  #draw(method) {
    fill(this.#alert);
    const rest = this.#methods.filter((name) => name !== method && name !== 'passkey');
    fill(
      this.element,
      h('p', { class: 'second-text' }, t(method ? 'second.text' : 'second.no_passkey')),
      method === 'passkey' ? this.#passkeyForm() : null,
      method === 'otp' || method === 'recovery_code' ? this.#codeForm(method) : null,
      method !== 'passkey' && this.#methods.includes('passkey') ? this.#passkeyButton() : null,
      this.#alert,
      h(
        'div',
        { class: 'second-links' },
        rest.map((name) =>
          h(
            'button',
            {
              type: 'button',
              class: 'link-button',
              dataset: { method: name },
              onclick: () => {
                this.#draw(name);
                this.focus();
              },
            },
            t(name === 'otp' ? 'code.use_code' : 'code.use_recovery'),
          ),
        ),
        h(
          'button',
          {
            type: 'button',
            class: 'link-button',
            dataset: { restart: '' },
            onclick: () => this.#restart(false),
          },
          t('second.restart'),
        ),
      ),
    );
  }

  /** @param {'otp'|'recovery_code'} method */
  #codeForm(method) {
    const recovery = method === 'recovery_code';
    const name = recovery ? 'recovery_code' : 'code';
    /** @type {import('../../components/form.js').Field} */
    const code = recovery ? recoveryField() : codeField({ onfull: () => element.requestSubmit() });
    const element = form({
      fields: { [name]: code },
      more: this.#trustBox(),
      submit: t('second.submit'),
      check: () => (recovery ? {} : checkCode(code)),
      send: async () => {
        fill(this.#alert);
        const proof = { [name]: code.control.value.trim(), trust_device: this.#trust.checked };
        try {
          session.accept(await api.post('/api/accounts/login/otp/', proof, { signal: this.#signal }));
        } catch (error) {
          this.#failed(error, () => {
            // Six digits are typed anew, a long code is mended.
            if (recovery) code.control.focus();
            else code.control.value = '';
            throw atField(error, {
              'accounts.code_invalid': { field: name, text: t('error.accounts.code_invalid') },
            });
          });
        }
      },
    });
    return element;
  }

  #passkeyForm() {
    return form({
      fields: {},
      more: this.#trustBox(),
      submit: t('second.passkey'),
      send: () => this.#usePasskey(),
    });
  }

  #passkeyButton() {
    const button = h(
      'button',
      {
        type: 'button',
        class: 'button button-line button-wide',
        dataset: { passkey: '' },
        onclick: async () => {
          if (button.hasAttribute('aria-busy')) return;
          button.setAttribute('aria-busy', 'true');
          await this.#usePasskey().catch((error) => fill(this.#alert, notice('bad', explain(error))));
          button.removeAttribute('aria-busy');
        },
      },
      icon('key'),
      t('second.passkey'),
    );
    return button;
  }

  async #usePasskey() {
    fill(this.#alert);
    try {
      const reply = await prove(api, '/api/accounts/login/passkey/', {
        more: () => ({ trust_device: this.#trust.checked }),
        signal: this.#signal,
      });
      if (reply) session.accept(reply);
      else if (!this.#signal.aborted) fill(this.#alert, notice('info', t('passkey.gave_up')));
    } catch (error) {
      this.#failed(error, () => {
        throw error;
      });
    }
  }

  /** @param {unknown} error @param {() => void} otherwise */
  #failed(error, otherwise) {
    if (this.#signal.aborted) return;
    if (Problem.from(error).code === 'accounts.pending_required') this.#restart(true);
    else otherwise();
  }

  #trustBox() {
    const hint = uniqueId('trust');
    this.#trust.setAttribute('aria-describedby', hint);
    return h(
      'div',
      { class: 'trust' },
      h('label', { class: 'check' }, this.#trust, h('span', null, t('second.trust'))),
      h('p', { class: 'field-hint', id: hint }, t('second.trust_hint')),
    );
  }
}
