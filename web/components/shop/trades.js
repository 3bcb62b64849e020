import { i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { ago, moment, won } from '../../core/format.js';
import { emptyState } from '../states.js';
import { tradedSize } from './size-picker.js';

const SHORT = 10;

/**
 * @param {import('../../core/types.js').Trade[]} trades newest first
 * @returns {HTMLElement}
 */
export function tradeTable(trades) {
  if (trades.length === 0)
    return emptyState({ icon: 'order', title: t('trades.empty'), text: t('trades.empty_text') });
  const lang = i18n.lang.value;
  const table = h(
    'table',
    { class: 'trades' },
    h('caption', { class: 'unseen' }, t('trades.title')),
    h(
      'thead',
      null,
      h(
        'tr',
        null,
        h('th', { scope: 'col' }, t('trades.size')),
        h('th', { scope: 'col', class: 'number' }, t('trades.price')),
        h('th', { scope: 'col', class: 'number' }, t('trades.when')),
      ),
    ),
    h(
      'tbody',
      null,
      trades.map((trade, index) =>
        h(
          'tr',
          { hidden: index >= SHORT },
          h('td', null, tradedSize(trade.size)),
          h('td', { class: 'number' }, won(trade.price)),
          h(
            'td',
            { class: 'number' },
            h(
              'time',
              { datetime: trade.created_at, title: moment(trade.created_at, lang) },
              ago(trade.created_at, lang),
            ),
          ),
        ),
      ),
    ),
  );
  if (trades.length <= SHORT) return table;
  const more = h(
    'button',
    {
      type: 'button',
      class: 'link-button',
      onclick: () => {
        for (const row of table.querySelectorAll('tr')) row.hidden = false;
        more.remove();
      },
    },
    t('trades.more'),
  );
  return h('div', null, table, more);
}
