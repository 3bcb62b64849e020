import { api, i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { day } from '../../core/format.js';
import { ask } from '../dialog.js';
import { toast } from '../toast.js';
import { deviceName, dotted, entry, gone, noEntries, timed, wholeList } from './entry.js';
import { section, smallButton } from './section.js';

/** @typedef {import('../../core/types.js').TrustedDevice} TrustedDevice */

const PATH = '/api/accounts/devices/';

/**
 * Devices that aren't asked for a second step.
 *
 * @param {AbortSignal} signal the page's life
 * @returns {{element: HTMLElement, ready: () => Promise<void>}}
 */
export function devicesSection(signal) {
  const part = section({ id: 'devices', title: t('devices.title'), text: t('devices.text') });

  /** @param {HTMLButtonElement} button @param {TrustedDevice} device */
  const forget = async (button, device) => {
    const sure = await ask({
      keep: t('action.cancel'),
      title: t('devices.forget_title'),
      text: t('devices.forget_text', { device: deviceName(device.device) }),
      confirm: t('devices.forget_yes'),
      signal,
    });
    if (!sure) return;
    await part.attempt(button, async () => {
      await gone(api.delete(`${PATH}${device.id}/`), 'accounts.device_not_found');
      list.change(device.id, null);
      part.focus();
      toast(t('devices.forgotten'));
    });
  };

  const list = wholeList({
    path: PATH,
    label: t('devices.title'),
    key: (/** @type {TrustedDevice} */ device) => device.id,
    row: (device) =>
      entry({
        icon: 'shield',
        title: deviceName(device.device),
        badge: device.current ? h('span', { class: 'badge badge-accent' }, t('sessions.this')) : null,
        lines: [
          t('devices.until', { date: day(device.trusted_until, i18n.lang.value) }),
          dotted(device.address, timed('sessions.seen', device.last_used_at)),
        ],
        end: smallButton({
          label: t('devices.forget'),
          name: t('devices.forget_which', { device: deviceName(device.device) }),
          onclick: (button) => forget(button, device),
        }),
      }),
    empty: () => noEntries(t('devices.empty')),
  });
  part.draw(list);
  return { element: part.element, ready: () => list.ready };
}
