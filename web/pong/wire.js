/**
 * The frames of a match: binary, little-endian, of fixed lengths. docs/pong-protocol.md says what they mean.
 *
 * @typedef {import('./sim.js').State} State
 * @typedef {import('./sim.js').Side} Side
 * @typedef {'left'|'right'|'watcher'|'both'} Role  both: two people at one client
 *
 * @typedef {object} Welcome
 * @property {'welcome'} type
 * @property {Role} role
 * @property {number} version
 * @property {import('../core/pong-types.js').Mode} mode
 * @property {number} tick of the match
 * @property {number} seed
 * @property {number} epoch
 * @property {number} points
 *
 * @typedef {object} Snapshot
 * @property {'snapshot'} type
 * @property {number} phase
 * @property {[boolean, boolean]} here
 * @property {[boolean, boolean]} ready
 * @property {boolean} void
 * @property {number} happened since the snapshot before
 * @property {State} state
 * @property {[number, number]} dirs
 * @property {[number, number]} acks the last input that was taken
 * @property {[number|null, number|null]} pings milliseconds there and back
 * @property {number} watchers
 * @property {number} wait seconds left of what is waited for
 * @property {number} epoch of which run of the match
 *
 * @typedef {object} Ended
 * @property {'ended'} type
 * @property {boolean} void
 * @property {Side|null} winner
 * @property {string} reason
 * @property {[number, number]} score
 *
 * @typedef {Welcome|Snapshot|Ended} Frame
 *
 * @typedef {object} Input
 * @property {number} side
 * @property {number} dir
 * @property {number} seq
 * @property {number} tick from which step on it counts
 * @property {number|null} echo the tick of the newest snapshot
 * @property {number} held milliseconds since that came
 */

export const VERSION = 1;

// Phases of a match.
export const WAITING = 0;
export const PLAYING = 1;
export const PAUSED = 2;
export const OVER = 3;

const SNAPSHOT_BYTES = 64;
const SHORT_BYTES = 16;
const INPUT_BYTES = 16;
const NO_PING = 0xffff;
const NO_ECHO = 0xffff;

/** @type {Role[]} */
const ROLES = ['left', 'right', 'watcher', 'both'];
/** @type {import('../core/pong-types.js').Mode[]} */
const MODES = ['quick', 'invite', 'ai', 'local', 'tournament'];
const REASONS = ['score', 'forfeit', 'no_show', 'server', 'abandoned', 'stuck', 'left'];

/** @param {Input} input @returns {ArrayBuffer} */
export function encodeInput({ side, dir, seq, tick, echo, held }) {
  const buffer = new ArrayBuffer(INPUT_BYTES);
  const view = new DataView(buffer);
  view.setUint8(0, 1);
  view.setUint8(1, side);
  view.setInt8(2, dir);
  view.setUint32(4, seq, true);
  view.setUint32(8, tick, true);
  view.setUint16(12, echo === null ? NO_ECHO : echo & 0xffff, true);
  view.setUint16(14, Math.max(0, Math.min(0xffff, Math.round(held))), true);
  return buffer;
}

/** @returns {Uint8Array<ArrayBuffer>} */
export const encodeReady = () => new Uint8Array([2, 0]);

/** @returns {Uint8Array<ArrayBuffer>} */
export const encodeResign = () => new Uint8Array([3, 0]);

/**
 * @param {unknown} data
 * @returns {Frame|null} null: not a frame that this version knows
 */
export function decode(data) {
  if (!(data instanceof ArrayBuffer) || data.byteLength === 0) return null;
  const view = new DataView(data);
  const type = view.getUint8(0);
  if (type === 1 && data.byteLength === SNAPSHOT_BYTES) return snapshot(view);
  if (type === 2 && data.byteLength === SHORT_BYTES) return welcome(view);
  if (type === 3 && data.byteLength === SHORT_BYTES) return ended(view);
  return null;
}

/** @param {DataView} view @returns {Snapshot|null} */
function snapshot(view) {
  const phase = view.getUint8(1);
  if (phase > OVER) return null;
  const flags = view.getUint8(2);
  /** @param {number} at */
  const ping = (at) => {
    const ms = view.getUint16(at, true);
    return ms === NO_PING ? null : ms;
  };
  return {
    type: 'snapshot',
    phase,
    here: [(flags & 1) !== 0, (flags & 2) !== 0],
    ready: [(flags & 4) !== 0, (flags & 8) !== 0],
    void: (flags & 64) !== 0,
    happened: view.getUint8(3),
    state: {
      tick: view.getUint32(4, true),
      x: view.getInt32(8, true),
      y: view.getInt32(12, true),
      vx: view.getInt32(16, true),
      vy: view.getInt32(20, true),
      paddles: [view.getInt32(24, true), view.getInt32(28, true)],
      score: [view.getUint8(32), view.getUint8(33)],
      points: view.getUint8(53),
      hits: view.getUint16(48, true),
      hold: view.getUint16(50, true),
      gone: view.getUint8(52),
      paused: (flags & 16) !== 0,
      server: flags & 32 ? 1 : 0,
      noise: view.getUint32(56, true),
    },
    dirs: [view.getInt8(34), view.getInt8(35)],
    acks: [view.getUint32(36, true), view.getUint32(40, true)],
    pings: [ping(44), ping(46)],
    watchers: view.getUint16(54, true),
    wait: view.getUint16(60, true),
    epoch: view.getUint16(62, true),
  };
}

/** @param {DataView} view @returns {Welcome|null} */
function welcome(view) {
  const role = ROLES[view.getUint8(1)];
  const mode = MODES[view.getUint8(3)];
  if (!role || !mode) return null;
  return {
    type: 'welcome',
    role,
    version: view.getUint8(2),
    mode,
    tick: view.getUint32(4, true),
    seed: view.getUint32(8, true),
    epoch: view.getUint16(12, true),
    points: view.getUint8(14),
  };
}

/** @param {DataView} view @returns {Ended|null} */
function ended(view) {
  const winner = view.getUint8(2);
  return {
    type: 'ended',
    void: view.getUint8(1) === 1,
    winner: winner === 0 || winner === 1 ? winner : null,
    reason: REASONS[view.getUint8(3)] ?? 'server',
    score: [view.getUint8(4), view.getUint8(5)],
  };
}

/** @param {Role} role @returns {Side[]} the sides that this client plays */
export function sidesOf(role) {
  if (role === 'both') return [0, 1];
  if (role === 'watcher') return [];
  return [role === 'left' ? 0 : 1];
}
