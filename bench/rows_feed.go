package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"
)

// feedPosts is how many posts there are when a page is measured.
const feedPosts = 10_000

// feedSQL is a page of the latest posts for $1 in one statement.
const feedSQL = `SELECT p.id, p.user_id, r.user_name, r.profile_name, r.image, p.content, p.pictures, p.ratio, p.tags, p.num_likes, p.num_comments, p.created_at,
	(SELECT l.id FROM post_likes l WHERE l.post_id = p.id AND l.user_id = $1) IS NOT NULL AS liked,
	(SELECT f.id FROM follows f WHERE f.from_id = $1 AND f.to_id = p.user_id) IS NOT NULL AS following
	FROM posts p JOIN profiles r ON r.user_id = p.user_id WHERE NOT p.hidden AND NOT p.absent ORDER BY p.id DESC LIMIT `

// feed measures the feed: what its lists cost when there are more and more posts,
// its pages, and writing a post.
func (b *bench) feed(ctx context.Context, w *world) error {
	if err := w.seedFollows(ctx); err != nil {
		return err
	}
	if err := b.feedGrowth(ctx, w); err != nil {
		return err
	}
	if err := w.keepPosts(ctx, feedPosts); err != nil {
		return err
	}
	if err := b.feedPages(ctx, w); err != nil {
		return err
	}
	return b.createPosts(ctx, w)
}

// feedGrowth measures every list at 1×, 10× and 100× the demo's posts.
func (b *bench) feedGrowth(ctx context.Context, w *world) error {
	posts, err := w.int(ctx, "SELECT count(*) FROM posts")
	if err != nil {
		return err
	}
	commented, err := w.int(ctx, "SELECT id FROM posts ORDER BY num_comments DESC LIMIT 1")
	if err != nil {
		return err
	}
	short := &bench{pairs: min(growthPairs, b.pairs), slice: growthSlice, only: b.only, out: b.out}
	var answers []grownAnswer
	for _, list := range []struct{ name, path string }{
		{"latest posts", "/api/styles/posts/?type=latest"}, {"popular posts", "/api/styles/posts/?type=popular"}, {"posts of whom one follows", "/api/styles/posts/?type=following"},
		{"somebody's posts", "/api/styles/posts/?type=default&user_id=9"}, {"posts of a hashtag", "/api/styles/posts/?type=tag&tag=ootd"},
		{"posts with an article", "/api/styles/posts/?type=product&info_id=1"}, {"comments", fmt.Sprintf("/api/styles/posts/%d/comments/", commented)},
	} {
		answers = append(answers, grownAnswer{list.name, "pages/s", nil, short.ask(w, 1, w.asBuyer(list.path))})
	}
	return b.grown(ctx, w, short, answers, growing{
		of: "the demo's posts", rows: posts, note: fmt.Sprintf("1 × is %d posts", posts),
		add: func(times int64) error { return w.addPosts(ctx, posts*times) },
	})
}

// asBuyer asks for a path as one buyer after the other.
func (w *world) asBuyer(path string) func(client, n int, r *rand.Rand) []byte {
	requests := make([][]byte, len(w.buyers))
	for i, buyer := range w.buyers {
		requests[i] = request("GET", w.rally.addr, path, "", buyer.header)
	}
	return func(_, _ int, r *rand.Rand) []byte { return requests[r.IntN(len(requests))] }
}

func (b *bench) feedPages(ctx context.Context, w *world) error {
	ceiling := func(size int) func(context.Context) (float64, error) {
		return func(ctx context.Context) (float64, error) { return w.embeddedFeed(ctx, b.slice, size) }
	}
	target := 0.45
	if w.engine == postgres {
		p, err := newPgbench(w)
		if err != nil {
			return err
		}
		target = 0.40
		ceiling = func(size int) func(context.Context) (float64, error) {
			return func(ctx context.Context) (float64, error) {
				return p.run(ctx, feedScript(w.goods, size), clients, b.slice)
			}
		}
	}
	for _, p := range []struct {
		name, path string
		size       int
		target     float64
	}{
		{"feed page of 20", "latest&page_size=20", 20, target}, {"feed page of 5", "latest&page_size=5", 5, 0.35},
		{"popular page of 20", "popular&page_size=20", 20, 0}, {"page of 20 of whom one follows", "following&page_size=20", 20, 0},
	} {
		b.compare(ctx, contest{
			row:     row{engine: w.engine, name: p.name + ", logged in, 10,000 posts", unit: "pages/s", target: p.target},
			rally:   b.ask(w, 1, w.asBuyer("/api/styles/posts/?type="+p.path)),
			ceiling: ceiling(p.size),
		})
	}
	return nil
}

// feedScript draws a buyer and reads their page.
func feedScript(g goods, size int) string {
	first := g.seller + sellers
	return fmt.Sprintf("\\set me random(%d, %d)\n", first, first+buyers-1) + named(feedSQL, ":me")[:len(named(feedSQL, ":me"))-2] + strconv.Itoa(size) + ";\n"
}

// embeddedFeed is the page's statement in this process.
func (w *world) embeddedFeed(ctx context.Context, slice time.Duration, size int) (float64, error) {
	return w.read(ctx, slice, []string{feedSQL + strconv.Itoa(size)}, func(r *reader, random *rand.Rand) error {
		var id, user, likes, comments int64
		var userName, profileName, image, content, pictures, tags string
		var ratio float64
		var created time.Time
		var liked, following bool
		return r.all(ctx, 0, size, []any{&id, &user, &userName, &profileName, &image, &content, &pictures, &ratio, &tags, &likes, &comments, &created, &liked, &following}, w.buyers[random.IntN(buyers)].id)
	})
}

// createPosts measures posts without a picture, against records that PocketBase
// creates (https://pocketbase.io) on the same disk.
func (b *bench) createPosts(ctx context.Context, w *world) (err error) {
	r := row{engine: w.engine, name: "create a post without a picture", unit: "posts/s", target: 2}
	if !b.wants(r) {
		return nil
	}
	program := os.Getenv("RALLY_POCKETBASE")
	if program == "" {
		r.err = errors.New("RALLY_POCKETBASE must name what to measure against; scripts/bench.sh builds it")
		b.keep(r)
		return nil
	}
	other, err := startPocketBase(ctx, program)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, other.stop()) }()
	requests := make([][]byte, len(w.buyers))
	for i, buyer := range w.buyers {
		requests[i] = request("POST", w.rally.addr, "/api/styles/posts/", postBody, buyer.header)
	}
	theirs := request("POST", other.addr, "/api/collections/posts/records", postBody)
	b.compare(ctx, contest{
		row:    r,
		before: w.letPost,
		rally:  b.ask(w, 1, func(_, _ int, r *rand.Rand) []byte { return requests[r.IntN(len(requests))] }),
		ceiling: func(ctx context.Context) (float64, error) {
			return load{addr: other.addr, clients: clients, slice: b.slice, request: func(int, int, *rand.Rand) []byte { return theirs }}.run(ctx)
		},
	})
	return nil
}

const postBody = `{"content":"Rain all day, so the old pair it is. Size down half a step if your foot is narrow. #ootd"}`

// letPost takes the limit away: it is for people, and the load has few of them.
func (w *world) letPost(ctx context.Context) error {
	return w.exec(ctx, numbers+`INSERT INTO style_people (user_id, posted, posting_since) SELECT $2 + i, -1000000000, $3 FROM n WHERE true
		ON CONFLICT (user_id) DO UPDATE SET posted = excluded.posted, posting_since = excluded.posting_since`, buyers, w.goods.seller+sellers, now())
}
