import { OVER, PAUSED, WAITING } from './wire.js';

/**
 * What somebody at a match is looking at, from all that is known of it. Pure.
 *
 * @typedef {import('../core/pong-types.js').Match} Match
 * @typedef {import('./connection.js').State} ConnectionState
 *
 * @typedef {object} Facts
 * @property {Match} match as it was read last
 * @property {ConnectionState} line
 * @property {import('./wire.js').Snapshot|null} snapshot the last, of any connection
 * @property {import('./wire.js').Ended|null} ended
 *
 * @typedef {'asked'|'asks'|'others_ask'|'connecting'|'lost'|'taken'|'refused'|'signed_out'|'gone'|'waiting'|'paused'
 *   |'playing'|'ending'|'over'|'void'|'closed'} Situation
 */

/** @param {Facts} facts @returns {Situation} */
export function situation({ match, line, snapshot, ended }) {
  const { state, mine } = match;
  if (state === 'over' || state === 'void' || state === 'closed') return state;
  // Whoever asks plays on the left.
  if (state === 'invited') return mine === null ? 'others_ask' : mine === 0 ? 'asked' : 'asks';
  if (ended) return 'ending';
  if (line.name === 'shut') return line.end === 'over' ? 'ending' : line.end;
  if (line.name !== 'open') return snapshot ? 'lost' : 'connecting';
  if (!snapshot) return 'connecting';
  if (snapshot.phase === OVER) return 'ending';
  if (snapshot.phase === WAITING) return 'waiting';
  return snapshot.phase === PAUSED ? 'paused' : 'playing';
}

/** Whether the court moves. @param {Situation} now */
export const inPlay = (now) => now === 'playing' || now === 'paused';

/** Seconds that are counted down before the ball flies: at the start, and after a pause. */
export class Countdown {
  #counting = false;

  /**
   * @param {number} hold ticks for which the ball rests
   * @param {number} longest that a serve takes; what is longer is counted
   * @returns {number|null}
   */
  read(hold, longest) {
    if (hold === 0) this.#counting = false;
    else if (hold > longest) this.#counting = true;
    return this.#counting ? Math.ceil(hold / 60) : null;
  }
}
