/**
 * What this tab has learned about posts since they were read: a feed that was left, and is come back to, shows
 * what happened meanwhile without being read again.
 *
 * @typedef {import('./style-types.js').Post} Post
 */

export class Posts {
  /** Grows when a list that was read can't be mended: there is a new post, or somebody is to be seen again. */
  version = 0;
  /** @type {Map<number, Partial<Post>|null>} */
  #facts = new Map();
  /** @type {Set<number>} */
  #unseen = new Set();
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {number} id @param {Partial<Post>|null} facts null: it is gone */
  tell(id, facts) {
    const before = this.#facts.get(id);
    this.#facts.set(id, facts && { ...before, ...facts });
    this.#say();
  }

  /** There is one more, which stands in lists that were read before. @param {Post} post */
  made(post) {
    this.version += 1;
    this.tell(post.id, post);
  }

  /** Nothing of theirs is to be seen from now on. @param {number} user */
  hide(user) {
    this.#unseen.add(user);
    this.#say();
  }

  /** @param {number} user */
  show(user) {
    if (!this.#unseen.delete(user)) return;
    this.version += 1;
  }

  /** Somebody else is signed in. */
  forget() {
    this.version += 1;
    this.#facts.clear();
    this.#unseen.clear();
  }

  #say() {
    for (const listener of [...this.#listeners]) listener();
  }

  /** @param {() => void} listener @param {AbortSignal} signal */
  listen(listener, signal) {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /**
   * @param {Post[]} rows
   * @returns {Post[]} the same array where all is as it was
   */
  current(rows) {
    const next = rows.flatMap((row) => {
      const facts = this.#facts.get(row.id);
      if (facts === null || this.#unseen.has(row.created_by.user_id)) return [];
      return [facts && differs(row, facts) ? { ...row, ...facts } : row];
    });
    return next.length === rows.length && next.every((row, i) => row === rows[i]) ? rows : next;
  }
}

/** @param {Post} row @param {Partial<Post>} facts */
function differs(row, facts) {
  return Object.entries(facts).some(([name, value]) => row[/** @type {keyof Post} */ (name)] !== value);
}
