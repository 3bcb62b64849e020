import { i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { articleName } from '../../core/names.js';
import { icon } from '../icon.js';

/**
 * What the champion gets.
 *
 * @typedef {import('../../core/pong-types.js').Prize} Prize
 */

/** @param {Prize} prize @returns {string} */
function words(prize) {
  const name = articleName(prize, i18n.lang.value);
  return prize.size === 'ALL' ? name : `${name} · ${prize.size}`;
}

/** @param {Prize} prize @param {{link?: boolean}} [how] link: false where it stands in another link */
export function prizeLine(prize, { link = true } = {}) {
  const text = t('pong.prize', { prize: words(prize) });
  return h(
    'p',
    { class: 'cup-prize' },
    icon('trophy'),
    link ? h('a', { href: `/shop/${prize.info_id}` }, text) : text,
    // The champion alone, and the staff, are told its number.
    link && prize.order_id !== null
      ? h('a', { href: `/my/orders/${prize.order_id}` }, t('pong.prize_order'))
      : null,
  );
}
