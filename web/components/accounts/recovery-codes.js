import { api, i18n, session, t, tn } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { moment } from '../../core/format.js';
import { ask, openDialog } from '../dialog.js';
import { notice } from '../form.js';
import { icon } from '../icon.js';
import { toast } from '../toast.js';
import { copy } from '../copy.js';
import { follow } from './desk.js';
import { withReauth } from './reauth.js';
import { actions, section, smallButton } from './section.js';

/** So few are left that it is time for new ones. */
const FEW = 3;

/** How many are left, and new ones. @param {import('./desk.js').Desk} desk */
export function recoverySection(desk) {
  const part = section({ id: 'recovery', title: t('recovery.title'), text: t('recovery.text') });
  follow(desk, ['otp_enabled', 'passkey_second_step', 'recovery_codes_left'], (status) => {
    const left = status.recovery_codes_left;
    if (!status.otp_enabled && !status.passkey_second_step) {
      part.mark(null);
      part.draw(h('p', { class: 'setting-text' }, t('recovery.none')));
      return;
    }
    part.mark(h('span', { class: 'badge' }, tn('recovery.left', left)));
    part.draw(
      left <= FEW ? notice('warn', left === 0 ? t('recovery.all_used') : tn('recovery.few', left)) : null,
      actions(
        smallButton({
          label: t('recovery.renew'),
          onclick: async (button) => {
            const sure = await ask({
              keep: t('action.cancel'),
              title: t('recovery.renew_title'),
              text: t('recovery.renew_text'),
              confirm: t('recovery.renew_yes'),
              signal: desk.signal,
            });
            if (!sure) return;
            const reply = await part.attempt(button, () =>
              withReauth(() => api.post('/api/accounts/recovery-codes/')),
            );
            if (reply === undefined) return;
            await showRecoveryCodes(reply.recovery_codes);
            toast(t('recovery.renewed'));
            await desk.reload();
          },
        }),
      ),
    );
  });
  return part.element;
}

/**
 * Shows the codes, once and never again. It closes when somebody says that the codes are kept; a browser may
 * close it all the same (a second Escape), then it opens once more.
 *
 * @param {string[]} codes
 */
export async function showRecoveryCodes(codes) {
  // They outlive the page that asked for them, but not the person's login.
  const owner = session.user?.id;
  const life = new AbortController();
  session.login.subscribe(({ user }) => {
    if (user?.id !== owner) life.abort();
  }, life.signal);
  let kept = false;
  while (!kept && !life.signal.aborted) {
    const { closed, isKept } = codesDialog(codes, life.signal);
    await closed;
    kept = isKept();
  }
  life.abort();
}

/** What stands above the codes where they are kept. */
function heading() {
  return [
    t('recovery.file_head', { email: session.user?.email ?? '' }),
    t('recovery.file_made', { date: moment(new Date().toISOString(), i18n.lang.value) }),
    t('recovery.file_text'),
  ];
}

/** @param {string[]} codes */
function sheet(codes) {
  return `${heading().join('\n')}\n\n${codes.join('\n')}\n`;
}

/** @param {string} text */
function save(text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  h('a', { href: url, download: 'rally-recovery-codes.txt' }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** @param {string[]} codes @param {AbortSignal} signal */
function codesDialog(codes, signal) {
  let kept = false;
  const alert = h('div', { class: 'form-alert', role: 'alert' });
  const box = h('input', { type: 'checkbox', name: 'kept' });
  const done = h(
    'button',
    {
      type: 'button',
      class: 'button button-ink button-wide',
      onclick: () => {
        if (mayClose()) dialog.close();
      },
    },
    t('recovery.done'),
  );
  const mayClose = () => {
    kept = box.checked;
    if (kept) return true;
    fill(alert, notice('warn', t('recovery.keep_first')));
    box.focus();
    return false;
  };
  box.addEventListener('change', () => fill(alert));
  /** @param {import('../icon.js').IconName} sign @param {string} label @param {() => void} onclick */
  const tool = (sign, label, onclick) =>
    h('button', { type: 'button', class: 'button button-line button-small', onclick }, icon(sign), label);
  const dialog = openDialog({
    title: t('recovery.dialog'),
    class: 'dialog-codes',
    signal,
    mayClose,
    body: h(
      'div',
      { class: 'stack' },
      h('p', { class: 'muted codes-explain' }, t('recovery.explain')),
      h(
        'div',
        { class: 'codes-print' },
        heading().map((line) => h('p', null, line)),
      ),
      h(
        'ol',
        { class: 'codes', role: 'list', 'aria-label': t('recovery.title') },
        codes.map((code) => h('li', null, h('code', null, code))),
      ),
      h(
        'div',
        { class: 'codes-tools' },
        tool('copy', t('recovery.copy'), () => copy(codes.join('\n'), t('recovery.copied'))),
        tool('download', t('recovery.download'), () => save(sheet(codes))),
        tool('print', t('recovery.print'), () => print()),
      ),
      h('label', { class: 'tick' }, box, h('span', null, t('recovery.kept'))),
      alert,
      done,
    ),
  });
  return { closed: dialog.closed, isKept: () => kept };
}
