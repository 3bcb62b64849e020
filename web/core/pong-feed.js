import { Store } from './store.js';

/**
 * What anybody may see of Pong as it happens: who plays, how many wait, which tournaments there are. Several parts of
 * a page follow it; the topic is asked for once, and only as long as one of them is there.
 *
 * @typedef {import('./pong-types.js').LobbyFrame} LobbyFrame
 */
export class PongFeed {
  /** Null: nothing was told yet. @type {Store<LobbyFrame|null>} */
  state = new Store(/** @type {LobbyFrame|null} */ (null));
  #live;
  #followers = 0;
  /** @type {(() => void)|null} */
  #stop = null;

  /** @param {{live: Pick<import('./live.js').Live, 'subscribe'>}} parts */
  constructor({ live }) {
    this.#live = live;
  }

  /**
   * @param {(frame: LobbyFrame) => void} listener hears at once what is known
   * @param {AbortSignal} signal
   */
  follow(listener, signal) {
    if (signal.aborted) return;
    this.#followers += 1;
    this.#stop ??= this.#live.subscribe('pong.lobby', { data: (frame) => this.#take(frame) });
    this.state.subscribe((frame) => {
      if (frame) listener(frame);
    }, signal);
    signal.addEventListener('abort', () => this.#leave(), { once: true });
    if (this.state.value) listener(this.state.value);
  }

  #leave() {
    this.#followers -= 1;
    if (this.#followers > 0) return;
    this.#stop?.();
    this.#stop = null;
    this.state.set(null);
  }

  /** @param {any} frame */
  #take(frame) {
    const { live, waiting, tournaments } = frame?.state ?? frame ?? {};
    if (!Array.isArray(live)) return;
    this.state.set({ live, waiting: Number(waiting) || 0, tournaments: tournaments ?? [] });
  }
}
