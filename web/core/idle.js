import { Store } from './store.js';

/**
 * Is somebody there? Input says yes; without any for a while, or out of sight for as long, nobody is. Timers of
 * hidden pages come late and sleeping machines have none, so only clocks are compared.
 */

const AFTER_MS = 5 * 60_000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'touchstart', 'wheel'];

export class Idle {
  /** @type {Store<boolean>} */
  state = new Store(false);
  #page;
  #now;
  #after;
  #last;
  /** @type {number|null} */
  #hidden = null;
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  #timer;

  /**
   * @param {object} parts
   * @param {EventTarget & {visibilityState: string}} parts.page
   * @param {() => number} [parts.now]
   * @param {number} [parts.after] milliseconds
   */
  constructor({ page, now = Date.now, after = AFTER_MS }) {
    this.#page = page;
    this.#now = now;
    this.#after = after;
    this.#last = now();
    for (const sign of SIGNS)
      page.addEventListener(sign, () => this.#active(), { capture: true, passive: true });
    page.addEventListener('visibilitychange', () => this.#turned());
    this.#turned();
    this.#wait();
  }

  #turned() {
    if (this.#page.visibilityState === 'hidden') this.#hidden ??= this.#now();
    else {
      this.#hidden = null;
      this.#active();
    }
    this.#look();
  }

  /** Often: no timer is touched here. */
  #active() {
    this.#last = this.#now();
    if (!this.state.value || this.#hidden !== null) return;
    this.state.set(false);
    this.#wait();
  }

  get #due() {
    return Math.min(this.#last, this.#hidden ?? Infinity) + this.#after;
  }

  #look() {
    if (this.state.value) return;
    if (this.#now() >= this.#due) this.state.set(true);
    else this.#wait();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), Math.max(0, this.#due - this.#now()));
  }
}
