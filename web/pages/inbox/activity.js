import { infiniteList } from '../../components/infinite-list.js';
import { activityRow, keepTimes, noteSkeleton } from '../../components/inbox/row.js';
import { emptyState } from '../../components/states.js';
import { api, t } from '../../core/context.js';
import { define } from '../../core/element.js';
import { Page } from '../../core/page.js';
import { inboxPage } from './frame.js';

/** @typedef {import('../../core/types.js').Activity} Activity */

/** What my friends did, as far as they let me see it. */
class ActivityPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Activity>|null} */
  #list = null;

  /** @override */
  connected() {
    this.#list = infiniteList(
      {
        first: '/api/inbox/activity/?page_size=20',
        load: (path, signal) => api.get(path, { signal }),
        label: t('activity.list'),
        class: 'notes',
        key: ({ id }) => id,
        row: activityRow,
        skeleton: () => noteSkeleton(6),
        empty: () =>
          emptyState({
            icon: 'person',
            title: t('activity.empty'),
            text: t('activity.empty_text'),
            action: { href: '/friends', label: t('activity.empty_action') },
          }),
      },
      this.restored,
    );
    keepTimes(this.#list, this.signal);
    this.replaceChildren(inboxPage('activity', null, this.#list));
    this.ready = this.#list.ready;
  }

  /** @override */
  snapshot() {
    return this.#list?.state ?? null;
  }
}

define('page-inbox-activity', ActivityPage);
