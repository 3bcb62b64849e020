import { t } from '../../core/context.js';
import { local } from '../../core/storage.js';
import { segmented } from '../segmented.js';

/**
 * What one chooses before a match, and finds chosen the next time.
 *
 * @typedef {import('../../core/pong-types.js').Points} Points
 * @typedef {import('../../core/pong-types.js').Difficulty} Difficulty
 */

const POINTS = /** @type {const} */ ([3, 5, 11]);
const LEVELS = /** @type {const} */ (['easy', 'normal', 'hard']);
const POINTS_KEY = 'rally.pong.points';
const LEVEL_KEY = 'rally.pong.level';

/** @returns {Points} */
export function chosenPoints() {
  return POINTS.find((points) => String(points) === local.get(POINTS_KEY)) ?? 5;
}

/** @returns {Difficulty} */
export function chosenLevel() {
  return LEVELS.find((level) => level === local.get(LEVEL_KEY)) ?? 'normal';
}

/** @param {{showLegend?: boolean}} [how] */
export function pointsChoice({ showLegend = true } = {}) {
  return segmented({
    legend: t('pong.points'),
    showLegend,
    options: POINTS.map((points) => ({ value: String(points), label: String(points) })),
    value: String(chosenPoints()),
    onchange: (points) => local.set(POINTS_KEY, points),
  });
}

export function levelChoice() {
  return segmented({
    legend: t('pong.level'),
    options: LEVELS.map((level) => ({ value: level, label: t(`pong.level.${level}`) })),
    value: chosenLevel(),
    onchange: (level) => local.set(LEVEL_KEY, level),
  });
}
