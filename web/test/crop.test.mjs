import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sidesOf } from '../core/tag-sides.js';
import { frameFor, planOf, reordered, sentAsItIs, spotsOf } from '../core/compose.js';
import {
  MOST_ZOOM,
  WHOLE,
  frameOf,
  held,
  isWhole,
  moved,
  outputOf,
  rectOf,
  toFrame,
  toPicture,
  zoomed,
} from '../core/crop.js';

const wide = { width: 1600, height: 800 };
const tall = { width: 600, height: 1200 };

/** @param {import('../core/crop.js').Rect} rect @param {import('../core/crop.js').Size} size */
function inside({ x, y, width, height }, size) {
  const near = 1e-6;
  return x >= -near && y >= -near && x + width <= size.width + near && y + height <= size.height + near;
}

test('a frame is filled from the middle, as large as it can be', () => {
  assert.deepEqual(rectOf(wide, 1, WHOLE), { x: 400, y: 0, width: 800, height: 800 });
  assert.deepEqual(rectOf(tall, 1, WHOLE), { x: 0, y: 300, width: 600, height: 600 });
  assert.deepEqual(rectOf(wide, 2, WHOLE), { x: 0, y: 0, width: 1600, height: 800 });
  assert.ok(isWhole(wide, rectOf(wide, 2, WHOLE)));
  assert.ok(!isWhole(wide, rectOf(wide, 1, WHOLE)));
});

test('whatever is dragged or zoomed, the picture fills the frame', () => {
  for (const size of [wide, tall]) {
    for (const ratio of [1, 0.8, 4 / 3]) {
      for (const crop of [
        { x: -3, y: 9, zoom: 0.2 },
        { x: 0, y: 0, zoom: 2 },
        { x: 1, y: 1, zoom: 99 },
      ]) {
        const rect = rectOf(size, ratio, crop);
        assert.ok(inside(rect, size), JSON.stringify({ size, ratio, crop }));
        assert.ok(Math.abs(rect.width / rect.height - ratio) < 1e-9);
      }
    }
  }
  assert.equal(held(wide, 1, { x: 0.5, y: 0.5, zoom: 99 }).zoom, MOST_ZOOM);
});

test('dragging to the right shows what is farther left, as far as there is something', () => {
  const once = moved(wide, 1, { ...WHOLE }, { dx: 0.25, dy: 0.4 });
  assert.deepEqual(rectOf(wide, 1, once), { x: 200, y: 0, width: 800, height: 800 });
  const far = moved(wide, 1, once, { dx: 5, dy: 0 });
  assert.equal(rectOf(wide, 1, far).x, 0);
});

test('what lies under the finger stays there while one zooms', () => {
  const at = { x: 0.25, y: 0.75 };
  const before = toPicture(wide, rectOf(wide, 1, WHOLE), at);
  const near = zoomed(wide, 1, { ...WHOLE }, 2, at);
  const after = toPicture(wide, rectOf(wide, 1, near), at);
  assert.ok(Math.abs(before.x - after.x) < 1e-9 && Math.abs(before.y - after.y) < 1e-9);
});

test('a place in the frame is one in the picture, and back', () => {
  const rect = rectOf(wide, 1, WHOLE);
  assert.deepEqual(toPicture(wide, rect, { x: 0, y: 1 }), { x: 0.25, y: 1 });
  assert.deepEqual(toFrame(wide, rect, { x: 0.25, y: 1 }), { x: 0, y: 1 });
  // Cut away by now: the nearest edge.
  assert.deepEqual(toFrame(wide, rect, { x: 0, y: 0.5 }), { x: 0, y: 0.5 });
});

test('no picture is blown up, and none is larger than the server keeps it', () => {
  assert.deepEqual(outputOf({ width: 3200, height: 1600 }, 1600), { width: 1600, height: 800 });
  assert.deepEqual(outputOf({ width: 300, height: 400 }, 1600), { width: 300, height: 400 });
  assert.deepEqual(outputOf({ width: 0.2, height: 0.2 }, 1600), { width: 1, height: 1 });
});

test('a frame is the chosen one, or that of the first picture within reason', () => {
  assert.equal(frameOf('4:5', wide), 0.8);
  assert.equal(frameOf('', wide), 2);
  assert.equal(frameOf('', { width: 900, height: 100 }), 2);
  assert.equal(frameOf('', { width: 100, height: 900 }), 0.5);
  assert.equal(frameOf('', undefined), 1);
});

/** @param {string} id @param {Partial<import('../core/compose.js').Shot>} [more] @returns {import('../core/compose.js').Shot} */
const shot = (id, more = {}) => ({
  id,
  url: `blob:${id}`,
  ...wide,
  crop: { ...WHOLE },
  file: null,
  address: `/media/${id}.jpg`,
  ...more,
});

/** @param {import('../core/compose.js').Shot[]} list */
const ids = (list) => list.map(({ id }) => id);

test('pictures change places, and never leave the list', () => {
  assert.deepEqual(reordered(['a', 'b', 'c'], 0, 2), ['b', 'c', 'a']);
  assert.deepEqual(reordered(['a', 'b', 'c'], 2, 0), ['c', 'a', 'b']);
  assert.deepEqual(reordered(['a', 'b'], 1, 2), ['a', 'b']);
  assert.deepEqual(reordered(['a', 'b'], 0, -1), ['a', 'b']);
  assert.deepEqual(reordered([], 0, 1), []);
});

test('what the server has stays there, up to the first picture that is new or cut anew', () => {
  const a = shot('a');
  const b = shot('b');
  const fresh = shot('n', { address: null, file: new Blob() });
  const cutAnew = shot('z', { crop: { x: 0.4, y: 0.5, zoom: 1 } });
  assert.deepEqual(planOf([b, a], 0.8, 0.8), { keep: ['/media/b.jpg', '/media/a.jpg'], send: [] });
  const mixed = planOf([a, fresh, b], 0.8, 0.8);
  assert.deepEqual([mixed.keep, ids(mixed.send)], [['/media/a.jpg'], ['n', 'b']]);
  const anew = planOf([cutAnew, a], 0.8, 0.8);
  assert.deepEqual([anew.keep, ids(anew.send)], [[], ['z', 'a']]);
  // Another frame cuts all of them anew; what the server rounded is the same one.
  assert.deepEqual(ids(planOf([a, b], 1, 0.8).send), ['a', 'b']);
  assert.deepEqual(planOf([a], 0.8, 0.7996).keep, ['/media/a.jpg']);
  assert.deepEqual(ids(planOf([fresh], 0.8, null).send), ['n']);
});

test('a frame that a post has is kept until another is chosen', () => {
  assert.equal(frameFor([shot('a')], '4:5', 1.25), 1.25);
  assert.equal(frameFor([shot('a')], '', null), 2);
});

test('a drawing or an animation that is not cut is sent as it is', () => {
  const gif = shot('g', { file: new Blob([], { type: 'image/gif' }) });
  assert.ok(sentAsItIs(gif, 2, 1600));
  assert.ok(!sentAsItIs(gif, 1, 1600), 'cut');
  assert.ok(!sentAsItIs(gif, 2, 1000), 'too large');
  assert.ok(
    !sentAsItIs(shot('j', { file: new Blob([], { type: 'image/jpeg' }) }), 2, 1600),
    'says where it was taken',
  );
  assert.ok(!sentAsItIs(shot('k'), 2, 1600));
});

test('products are told where they are in the frame of their picture', () => {
  const product = { info_id: 7, eng_name: 'A', kor_name: '가', image: null, purchase_price: null };
  const tags = [
    { ...product, shot: 'b', x: 0.5, y: 0.25 },
    { ...product, info_id: 8, shot: null, x: 0.5, y: 0.5 },
    { ...product, info_id: 9, shot: 'gone', x: 0.5, y: 0.5 },
  ];
  assert.deepEqual(spotsOf(tags, [shot('a'), shot('b')], 1), [{ info_id: 7, x: 0.5, y: 0.25, picture: 1 }]);
});

test('names of products stand where there is room, and not over each other', () => {
  assert.deepEqual(sidesOf([{ x: 0.2, y: 0.2 }]), ['right']);
  assert.deepEqual(sidesOf([{ x: 0.8, y: 0.2 }]), ['left']);
  const near = [
    { x: 0.35, y: 0.42 },
    { x: 0.65, y: 0.36 },
  ];
  assert.deepEqual(sidesOf(near), ['left', 'right']);
  const edges = [
    { x: 0.1, y: 0.42 },
    { x: 0.9, y: 0.42 },
  ];
  assert.deepEqual(sidesOf(edges), ['right', 'left'], 'outwards there is no room');
  assert.deepEqual(sidesOf([]), []);
});
