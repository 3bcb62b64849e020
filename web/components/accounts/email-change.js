import { api, session, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { openDialog } from '../dialog.js';
import { field, form, input, notice } from '../form.js';
import { whereMailIs } from './mail-place.js';
import { withReauth } from './reauth.js';
import { actions, section, smallButton } from './section.js';

/** Another address. It counts when the link in the mail to it was opened. @param {import('./desk.js').Desk} desk */
export function emailSection(desk) {
  const part = section({ id: 'email', title: t('address.title'), text: t('address.text') });
  const draw = () =>
    part.draw(
      h('p', { class: 'setting-fact' }, session.user?.email),
      actions(smallButton({ label: t('address.change'), onclick: () => changeEmail(desk) })),
    );
  draw();
  // The link may be opened in another tab.
  session.login.subscribe(draw, desk.signal);
  return part.element;
}

/** @param {import('./desk.js').Desk} desk */
function changeEmail(desk) {
  const host = h('div', { class: 'stack' });
  const email = field({
    label: t('address.new'),
    control: input({
      type: 'email',
      name: 'email',
      autocomplete: 'email',
      inputmode: 'email',
      required: true,
    }),
  });
  const dialog = openDialog({ title: t('address.change'), signal: desk.signal, body: host });
  const sent = (/** @type {string} */ to) => {
    const done = h(
      'button',
      { type: 'button', class: 'button button-ink button-wide', onclick: () => dialog.close() },
      t('action.close'),
    );
    fill(
      host,
      h('div', { role: 'status' }, notice('good', t('address.sent', { email: to }))),
      whereMailIs(),
      done,
    );
    done.focus();
  };
  fill(
    host,
    h('p', { class: 'muted' }, t('address.explain')),
    form({
      fields: { email },
      submit: t('address.submit'),
      send: async () => {
        const to = email.control.value.trim();
        const done = await withReauth(() => api.post('/api/accounts/email/change/', { email: to }));
        if (done !== undefined) sent(to);
      },
    }),
  );
  email.control.focus();
}
