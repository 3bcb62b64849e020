import { api, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { openDialog } from '../dialog.js';
import { form } from '../form.js';
import { toast } from '../toast.js';
import { atField } from './code-field.js';
import { follow } from './desk.js';
import { currentPassword, focusFirst, newPassword, newPasswordComplaints, whose } from './fields.js';
import { withReauth } from './reauth.js';
import { actions, section, smallButton } from './section.js';

/** A new password, or the first one. @param {import('./desk.js').Desk} desk */
export function passwordSection(desk) {
  const part = section({ id: 'password', title: t('form.password') });
  follow(desk, ['has_password'], ({ has_password: has }) => {
    part.draw(
      h('p', { class: 'setting-text' }, t(has ? 'password.text' : 'password.none')),
      actions(
        smallButton({
          label: t(has ? 'password.change' : 'password.set'),
          onclick: () => changePassword(desk, has),
        }),
      ),
    );
  });
  return part.element;
}

/** @param {import('./desk.js').Desk} desk @param {boolean} has there is one already */
function changePassword(desk, has) {
  const old = currentPassword('old_password', t('password.old'));
  const fresh = newPassword();
  const dialog = openDialog({
    title: t(has ? 'password.change' : 'password.set'),
    signal: desk.signal,
    body: [
      h('p', { class: 'dialog-text' }, t('password.others_end')),
      form({
        fields: { username: whose(), ...(has ? { old_password: old } : {}), ...fresh },
        submit: t('password.submit'),
        check: () => newPasswordComplaints(fresh),
        send: async () => {
          const body = {
            ...(has ? { old_password: old.control.value } : {}),
            new_password1: fresh.new_password1.control.value,
            new_password2: fresh.new_password2.control.value,
          };
          try {
            const done = await withReauth(() => api.post('/api/accounts/password/change/', body));
            if (done === undefined) return;
          } catch (error) {
            throw atField(error, {
              'accounts.bad_credentials': { field: 'old_password', text: t('reauth.wrong_password') },
            });
          }
          dialog.close();
          toast(t(has ? 'password.changed' : 'password.was_set'));
          await desk.reload();
        },
      }),
    ],
  });
  focusFirst(dialog.body);
}
