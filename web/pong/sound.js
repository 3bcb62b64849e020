import { local } from '../core/storage.js';
import { BOUNCED, HIT_PADDLE, SCORED, SERVED, WON } from './sim.js';

/**
 * Short tones, made here: there is nothing to load. Browsers allow them after a gesture; without one, or without a
 * way to make them, it is quiet.
 */

const KEY = 'rally.pong.mute';
/** The same sound twice within that is once too often. */
const APART_MS = 60;

/** Hertz and seconds, one after the other. @type {Record<string, [number, number][]>} */
const TONES = {
  serve: [[330, 0.09]],
  wall: [[220, 0.04]],
  paddle: [[440, 0.06]],
  point: [
    [392, 0.09],
    [262, 0.16],
  ],
  win: [
    [392, 0.1],
    [494, 0.1],
    [587, 0.1],
    [784, 0.26],
  ],
};

/** The loudest last: it alone is heard. @type {[number, keyof typeof TONES][]} */
const SOUNDS = [
  [BOUNCED, 'wall'],
  [SERVED, 'serve'],
  [HIT_PADDLE, 'paddle'],
  [SCORED, 'point'],
  [WON, 'win'],
];

const VOLUME = 0.08;

export class Sound {
  #muted = local.get(KEY) === '1';
  /** @type {AudioContext|null} */
  #context = null;
  #at = -Infinity;

  get muted() {
    return this.#muted;
  }

  set muted(muted) {
    this.#muted = muted;
    local.set(KEY, muted ? '1' : null);
  }

  /** Somebody has touched the page: from now on it may sound. @param {AbortSignal} signal */
  listen(signal) {
    const stop = new AbortController();
    const wake = () => {
      stop.abort();
      this.#open();
    };
    const either = AbortSignal.any([signal, stop.signal]);
    for (const type of ['pointerdown', 'keydown']) addEventListener(type, wake, { signal: either });
    signal.addEventListener('abort', () => this.#close(), { once: true });
  }

  #open() {
    try {
      this.#context ??= new AudioContext();
      this.#context.resume().catch(() => {});
    } catch {
      // There is no sound here.
    }
  }

  #close() {
    this.#context?.close().catch(() => {});
    this.#context = null;
  }

  /** @param {number} happened @param {number} now milliseconds */
  play(happened, now) {
    const name = SOUNDS.findLast(([bit]) => (happened & bit) !== 0)?.[1];
    if (!name || this.#muted || now - this.#at < APART_MS) return;
    const context = this.#context;
    if (context?.state !== 'running') return;
    this.#at = now;
    try {
      let start = context.currentTime;
      for (const [pitch, length] of TONES[name] ?? []) {
        const tone = new OscillatorNode(context, { type: 'triangle', frequency: pitch });
        const gain = new GainNode(context, { gain: VOLUME });
        gain.gain.setValueAtTime(VOLUME, start);
        gain.gain.exponentialRampToValueAtTime(0.0001, start + length);
        tone.connect(gain).connect(context.destination);
        tone.start(start);
        tone.stop(start + length);
        start += length;
      }
    } catch {
      // Too many at once: one beep less.
    }
  }
}
