import { h } from '../../core/element.js';

/**
 * @template T
 * @typedef {object} Column
 * @property {string} label
 * @property {(row: T) => import('../../core/element.js').Child} cell
 * @property {'main'|'number'|'actions'} [kind] main: names the row
 */

/**
 * A table; on a phone each row becomes a card. The roles are said aloud because a table that is laid out as
 * something else loses its own.
 *
 * @template T
 * @param {object} options
 * @param {string} options.label
 * @param {Column<T>[]} options.columns
 * @param {T[]} options.rows
 * @param {(row: T) => string} [options.look] a class of the row
 */
export function table({ label, columns, rows, look = () => '' }) {
  return h(
    'table',
    { class: 'data', role: 'table', 'aria-label': label },
    h(
      'thead',
      { role: 'rowgroup' },
      h(
        'tr',
        { role: 'row' },
        columns.map((column) =>
          h(
            'th',
            { scope: 'col', role: 'columnheader', class: column.kind === 'number' ? 'number' : '' },
            column.kind === 'actions' ? h('span', { class: 'unseen' }, column.label) : column.label,
          ),
        ),
      ),
    ),
    h(
      'tbody',
      { role: 'rowgroup' },
      rows.map((row) =>
        h(
          'tr',
          { role: 'row', class: look(row) },
          columns.map((column) => cell(column, row)),
        ),
      ),
    ),
  );
}

/** @template T @param {Column<T>} column @param {T} row */
function cell({ label, cell: content, kind }, row) {
  if (kind === 'main') return h('th', { scope: 'row', role: 'rowheader', class: 'data-main' }, content(row));
  const inside = content(row);
  if (kind === 'actions') return h('td', { role: 'cell', class: 'data-actions' }, inside);
  // One box for the value: on a phone it stands opposite of its label.
  return h('td', { role: 'cell', class: kind ?? '', dataset: { label } }, h('span', null, inside));
}
