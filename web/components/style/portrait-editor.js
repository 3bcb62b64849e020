import { api, explain, session, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { Problem } from '../../core/problem.js';
import { refusalOf } from '../../core/upload.js';
import { ask, openDialog } from '../dialog.js';
import { pictureChooser } from '../file-chooser.js';
import { notice } from '../form.js';
import { portrait } from '../portrait.js';
import { toast } from '../toast.js';
import './crop-stage.js';
import { cut, fileName, release, shotOf } from './picture-file.js';

/** @typedef {import('../../core/compose.js').Shot} Shot */

/** A portrait is never shown larger. */
const SIDE = 640;

/**
 * One's own picture: chosen, cut to a square, sent; or removed.
 *
 * @param {import('../../core/types.js').User} user
 * @param {AbortSignal} signal
 */
export function portraitEditor(user, signal) {
  const path = `/api/styles/profiles/${user.id}/`;
  const box = h('div', { class: 'portrait-editor' });

  /** @param {{image: string|null}} said */
  const became = ({ image }) => {
    const now = session.user ?? user;
    session.setUser({ ...now, profile: { ...now.profile, image } });
    draw();
  };

  /** @param {File} file */
  const take = async (file) => {
    const refused = refusalOf(file);
    if (refused) return toast(t(`error.${refused}`), { bad: true });
    try {
      const shot = await shotOf(file);
      if (await place(shot)) toast(t('portrait.saved'));
      release(shot);
    } catch (error) {
      toast(explain(error), { bad: true });
    }
  };

  /** @param {Shot} start @returns {Promise<boolean>} it was sent */
  const place = async (start) => {
    let shot = start;
    let sent = false;
    const sending = new AbortController();
    const stage = /** @type {import('./crop-stage.js').CropStage} */ (
      h('rally-crop', { class: 'portrait-crop' })
    );
    stage.shot = shot;
    stage.oncrop = (crop) => {
      shot = { ...shot, crop };
      stage.shot = shot;
      stage.draw();
    };
    const bar = h('progress', {
      class: 'compose-progress',
      max: 1,
      value: 0,
      hidden: true,
      'aria-label': t('compose.progress'),
    });
    const alert = h('div', { class: 'form-alert', role: 'alert' });
    const save = h(
      'button',
      { type: 'button', class: 'button button-ink button-wide', onclick: () => send() },
      t('profile.save'),
    );
    const dialog = openDialog({
      title: t('portrait.title'),
      signal,
      body: h('div', { class: 'stack' }, stage, bar, alert, save),
    });
    const send = async () => {
      if (save.hasAttribute('aria-busy')) return;
      fill(alert);
      bar.hidden = false;
      save.setAttribute('aria-busy', 'true');
      try {
        const blob = await cut(shot, 1, SIDE);
        const body = new FormData();
        body.append('image', blob, fileName(blob, 0));
        const said = await api.upload('PATCH', path, body, {
          signal: sending.signal,
          onprogress: (share) => (bar.value = share),
        });
        sent = true;
        became(said);
        dialog.close();
      } catch (error) {
        if (sending.signal.aborted) return;
        const problem = Problem.from(error);
        if (problem.code === 'client.failure') reportError(error);
        fill(alert, notice('bad', explain(problem)));
      } finally {
        bar.hidden = true;
        save.removeAttribute('aria-busy');
      }
    };
    await dialog.closed;
    sending.abort();
    return sent;
  };

  const remove = async () => {
    const sure = await ask({
      title: t('portrait.remove_title'),
      text: t('portrait.remove_text'),
      confirm: t('portrait.remove'),
      signal,
    });
    if (!sure) return;
    try {
      became(await api.patch(path, { image: '' }, { signal }));
      toast(t('portrait.removed'));
    } catch (error) {
      if (!signal.aborted) toast(explain(error), { bad: true });
    }
  };

  const draw = () => {
    const profile = (session.user ?? user).profile;
    fill(
      box,
      portrait({ ...profile, user_id: user.id }),
      h(
        'div',
        { class: 'portrait-acts' },
        pictureChooser({
          label: t(profile.image ? 'portrait.change' : 'portrait.add'),
          many: false,
          take: ([file]) => {
            if (file) take(file);
          },
        }),
        profile.image
          ? h('button', { type: 'button', class: 'link-button', onclick: remove }, t('portrait.remove'))
          : null,
      ),
    );
  };
  draw();
  return box;
}
