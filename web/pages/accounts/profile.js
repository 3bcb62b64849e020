import { myPage } from '../../components/my-nav.js';
import { field, form, input, letters, select, shoeSizes } from '../../components/form.js';
import { signOut } from '../../components/sign-out.js';
import { portraitEditor } from '../../components/style/portrait-editor.js';
import { toast } from '../../components/toast.js';
import { api, session, t } from '../../core/context.js';
import { define, h, uniqueId } from '../../core/element.js';
import { Page } from '../../core/page.js';

const NAME = 15;
const INTRODUCTION = 100;

/**
 * A part of the page, named for whoever goes from one to the next: two of them have a button to save.
 *
 * @param {string} title
 * @param {HTMLElement} content
 */
function panel(title, content) {
  const id = uniqueId('panel');
  return h('section', { class: 'panel', 'aria-labelledby': id }, h('h2', { id }, title), content);
}

/**
 * What everybody sees of somebody.
 *
 * @param {import('../../core/types.js').User} user
 */
function publicProfile(user) {
  const name = field({
    label: t('profile.name'),
    hint: t('profile.name_hint'),
    limit: NAME,
    control: input({
      name: 'profile_name',
      value: user.profile.profile_name,
      required: true,
      autocomplete: 'nickname',
      autocapitalize: 'none',
      spellcheck: 'false',
    }),
  });
  const introduction = field({
    label: t('profile.introduction'),
    hint: t('profile.introduction_hint'),
    optional: true,
    limit: INTRODUCTION,
    control: h('textarea', {
      class: 'input input-text',
      name: 'introduction',
      rows: '3',
      value: user.profile.introduction,
    }),
  });
  return form({
    fields: { profile_name: name, introduction },
    submit: t('profile.save'),
    check: () => ({
      ...(letters(name.control.value) > NAME ? { profile_name: t('said.name') } : {}),
      ...(letters(introduction.control.value) > INTRODUCTION ? { introduction: t('said.introduction') } : {}),
    }),
    send: async () => {
      /** @type {import('../../core/types.js').Profile} */
      const profile = await api.patch('/api/accounts/profile/', {
        profile_name: name.control.value,
        introduction: introduction.control.value,
      });
      const now = session.user ?? user;
      session.setUser({ ...now, profile: { ...now.profile, ...profile } });
      name.control.value = profile.profile_name;
      introduction.control.value = profile.introduction;
      toast(t('profile.saved'));
    },
  });
}

/** The basics of an account: what others see, what the shop needs to know, and the way out. */
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
        panel(
          t('profile.public'),
          h('div', { class: 'stack' }, portraitEditor(user, this.signal), publicProfile(user)),
        ),
        panel(
          t('profile.account'),
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
        panel(
          t('profile.leave'),
          h('button', { type: 'button', class: 'button button-line', onclick: signOut }, t('nav.signout')),
        ),
      ),
    );
  }
}

define('page-profile', ProfilePage);
