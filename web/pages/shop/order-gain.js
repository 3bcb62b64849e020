import { percent, won } from '../../core/format.js';

/**
 * Gains and losses in a form that doesn't need colours. Pure.
 */

/** @param {number} gain @returns {'up'|'down'|'flat'} */
export function direction(gain) {
  if (gain === 0) return 'flat';
  return gain > 0 ? 'up' : 'down';
}

const SIGNS = { up: '+', down: '−', flat: '' };

/** @param {number} amount @returns {string} `+₩12,000` */
export function signedWon(amount) {
  return SIGNS[direction(amount)] + won(Math.abs(amount));
}

/** @param {number} value in percent @param {string} lang @returns {string} `−3.2%` */
export function signedPercent(value, lang) {
  const rounded = Math.round(value * 10) / 10;
  return SIGNS[direction(rounded)] + percent(Math.abs(rounded) * 100, lang);
}
