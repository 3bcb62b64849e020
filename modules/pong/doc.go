// Package pong is the game: matches, ratings and tournaments.
//
// # Words
//
// A match has two sides, left (0) and right (1). Its simulation moves on in ticks, 60
// a second; the state is all there is of it. A table is a match that is being played,
// a lane a goroutine that owns tables, the arena all lanes of a node. A line is a
// connection: of a player, who sits on a side, or of somebody who watches. An owner is
// the node that plays a match. A record is what was played: seed, directions, pauses.
// A standing is how somebody does, a rival whom they met, a season a quarter of a
// year. A cup is a tournament, a pairing a place for two in its bracket.
//
// # Tables of the database
//
// pong_matches, pong_replays and pong_checkpoints; pong_queue; pong_standings and
// pong_rivals; pong_tournaments and pong_entries.
//
// # Invariants
//
//   - The simulation is whole numbers and pure: see Step. A record played again comes
//     to the result that was stored, bit for bit. web/pong/sim.js has the same rules.
//   - Clients say directions and nothing else. What an owner tells of a point it never
//     takes back: an input that is late changes at most the last Rewind ticks, and a
//     point counts GoalDelay ticks after the ball has left. When an owner dies, the next
//     one goes on from its last checkpoint: some of the last two seconds may be played
//     again.
//   - A match is played by one node, and there by one goroutine. The table of owners
//     decides by create and compare-and-swap; whoever lost an entry gives the table up.
//   - A tick does no input or output but to write to lines, which never wait. The
//     database is asked when a match begins and when it ends.
//   - What came of a match is stored once: result, ratings and the next step of its
//     tournament are one transaction, which changes a row that is not done yet.
//   - Nobody plays two matches at once; but for one who is called to a tournament's
//     and lets others wait for ten minutes.
//   - A tournament always ends with exactly one champion: see Bracket.
//   - Locks come in one order: the tournament, people by id, the match. The queue's lock
//     comes before people.
//
// # Doors
//
// Routes: /api/pong/; GET /ws/pong/matches/{id}, see protocol.go and
// docs/pong-protocol.md. Topics: pong (personal), pong.lobby, pong.tournament:{id}.
// Events: Asked, Answered, Called, Played, CupWon. Subscriptions:
// accounts.UserDeactivated, accounts.UserReactivated, accounts.UserErased. Jobs:
// pong.depart, pong.fade_ratings, pong.purge_queue. Beside Service, for other
// modules: Importer, Arena.
package pong
