import { COURT_HEIGHT, PADDLE_STEP } from './sim.js';

/**
 * What a player wants, as a direction for each side. Keys are known by their place, so a Korean layout plays as well
 * as any. Pointers say where a paddle shall be; it goes there at its own speed. Whatever was used last counts.
 *
 * @typedef {import('./sim.js').Side} Side
 */

/** @type {Record<string, {side: Side, dir: number}>} */
const KEYS = {
  KeyW: { side: 0, dir: -1 },
  KeyS: { side: 0, dir: 1 },
  ArrowUp: { side: 1, dir: -1 },
  ArrowDown: { side: 1, dir: 1 },
};

/** A finger that pulls moves a paddle by somewhat more. */
const PULL = 1.25;

export class Controls {
  /** The sides that are played here. With one of them, all keys are its. @type {Side[]} */
  sides = [];
  /** Keys that are held, the newest last. @type {[string[], string[]]} */
  #held = [[], []];
  /** What was pressed since the last look: a short tap counts, too. @type {[number, number]} */
  #tapped = [0, 0];
  /** @type {[number|null, number|null]} */
  #goals = [null, null];

  /** @param {string} code @returns {Side|null} whose key it is */
  #sideOf(code) {
    const key = Object.hasOwn(KEYS, code) ? KEYS[code] : undefined;
    if (!key || this.sides.length === 0) return null;
    return this.sides.length === 1 ? (this.sides[0] ?? null) : key.side;
  }

  /** @param {string} code */
  knows(code) {
    return this.#sideOf(code) !== null;
  }

  /**
   * @param {string} code
   * @param {boolean} down
   * @returns {boolean} whether it is a key of the game
   */
  key(code, down) {
    const side = this.#sideOf(code);
    if (side === null) return false;
    const held = this.#held[side].filter((each) => each !== code);
    if (down) {
      held.push(code);
      this.#tapped[side] = KEYS[code]?.dir ?? 0;
      this.#goals[side] = null;
    }
    this.#held[side] = held;
    return true;
  }

  /** @param {Side} side @param {number|null} y where its paddle shall go; null: nowhere */
  aim(side, y) {
    this.#goals[side] = y === null ? null : Math.max(0, Math.min(COURT_HEIGHT, y));
  }

  /**
   * @param {Side} side
   * @param {number} by how far a finger has moved, in the court's unit
   * @param {number} paddle where it is
   * @param {number} [room] between the wall and its middle: a finger that went on there has not to come back first
   */
  pull(side, by, paddle, room = 0) {
    const goal = (this.#goals[side] ?? paddle) + by * PULL;
    this.aim(side, Math.max(room, Math.min(COURT_HEIGHT - room, goal)));
  }

  /** Nobody holds anything any more. */
  release() {
    this.#held = [[], []];
    this.#tapped = [0, 0];
    this.#goals = [null, null];
  }

  /** @param {Side} side @param {number} paddle where it is @returns {number} -1, 0 or 1 */
  direction(side, paddle) {
    const tapped = this.#tapped[side];
    this.#tapped[side] = 0;
    const key = this.#held[side].at(-1);
    if (key !== undefined) return KEYS[key]?.dir ?? 0;
    if (tapped !== 0) return tapped;
    const goal = this.#goals[side];
    // A paddle that could not come any closer stands still.
    if (goal === null || Math.abs(goal - paddle) < PADDLE_STEP) return 0;
    return goal < paddle ? -1 : 1;
  }
}

/** @param {EventTarget|null} target @returns {boolean} somebody is writing, or is asked something */
function elsewhere(target) {
  if (document.querySelector('dialog[open], [popover]:popover-open:not(.toasts)')) return true;
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/**
 * @param {Controls} controls
 * @param {object} how
 * @param {HTMLElement} how.court
 * @param {HTMLElement} how.pad below the court, for a thumb
 * @param {() => boolean} how.playing
 * @param {(side: Side) => number} how.paddle where one is
 * @param {() => number} how.room between a wall and the middle of a paddle there
 * @param {AbortSignal} how.signal
 */
export function listenTo(controls, { court, pad, playing, paddle, room, signal }) {
  /** @type {Map<number, {side: Side, y: number}>} */
  const fingers = new Map();

  /** @param {PointerEvent} event @returns {Side|null} */
  const sideAt = ({ clientX }) => {
    if (controls.sides.length < 2) return controls.sides[0] ?? null;
    const { left, width } = court.getBoundingClientRect();
    return clientX < left + width / 2 ? 0 : 1;
  };
  /** @param {PointerEvent} event */
  const point = (event) => {
    const side = sideAt(event);
    const { top, height } = court.getBoundingClientRect();
    if (side !== null) controls.aim(side, ((event.clientY - top) / height) * COURT_HEIGHT);
  };

  for (const place of [court, pad]) {
    place.addEventListener(
      'pointerdown',
      (event) => {
        if (!playing() || event.button !== 0) return;
        if (event.pointerType !== 'touch') return place === court ? point(event) : undefined;
        const side = sideAt(event);
        if (side === null) return;
        place.setPointerCapture(event.pointerId);
        fingers.set(event.pointerId, { side, y: event.clientY });
      },
      { signal },
    );
    place.addEventListener(
      'pointermove',
      (event) => {
        if (!playing()) return;
        const finger = fingers.get(event.pointerId);
        if (finger) {
          const { height } = court.getBoundingClientRect();
          const by = ((event.clientY - finger.y) / height) * COURT_HEIGHT;
          finger.y = event.clientY;
          controls.pull(finger.side, by, paddle(finger.side), room());
        } else if (event.pointerType !== 'touch' && place === court) {
          // Two people at one mouse: it has to be pressed to say whose it is.
          if (controls.sides.length === 1 || event.buttons > 0) point(event);
        }
      },
      { signal },
    );
    // A fast mouse is gone before it was seen at the edge.
    place.addEventListener(
      'pointerleave',
      (event) => {
        if (event.pointerType !== 'mouse' || place !== court || controls.sides.length !== 1) return;
        if (playing()) point(event);
      },
      { signal },
    );
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) {
      place.addEventListener(
        end,
        ({ pointerId }) => {
          const finger = fingers.get(pointerId);
          fingers.delete(pointerId);
          if (finger) controls.aim(finger.side, null);
        },
        { signal },
      );
    }
  }

  addEventListener(
    'keydown',
    (event) => {
      if (!playing() || event.ctrlKey || event.metaKey || event.altKey || elsewhere(event.target)) return;
      if (event.repeat ? controls.knows(event.code) : controls.key(event.code, true)) event.preventDefault();
    },
    { signal },
  );
  addEventListener('keyup', ({ code }) => controls.key(code, false), { signal });
  addEventListener(
    'blur',
    () => {
      fingers.clear();
      controls.release();
    },
    { signal },
  );
}
