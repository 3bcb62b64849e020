import { api, explain, session, t } from '../../core/context.js';
import { RallyElement, define, fill, h, play } from '../../core/element.js';
import { plain, won } from '../../core/format.js';
import { toSignin } from '../../core/navigation.js';
import { icon } from '../icon.js';
import { toast } from '../toast.js';
import { askTarget } from './wish-target.js';

/**
 * Puts one size on the wish list, and says at which price to tell. It answers at once and takes it back
 * visibly when the server refuses.
 */
export class WishButton extends RallyElement {
  product = 0;
  on = false;
  /** All wishes for the article, null to show none. @type {number|null} */
  count = null;
  tick = 1;
  /** What it costs now; null when nobody sells, undefined where prices can't be waited for. @type {number|null|undefined} */
  ask = undefined;
  /** The price that the wish waits for. @type {number|null} */
  target = null;
  /** @type {(on: boolean) => void} */
  onwish = () => {};
  /** @type {(target: number|null) => void} */
  ontarget = () => {};
  #button = h('button', { type: 'button', class: 'button button-line wish', onclick: () => this.#toggle() });
  #target = h('button', { type: 'button', class: 'link-button wish-target', onclick: () => this.#wait() });
  #busy = false;

  /** @override */
  connected() {
    this.replaceChildren(this.#button, this.#target);
    this.draw();
  }

  draw() {
    fill(
      this.#button,
      icon('wish'),
      h('span', null, t('wish.label')),
      this.count === null ? null : h('span', { class: 'wish-count' }, plain(this.count)),
    );
    this.#button.setAttribute('aria-pressed', String(this.on));
    this.#target.hidden = !this.on || this.ask === undefined;
    this.#target.textContent =
      this.target === null ? t('article.target.set') : t('article.target.at', { price: won(this.target) });
  }

  /** Sets the price that the wish waits for. */
  async #wait() {
    if (this.#busy) return;
    this.#busy = true;
    const { product, tick, target, signal } = this;
    try {
      const next = await askTarget({ product, tick, ask: this.ask ?? null, target, signal });
      if (next === undefined) return;
      if (product === this.product) {
        this.target = next;
        this.draw();
        this.ontarget(next);
      }
      toast(next === null ? t('article.target.removed') : t('article.target.saved', { price: won(next) }));
    } catch (error) {
      if (!signal.aborted) toast(explain(error), { bad: true });
    } finally {
      this.#busy = false;
    }
  }

  /** @param {boolean} on */
  #set(on) {
    if (on === this.on) return;
    this.on = on;
    if (!on) this.target = null;
    if (this.count !== null) this.count = Math.max(0, this.count + (on ? 1 : -1));
    this.draw();
  }

  async #toggle() {
    if ((await session.known()).state === 'anonymous') return toSignin();
    if (this.#busy) return;
    this.#busy = true;
    const { product } = this;
    const before = this.on;
    this.#set(!before);
    try {
      const { message } = await api.post(`/api/shop/products/${product}/wishes/`);
      // The server toggles: what it says holds, also where another tab was faster.
      if (product === this.product) this.#set(message === 'WISHLIST_CREATE_SUCCESS');
      this.onwish(this.on);
    } catch (error) {
      if (product === this.product) {
        this.#set(before);
        play(this.#button, 'shake');
      }
      toast(explain(error), { bad: true });
    } finally {
      this.#busy = false;
    }
  }
}

define('rally-wish', WishButton);
