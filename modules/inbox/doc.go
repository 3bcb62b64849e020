// Package inbox tells people what concerns them, and their friends what they did.
//
// # Words
//
// A note is something that one person is told. It becomes a notification: one of
// its own, or one that grows while it is unread, when its group says so. Its seq
// is the person's own counter and grows with everything that they are told, so a
// client that comes back asks for what came after the last one that it saw. An
// activity is something that somebody did, for an audience: everyone, friends or
// nobody. What either is about is its target.
//
// # Tables
//
// inbox_outbox, inbox_state, notifications, notification_actors, inbox_settings,
// activities. No other module touches them.
//
// # How it is told
//
// Modules below emit events in their transactions. A subscriber of inboxfx writes
// down what follows from one, in the same transaction: a single insert into the
// outbox, which takes no lock on anybody's inbox, so a trade never waits for one.
// The follower makes notifications and activities of it, in order; of all nodes
// one at a time does. It is woken after each commit, and looks by itself each
// second for what a node that died has left. Then the finished frame is signalled
// to all nodes, and each passes it to the sockets of that person. A signal may be
// lost; what it told is in the database, and the client's next resume brings it.
//
// A module that comes later adds its events to inboxfx, its kinds to Kinds or
// Audiences, and its texts to the client.
//
// # Invariants
//
//   - What a transaction wrote down is told once, and never when it rolled back.
//   - A person's unread counter equals their unread notifications; their row of
//     inbox_state is the lock of both.
//   - An unread notification of a kind and group is the only one.
//   - Security can't be switched off.
//   - An activity is shown as its audience is now. Where two take part, both let
//     the viewer see it, or the viewer is one of them. What nobody could see when
//     it happened is not kept.
//   - People who block each other are never named to each other: neither as who
//     did something, nor as whom it is about, nor by a post of theirs. So are those
//     whom one mutes. A block that is undone shows them again.
//   - Notifications are kept for 180 days, activities for 90.
//
// # Routes and events
//
// Routes: /api/inbox/… (internal/api). Live topic: inbox. Signals: inbox.told,
// inbox.read. Subscriptions: shop.Traded, shop.Awarded, shop.OrderMoved,
// shop.TargetReached, talk.Wrote, talk.Liked, style.Posted, style.Mentioned,
// style.PostLiked, style.Followed, friends.Requested, friends.Befriended,
// friends.Withdrawn, pong.Asked, pong.Answered, pong.Called, pong.Played, pong.CupWon,
// accounts.SecurityNoted, accounts.UserErased. Job: inbox.purge.
package inbox
