import { api, session, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { openDialog } from '../dialog.js';
import { form } from '../form.js';
import { icon } from '../icon.js';
import { toast } from '../toast.js';
import { atField, checkCode, codeField, recoveryField } from './code-field.js';
import { copy } from '../copy.js';
import { follow } from './desk.js';
import { currentPassword, focusFirst, whose } from './fields.js';
import { withReauth } from './reauth.js';
import { showRecoveryCodes } from './recovery-codes.js';
import { actions, section, smallButton } from './section.js';

/** @typedef {import('./desk.js').Desk} Desk */

/** The codes of an app as second step. @param {Desk} desk */
export function otpSection(desk) {
  const part = section({ id: 'otp', title: t('codes.title'), text: t('codes.text') });
  follow(desk, ['otp_enabled', 'has_password'], ({ otp_enabled: on, has_password: has }) => {
    part.mark(
      h('span', { class: on ? 'badge badge-good' : 'badge' }, t(on ? 'security.on' : 'security.off')),
    );
    part.draw(
      actions(
        on
          ? smallButton({ label: t('codes.disable'), onclick: () => disable(desk, has) })
          : smallButton({
              label: t('codes.setup'),
              tone: 'ink',
              onclick: (button) => setUp(desk, part, button),
            }),
      ),
    );
  });
  return part.element;
}

/** The user that pages show knows of it, too. @param {Desk} desk @param {boolean} on */
async function changed(desk, on) {
  if (session.user) session.setUser({ ...session.user, otp_enabled: on });
  await desk.reload();
}

/**
 * @param {Desk} desk
 * @param {import('./section.js').Section} part
 * @param {HTMLButtonElement} button
 */
async function setUp(desk, part, button) {
  /** @type {import('../../core/types.js').OtpSetup|undefined} */
  const setup = await part.attempt(button, () => withReauth(() => api.post('/api/accounts/otp/setup/')));
  if (setup === undefined || desk.signal.aborted) return;
  const codes = await confirmDialog(setup, desk.signal);
  if (!codes) return;
  await showRecoveryCodes(codes);
  toast(t('codes.enabled'));
  await changed(desk, true);
}

/**
 * @param {import('../../core/types.js').OtpSetup} setup
 * @param {AbortSignal} signal
 * @returns {Promise<string[]|null>} the recovery codes, null when it was given up
 */
async function confirmDialog({ secret, otpauth_url: address, qr_png: picture }, signal) {
  /** @type {string[]|null} */
  let codes = null;
  const code = codeField();
  const grouped = secret.replace(/(.{4})(?=.)/g, '$1 ');
  const dialog = openDialog({
    title: t('codes.setup'),
    signal,
    body: h(
      'ol',
      { class: 'steps', role: 'list' },
      h(
        'li',
        { class: 'step' },
        h('p', null, t('codes.step_scan')),
        h('img', { class: 'qr', src: picture, alt: t('codes.qr'), width: 200, height: 200 }),
        h('p', { class: 'qr-open' }, h('a', { href: address }, t('codes.open_app'))),
        h('p', { class: 'muted small' }, t('codes.by_hand')),
        h(
          'div',
          { class: 'secret' },
          h('code', null, grouped),
          h(
            'button',
            {
              type: 'button',
              class: 'icon-button',
              'aria-label': t('codes.copy_secret'),
              onclick: () => copy(secret, t('codes.copied')),
            },
            icon('copy'),
          ),
        ),
      ),
      h(
        'li',
        { class: 'step' },
        h('p', null, t('codes.step_code')),
        form({
          fields: { code },
          submit: t('codes.enable'),
          check: () => checkCode(code),
          send: async () => {
            try {
              const reply = await withReauth(() =>
                api.post('/api/accounts/otp/confirm/', { code: code.control.value }),
              );
              if (reply === undefined) return;
              codes = reply.recovery_codes;
            } catch (error) {
              throw atField(error, {
                'accounts.code_invalid': { field: 'code', text: t('error.accounts.code_invalid') },
              });
            }
            dialog.close();
          },
        }),
      ),
    ),
  });
  await dialog.closed;
  return codes;
}

/** @param {Desk} desk @param {boolean} has a password */
function disable(desk, has) {
  const host = h('div', { class: 'stack' });
  const password = currentPassword('password');
  const dialog = openDialog({
    title: t('codes.disable_title'),
    signal: desk.signal,
    body: [h('p', { class: 'dialog-text' }, t('codes.disable_text')), host],
  });

  /** @param {boolean} recovery a recovery code instead of one of the app */
  const draw = (recovery) => {
    const name = recovery ? 'recovery_code' : 'code';
    const code = recovery ? recoveryField() : codeField();
    fill(
      host,
      form({
        fields: { ...(has ? { username: whose(), password } : {}), [name]: code },
        submit: t('codes.disable_yes'),
        check: () => (recovery ? {} : checkCode(code)),
        send: async () => {
          const body = {
            ...(has ? { password: password.control.value } : {}),
            [name]: code.control.value.trim(),
          };
          try {
            const done = await withReauth(() => api.post('/api/accounts/otp/disable/', body));
            if (done === undefined) return;
          } catch (error) {
            throw atField(error, {
              'accounts.bad_credentials': { field: 'password', text: t('reauth.wrong_password') },
              'accounts.code_invalid': { field: name, text: t('error.accounts.code_invalid') },
            });
          }
          dialog.close();
          toast(t('codes.disabled'));
          await changed(desk, false);
        },
        after: h(
          'button',
          {
            type: 'button',
            class: 'link-button',
            onclick: () => {
              draw(!recovery);
              /** @type {HTMLElement|null} */ (host.querySelector('.code-input'))?.focus();
            },
          },
          t(recovery ? 'code.use_code' : 'code.use_recovery'),
        ),
      }),
    );
  };
  draw(false);
  focusFirst(host);
}
