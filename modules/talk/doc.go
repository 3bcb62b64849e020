// Package talk is what people say at places that other modules own: comments,
// replies, likes of them, and mentions of people.
//
// # Words
//
// A room is a kind of place where people talk: the articles of the shop ("info"),
// the posts of the style ("post"). The module that owns the places is its host, and
// gives the Room to talk through the fx group "rooms". A remark is a comment on a
// place or a reply to a comment; a thread is a comment with its replies. A remark is
// there in its own room only, whatever its number. Where a room is for members,
// nobody else reads there.
//
// People tells who reads, and who they meet; Service is what people do; Keeper is
// what hosts ask of talk. A host is built before all of them, and knows none.
//
// # Tables
//
// remarks, remark_likes, remark_quotas. No other module touches them. Places and
// users carry no foreign key: who deletes a place clears it first.
//
// # Invariants
//
//   - Only the writer edits a remark; the writer and the staff delete one, and a
//     comment takes its replies and all likes along. What the staff deletes is in
//     the audit log.
//   - The row of a place is the lock of what is said there, and keeps its number:
//     of comments and replies that everybody sees. It is taken before the rows of
//     remarks, and after the writer's quota, so that whoever floods one place waits
//     for nobody but themselves. A like takes only the row of its remark, which
//     keeps theirs. An edit takes that row, too.
//   - A person writes at most 30 remarks in 10 minutes, in all rooms together, also
//     if they delete some. A comment has at most 100 replies, so that a thread is
//     always shown whole.
//   - What the staff hides is there for its writer and the staff alone, and so are
//     the replies below it. It takes no likes and no replies.
//   - Of whom somebody doesn't see they see no remarks, likes or mentions; a thread
//     is seen as a whole or not at all, but nobody loses sight of their own words.
//   - Words are plain text, whatever they look like. They are stored with the ids of
//     people in place of the names that they mention (Link), so that a mention means
//     the person; they are read with the names of the day (Plain), and "@…" is
//     somebody who left. The limit counts what was typed.
//   - The statements of a list don't depend on its length.
//
// # People who leave
//
// What somebody said stays, by nobody, while they may come back. When they are
// erased, their likes, replies and comments go, for words are personal data; a
// comment that others replied to stays without words until its last reply goes.
// Several places are held at once then, and only then: room by room in the order of
// their kinds, and by id. A host that holds other rows of places for the same
// person takes them together (Keeper.Touched), in a subscription whose name comes
// before talk.forget. The export is the hosts': they ask Keeper.RemarksOf.
//
// # Routes and events
//
// Routes: for each room, below the address of its module (internal/api). Bodies
// that other modules show, too, are in talkwire. Events: Wrote, Liked; an edit
// emits none. Subscriptions: accounts.UserErased.
package talk
