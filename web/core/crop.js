/**
 * The part of a picture that is shown in a frame. Pure: pictures are numbers here.
 *
 * @typedef {{width: number, height: number}} Size
 * @typedef {{x: number, y: number, zoom: number}} Crop  x and y: the middle, 0…1 of the picture; zoom: from 1, where it just fills the frame
 * @typedef {{x: number, y: number, width: number, height: number}} Rect  in pixels of the picture
 */

export const MOST_ZOOM = 4;
/** @type {Readonly<Crop>} */
export const WHOLE = Object.freeze({ x: 0.5, y: 0.5, zoom: 1 });

/** Shapes that a frame may have; '' is that of the first picture. */
export const RATIOS = /** @type {const} */ (['1:1', '4:5', '3:4', '4:3', '']);
/** @typedef {typeof RATIOS[number]} Ratio */

/** No frame is a strip or a tower, whatever the first picture is. */
const NARROWEST = 0.5;
const WIDEST = 2;

/** @param {Ratio} ratio @param {Size|undefined} first the first picture @returns {number} width by height */
export function frameOf(ratio, first) {
  const [width = 0, height = 0] = ratio.split(':').map(Number);
  if (width && height) return width / height;
  if (!first) return 1;
  return Math.min(WIDEST, Math.max(NARROWEST, first.width / first.height));
}

/** @param {number} value @param {number} least @param {number} most */
const within = (value, least, most) => Math.min(most, Math.max(least, value));

/** @param {Size} size @param {number} ratio @param {number} zoom @returns {Size} what is seen */
function seen({ width, height }, ratio, zoom) {
  const whole = width / height > ratio ? { width: height * ratio, height } : { width, height: width / ratio };
  return { width: whole.width / zoom, height: whole.height / zoom };
}

/**
 * @param {Size} size of the picture
 * @param {number} ratio of the frame
 * @param {Crop} crop
 * @returns {Crop} the nearest one with which the picture fills the frame
 */
export function held(size, ratio, { x, y, zoom }) {
  const near = within(zoom, 1, MOST_ZOOM);
  const part = seen(size, ratio, near);
  const [halfX, halfY] = [part.width / size.width / 2, part.height / size.height / 2];
  return { x: within(x, halfX, 1 - halfX), y: within(y, halfY, 1 - halfY), zoom: near };
}

/** @param {Size} size @param {number} ratio @param {Crop} crop @returns {Rect} */
export function rectOf(size, ratio, crop) {
  const { x, y, zoom } = held(size, ratio, crop);
  const part = seen(size, ratio, zoom);
  return {
    x: x * size.width - part.width / 2,
    y: y * size.height - part.height / 2,
    width: part.width,
    height: part.height,
  };
}

/** @param {Size} size @param {Rect} rect @returns {boolean} nothing is cut away, but for a pixel of rounding */
export function isWhole(size, rect) {
  return size.width - rect.width < 1.5 && size.height - rect.height < 1.5;
}

/**
 * @param {Size} part what is cut out
 * @param {number} most pixels of the longer side
 * @returns {Size} how large it becomes; nothing is blown up
 */
export function outputOf({ width, height }, most) {
  const scale = Math.min(1, most / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * @param {Size} size
 * @param {number} ratio
 * @param {Crop} crop
 * @param {{dx: number, dy: number}} by 0…1 of the frame; to the right moves the picture to the right
 * @returns {Crop}
 */
export function moved(size, ratio, crop, { dx, dy }) {
  const rect = rectOf(size, ratio, crop);
  const { x, y, zoom } = held(size, ratio, crop);
  return held(size, ratio, {
    x: x - (dx * rect.width) / size.width,
    y: y - (dy * rect.height) / size.height,
    zoom,
  });
}

/**
 * Nearer or farther; what lies under a point of the frame stays under it.
 *
 * @param {Size} size
 * @param {number} ratio
 * @param {Crop} crop
 * @param {number} zoom
 * @param {{x: number, y: number}} [at] 0…1 of the frame
 * @returns {Crop}
 */
export function zoomed(size, ratio, crop, zoom, at = { x: 0.5, y: 0.5 }) {
  const before = rectOf(size, ratio, crop);
  const near = within(zoom, 1, MOST_ZOOM);
  const part = seen(size, ratio, near);
  return held(size, ratio, {
    x: (before.x + at.x * before.width + (0.5 - at.x) * part.width) / size.width,
    y: (before.y + at.y * before.height + (0.5 - at.y) * part.height) / size.height,
    zoom: near,
  });
}

/**
 * From a place in the frame to one in the picture, so that it stays on what it was put on.
 *
 * @param {Size} size
 * @param {Rect} rect what the frame shows
 * @param {{x: number, y: number}} place 0…1 of the frame
 * @returns {{x: number, y: number}} 0…1 of the picture
 */
export function toPicture(size, rect, { x, y }) {
  return {
    x: (rect.x + within(x, 0, 1) * rect.width) / size.width,
    y: (rect.y + within(y, 0, 1) * rect.height) / size.height,
  };
}

/**
 * @param {Size} size
 * @param {Rect} rect
 * @param {{x: number, y: number}} place 0…1 of the picture
 * @returns {{x: number, y: number}} 0…1 of the frame: its edge where the place is cut away
 */
export function toFrame(size, rect, { x, y }) {
  return {
    x: within((x * size.width - rect.x) / rect.width, 0, 1),
    y: within((y * size.height - rect.y) / rect.height, 0, 1),
  };
}
