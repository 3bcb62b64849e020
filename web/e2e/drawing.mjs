import { crc32, deflateSync } from 'node:zlib';

/**
 * Pictures to upload, drawn here: a browser and the server have to decode them.
 */

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/**
 * A PNG of one colour on the left and another on the right.
 *
 * @param {number} width
 * @param {number} height
 * @param {[number, number, number]} left
 * @param {[number, number, number]} right
 */
export function png(width, height, left = [200, 90, 60], right = [60, 110, 190]) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.alloc(1 + width * 3);
  for (let x = 0; x < width; x += 1) line.set(x < width / 2 ? left : right, 1 + x * 3);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, () => line)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * As a browser's file chooser takes it.
 *
 * @param {string} name
 * @param {Buffer} buffer
 */
export const pngFile = (name, buffer) => ({ name, mimeType: 'image/png', buffer });
