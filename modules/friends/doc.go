// Package friends is who is whose friend, and who is there: requests, blocks,
// one seat a person, and presence.
//
// # Words
//
// A request is somebody's wish to be somebody's friend. A block hides two people
// from each other everywhere; modules above ask Circle, and modules beside are
// given it. A mute keeps somebody's words away from one person, and is told to
// nobody; it is a row of friend_blocks, and counts among a person's blocks. A seat is a person's place on the live connection: one session sits
// on it, with all of its tabs, on any node. A part is what one node knows of a
// seat. A socket that came while another session sits waits at the door: it may
// take the seat over within TakeoverWithin, which ends the other session.
//
// # Tables
//
// friends (one row for each of both), friend_requests, friend_blocks, presence
// (when somebody was last seen, and whether they appear offline). No other module
// touches them.
//
// # Presence
//
// Seats live in a key-value table that all nodes share, one key a person. Every
// change of it is a compare-and-swap, so of any number of sessions that come at
// once one sits. Each node follows the whole table and keeps a small view of every
// seat: a snapshot for a newcomer reads nothing but their list of friends and the
// profiles of those who are seen, and a change is told to the sockets of those
// friends who are connected to this node, and to nobody else.
//
// Time to live belongs to the nodes, not to the seats: a node says every
// BeatEvery that it is alive, and that counts for BeatLife. Of the nodes that are
// alive the one with the smallest name takes the parts of the others off the
// table. So a node that dies without a word costs its people at most BeatLife and
// one round, and a person who sits still costs no write at all. A seat whose nodes
// are all dead is free at once.
//
// Somebody whose last socket closed is seen for Debounce more: a reload is no
// leaving. So is somebody who hides, and for friends they were last seen when they
// hid. Their seat is free for another session already, which therefore needs
// no takeover. When a node stops in order, its people are left seated: they come
// to another node within Debounce, or the reaper lets them go.
//
// While the table is away, whoever comes is let in, and is seated by Rejoin when
// it is back. For that time a person may be connected twice. Rejoin also reads
// everybody's friends again: what changed meanwhile was not signalled here.
//
// # Invariants
//
//   - At most one session of a person is seated. Which one, the table says; a node
//     that finds another one there than its own closes its sockets with
//     CloseTakenOver.
//   - Friendship is mutual: both rows or none. Whoever changes what is between two
//     people holds both, in ascending order.
//   - Between two people there is at most one open request, and none beside a
//     friendship or a block: one that crosses another accepts it.
//   - Every operation may be repeated, and then answers as the first time did.
//   - Who appears offline looks like who has left: at the same time, with the same
//     words, in the same lists.
//   - Blocks are mutual, so whoever is blocked must be able to block in turn: a
//     block by name tells whether there is somebody of that name, and no other
//     operation does for whom a block hides.
//
// # Routes and events
//
// Routes: /api/friends/… (internal/api). Live topics: session, friends. Events:
// Requested, Befriended, Withdrawn, Parted. Signals: friends.changed, friends.hid. Subscriptions:
// accounts.ProfileRenamed, accounts.UserErased. Job: friends.purge. Metrics: rally_presence_here,
// rally_presence_all.
package friends
