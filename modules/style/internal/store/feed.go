package store

import (
	"context"
	"fmt"
	"strconv"

	"rally/modules/shop"
	"rally/modules/style"
	"rally/modules/talk"
	"rally/platform/db"
	"rally/platform/page"
)

const (
	// ofViewer are two columns: whether the user of parameter $1 likes posts p, and
	// follows who wrote them. Each is one look into an index. Of a join SQLite makes a
	// filter of all follows at every page, and PostgreSQL a plan for every reader; of
	// EXISTS PostgreSQL would read all likes.
	ofViewer = "(SELECT l.id FROM post_likes l WHERE l.post_id = p.id AND l.user_id = $1) IS NOT NULL AS liked, " +
		"(SELECT f.id FROM follows f WHERE f.from_id = $1 AND f.to_id = p.user_id) IS NOT NULL AS following, "

	// selectPosts reads posts p as the user of parameter $1 sees them: see sketch.
	selectPosts = "SELECT p.id, p.user_id, p.num_likes, p.num_comments, p.version, " + ofViewer

	// shown is what everybody sees of posts p.
	shown = "NOT p.hidden AND NOT p.absent"
)

// shownTo is what a viewer sees of posts p.
func (s *Store) shownTo(by talk.Viewer) string { return shown + s.without("p.user_id", by) }

// without leaves out people whom a viewer doesn't see, who are $2. Most see
// everybody: that is a text of its own, because SQLite pays for a list even when
// nothing is in it.
func (s *Store) without(column string, by talk.Viewer) string {
	if len(by.Hidden) == 0 {
		return s.db.Pick(" AND $2 = $2", " AND $2::bigint[] IS NOT NULL")
	}
	return " AND NOT (" + s.db.In(column, 2) + ")"
}

// upTo is the LIMIT of a statement that is to find n rows: one of a few numbers, and
// in the text. Of a parameter PostgreSQL would not know that it is small, and plan
// every such query anew.
func upTo(n int) string {
	for _, most := range []int{6, 11, 21, 41, page.MaxSize + 1} {
		if n <= most {
			return " LIMIT " + strconv.Itoa(most)
		}
	}
	return " LIMIT " + strconv.Itoa(n)
}

// Feed implements style.FeedStore. Each type is a statement of its own, which is
// a stretch of one index.
func (s *Store) Feed(ctx context.Context, q style.Query, by talk.Viewer, r page.CursorRequest) ([]style.Row, error) {
	key := "p.id"
	from, where := " FROM posts p", ""
	var args []any
	through := func(table, column string, value any) {
		key, from = "x.post_id", " FROM "+table+" x JOIN posts p ON p.id = x.post_id"
		where, args = " AND x."+column+" = $4", []any{value}
	}
	switch q.Type {
	case style.Following:
		return s.followed(ctx, by, r)
	case style.Default:
		where, args = " AND p.user_id = $4", []any{*q.UserID}
	case style.Mentions:
		through("post_mentions", "user_id", *q.UserID)
	case style.OfArticle:
		through("post_articles", "info_id", *q.InfoID)
	case style.Tagged:
		through("post_hashtags", "tag", q.Tag)
	case style.Liked:
		key, from = "x.id", " FROM post_likes x JOIN posts p ON p.id = x.post_id"
		where = " AND x.user_id = $1"
	case style.Search:
		terms := shop.Filter{Search: q.Words}.Terms()
		if len(terms) == 0 {
			return nil, nil
		}
		where, args = s.db.HasAll("p.id", "post_search", "post_id", terms, 4)
		where = " AND " + where
	}
	beside, start := db.Past(key, r, 3)
	return s.listed(ctx, selectPosts+key+" AS place"+from+" WHERE "+s.shownTo(by)+where+beside+upTo(r.Limit()), r.Limit(),
		append([]any{by.UserID, db.List(s.db, by.Hidden), start}, args...)...)
}

// followed reads the newest posts of each person whom the viewer follows, and the
// newest of those: its cost grows with the people, not with their posts.
func (s *Store) followed(ctx context.Context, by talk.Viewer, r page.CursorRequest) ([]style.Row, error) {
	each, start := db.Past("p.id", r, 3)
	of := "SELECT p.id FROM posts p WHERE p.user_id = w.to_id AND " + shown + each + upTo(r.Limit())
	all, _ := db.Past("q.id", r, 3)
	ids := "SELECT q.id FROM follows w CROSS JOIN " + s.db.Pick("posts q WHERE q.id IN ("+of+") AND", "LATERAL ("+of+") q WHERE") +
		" w.from_id = $1" + s.without("w.to_id", by) + all + upTo(r.Limit())
	order, _ := db.Past("p.id", r, 3)
	return s.listed(ctx, selectPosts+"p.id AS place FROM ("+ids+") x JOIN posts p ON p.id = x.id WHERE true"+order, r.Limit(),
		by.UserID, db.List(s.db, by.Hidden), start)
}

// PostsByID implements style.FeedStore.
func (s *Store) PostsByID(ctx context.Context, ids []int64, by talk.Viewer) ([]style.Row, error) {
	return s.listed(ctx, selectPosts+"p.id AS place FROM posts p WHERE "+s.shownTo(by)+" AND "+s.db.In("p.id", 3), len(ids),
		by.UserID, db.List(s.db, by.Hidden), db.List(s.db, ids))
}

// Unranked implements style.FeedStore.
func (s *Store) Unranked(ctx context.Context, e style.Epoch, by talk.Viewer, beside int64, backward bool, limit int) ([]style.Row, error) {
	past, _ := db.Past("p.id", page.CursorRequest{Backward: backward}, 3)
	return s.listed(ctx, selectPosts+"p.id AS place FROM posts p WHERE "+s.shownTo(by)+" AND p.id <= $4 AND NOT ("+s.db.In("p.id", 5)+")"+past+upTo(limit), limit,
		by.UserID, db.List(s.db, by.Hidden), beside, e.LastPost, db.List(s.db, e.Ranks))
}

// Post implements style.FeedStore.
func (s *Store) Post(ctx context.Context, id, viewer int64) (style.Row, error) {
	rows, err := s.rows(ctx, "SELECT "+postColumns+", "+ofViewer+"p.id AS place FROM posts p WHERE p.id = $2", viewer, id)
	if err != nil {
		return style.Row{}, err
	}
	if len(rows) == 0 {
		return style.Row{}, style.ErrPostNotFound
	}
	return rows[0], nil
}

// AnyPosts implements style.FeedStore.
func (s *Store) AnyPosts(ctx context.Context, ids []int64) (map[int64]style.Post, error) {
	found := make(map[int64]style.Post, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := s.rows(ctx, "SELECT "+postColumns+", false AS liked, false AS following, p.id AS place FROM posts p WHERE "+s.db.In("p.id", 1), db.List(s.db, ids))
	for _, r := range rows {
		found[r.ID] = r.Post
	}
	return found, err
}

// PostsOf returns a user's posts in any state, by their ids from after one on.
func (s *Store) PostsOf(ctx context.Context, userID, after int64, limit int) ([]style.Row, error) {
	return s.rows(ctx, "SELECT "+postColumns+", false AS liked, false AS following, p.id AS place FROM posts p WHERE p.user_id = $1 AND p.id > $2 ORDER BY p.id LIMIT $3", userID, after, limit)
}

// WarmPosts implements style.RankStore.
func (s *Store) WarmPosts(ctx context.Context, limit int) ([]style.Warm, error) {
	// SQLite would rather walk through all posts, which have that order, too.
	rows, err := db.Select[postRow](ctx, s.db, "SELECT id, num_likes, num_comments, created_at FROM posts"+s.db.Pick(" INDEXED BY posts_warm_idx", "")+" WHERE warm ORDER BY id LIMIT $1", limit)
	if err != nil {
		return nil, fmt.Errorf("look for warm posts: %w", err)
	}
	list := make([]style.Warm, len(rows))
	for i, r := range rows {
		list[i] = style.Warm{ID: r.ID, NumLikes: r.NumLikes, NumComments: r.NumComments, CreatedAt: r.CreatedAt.UTC()}
	}
	return list, nil
}

// SetHeat implements style.RankStore. One post is a row of JSON. Rows are taken in
// the order of their ids, as everybody does.
func (s *Store) SetHeat(ctx context.Context, list []style.Warm) error {
	type heatRow struct {
		ID       int64   `json:"id"`
		Likes    int64   `json:"likes"`
		Comments int64   `json:"comments"`
		Heat     float64 `json:"heat"`
	}
	rows := make([]heatRow, len(list))
	for i, w := range list {
		rows[i] = heatRow{w.ID, w.NumLikes, w.NumComments, w.Heat}
	}
	from := s.db.Pick(
		"(SELECT value ->> 'id' AS id, value ->> 'likes' AS likes, value ->> 'comments' AS comments, value ->> 'heat' AS heat FROM json_each($1))",
		`(SELECT r.* FROM posts p JOIN json_to_recordset($1::json) AS r (id bigint, likes bigint, comments bigint, heat double precision) ON r.id = p.id
			ORDER BY p.id FOR NO KEY UPDATE OF p)`,
	)
	_, err := db.Exec(ctx, s.db, "UPDATE posts SET heat = n.heat, warm = false FROM "+from+
		" n WHERE posts.id = n.id AND posts.num_likes = n.likes AND posts.num_comments = n.comments", encode(rows))
	if err != nil {
		return fmt.Errorf("write the heat of posts: %w", err)
	}
	return nil
}

// Hottest implements style.RankStore.
func (s *Store) Hottest(ctx context.Context, limit int) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "SELECT p.id FROM posts p WHERE "+shown+" ORDER BY p.heat DESC, p.id DESC LIMIT $1", limit)
}

// LastPost implements style.RankStore.
func (s *Store) LastPost(ctx context.Context) (int64, error) {
	return db.Get[int64](ctx, s.db, "SELECT coalesce(max(id), 0) FROM posts")
}
