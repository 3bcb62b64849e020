/**
 * What the sections of the security page share: how the account is guarded, and the way to learn it anew.
 *
 * @typedef {import('../../core/types.js').Security} Security
 *
 * @typedef {object} Desk
 * @property {import('../../core/store.js').Store<Security>} status
 * @property {() => Promise<void>} reload
 * @property {AbortSignal} signal the page's life
 */

/**
 * Draws now and whenever one of the facts that it shows is another.
 *
 * @param {Desk} desk
 * @param {(keyof Security)[]} facts
 * @param {(status: Security) => void} draw
 */
export function follow(desk, facts, draw) {
  let shown = '';
  /** @param {Security} status */
  const look = (status) => {
    const now = JSON.stringify(facts.map((fact) => status[fact]));
    if (now === shown) return;
    shown = now;
    draw(status);
  };
  look(desk.status.value);
  desk.status.subscribe(look, desk.signal);
}
