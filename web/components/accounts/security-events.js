import { api, i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { moment } from '../../core/format.js';
import { infiniteList } from '../infinite-list.js';
import { dotted, entry, entrySkeleton, noEntries, when } from './entry.js';
import { providerName } from './providers.js';
import { section } from './section.js';

/**
 * @typedef {import('../../core/types.js').SecurityEvent} SecurityEvent
 * @typedef {import('../icon.js').IconName} IconName
 */

/** @type {Record<string, {icon: IconName, key: import('../../core/i18n.js').MessageKey, warn?: boolean}>} */
const KINDS = {
  new_device: { icon: 'device', key: 'events.new_device' },
  password_changed: { icon: 'lock', key: 'events.password_changed' },
  password_reset: { icon: 'lock', key: 'events.password_reset' },
  email_change_requested: { icon: 'mail', key: 'events.email_change_requested' },
  email_changed: { icon: 'mail', key: 'events.email_changed' },
  otp_enabled: { icon: 'phone', key: 'events.otp_enabled' },
  otp_disabled: { icon: 'phone', key: 'events.otp_disabled' },
  recovery_renewed: { icon: 'shield', key: 'events.recovery_renewed' },
  recovery_used: { icon: 'shield', key: 'events.recovery_used' },
  passkey_added: { icon: 'key', key: 'events.passkey_added' },
  passkey_removed: { icon: 'key', key: 'events.passkey_removed' },
  second_step_changed: { icon: 'key', key: 'events.second_step_changed' },
  login_linked: { icon: 'link', key: 'events.login_linked' },
  login_unlinked: { icon: 'link', key: 'events.login_unlinked' },
  refresh_reused: { icon: 'warn', key: 'events.refresh_reused', warn: true },
  device_trusted: { icon: 'check', key: 'events.device_trusted' },
  quit: { icon: 'out', key: 'events.quit' },
  came_back: { icon: 'person', key: 'events.came_back' },
};

/** @type {(typeof KINDS)[string]} */
const OTHER = { icon: 'info', key: 'events.other' };

/** @param {SecurityEvent} event */
function row(event) {
  const { icon, key, warn = false } = KINDS[event.kind] ?? OTHER;
  const provider = event.detail?.['provider'];
  return entry({
    icon,
    class: warn ? 'entry-warn' : '',
    title: t(key, { provider: typeof provider === 'string' ? providerName(provider) : '' }),
    lines: [
      warn ? t('events.refresh_reused_text') : null,
      dotted(event.device, event.address),
      dotted(moment(event.created_at, i18n.lang.value), when(event.created_at)),
    ],
  });
}

/**
 * What happened to the account, newest first.
 *
 * @param {any} restored what an earlier visit kept
 */
export function eventsSection(restored) {
  const part = section({ id: 'events', title: t('events.title'), text: t('events.text') });
  /** @type {import('../infinite-list.js').InfiniteList<SecurityEvent>} */
  const list = infiniteList(
    {
      first: '/api/accounts/security-events/?page_size=20',
      load: (path, signal) => api.get(path, { signal }),
      label: t('events.title'),
      class: 'entries',
      key: (event) => event.id,
      row,
      skeleton: () => entrySkeleton(4),
      empty: () => noEntries(t('events.empty')),
    },
    restored,
  );
  part.draw(h('div', { class: 'events' }, list));
  return { element: part.element, list };
}
