import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsFor, lay } from '../core/masonry.js';

/** @param {number[]} heights */
const cards = (heights) => heights.map((height, i) => ({ key: String(i), height }));

/** @param {import('../core/masonry.js').Place[]} places */
const columnsOf = (places) => places.map(({ column }) => column);

test('two columns on a phone, four and more on a desktop', () => {
  assert.equal(columnsFor(328, 10), 2);
  assert.equal(columnsFor(360, 10), 2);
  assert.equal(columnsFor(704, 20), 3);
  assert.equal(columnsFor(1112, 20), 4);
  assert.equal(columnsFor(1280, 20), 5);
  assert.equal(columnsFor(9_000, 20), 6);
  assert.equal(columnsFor(0, 10), 2, 'what is not measured yet');
});

test('each card goes to the shortest column, the first of equals', () => {
  const { places, height } = lay(cards([100, 50, 50, 80, 10]), { columns: 3, gap: 10 });
  assert.deepEqual(columnsOf(places), [0, 1, 2, 1, 2]);
  assert.deepEqual(
    places.map(({ top }) => top),
    [0, 0, 0, 60, 60],
  );
  assert.equal(height, 140);
});

test('what stands already keeps its column when more comes, whatever has grown meanwhile', () => {
  const first = cards([100, 60, 40, 90]);
  const before = lay(first, { columns: 2, gap: 10 }).places;
  const kept = new Map(first.map(({ key }, i) => [key, before[i]?.column ?? 0]));
  const grown = [...first, { key: 'new', height: 30 }].map((card) =>
    card.key === '0' ? { ...card, height: 400 } : card,
  );
  const after = lay(grown, { columns: 2, gap: 10, kept }).places;
  assert.deepEqual(columnsOf(after).slice(0, 4), columnsOf(before));
  assert.equal(after[4]?.column, 1, 'the new one goes where there is room now');
  // One that is gone leaves no hole.
  const less = lay(first.slice(1), { columns: 2, gap: 10, kept }).places;
  assert.equal(less[0]?.top, 0);
  assert.deepEqual(columnsOf(less), columnsOf(before).slice(1));
});

test('fewer columns: nobody is left outside of the window', () => {
  const kept = new Map([
    ['0', 4],
    ['1', 1],
  ]);
  const { places } = lay(cards([10, 10]), { columns: 2, gap: 0, kept });
  assert.deepEqual(columnsOf(places), [0, 1]);
  assert.deepEqual(lay([], { columns: 2, gap: 10 }), { places: [], height: 0 });
});
