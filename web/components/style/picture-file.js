import { sentAsItIs } from '../../core/compose.js';
import { WHOLE, outputOf, rectOf } from '../../core/crop.js';
import { Problem } from '../../core/problem.js';
import { uuid } from '../../core/uuid.js';

/** @typedef {import('../../core/compose.js').Shot} Shot */

/** As large as the server keeps them. */
const MOST = 1_600;
const QUALITY = 0.9;

/** @param {string} url @returns {Promise<HTMLImageElement>} */
async function decoded(url) {
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    throw new Problem({ status: 400, code: 'blob.bad_image' });
  }
  return image;
}

/**
 * A chosen file. Its address has to be given back with `release`.
 *
 * @param {File} file
 * @returns {Promise<Shot>} a picture that this browser can't show is a Problem
 */
export async function shotOf(file) {
  const url = URL.createObjectURL(file);
  try {
    const { naturalWidth: width, naturalHeight: height } = await decoded(url);
    return { id: uuid(), url, width, height, crop: { ...WHOLE }, file, address: null };
  } catch (error) {
    URL.revokeObjectURL(url);
    throw error;
  }
}

/**
 * A picture that a post has already.
 *
 * @param {string} address
 * @param {string} url where this page may read it
 * @returns {Promise<Shot>}
 */
export async function keptShot(address, url) {
  const { naturalWidth: width, naturalHeight: height } = await decoded(url);
  return { id: uuid(), url, width, height, crop: { ...WHOLE }, file: null, address };
}

/** @param {Shot} shot */
export function release({ url, file }) {
  if (file) URL.revokeObjectURL(url);
}

/**
 * The part of a picture that its frame shows, as a file to send.
 *
 * @param {Shot} shot
 * @param {number} frame
 * @param {number} [most] pixels of the longer side
 * @returns {Promise<Blob>}
 */
export async function cut(shot, frame, most = MOST) {
  if (shot.file && sentAsItIs(shot, frame, most)) return shot.file;
  const image = await decoded(shot.url);
  const rect = rectOf(shot, frame, shot.crop);
  const { width, height } = outputOf(rect, most);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  // What is transparent would become black.
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, rect.x, rect.y, rect.width, rect.height, 0, 0, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Problem({ status: 400, code: 'blob.bad_image' }))),
      'image/jpeg',
      QUALITY,
    );
  });
}

/** @param {Blob} blob @param {number} n @returns {string} a name for it */
export function fileName(blob, n) {
  return `${n + 1}.${blob.type.split('/')[1]?.replace('jpeg', 'jpg') ?? 'jpg'}`;
}
