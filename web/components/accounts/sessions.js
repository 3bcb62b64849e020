import { api, t, tn } from '../../core/context.js';
import { h } from '../../core/element.js';
import { ask } from '../dialog.js';
import { signOut } from '../sign-out.js';
import { toast } from '../toast.js';
import { deviceName, dotted, entry, gone, noEntries, timed, wholeList } from './entry.js';
import { methodName } from './methods.js';
import { actions, section, smallButton } from './section.js';

/** @typedef {import('../../core/types.js').SessionRow} SessionRow */

const PATH = '/api/accounts/sessions/';

/**
 * Where one is signed in.
 *
 * @param {AbortSignal} signal the page's life
 * @returns {{element: HTMLElement, ready: () => Promise<void>}}
 */
export function sessionsSection(signal) {
  const part = section({ id: 'sessions', title: t('sessions.list'), text: t('sessions.text') });
  const others = actions(
    smallButton({ label: t('sessions.end_others'), onclick: (button) => endOthers(button) }),
  );
  others.hidden = true;
  const list = wholeList({
    path: PATH,
    label: t('sessions.list'),
    key: (/** @type {SessionRow} */ session) => session.id,
    row: (session) => row(session),
    empty: () => noEntries(t('sessions.empty')),
    onrows: (rows) => {
      others.hidden = !rows.some(({ current }) => !current);
    },
  });
  part.draw(list, others);

  /** @param {SessionRow} session */
  const row = (session) =>
    entry({
      icon: 'device',
      title: deviceName(session.device),
      badge: session.current ? h('span', { class: 'badge badge-accent' }, t('sessions.this')) : null,
      lines: [
        dotted(methodName(session.method), session.address),
        dotted(timed('sessions.seen', session.last_seen_at), timed('sessions.since', session.created_at)),
      ],
      end: session.current
        ? smallButton({ label: t('nav.signout'), onclick: signOut })
        : smallButton({
            label: t('sessions.end'),
            name: t('sessions.end_which', { device: deviceName(session.device) }),
            onclick: (button) => end(button, session),
          }),
    });

  /** @param {HTMLButtonElement} button @param {SessionRow} session */
  const end = async (button, session) => {
    const sure = await ask({
      keep: t('action.cancel'),
      title: t('sessions.end_title'),
      text: t('sessions.end_text', { device: deviceName(session.device) }),
      confirm: t('sessions.end_yes'),
      signal,
    });
    if (!sure) return;
    await part.attempt(button, async () => {
      await gone(api.delete(`${PATH}${session.id}/`), 'accounts.session_not_found');
      list.change(session.id, null);
      others.hidden = !list.state.rows.some(({ current }) => !current);
      part.focus();
      toast(t('sessions.ended'));
    });
  };

  /** @param {HTMLButtonElement} button */
  const endOthers = async (button) => {
    const sure = await ask({
      keep: t('action.cancel'),
      title: t('sessions.end_others_title'),
      text: t('sessions.end_others_text'),
      confirm: t('sessions.end_others_yes'),
      signal,
    });
    if (!sure) return;
    await part.attempt(button, async () => {
      const { ended } = await api.post(`${PATH}end-others/`);
      toast(tn('sessions.ended_n', ended));
      part.focus();
      await list.again();
    });
  };

  return { element: part.element, ready: () => list.ready };
}
