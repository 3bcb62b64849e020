import { inbox, t, tn } from '../../core/context.js';
import { RallyElement, define, fill, h } from '../../core/element.js';
import { badge } from '../../core/inbox-state.js';
import { icon } from '../icon.js';

/** The bell in the top bar: how much is unread, and the newest of it. On a phone it leads to the page. */
export class Bell extends RallyElement {
  #count = h('span', { class: 'bell-count', 'aria-hidden': 'true', hidden: true });
  #countToo = h('span', { class: 'bell-count', 'aria-hidden': 'true', hidden: true });
  #button = h(
    'button',
    { type: 'button', class: 'icon-button bell-button', popovertarget: 'inbox-menu' },
    icon('bell'),
    this.#count,
  );
  #link = h('a', { class: 'icon-button bell-link', href: '/inbox' }, icon('bell'), this.#countToo);
  #panel = h('div', {
    id: 'inbox-menu',
    class: 'popover bell-popover',
    popover: 'auto',
    role: 'dialog',
    'aria-label': t('inbox.title'),
  });
  #status = h('p', { class: 'unseen', role: 'status' });

  /** @override */
  connected() {
    this.replaceChildren(this.#button, this.#link, this.#panel, this.#status);
    this.watch(inbox.stand, () => this.#draw());
    // Only what comes is worth a word, not what was there all along.
    const say = () => {
      this.#status.textContent = tn('inbox.came', inbox.stand.value.unread);
    };
    inbox.listen({ change: () => {}, news: say }, this.signal);
    this.listen(this.#panel, 'toggle', (/** @type {ToggleEvent} */ event) => {
      if (event.newState === 'open') this.#open();
      else fill(this.#panel);
    });
    this.listen(this.#panel, 'click', ({ target }) => {
      if (target instanceof Element && target.closest('a')) this.#panel.hidePopover();
    });
    this.#draw();
  }

  #draw() {
    const { unread } = inbox.stand.value;
    // The number that is seen is the number that is said.
    const label = unread > 0 ? tn('inbox.bell', unread, { n: badge(unread) }) : t('inbox.bell_none');
    for (const control of [this.#button, this.#link]) control.setAttribute('aria-label', label);
    for (const count of [this.#count, this.#countToo]) {
      count.hidden = unread === 0;
      count.textContent = unread > 0 ? badge(unread) : '';
    }
  }

  async #open() {
    const { newest } = await import('./newest.js');
    if (this.#panel.matches(':popover-open')) fill(this.#panel, newest());
  }
}

define('rally-bell', Bell);
