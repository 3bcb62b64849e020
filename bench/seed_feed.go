package main

import (
	"context"
	"fmt"
)

const (
	likesEach   = 8
	followsEach = 30
)

// seedFollows lets every buyer follow some of the demo's people.
func (w *world) seedFollows(ctx context.Context) error {
	return w.exec(ctx, numbers+fmt.Sprintf(`INSERT INTO follows (from_id, to_id, created_at) SELECT $2 + i / %[1]d, 2 + (i / %[1]d * 7 + i %% %[1]d * 5) %% 190, $3 FROM n WHERE true ON CONFLICT DO NOTHING`, followsEach),
		buyers*followsEach, w.goods.seller+sellers, now())
}

// addPosts adds posts with two pictures, an article, a hashtag, words and likes, by
// everybody in turn.
func (w *world) addPosts(ctx context.Context, posts int64) error {
	first, err := w.int(ctx, "SELECT max(id) + 1 FROM posts")
	if err != nil {
		return err
	}
	people := w.goods.seller + sellers + buyers - 1
	for _, s := range []struct {
		n    int64
		text string
		args []any
	}{
		{posts, `INSERT INTO posts (id, user_id, content, pictures, ratio, tags, num_likes, num_comments, heat, warm, created_at)
			SELECT $2 + i, 1 + (i * 7) % CAST($3 AS bigint), '오늘 신은 신발, measured ' || i || ' #ootd', '[{"key":"demo/measured' || (i % 50) || '.jpg","w":720,"h":900},{"key":"demo/measured' || ((i + 1) % 50) || '.jpg","w":720,"h":900}]',
			0.8, '[{"info":' || CAST(CAST($4 AS bigint) + i % 100 AS text) || ',"x":0.4,"y":0.6}]', 8, 0, 9000 + i * 0.00001, false, $5 FROM n`, []any{first, people, w.goods.info, now()}},
		{posts * likesEach, fmt.Sprintf(`INSERT INTO post_likes (post_id, user_id, created_at) SELECT $2 + i / %[1]d, 1 + (i / %[1]d * 3 + i %% %[1]d * 31) %% CAST($3 AS bigint), $4 FROM n WHERE true ON CONFLICT DO NOTHING`, likesEach), []any{first, people, now()}},
		{posts, `INSERT INTO post_hashtags (tag, post_id) SELECT 'ootd', $2 + i FROM n`, []any{first}},
		{posts, `INSERT INTO post_search (post_id, words) SELECT $2 + i, '  measured  ' || i || '  ootd' FROM n`, []any{first}},
	} {
		if err := w.exec(ctx, numbers+s.text, append([]any{s.n}, s.args...)...); err != nil {
			return err
		}
	}
	if w.engine == postgres {
		if _, err := w.int(ctx, "SELECT setval(pg_get_serial_sequence('posts', 'id'), (SELECT max(id) FROM posts))"); err != nil {
			return err
		}
	}
	return w.tidy(ctx)
}

// keepPosts leaves so many posts, the oldest.
func (w *world) keepPosts(ctx context.Context, posts int64) error {
	have, err := w.int(ctx, "SELECT count(*) FROM posts")
	if err != nil {
		return err
	}
	if have < posts {
		return w.addPosts(ctx, posts-have)
	}
	last, err := w.int(ctx, fmt.Sprintf("SELECT id FROM posts ORDER BY id LIMIT 1 OFFSET %d", posts-1))
	if err != nil {
		return err
	}
	if err := w.exec(ctx, "DELETE FROM posts WHERE id > $1", last); err != nil {
		return err
	}
	return w.tidy(ctx)
}
