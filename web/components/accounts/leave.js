import { api, explain, session, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { navigate } from '../../core/navigation.js';
import { Problem } from '../../core/problem.js';
import { openDialog } from '../dialog.js';
import { form, notice } from '../form.js';
import { atField } from './code-field.js';
import { currentPassword, focusFirst, whose } from './fields.js';
import { withReauth } from './reauth.js';
import { actions, section, smallButton } from './section.js';

/** Days in which signing in brings the account back. */
export const DAYS_TO_COME_BACK = 30;

/** Leaving for good, with a way back for some days. @param {AbortSignal} signal the page's life */
export function leaveSection(signal) {
  const part = section({ id: 'leave', title: t('leave.title'), text: t('leave.text') });
  part.draw(
    actions(
      smallButton({
        label: t('leave.action'),
        onclick: (button) =>
          part.attempt(button, async () => {
            const { has_password: has } = await api.get('/api/accounts/security/', { signal });
            if (!signal.aborted) leave(has, signal);
          }),
      }),
    ),
  );
  return part.element;
}

/** @param {boolean} has a password @param {AbortSignal} signal */
function leave(has, signal) {
  const password = currentPassword('password');
  const alert = h('div', { class: 'form-alert', role: 'alert' });
  const dialog = openDialog({
    title: t('leave.dialog'),
    class: 'dialog-leave',
    signal,
    body: h(
      'div',
      { class: 'stack' },
      h(
        'ul',
        { class: 'consequences' },
        h('li', null, t('leave.bids')),
        h('li', null, t('leave.sessions')),
        h('li', null, t('leave.back', { n: DAYS_TO_COME_BACK })),
        h('li', null, t('leave.erased')),
      ),
      form({
        fields: has ? { username: whose(), password } : {},
        submit: t('leave.submit'),
        send: async () => {
          fill(alert);
          const body = has ? { password: password.control.value } : {};
          let done;
          try {
            done = await withReauth(() => api.post('/api/accounts/quit/', body));
          } catch (error) {
            const problem = Problem.from(error);
            if (problem.code !== 'shop.orders_open') {
              throw atField(error, {
                'accounts.bad_credentials': { field: 'password', text: t('reauth.wrong_password') },
              });
            }
            const orders = h('a', { href: '/my/orders' }, t('leave.see_orders'));
            fill(alert, notice('warn', explain(problem), ' ', orders));
            return;
          }
          if (done === undefined) return;
          left();
        },
        more: alert,
        after: h(
          'button',
          { type: 'button', class: 'button button-line button-wide', onclick: () => dialog.close() },
          t('leave.stay'),
        ),
      }),
    ),
  });
  focusFirst(dialog.body);
}

function left() {
  const until = new Date(Date.now() + DAYS_TO_COME_BACK * 86_400_000).toISOString().slice(0, 10);
  session.ended();
  navigate(`/goodbye?until=${until}`, { replace: true });
}
