import { icon } from '../../components/icon.js';
import { i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { moment } from '../../core/format.js';
import { stops } from './order-plan.js';
import { orderStatus, word } from './order-status.js';

/**
 * @typedef {import('../../core/types.js').Order} Order
 * @typedef {import('./order-plan.js').Stop} Stop
 */

const SIGNS = /** @type {const} */ ({ done: 'check', now: 'next', bad: 'close', ahead: null });

/** @param {Stop} stop @param {Stop|undefined} before */
function title({ status, step }, before) {
  if (!step) return orderStatus(status);
  // The same step twice: the number of the parcel was corrected.
  const corrected = step.action === 'ship' && before?.status === status;
  const expired = step.action === 'expire' ? word(`order.did.expire.${status}`) : '';
  return expired || word(`order.did.${corrected ? 'correct' : step.action}`, {}, orderStatus(status));
}

/** @param {string} actor @param {string|null} mine @returns {string} */
function actorName(actor, mine) {
  return actor === mine ? t('order.actor.me') : word(`order.actor.${actor}`, {}, actor);
}

/**
 * What happened, by whom and when, and what is still ahead.
 *
 * @param {Order} order
 * @param {'buyer'|'seller'|null} mine the reader's side
 */
export function timeline(order, mine) {
  const all = stops(order);
  const now = all.findLast(({ step }) => step !== null);
  return h(
    'ol',
    { class: 'timeline', role: 'list', 'aria-label': t('order.timeline') },
    all.map((stop, index) => {
      const { state, step } = stop;
      const sign = SIGNS[state];
      return h(
        'li',
        { class: `stop stop-${state}`, 'aria-current': stop === now && state === 'now' ? 'step' : null },
        h('span', { class: 'stop-mark' }, sign ? icon(sign) : null),
        h(
          'div',
          { class: 'stop-text' },
          h('strong', null, title(stop, all[index - 1])),
          step
            ? h(
                'span',
                { class: 'stop-when' },
                actorName(step.actor, mine),
                ' · ',
                h('time', { datetime: step.at }, moment(step.at, i18n.lang.value)),
              )
            : h('span', { class: 'unseen' }, t('order.ahead')),
          step?.note ? h('p', { class: 'stop-note' }, step.note) : null,
        ),
      );
    }),
  );
}
