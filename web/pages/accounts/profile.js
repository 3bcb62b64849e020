import { myPage } from '../../components/my-nav.js';
import { field, form, input, select, shoeSizes } from '../../components/form.js';
import { signOut } from '../../components/sign-out.js';
import { toast } from '../../components/toast.js';
import { api, session, t } from '../../core/context.js';
import { define, h } from '../../core/element.js';
import { Page } from '../../core/page.js';

/** The basics of an account: what the shop needs to know, and the way out. */
class ProfilePage extends Page {
  /** @override */
  connected() {
    const user = session.user;
    if (!user) return;
    const email = field({
      label: t('form.email_label'),
      hint: h('a', { href: '/my/security' }, t('profile.email_hint')),
      control: input({ type: 'email', readonly: true, value: user.email, autocomplete: 'off' }),
    });
    const size = field({
      label: t('profile.shoe_size'),
      control: select({ name: 'shoe_size', value: user.shoe_size ?? '' }, shoeSizes()),
    });
    const phone = field({
      label: t('profile.phone'),
      control: input({
        type: 'tel',
        name: 'phone_number',
        autocomplete: 'tel',
        inputmode: 'tel',
        placeholder: '010-1234-5678',
        value: user.phone_number ?? '',
      }),
    });
    this.replaceChildren(
      myPage(
        'profile',
        h('h1', null, t('profile.title')),
        h(
          'section',
          { class: 'panel' },
          h('h2', null, t('profile.account')),
          form({
            fields: { email, shoe_size: size, phone_number: phone },
            submit: t('profile.save'),
            send: async () => {
              const reply = await api.patch('/api/accounts/user/', {
                shoe_size: size.control.value ? Number(size.control.value) : null,
                phone_number: phone.control.value.trim() || null,
              });
              session.setUser(reply);
              phone.control.value = reply.phone_number ?? '';
              toast(t('profile.saved'));
            },
          }),
        ),
        h(
          'section',
          { class: 'panel' },
          h('h2', null, t('profile.leave')),
          h('button', { type: 'button', class: 'button button-line', onclick: signOut }, t('nav.signout')),
        ),
      ),
    );
  }
}

define('page-profile', ProfilePage);
