import { inbox } from '../../core/context.js';
import { placeOf } from '../../core/inbox-state.js';
import { currentRouter } from '../../core/navigation.js';
import { toast } from '../toast.js';

/**
 * What is too good to wait for a look at the bell: said once, while somebody looks at another page.
 */

const IMPORTANT = new Set(['bid_matched', 'price_reached']);

/** @returns {boolean} */
const reading = () => document.hidden || currentRouter().url.value.pathname.startsWith('/inbox');

/** @param {AbortSignal} signal */
export function followNews(signal) {
  /** One after the other. */
  let turn = Promise.resolve();
  inbox.listen(
    {
      change: () => {},
      news: (notification) => {
        if (!IMPORTANT.has(notification.kind) || reading()) return;
        turn = turn.then(async () => {
          if (signal.aborted || reading()) return;
          const { sentence } = await import('./words.js');
          await toast(sentence(notification), { href: placeOf(notification) });
        });
      },
    },
    signal,
  );
}
