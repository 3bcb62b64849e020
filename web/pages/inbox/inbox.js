import { infiniteList } from '../../components/infinite-list.js';
import { readAllButton } from '../../components/inbox/newest.js';
import { keepTimes, markRows, noteRow, noteSkeleton } from '../../components/inbox/row.js';
import { emptyState } from '../../components/states.js';
import { inbox, t } from '../../core/context.js';
import { define } from '../../core/element.js';
import { changed } from '../../core/inbox-state.js';
import { Page } from '../../core/page.js';
import { inboxPage } from './frame.js';

/** @typedef {import('../../core/types.js').Notification} Notification */

const FIRST = '/api/inbox/?page_size=20';

/** What I was told, the newest first. It changes while one looks. */
class InboxPage extends Page {
  /** @type {import('../../components/infinite-list.js').InfiniteList<Notification>|null} */
  #list = null;

  /** @override */
  connected() {
    /** @type {import('../../components/infinite-list.js').InfiniteList<Notification>} */
    const list = infiniteList(
      {
        first: FIRST,
        load: (path, signal) => inbox.read(path, signal, path === FIRST),
        label: t('inbox.list'),
        class: 'notes',
        key: ({ id }) => id,
        row: noteRow,
        // A reading changes a row in place.
        mark: ({ seq }) => String(seq),
        onpage: () => markRows(list, list.state.rows),
        skeleton: () => noteSkeleton(6),
        empty: () =>
          emptyState({
            icon: 'bell',
            title: t('inbox.empty'),
            text: t('inbox.empty_text'),
            action: { href: '/shop', label: t('inbox.empty_action') },
          }),
      },
      this.#kept(),
    );
    this.#list = list;
    inbox.listen(
      {
        change: (change) => {
          if ('reset' in change) {
            list.again();
            return;
          }
          list.alter((rows) => changed(rows, change));
          markRows(list, list.state.rows);
        },
      },
      this.signal,
    );
    keepTimes(list, this.signal);
    this.replaceChildren(inboxPage('inbox', readAllButton(this.signal), list));
    this.ready = list.ready;
  }

  /** What was there when the page was left, with what happened since. */
  #kept() {
    const { restored } = this;
    if (!restored?.rows) return restored;
    const rows = inbox.after(restored.rows, restored.then);
    return rows ? { ...restored, rows } : { pages: restored.pages };
  }

  /** @override */
  snapshot() {
    return this.#list ? { ...this.#list.state, then: inbox.now } : null;
  }
}

define('page-inbox', InboxPage);
