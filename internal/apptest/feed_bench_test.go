package apptest_test

import (
	"net/http"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
)

// wallOf fills the feed with posts of ten people, each with two pictures and an
// article, which a reader likes and follows in part.
func wallOf(b *testing.B, s *apptest.Server, posts int, info, reader int64) {
	b.Helper()
	authors := make([]int64, 10)
	for i := range authors {
		authors[i] = s.Person().UserID
	}
	at := s.Clock.Now()
	fill(b, s, []seed{
		{numbersTo + `INSERT INTO posts (id, user_id, content, pictures, ratio, tags, num_likes, warm, created_at)
			SELECT 1000 + i, CAST($2 AS bigint) + i % 10, '오늘 신은 신발, measured ' || i || ' #ootd', '[{"key":"style/0123456789abcdef0123456789.jpg","w":720,"h":900},{"key":"style/1123456789abcdef0123456789.jpg","w":720,"h":900}]',
			0.8, '[{"info":' || CAST(CAST($3 AS bigint) + i % 100 AS text) || ',"x":0.4,"y":0.6}]', 8, false, $4 FROM n`, []any{posts, authors[0], info, at}},
		{numbersTo + "INSERT INTO post_likes (post_id, user_id, created_at) SELECT 1000 + i * 3, CAST($2 AS bigint), $3 FROM n", []any{posts / 3, reader, at}},
		{numbersTo + "INSERT INTO follows (from_id, to_id, created_at) SELECT CAST($2 AS bigint), CAST($3 AS bigint) + i, $4 FROM n", []any{5, reader, authors[0], at}},
	})
}

// BenchmarkFeed tells what a page of posts costs inside this process: see
// BenchmarkPages.
func BenchmarkFeed(b *testing.B) {
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		b.Run(string(dialect), func(b *testing.B) {
			s := apptest.Start(b, dialect, map[string]string{"RALLY_LOG_LEVEL": "warn"})
			info, _ := shelfOf(b, s, 100)
			me := s.Person()
			wallOf(b, s, 10_000, info, me.UserID)
			header := http.Header{}
			for _, c := range me.Cookies() {
				header.Add("Cookie", c.String())
			}
			if err := s.Ranks.Rank(b.Context()); err != nil {
				b.Fatal(err)
			}
			for _, page := range []struct{ name, path string }{
				{"latest", postsPath + "?type=latest&page_size=20"}, {"five", postsPath + "?type=latest&page_size=5"},
				{"popular", postsPath + "?type=popular&page_size=20"}, {"following", postsPath + "?type=following&page_size=20"},
			} {
				b.Run(page.name, func(b *testing.B) { measure(b, s, page.path, header) })
			}
		})
	}
}
