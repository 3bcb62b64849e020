/**
 * A tournament as it is drawn: rounds beside each other, in each the pairings from top to bottom, two of which lead
 * to one of the next round.
 *
 * @typedef {import('./pong-types.js').Cup} Cup
 * @typedef {import('./pong-types.js').Entry} Entry
 * @typedef {import('./pong-types.js').Pairing} Pairing
 *
 * @typedef {'empty'|'waits'|'in'|'won'|'out'} SeatState empty: nobody will sit there
 *
 * @typedef {object} Seat one line of a pairing
 * @property {Entry|null} entry
 * @property {SeatState} state
 * @property {number|null} score
 * @property {number|null} from number of the pairing whose winner will sit here
 *
 * @typedef {object} Drawn a pairing
 * @property {Pairing} pairing
 * @property {number|null} number counted over all that are played; null: a bye
 * @property {[Seat, Seat]} seats
 * @property {boolean} mine
 *
 * @typedef {object} Column a round
 * @property {number} of how many may still stand in it
 * @property {Drawn[]} pairings
 * @property {boolean} done
 */

/** @param {Pairing} pairing */
export const isBye = ({ how, players }) =>
  how === 'bye' || (how !== null && !players.some((id) => id !== null));

/**
 * @param {Pick<Cup, 'rounds'|'players'>} cup
 * @param {number|null} [me]
 * @returns {Column[]}
 */
export function columnsOf({ rounds, players }, me = null) {
  const entries = new Map(players.map((entry) => [entry.user_id, entry]));
  /** @type {(number|null)[][]} */
  const numbers = [];
  let count = 0;
  for (const round of rounds) numbers.push(round.map((pairing) => (isBye(pairing) ? null : ++count)));
  return rounds.map((round, r) => ({
    of: round.length * 2,
    done: round.every(({ state }) => state === 'done'),
    pairings: round.map((pairing, slot) => ({
      pairing,
      number: numbers[r]?.[slot] ?? null,
      seats: /** @type {[Seat, Seat]} */ (
        [0, 1].map((side) =>
          seatOf(pairing, side, entries, r === 0 ? null : (numbers[r - 1]?.[slot * 2 + side] ?? null)),
        )
      ),
      mine: me !== null && pairing.players.includes(me),
    })),
  }));
}

/**
 * @param {Pairing} pairing
 * @param {number} side
 * @param {Map<number, Entry>} entries
 * @param {number|null} from
 * @returns {Seat}
 */
function seatOf(pairing, side, entries, from) {
  const id = pairing.players[side] ?? null;
  const score = pairing.score?.[side] ?? null;
  if (id === null) {
    const empty = pairing.state === 'done' || from === null;
    return { entry: null, state: empty ? 'empty' : 'waits', score: null, from: empty ? null : from };
  }
  const entry = entries.get(id) ?? null;
  if (pairing.state !== 'done' || pairing.winner === null) return { entry, state: 'in', score, from: null };
  return { entry, state: pairing.winner === id ? 'won' : 'out', score, from: null };
}

/**
 * The round that one wants to see first: mine while I am in, or the one that is being played; in the end the last.
 *
 * @param {Column[]} columns
 * @returns {number}
 */
export function roundNow(columns) {
  const mine = columns.findIndex(({ pairings }) =>
    pairings.some(({ mine: me, pairing }) => me && pairing.state !== 'done'),
  );
  if (mine >= 0) return mine;
  const open = columns.findIndex(({ done }) => !done);
  return open >= 0 ? open : Math.max(0, columns.length - 1);
}

/** @param {number} of how many may stand in a round @returns {'final'|'semi'|'quarter'|'of'} */
export function roundKind(of) {
  if (of <= 2) return 'final';
  if (of <= 4) return 'semi';
  return of <= 8 ? 'quarter' : 'of';
}

/**
 * @param {Entry|null|undefined} entry
 * @returns {import('./types.js').Person|null} null: nobody, or they left
 */
export function personIn(entry) {
  if (!entry || entry.profile_name === null) return null;
  return { user_id: entry.user_id, profile_name: entry.profile_name, image: entry.image };
}

/**
 * Who took part: those who are in first, by seed or rating, then the others by how far they came.
 *
 * @param {Entry[]} players
 * @returns {Entry[]}
 */
export function ranked(players) {
  return [...players].sort(
    (a, b) =>
      Number(a.withdrawn) - Number(b.withdrawn) ||
      (a.place ?? 0) - (b.place ?? 0) ||
      (a.seed ?? 0) - (b.seed ?? 0) ||
      b.rating - a.rating ||
      a.user_id - b.user_id,
  );
}
