import { i18n, pong, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { ago, moment } from '../../core/format.js';

/** @typedef {import('../../core/friends-state.js').Friend} Friend */

/** Colour and shape only: the words stand beside it. @param {Friend['status']} status */
export function presenceDot(status) {
  return h('span', { class: `presence presence-${status}`, 'aria-hidden': 'true' });
}

/** @param {Pick<Friend, 'status'|'last_seen'>} friend @returns {string} */
export function presenceWords({ status, last_seen: seen }) {
  if (status !== 'offline') return t(`friends.status.${status}`);
  if (seen === null) return t('friends.status.offline');
  return t('friends.last_seen', { ago: ago(seen, i18n.lang.value) });
}

/** @param {Pick<Friend, 'status'|'last_seen'>} friend @returns {string|null} for those who point at it */
export function presenceTitle({ status, last_seen: seen }) {
  return status === 'offline' && seen !== null ? moment(seen, i18n.lang.value) : null;
}

/** @param {Pick<Friend, 'match'>} friend @returns {number|null} their match, unless it is mine, too */
export function watchable({ match }) {
  return pong.stand.value.ready.some(({ id }) => id === match) ? null : match;
}
