// Package style is the feed: what people show, who follows whom, what they like.
//
// # Words
//
// A post is words, pictures or both, and may show articles of the shop: its tags,
// with a place in a picture. A feed is a list of posts. Following is one-sided and
// nobody is asked; friendship is not of this module. A mute keeps somebody's posts
// away from one person, a block both from each other: both belong to friends. What
// people say under posts belongs to talk, in the room "post". Profiles belong to
// accounts; what is counted of people belongs here.
//
// Hidden is what the staff keeps from everybody but its author, absent what waits
// for an author who left and may come back.
//
// # Tables
//
// posts, with their pictures and tags as JSON, which no query looks into;
// post_pictures, post_articles, post_hashtags, post_mentions and post_search, by
// which posts are found; post_likes; follows; style_people, what is counted of
// people; popular_epochs; report_cases and reports.
//
// # Invariants
//
//   - Counts equal the rows: num_likes of a post its likes, num_comments what people
//     see below it, num_posts what everybody sees of a person, num_followers and
//     num_followings their follows, the shares of an article the posts that show it.
//     Whoever changes one holds the row of the post, or those of both people in the
//     order of their ids.
//   - A text names people by their ids, so that a new name shows everywhere.
//   - Every list leaves out what is hidden or absent, and whom the viewer doesn't
//     see. The number of its statements doesn't depend on its size.
//   - Whoever pages through the popular feed stays in the epoch in which they began:
//     nothing comes twice and nothing is left out while ranks move. See Heat.
//   - A picture is stored before its row, and deleted after its row is gone. What a
//     crash leaves is swept.
//   - Locks come in one order: the caller's row of style_people, the post, the
//     articles by id.
//
// # Doors
//
// Routes: /api/styles/. Events: Posted, Mentioned, PostLiked, Followed.
// Subscriptions: accounts.UserDeactivated, accounts.UserReactivated,
// accounts.UserErased, friends.Parted. Jobs: style.rank, style.sweep_pictures. Beside Service, for
// other modules: Covers, Ranks, Importer, Archive, Leavers.
package style
