import { api, explain, session, t } from '../../core/context.js';
import { RallyElement, define, fill, h } from '../../core/element.js';
import { plain } from '../../core/format.js';
import { toSignin } from '../../core/navigation.js';
import { icon } from '../icon.js';
import { toast } from '../toast.js';

/**
 * Puts one size on the wish list. It answers at once and takes it back visibly when the server refuses.
 */
export class WishButton extends RallyElement {
  product = 0;
  on = false;
  /** All wishes for the article, null to show none. @type {number|null} */
  count = null;
  /** @type {(on: boolean) => void} */
  onwish = () => {};
  #button = h('button', { type: 'button', class: 'button button-line wish', onclick: () => this.#toggle() });
  #busy = false;

  /** @override */
  connected() {
    this.replaceChildren(this.#button);
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
  }

  /** @param {boolean} on */
  #set(on) {
    if (on === this.on) return;
    this.on = on;
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
        this.#button.classList.remove('shake');
        this.#button.getBoundingClientRect();
        this.#button.classList.add('shake');
      }
      toast(explain(error), { bad: true });
    } finally {
      this.#busy = false;
    }
  }
}

define('rally-wish', WishButton);
