import { api, t } from '../../core/context.js';
import { openDialog } from '../dialog.js';
import { personRow, skeletonPeople } from '../friends/person-row.js';
import { infiniteList } from '../infinite-list.js';
import { emptyState } from '../states.js';
import { followButton } from './follow-button.js';

/** @typedef {import('../../core/style-types.js').StylePerson} StylePerson */

/**
 * People in a dialog: who liked something, who follows whom.
 *
 * @param {object} options
 * @param {string} options.title
 * @param {string} options.path of a cursor list
 * @param {(row: any) => StylePerson|null|undefined} options.person null: has left
 * @param {string} options.empty
 * @param {AbortSignal} options.signal
 */
export function peopleDialog({ title, path, person, empty, signal }) {
  /** @type {import('../infinite-list.js').InfiniteList<StylePerson>} */
  const list = infiniteList({
    first: `${path}?page_size=30`,
    load: async (address, loading) => {
      const page = await api.get(address, { signal: loading });
      const results = /** @type {any[]} */ (page.results).map(person).filter(Boolean);
      return { ...page, results: /** @type {StylePerson[]} */ (results) };
    },
    label: title,
    class: 'people',
    key: ({ user_id: id }) => id,
    row: (each) => personRow({ person: each, end: followButton(each) }),
    skeleton: () => skeletonPeople(4),
    empty: () => emptyState({ icon: 'person', title: empty }),
  });
  const dialog = openDialog({ title, body: list, signal, class: 'dialog-people' });
  // A profile lies behind the dialog.
  dialog.element.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a')) dialog.close();
  });
  return dialog;
}

/** @param {string} path of what is liked @param {AbortSignal} signal */
export function likersDialog(path, signal) {
  return peopleDialog({
    title: t('style.likers'),
    path: `${path}likes/`,
    person: (row) => row.profile,
    empty: t('style.likers_empty'),
    signal,
  });
}
