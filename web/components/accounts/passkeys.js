import { api, explain, t } from '../../core/context.js';
import { fill, h } from '../../core/element.js';
import { available, create } from '../../core/webauthn.js';
import { ask, openDialog } from '../dialog.js';
import { field, form, input, notice } from '../form.js';
import { toast } from '../toast.js';
import { follow } from './desk.js';
import { focusFirst } from './fields.js';
import { dotted, entry, noEntries, timed, wholeList } from './entry.js';
import { renamable } from './rename.js';
import { showRecoveryCodes } from './recovery-codes.js';
import { withReauth } from './reauth.js';
import { actions, section, smallButton } from './section.js';
import { switchField } from './switch.js';

/**
 * @typedef {import('../../core/types.js').Passkey} Passkey
 * @typedef {import('./desk.js').Desk} Desk
 */

const PATH = '/api/accounts/passkeys/';
const NAME_LENGTH = 40;

/** The keys of devices: a list, and whether they are asked for as second step. @param {Desk} desk */
export function passkeySection(desk) {
  const part = section({ id: 'passkeys', title: t('passkeys.title'), text: t('passkeys.text') });
  /** @type {import('../infinite-list.js').InfiniteList<Passkey>} */
  const list = wholeList({
    path: PATH,
    label: t('passkeys.title'),
    key: (passkey) => passkey.id,
    row: (passkey) => row(desk, part, list, passkey),
    empty: () => noEntries(t('passkeys.empty')),
  });
  const foot = h('div');
  const second = secondStep(desk, part);
  part.draw(list, foot, second.element);
  follow(desk, ['passkeys_available'], (status) => {
    const usable = status.passkeys_available && available();
    fill(
      foot,
      usable
        ? actions(smallButton({ label: t('passkeys.add'), onclick: () => add(desk, list) }))
        : notice('info', t('passkeys.unavailable')),
    );
  });
  follow(desk, ['passkeys', 'passkey_second_step'], ({ passkeys, passkey_second_step: on }) => {
    second.element.hidden = passkeys === 0 && !on;
    second.set(on);
  });
  return part.element;
}

/**
 * @param {Desk} desk
 * @param {import('./section.js').Section} part
 * @param {import('../infinite-list.js').InfiniteList<Passkey>} list
 * @param {Passkey} passkey
 */
function row(desk, part, list, passkey) {
  const title = renamable({
    name: passkey.name,
    label: t('passkeys.name'),
    length: NAME_LENGTH,
    save: async (name) => {
      const changed = await api.patch(`${PATH}${passkey.id}/`, { name });
      list.change(passkey.id, changed);
      /** @type {HTMLElement|null} */ (
        list.querySelector(`[data-key="${passkey.id}"] .entry-end button`)
      )?.focus();
      toast(t('passkeys.renamed'));
      return changed.name;
    },
  });
  return entry({
    icon: 'key',
    title: title.element,
    lines: [
      dotted(
        timed('passkeys.added', passkey.created_at),
        passkey.last_used_at ? timed('passkeys.used', passkey.last_used_at) : t('passkeys.never_used'),
      ),
    ],
    end: [
      smallButton({
        label: t('passkeys.rename'),
        name: t('passkeys.rename_which', { name: passkey.name }),
        onclick: () => title.edit(),
      }),
      smallButton({
        label: t('passkeys.remove'),
        name: t('passkeys.remove_which', { name: passkey.name }),
        onclick: async (button) => {
          const sure = await ask({
            keep: t('action.cancel'),
            title: t('passkeys.remove_title'),
            text: t('passkeys.remove_text', { name: passkey.name }),
            confirm: t('passkeys.remove_yes'),
            signal: desk.signal,
          });
          if (!sure) return;
          await part.attempt(button, async () => {
            const done = await withReauth(() => api.delete(`${PATH}${passkey.id}/`));
            if (done === undefined) return;
            list.change(passkey.id, null);
            part.focus();
            toast(t('passkeys.removed'));
            await desk.reload();
          });
        },
      }),
    ],
  });
}

/** @param {Desk} desk @param {import('../infinite-list.js').InfiniteList<Passkey>} list */
function add(desk, list) {
  const name = field({
    label: t('passkeys.name'),
    optional: true,
    hint: t('passkeys.name_hint'),
    control: input({
      type: 'text',
      name: 'name',
      maxlength: NAME_LENGTH,
      autocomplete: 'off',
    }),
  });
  const gaveUp = h('div', { class: 'form-alert', role: 'status' });
  const dialog = openDialog({
    title: t('passkeys.add'),
    signal: desk.signal,
    body: form({
      fields: { name },
      submit: t('passkeys.add_go'),
      send: async () => {
        fill(gaveUp);
        const begun = await withReauth(() => api.post(`${PATH}register/begin/`));
        if (begun === undefined) return;
        const credential = await create(begun.options, { signal: desk.signal });
        if (!credential) {
          fill(gaveUp, notice('info', t('passkey.gave_up')));
          return;
        }
        const added = await withReauth(() =>
          api.post(`${PATH}register/`, {
            ceremony: begun.ceremony,
            name: name.control.value.trim(),
            credential,
          }),
        );
        if (added === undefined) return;
        dialog.close();
        toast(t('passkeys.was_added'));
        await Promise.all([list.again(), desk.reload()]);
      },
      more: gaveUp,
    }),
  });
  focusFirst(dialog.body);
}

/** @param {Desk} desk @param {import('./section.js').Section} part */
function secondStep(desk, part) {
  return switchField({
    label: t('passkeys.second_step'),
    hint: t('passkeys.second_step_hint'),
    change: async (enabled) => {
      part.complain();
      try {
        const reply = await withReauth(() => api.put(`${PATH}second-step/`, { enabled }));
        if (reply === undefined) return false;
        finished(desk, enabled, reply.recovery_codes ?? []);
        return true;
      } catch (error) {
        part.complain(explain(error));
        return false;
      }
    },
  });
}

/** @param {Desk} desk @param {boolean} enabled @param {string[]} codes the first ones, where there were none */
async function finished(desk, enabled, codes) {
  if (codes.length > 0) await showRecoveryCodes(codes);
  toast(t(enabled ? 'passkeys.second_step_on' : 'passkeys.second_step_off'));
  await desk.reload();
}
