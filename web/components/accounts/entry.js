import { api, i18n, t } from '../../core/context.js';
import { h } from '../../core/element.js';
import { ago, moment } from '../../core/format.js';
import { Problem } from '../../core/problem.js';
import { icon } from '../icon.js';
import { infiniteList } from '../infinite-list.js';
import { bone, skeleton, times } from '../states.js';

/**
 * The small lists of the settings: devices, keys, logins.
 *
 * @typedef {import('../../core/element.js').Child} Child
 */

/**
 * @param {object} options
 * @param {import('../icon.js').IconName} options.icon
 * @param {Child} options.title
 * @param {Child} [options.badge]
 * @param {Child[]} options.lines
 * @param {Child} [options.end]
 * @param {string} [options.class]
 */
export function entry({ icon: sign, title, badge, lines, end, class: extra = '' }) {
  return h(
    'li',
    { class: `entry ${extra}`.trim() },
    h('span', { class: 'entry-icon' }, icon(sign)),
    h(
      'div',
      { class: 'entry-main' },
      h('div', { class: 'entry-title' }, h('strong', null, title), badge),
      lines.filter(Boolean).map((line) => h('p', { class: 'entry-line' }, line)),
    ),
    end ? h('div', { class: 'entry-end' }, end) : null,
  );
}

/** @param {number} n */
export function entrySkeleton(n) {
  return skeleton(
    h(
      'div',
      { class: 'entries' },
      times(n, () =>
        h(
          'div',
          { class: 'entry' },
          h('span', { class: 'entry-icon' }),
          h('div', { class: 'entry-main' }, bone('w-40'), bone('w-60')),
        ),
      ),
    ),
  );
}

/** Nothing in a small list. @param {string} text */
export function noEntries(text) {
  return h('p', { class: 'entries-none' }, text);
}

/** @param {string} device as the server made it out, if it did */
export function deviceName(device) {
  return device || t('sessions.unknown');
}

/**
 * A point in time, in words for now and exactly for whoever points at it.
 *
 * @param {string} iso
 */
export function when(iso) {
  const lang = i18n.lang.value;
  return h('time', { datetime: iso, title: moment(iso, lang) }, ago(iso, lang));
}

/**
 * A sentence with such a point in time in it; where, every language decides.
 *
 * @param {import('../../core/i18n.js').MessageKey} key of a text with `{when}`
 * @param {string} iso
 */
export function timed(key, iso) {
  const [before, after] = t(key, { when: '\n' }).split('\n');
  return h('span', null, before, when(iso), after);
}

/** @param {...Child} parts with points between them */
export function dotted(...parts) {
  return parts.filter(Boolean).flatMap((part, index) => (index > 0 ? [' · ', part] : [part]));
}

/**
 * A list that comes in one piece.
 *
 * @template T
 * @param {object} options
 * @param {string} options.path
 * @param {(signal: AbortSignal) => Promise<T[]>} [options.load] instead of the path's results
 * @param {string} options.label
 * @param {(item: T) => string|number} options.key
 * @param {(item: T) => HTMLElement} options.row
 * @param {() => Node} options.empty
 * @param {(rows: T[]) => void} [options.onrows]
 * @returns {import('../infinite-list.js').InfiniteList<T>}
 */
export function wholeList({ path, load, label, key, row, empty, onrows }) {
  return infiniteList({
    first: path,
    load: async (address, signal) => {
      const results = load ? await load(signal) : (await api.get(address, { signal })).results;
      return { count: results.length, next: null, previous: null, results };
    },
    label,
    key,
    row,
    class: 'entries',
    skeleton: () => entrySkeleton(2),
    empty,
    onpage: (page) => onrows?.(page.results),
  });
}

/**
 * What was to go and is gone already went as it should.
 *
 * @param {Promise<unknown>} call
 * @param {string} code the server's, for what it doesn't find
 */
export async function gone(call, code) {
  try {
    await call;
  } catch (error) {
    if (Problem.from(error).code !== code) throw error;
  }
}
