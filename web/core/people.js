/**
 * Names and pictures that change while they are shown. Whoever shows somebody asks here; one subscription serves
 * the whole tab, and begins with the first person that it shows.
 *
 * @typedef {{user_id: number, profile_name: string, image: string|null}} Person
 * @typedef {{profile_name?: string, image?: string|null, following?: boolean}} Known
 */

export class People {
  #live;
  /** What was told after it was read. @type {Map<number, Known>} */
  #known = new Map();
  /** @type {Set<(changed: Person[]) => void>} */
  #listeners = new Set();
  #following = false;

  /** @param {{live: Pick<import('./live.js').Live, 'subscribe'>}} parts */
  constructor({ live }) {
    this.#live = live;
  }

  /**
   * @template {{user_id: number, profile_name: string, image: string|null, following?: boolean|string|null}} T
   * @param {T} person as they were read
   * @returns {T} as they are now
   */
  latest(person) {
    this.#follow();
    const known = this.#known.get(person.user_id);
    if (!known) return person;
    const { following, ...looks } = known;
    const follows = typeof person.following === 'boolean' && following !== undefined;
    return { ...person, ...looks, ...(follows ? { following } : {}) };
  }

  /**
   * @param {(changed: Person[]) => void} listener hears who has another name or picture
   * @param {AbortSignal} signal
   */
  listen(listener, signal) {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** Whether I follow them is known to this tab alone. @param {number} user @param {boolean} following */
  followed(user, following) {
    this.#known.set(user, { ...this.#known.get(user), following });
  }

  /** Somebody else is signed in. */
  forget() {
    for (const [user, known] of this.#known) {
      const looks = { ...known };
      delete looks.following;
      this.#known.set(user, looks);
    }
  }

  #follow() {
    if (this.#following) return;
    this.#following = true;
    this.#live.subscribe('people', {
      data: (frame) => this.#take(frame?.changed ?? []),
      // What changed meanwhile was not told: what is read from now on knows better.
      resume: () => {
        for (const [user, { following }] of this.#known) {
          if (following === undefined) this.#known.delete(user);
          else this.#known.set(user, { following });
        }
      },
    });
  }

  /** @param {Person[]} told the same may be told again */
  #take(told) {
    const changed = told.filter(({ user_id: user, profile_name: name, image }) => {
      const known = this.#known.get(user);
      return known?.profile_name !== name || known.image !== image;
    });
    if (changed.length === 0) return;
    for (const { user_id: user, profile_name: name, image } of changed) {
      this.#known.set(user, { ...this.#known.get(user), profile_name: name, image });
    }
    for (const listener of [...this.#listeners]) listener(changed);
  }
}
