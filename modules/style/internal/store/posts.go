package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rally/modules/style"
	"rally/modules/talk"
	"rally/platform/db"
	"rally/platform/page"
)

// HoldPost implements style.PostStore. The row is taken first and read afterwards,
// as it is when the wait is over.
func (s *Store) HoldPost(ctx context.Context, id int64) (style.Post, error) {
	if err := db.LockRows(ctx, s.db, "SELECT id FROM posts WHERE id = $1 FOR NO KEY UPDATE", id); err != nil {
		return style.Post{}, err
	}
	row, err := s.Post(ctx, id, 0)
	return row.Post, err
}

type windowRow struct {
	Count int       `bun:"n"`
	Since time.Time `bun:"since"`
}

// counted is an upsert that counts something of a user in a window: see
// style.PostStore.CountPosting. Beside is what else it changes.
func counted(count, since, columns, values, beside string) string {
	return fmt.Sprintf(`INSERT INTO style_people (user_id, %[1]s, %[2]s%[3]s) VALUES ($1, 1, $2%[4]s) ON CONFLICT (user_id) DO UPDATE SET %[5]s
		%[1]s = CASE WHEN style_people.%[2]s > $3 THEN style_people.%[1]s + 1 ELSE 1 END,
		%[2]s = CASE WHEN style_people.%[2]s > $3 THEN style_people.%[2]s ELSE $2 END
		RETURNING %[1]s AS n, %[2]s AS since`, count, since, columns, values, beside)
}

func (s *Store) count(ctx context.Context, query string, userID int64, since, now time.Time) (int, time.Time, error) {
	row, err := db.Get[windowRow](ctx, s.db, query, userID, now, since)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count what a user does: %w", err)
	}
	return row.Count, row.Since.UTC(), nil
}

// CountPosting implements style.PostStore.
func (s *Store) CountPosting(ctx context.Context, userID int64, since, now time.Time) (int, time.Time, error) {
	return s.count(ctx, counted("posted", "posting_since", ", num_posts", ", 1", "num_posts = style_people.num_posts + 1,"), userID, since, now)
}

// CountReport implements style.ReportStore.
func (s *Store) CountReport(ctx context.Context, userID int64, since, now time.Time) (int, time.Time, error) {
	return s.count(ctx, counted("reported", "reporting_since", "", "", ""), userID, since, now)
}

// AddPosts implements style.PostStore.
func (s *Store) AddPosts(ctx context.Context, userID, step int64) error {
	_, err := db.Exec(ctx, s.db, "UPDATE style_people SET num_posts = num_posts + $2 WHERE user_id = $1", userID, step)
	return err
}

// InsertPost implements style.PostStore.
func (s *Store) InsertPost(ctx context.Context, p *style.Post, found style.Index) error {
	id, err := db.Get[int64](ctx, s.db, "INSERT INTO posts (user_id, content, pictures, ratio, tags, heat, warm, created_at) VALUES ($1, $2, $3, $4, $5, $6, false, $7) RETURNING id",
		p.UserID, p.Content, picturesJSON(p.Pictures), p.Ratio, tagsJSON(p.Tags), style.Heat(0, 0, p.CreatedAt), p.CreatedAt)
	if err != nil {
		return fmt.Errorf("insert a post: %w", err)
	}
	p.ID = id
	return s.index(ctx, *p, found)
}

// index writes what a post is found by, of which there is nothing yet.
func (s *Store) index(ctx context.Context, p style.Post, found style.Index) error {
	if found.Words != "" {
		if _, err := db.Exec(ctx, s.db, "INSERT INTO post_search (post_id, words) VALUES ($1, $2)", p.ID, found.Words); err != nil {
			return fmt.Errorf("index the words of a post: %w", err)
		}
	}
	keys := make([]string, len(p.Pictures))
	for i, picture := range p.Pictures {
		keys[i] = picture.Key
	}
	infos := make([]int64, len(p.Tags))
	for i, t := range p.Tags {
		infos[i] = t.InfoID
	}
	for _, part := range []struct {
		table, column, of string
		n                 int
		values            any
	}{
		{"post_pictures", "key", "text", len(keys), db.List(s.db, keys)},
		{"post_articles", "info_id", "bigint", len(infos), db.List(s.db, infos)},
		{"post_hashtags", "tag", "text", len(found.Hashtags), db.List(s.db, found.Hashtags)},
		{"post_mentions", "user_id", "bigint", len(found.Mentions), db.List(s.db, found.Mentions)},
	} {
		if part.n == 0 {
			continue
		}
		values := s.db.Pick("SELECT value, $1 FROM json_each($2)", "SELECT v, $1::bigint FROM unnest($2::"+part.of+"[]) v")
		if _, err := db.Exec(ctx, s.db, "INSERT INTO "+part.table+" ("+part.column+", post_id) "+values, p.ID, part.values); err != nil {
			return fmt.Errorf("index a post in %s: %w", part.table, err)
		}
	}
	return nil
}

// UpdatePost implements style.PostStore.
func (s *Store) UpdatePost(ctx context.Context, p style.Post, found style.Index) error {
	if _, err := db.Exec(ctx, s.db, "UPDATE posts SET content = $2, pictures = $3, ratio = $4, tags = $5, edited_at = $6, version = version + 1 WHERE id = $1",
		p.ID, p.Content, picturesJSON(p.Pictures), p.Ratio, tagsJSON(p.Tags), p.EditedAt); err != nil {
		return fmt.Errorf("change a post: %w", err)
	}
	for _, table := range []string{"post_search", "post_pictures", "post_articles", "post_hashtags", "post_mentions"} {
		if _, err := db.Exec(ctx, s.db, "DELETE FROM "+table+" WHERE post_id = $1", p.ID); err != nil {
			return fmt.Errorf("index a post anew: %w", err)
		}
	}
	return s.index(ctx, p, found)
}

// DeletePost implements style.PostStore. The foreign keys delete what hangs on it.
func (s *Store) DeletePost(ctx context.Context, id int64) error {
	_, err := db.Exec(ctx, s.db, "DELETE FROM posts WHERE id = $1", id)
	return err
}

// SetHidden implements style.PostStore.
func (s *Store) SetHidden(ctx context.Context, id int64, hidden bool) error {
	_, err := db.Exec(ctx, s.db, "UPDATE posts SET hidden = $2 WHERE id = $1", id, hidden)
	return err
}

// MentionedIn implements style.PostStore.
func (s *Store) MentionedIn(ctx context.Context, id int64) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "SELECT user_id FROM post_mentions WHERE post_id = $1", id)
}

// PicturesInUse returns those of keys that a post shows.
func (s *Store) PicturesInUse(ctx context.Context, keys []string) (map[string]bool, error) {
	return db.Present(ctx, s.db, "post_pictures", "key", keys)
}

// HoldPosts takes posts until the transaction ends, in the order of their ids.
func (s *Store) HoldPosts(ctx context.Context, ids []int64) error {
	return db.LockRows(ctx, s.db, "SELECT id FROM posts WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", db.List(s.db, ids))
}

// CountRemarks adds to what a post counts, or returns style.ErrPostNotFound.
func (s *Store) CountRemarks(ctx context.Context, id, step int64) error {
	n, err := db.Exec(ctx, s.db, "UPDATE posts SET num_comments = num_comments + $2, warm = true WHERE id = $1", id, step)
	if err == nil && n == 0 {
		return style.ErrPostNotFound
	}
	return err
}

// SetRemarks sets what posts count, or returns style.ErrPostNotFound.
func (s *Store) SetRemarks(ctx context.Context, counts map[int64]int64) error {
	for id, count := range counts {
		n, err := db.Exec(ctx, s.db, "UPDATE posts SET num_comments = $2, warm = true WHERE id = $1", id, count)
		if err != nil {
			return err
		}
		if n == 0 {
			return style.ErrPostNotFound
		}
	}
	return nil
}

// Liked implements style.LikeStore.
func (s *Store) Liked(ctx context.Context, postID, userID int64) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM post_likes WHERE post_id = $1 AND user_id = $2)", postID, userID)
}

// SetLike implements style.LikeStore. It is not as it shall be.
func (s *Store) SetLike(ctx context.Context, l style.Like, on bool) error {
	step := int64(1)
	var n int64
	var err error
	if on {
		n, err = db.Exec(ctx, s.db, "INSERT INTO post_likes (post_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", l.PostID, l.UserID, l.CreatedAt)
	} else {
		step = -1
		n, err = db.Exec(ctx, s.db, "DELETE FROM post_likes WHERE post_id = $1 AND user_id = $2", l.PostID, l.UserID)
	}
	if err != nil || n == 0 {
		return err
	}
	_, err = db.Exec(ctx, s.db, "UPDATE posts SET num_likes = num_likes + $2, warm = true WHERE id = $1", l.PostID, step)
	return err
}

// Likes implements style.LikeStore.
func (s *Store) Likes(ctx context.Context, postID int64, by talk.Viewer, r page.CursorRequest) ([]style.Like, error) {
	type likeRow struct {
		ID        int64     `bun:"id"`
		PostID    int64     `bun:"post_id"`
		UserID    int64     `bun:"user_id"`
		CreatedAt time.Time `bun:"created_at"`
	}
	beside, key := db.Past("id", r, 3)
	rows, err := db.Select[likeRow](ctx, s.db, "SELECT id, post_id, user_id, created_at FROM post_likes WHERE post_id = $1 AND NOT ("+s.db.In("user_id", 2)+")"+beside+" LIMIT $4",
		postID, db.List(s.db, by.Hidden), key, r.Limit())
	if err != nil {
		return nil, fmt.Errorf("list likes: %w", err)
	}
	list := make([]style.Like, len(rows))
	for i, l := range rows {
		list[i] = style.Like{ID: l.ID, PostID: l.PostID, UserID: l.UserID, CreatedAt: l.CreatedAt.UTC()}
	}
	return list, nil
}

// CountTagged implements style.TagStore.
func (s *Store) CountTagged(ctx context.Context, tag string, limit int) (int, error) {
	return db.Get[int](ctx, s.db, "SELECT count(*) FROM (SELECT 1 FROM post_hashtags WHERE tag = $1 LIMIT $2) t", tag, limit)
}

// tagScan is how many rows a search for hashtags looks at.
const tagScan = 5000

// TagsBegin implements style.TagStore. Of a beginning that too many share, those
// that come first are counted.
func (s *Store) TagsBegin(ctx context.Context, prefix string, tags, limit int) ([]style.TagCount, error) {
	type tagRow struct {
		Tag   string `bun:"tag"`
		Posts int    `bun:"posts"`
	}
	rows, err := db.Select[tagRow](ctx, s.db, "SELECT tag, count(*) AS posts FROM (SELECT tag FROM post_hashtags WHERE tag >= $1 AND tag < $2 ORDER BY tag LIMIT $3) t GROUP BY tag ORDER BY posts DESC, tag LIMIT $4",
		prefix, prefix+"\U0010ffff", tagScan, tags)
	if err != nil {
		return nil, fmt.Errorf("look for hashtags: %w", err)
	}
	list := make([]style.TagCount, len(rows))
	for i, r := range rows {
		list[i] = style.TagCount{Tag: r.Tag, Posts: min(r.Posts, limit)}
	}
	return slices.Clip(list), nil
}
