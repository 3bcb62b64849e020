import { friends, tn } from '../../core/context.js';
import { RallyElement, define, fill, h } from '../../core/element.js';
import { plain } from '../../core/format.js';

/** How many requests wait for my answer; nothing where none does. */
class RequestsBadge extends RallyElement {
  /** @override */
  connected() {
    this.watch(friends.incoming, () => this.#draw());
    this.#draw();
  }

  #draw() {
    const n = friends.incoming.value?.size ?? 0;
    const more = friends.incomingMore ? '+' : '';
    this.hidden = n === 0;
    fill(
      this,
      n > 0 ? h('span', { 'aria-hidden': 'true' }, plain(n) + more) : null,
      n > 0 ? h('span', { class: 'unseen' }, tn('friends.waiting', n)) : null,
    );
  }
}

define('rally-requests', RequestsBadge);

export function requestsBadge() {
  return h('rally-requests', { class: 'count-badge' });
}
