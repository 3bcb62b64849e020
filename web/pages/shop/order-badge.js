import { i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { finished, myStep } from './order-plan.js';
import { word } from './order-status.js';
import { dayAndTime } from './order-time.js';

/** @typedef {import('../../core/types.js').Order} Order */

/** What comes next, in a few words, for a row of a list. @param {Order} order */
export function nextBadge(order) {
  if (finished(order)) return null;
  const step = myStep(order);
  if (step === null) {
    const waits = word(`orders.wait.${order.kind}.${order.status}`);
    return waits ? h('span', { class: 'row-wait' }, waits) : null;
  }
  const when = order.deadline ? dayAndTime(order.deadline, i18n.lang.value) : '';
  return h(
    'strong',
    { class: 'badge badge-todo' },
    when ? t(`orders.todo.${step}`, { when }) : t(`orders.todo_now.${step}`),
  );
}
