import { RallyElement } from './element.js';

/**
 * What every page is to the router.
 */
export class Page extends RallyElement {
  /** Parameters of the path. @type {Record<string, string>} */
  params = {};
  /** @type {URLSearchParams} */
  query = new URLSearchParams();
  /** What snapshot() gave when this entry of the history was left. @type {any} */
  restored = null;
  /** Settled as soon as there is something to scroll in. @type {Promise<unknown>} */
  ready = Promise.resolve();
  /** Set by the router; tells it the page's own title. @type {(title: string) => void} */
  ontitle = () => {};

  /** @returns {any} what to keep for coming back; JSON where it should survive a reload */
  snapshot() {
    return null;
  }

  /**
   * The query changed and the page did not.
   *
   * @param {URLSearchParams} query
   * @param {string} _kind `push`, `replace`, or `pop` for back and forward
   * @returns {boolean} false: draw me anew
   */
  update(query, _kind) {
    this.query = query;
    return false;
  }

  /** @param {string} title */
  setTitle(title) {
    this.ontitle(title);
  }
}
