import { h } from '../../core/element.js';
import { rectOf } from '../../core/crop.js';

/** @typedef {import('../../core/compose.js').Shot} Shot */

/**
 * Places an image so that its frame shows the part that is chosen.
 *
 * @param {HTMLElement} image
 * @param {Shot} shot
 * @param {number} frame
 */
export function placeImage(image, { width, height, crop }, frame) {
  const rect = rectOf({ width, height }, frame, crop);
  // Margins in percent are those of the width, at the top as well.
  const vars = {
    w: (width / rect.width) * 100,
    x: (-rect.x / rect.width) * 100,
    top: (-rect.y / rect.width) * 100,
  };
  for (const [name, value] of Object.entries(vars)) image.style.setProperty(`--crop-${name}`, `${value}%`);
}

/**
 * A picture in its frame, as it will be.
 *
 * @param {Shot} shot
 * @param {number} frame
 */
export function cropped(shot, frame) {
  const image = h('img', { class: 'cropped-image', src: shot.url, alt: '', draggable: 'false' });
  placeImage(image, shot, frame);
  return h('span', { class: 'cropped', vars: { ratio: frame.toFixed(4) } }, image);
}
