import { explain, inbox, t } from '../../core/context.js';
import { RallyElement, define, fill, h, reconcile } from '../../core/element.js';
import { toast } from '../toast.js';
import { emptyState, present } from '../states.js';
import { keepTimes, markRows, noteRow, noteSkeleton } from './row.js';

/** @typedef {import('../../core/types.js').Notification} Notification */

const SHOWN = 6;
const PATH = `/api/inbox/?page_size=${SHOWN}`;

/** Marks everything as read, and says what came of it. */
export async function readAll() {
  if (inbox.stand.value.unread === 0) return;
  try {
    await inbox.markAll();
    toast(t('inbox.read_done'));
  } catch (error) {
    toast(explain(error), { bad: true });
  }
}

/** @param {AbortSignal} signal of the element that it stands in */
export function readAllButton(signal) {
  const button = h(
    'button',
    { type: 'button', class: 'link-button', onclick: () => readAll() },
    t('inbox.read_all'),
  );
  // Disabled it would lose the focus.
  const draw = () => button.setAttribute('aria-disabled', String(inbox.stand.value.unread === 0));
  inbox.stand.subscribe(draw, signal);
  draw();
  return button;
}

/** What came last, as long as one looks at it. */
class Newest extends RallyElement {
  /** @type {Notification[]} */
  #rows = [];
  #list = h('ul', { role: 'list', class: 'notes' });
  #body = h('div', { class: 'bell-body' });

  /** @override */
  connected() {
    this.#list.setAttribute('aria-label', t('inbox.list'));
    this.replaceChildren(
      h(
        'div',
        { class: 'bell-head' },
        h('strong', { class: 'bell-title' }, t('inbox.title')),
        readAllButton(this.signal),
      ),
      this.#body,
      h('a', { class: 'bell-all', href: '/inbox' }, t('inbox.see_all')),
    );
    inbox.listen({ change: (change) => this.#change('reset' in change) }, this.signal);
    keepTimes(this.#list, this.signal);
    this.#read();
  }

  #then = 0;

  #read() {
    return present(this.#body, {
      signal: this.signal,
      skeleton: () => noteSkeleton(4),
      load: (signal) => inbox.read(PATH, signal, true),
      show: ({ results }) => {
        this.#take(results);
        return this.#shown();
      },
    });
  }

  /** @param {boolean} reset */
  #change(reset) {
    const rows = reset ? null : inbox.after(this.#rows, this.#then);
    // While the first ones are on their way, they bring it along.
    if (this.#body.hasAttribute('aria-busy')) return;
    if (!rows) {
      this.#read();
      return;
    }
    this.#take(rows);
    if (this.#body.firstElementChild !== this.#shown()) fill(this.#body, this.#shown());
  }

  /** @param {Notification[]} rows */
  #take(rows) {
    // A row that has grown is another row.
    const old = new Map(this.#rows.map(({ id, seq }) => [String(id), seq]));
    this.#rows = rows.slice(0, SHOWN);
    this.#then = inbox.now;
    for (const { id, seq } of this.#rows) {
      const known = old.get(String(id));
      if (known !== undefined && known !== seq) this.#list.querySelector(`[data-key="${id}"]`)?.remove();
    }
    reconcile(this.#list, this.#rows, { key: ({ id }) => id, create: noteRow });
    markRows(this.#list, this.#rows);
  }

  #shown() {
    if (this.#rows.length > 0) return this.#list;
    return emptyState({ icon: 'bell', title: t('inbox.empty'), text: t('inbox.empty_text') });
  }
}

define('rally-newest', Newest);

export function newest() {
  return h('rally-newest');
}
