import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnsOf, isBye, personIn, ranked, roundKind, roundNow } from '../core/pong-bracket.js';

/**
 * @typedef {import('../core/pong-types.js').Pairing} Pairing
 * @typedef {import('../core/pong-types.js').Entry} Entry
 */

/** @param {number|null} a @param {number|null} b @param {Partial<Pairing>} [more] @returns {Pairing} */
const pairing = (a, b, more = {}) => ({
  round: 0,
  slot: 0,
  players: [a, b],
  state: 'waiting',
  match_id: null,
  ready_by: null,
  winner: null,
  how: null,
  score: null,
  ...more,
});

/** @param {number} id @param {Partial<Entry>} [more] @returns {Entry} */
const entry = (id, more = {}) => ({
  user_id: id,
  profile_name: `p${id}`,
  image: null,
  rating: 1500,
  seed: id,
  withdrawn: false,
  place: null,
  ...more,
});

/** Five people: the three best have byes, four and five play for the place beside the first. */
const cup = {
  players: [1, 2, 3, 4, 5].map((id) => entry(id)),
  rounds: [
    [
      pairing(1, null, { state: 'done', how: 'bye', winner: 1 }),
      pairing(4, 5, { state: 'playing', match_id: 70, score: null }),
      pairing(2, null, { state: 'done', how: 'bye', winner: 2 }),
      pairing(3, null, { state: 'done', how: 'bye', winner: 3 }),
    ],
    [
      pairing(1, null),
      pairing(2, 3, { state: 'done', how: 'score', winner: 3, score: [2, 5], match_id: 71 }),
    ],
    [pairing(null, 3)],
  ],
};

test('rounds are named by how many may stand in them, and only what is played has a number', () => {
  const columns = columnsOf(cup);
  assert.deepEqual(
    columns.map(({ of }) => [of, roundKind(of)]),
    [
      [8, 'quarter'],
      [4, 'semi'],
      [2, 'final'],
    ],
  );
  assert.deepEqual(
    columns.map(({ pairings }) => pairings.map(({ number }) => number)),
    [[null, 1, null, null], [2, 3], [4]],
  );
  assert.equal(roundKind(32), 'of');
});

test('a seat says who sits there, or whose winner will', () => {
  const [first, second, final] = columnsOf(cup);
  assert.deepEqual(
    first?.pairings[0]?.seats.map(({ state }) => state),
    ['won', 'empty'],
  );
  const [open, decided] = second?.pairings ?? [];
  assert.deepEqual(
    open?.seats.map(({ state, from }) => [state, from]),
    [
      ['in', null],
      ['waits', 1],
    ],
  );
  assert.deepEqual(
    decided?.seats.map(({ state, score }) => [state, score]),
    [
      ['out', 2],
      ['won', 5],
    ],
  );
  assert.deepEqual(
    final?.pairings[0]?.seats.map(({ entry: who, from }) => [who?.user_id ?? null, from]),
    [
      [null, 2],
      [3, null],
    ],
  );
});

test('a bye is a bye; a match that ended without anybody has no number either', () => {
  assert.equal(isBye(pairing(1, null, { how: 'bye', state: 'done', winner: 1 })), true);
  assert.equal(isBye(pairing(null, null, { how: 'withdrawn', state: 'done' })), true);
  assert.equal(isBye(pairing(1, 2, { how: 'walkover', state: 'done', winner: 2 })), false);
  assert.equal(isBye(pairing(null, null)), false);
});

test('one sees first the round that one plays in, then the one that is played, and in the end the last', () => {
  assert.equal(roundNow(columnsOf(cup)), 0);
  assert.equal(roundNow(columnsOf(cup, 3)), 2, 'mine comes first');
  assert.equal(roundNow(columnsOf(cup, 2)), 0, 'who is out looks on');
  const over = {
    ...cup,
    rounds: cup.rounds.map((round) =>
      round.map((each) => ({ ...each, state: /** @type {const} */ ('done') })),
    ),
  };
  assert.equal(roundNow(columnsOf(over, 3)), 2);
  assert.equal(roundNow([]), 0);
});

test('mine are marked', () => {
  const mine = columnsOf(cup, 3).flatMap(({ pairings }) => pairings.filter((each) => each.mine));
  assert.equal(mine.length, 3);
});

test('who is in stands first, by seed or rating; who is out by how far they came; who withdrew last', () => {
  const order = (/** @type {Entry[]} */ list) => ranked(list).map(({ user_id: id }) => id);
  assert.deepEqual(
    order([
      entry(1, { withdrawn: true }),
      entry(2, { place: 5 }),
      entry(3, { place: 3 }),
      entry(6),
      entry(5),
    ]),
    [5, 6, 3, 2, 1],
  );
  assert.deepEqual(
    order([entry(1, { place: 2 }), entry(2, { place: 1 }), entry(3, { place: 3 })]),
    [2, 1, 3],
    'in the end everybody has a place',
  );
  assert.deepEqual(
    order([entry(1, { seed: null, rating: 1400 }), entry(2, { seed: null, rating: 1600 })]),
    [2, 1],
    'before the start nobody has a seed',
  );
});

test('who left has no name any more', () => {
  assert.equal(personIn(entry(1, { profile_name: null })), null);
  assert.equal(personIn(null), null);
  assert.deepEqual(personIn(entry(1)), { user_id: 1, profile_name: 'p1', image: null });
});
