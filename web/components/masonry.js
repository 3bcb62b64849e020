import { columnsFor, lay } from '../core/masonry.js';

/** What is higher in the window lies under the bar, or nearly. */
const EDGE = 96;

/**
 * Gives the cards of a list their places. They stand in the document in the order of reading; what has a column
 * stays in it until the window has another number of them.
 *
 * @param {AbortSignal} signal
 * @returns {(list: HTMLElement) => void} to be called when cards came or went
 */
export function masonry(signal) {
  /** @type {HTMLElement|null} */
  let host = null;
  /** @type {Map<string, number>} */
  let kept = new Map();
  /** @type {Map<string, number>} */
  let heights = new Map();
  /** @type {WeakSet<HTMLElement>} */
  const watched = new WeakSet();
  let columns = 0;
  let width = 0;

  const gapOf = (/** @type {HTMLElement} */ list) => Number.parseFloat(getComputedStyle(list).columnGap) || 0;
  /** @param {HTMLElement} list @returns {HTMLElement[]} */
  const cardsOf = (list) => /** @type {HTMLElement[]} */ ([...list.children]);
  /** @param {HTMLElement} card */
  const keyOf = (card) => card.dataset['key'] ?? '';

  /** @param {HTMLElement} list */
  const layOut = (list) => {
    if (list.clientWidth === 0) return;
    width = list.clientWidth;
    const gap = gapOf(list);
    const now = columnsFor(width, gap);
    if (now !== columns) kept = new Map();
    columns = now;
    list.style.setProperty('--columns', String(columns));
    const cards = cardsOf(list);
    for (const card of cards) {
      if (!watched.has(card)) watcher.observe(card);
      watched.add(card);
    }
    heights = new Map(cards.map((card) => [keyOf(card), card.offsetHeight]));
    const wanted = [...heights].map(([key, height]) => ({ key, height }));
    const { places, height } = lay(wanted, { columns, gap, kept });
    kept = new Map(wanted.map(({ key }, i) => [key, places[i]?.column ?? 0]));
    for (const [i, card] of cards.entries()) {
      const { column, top } = places[i] ?? { column: 0, top: 0 };
      card.style.setProperty('--column', String(column));
      card.style.setProperty('--y', `${top}px`);
    }
    list.style.setProperty('--height', `${height}px`);
  };

  /** Whoever reads goes on reading the same card, wherever it stands now. @param {HTMLElement} list */
  const layOutAnew = (list) => {
    const top = list.getBoundingClientRect().top;
    // As high as they were: in the new width they have other heights already.
    /** @param {HTMLElement} card */
    const inSight = (card) => card.getBoundingClientRect().top + (heights.get(keyOf(card)) ?? 0) > EDGE;
    const seen = top < 0 ? cardsOf(list).find(inSight) : null;
    const before = seen?.getBoundingClientRect().top ?? 0;
    layOut(list);
    if (seen) scrollBy(0, seen.getBoundingClientRect().top - before);
  };

  const watcher = new ResizeObserver((entries) => {
    if (!host?.isConnected) return;
    const wider = host.clientWidth !== width;
    const grown = entries.some(({ target }) => {
      const card = /** @type {HTMLElement} */ (target);
      return card !== host && card.isConnected && heights.get(keyOf(card)) !== card.offsetHeight;
    });
    if (wider) layOutAnew(host);
    else if (grown) layOut(host);
  });
  signal.addEventListener('abort', () => watcher.disconnect(), { once: true });

  return (list) => {
    if (host !== list) {
      host = list;
      watcher.observe(list);
    }
    layOut(list);
  };
}
