package apptest_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/style"
	"rally/platform/db"
)

const popular = "type=popular"

// byHeat sorts posts as the popular feed does.
func byHeat(list []story) string {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b story) int {
		return cmp.Or(cmp.Compare(style.Heat(b.NumLikes, b.NumComments, b.CreatedAt), style.Heat(a.NumLikes, a.NumComments, a.CreatedAt)), cmp.Compare(b.ID, a.ID))
	})
	return who(sorted, func(p story) int64 { return p.ID })
}

func TestStyleThePopularFeedIsInTheOrderOfHeat(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		authors, fans := s.People(2), s.People(12)
		var made []int64
		for i := range 8 {
			made = append(made, post(t, authors[i%2], fmt.Sprint("post ", i)).ID)
			if i%3 != 0 { // some are of one moment
				s.Clock.Advance(4 * time.Hour)
			}
		}
		want := func(when string) {
			t.Helper()
			rank(t, s)
			for _, c := range []*apptest.Client{s.Anonymous(), fans[0]} {
				if got, want := feedIDs(t, s, c, popular), byHeat(feed(t, s, c, "type=latest")); got != want {
					t.Errorf("%s: %s, want %s", when, got, want)
				}
			}
		}
		want("before anybody liked anything")
		if got := feed(t, s, s.Anonymous(), popular); got[0].ID != made[7] || got[7].ID != made[0] {
			t.Error("with nothing said or liked, the newest is not the first")
		}
		for _, f := range fans {
			like(t, f, postPath(made[0], "")) // hours behind
		}
		for _, f := range fans[:3] {
			like(t, f, postPath(made[4], ""))
		}
		want("after likes")
		before := feedIDs(t, s, fans[0], popular)
		thread := say(t, fans[1], made[2], "a comment counts twice")
		for range 6 {
			answerTo(t, fans[2], thread.ID, "and so does a reply")
		}
		if got := feedIDs(t, s, fans[0], popular); got != before {
			t.Errorf("ranks moved by themselves: %s", got)
		}
		want("after comments")
		if feedIDs(t, s, fans[0], popular) == before {
			t.Error("seven comments moved nothing")
		}
		fans[1].Delete(saidPath(thread.ID, "")).Want(t, 204)
		for _, f := range fans[:6] {
			f.Patch(postPath(made[0], "like/"), M{"value": false}).Want(t, 200)
		}
		want("after all was taken back")
		authors[0].Delete(postPath(made[4], "")).Want(t, 204)
		want("after one is gone")
	})
}

// Ranks move while somebody pages: they meet every post of the time when they
// began exactly once, in the order of that time.
func TestStyleNobodyLosesTheirPlaceInThePopularFeed(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		z := newPaged(t, s)
		fans := s.People(10)
		z.posts(40)
		for i, p := range feed(t, s, z.me, "type=latest") {
			for _, f := range fans[:i*7%10] {
				like(t, f, postPath(p.ID, ""))
			}
		}
		rank(t, s)
		start := feed(t, s, z.me, popular)
		if len(start) != 40 || start[0].NumLikes <= start[39].NumLikes {
			t.Fatalf("the feed: %d posts", len(start))
		}
		var gone []int64
		epochs := count(t, s, "SELECT count(*) FROM popular_epochs")
		between := func(page int) {
			// What is last becomes first and the other way round, more comes, and
			// some goes: behind, ahead and far away.
			for i := range 6 {
				for _, f := range fans {
					f.Patch(postPath(start[(page*6+i*11+3)%40].ID, "like/"), M{"value": (page+i)%2 == 0})
				}
			}
			for _, at := range []int{page * 5, page*9 + 4} {
				if at < 40 && page < 3 && !slices.Contains(gone, start[at].ID) {
					z.staff.Delete(postPath(start[at].ID, "")).Want(t, 204)
					gone = append(gone, start[at].ID)
				}
			}
			like(t, fans[0], postPath(z.post(), ""))
			s.Clock.Advance(time.Minute)
			rank(t, s)
		}
		var all []int64
		for _, p := range start {
			all = append(all, p.ID)
		}
		forth := z.pages(postsPath+"?"+popular+"&page_size=7", false, between)
		for i, id := range allIDs(forth...) {
			if slices.Contains(allIDs(forth...)[:i], id) {
				t.Errorf("%d comes twice", id)
			}
		}
		if got, want := without(allIDs(forth...), gone...), without(all, gone...); !slices.Equal(got, want) {
			t.Errorf("forwards: %v, want %v", got, want)
		}
		if n := count(t, s, "SELECT count(*) FROM popular_epochs"); n < epochs+5 {
			t.Fatalf("%d epochs: the ranks never moved", n-epochs)
		}
		// The way back, from where they are, stays in the same time.
		last := forth[len(forth)-1]
		back := allIDs(z.pages(*last.Previous, true, between)...)
		if got, want := append(without(back, gone...), without(allIDs(last), gone...)...), without(all, gone...); !slices.Equal(got, want) {
			t.Errorf("backwards: %v, want %v", got, want)
		}
		// Whoever begins anew meets the new order, and what came.
		if got, want := feedIDs(t, s, z.me, popular), byHeat(feed(t, s, z.me, "type=latest")); got != want {
			t.Errorf("anew: %s, want %s", got, want)
		}
	})
}

// Behind the thousand that are ranked come all others, the newest first.
func TestStyleThePopularFeedHasNoEnd(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		const all = 1150
		me, author := s.Person(), s.Person()
		// The older, the hotter: the order of the ranks is not that of the others.
		execute(t, s, numbersTo+"INSERT INTO posts (user_id, content, pictures, ratio, tags, num_likes, heat, warm, created_at) SELECT $2, 'x', '[]', 1, '[]', 0, 5000 - i, false, $3 FROM n", all, author.UserID, s.Clock.Now())
		rank(t, s)
		seen := walk[story](t, s, me, postsPath+"?"+popular, 100) // forth and back
		if len(seen) != all {
			t.Fatalf("%d posts", len(seen))
		}
		for i, p := range seen {
			want := seen[0].ID + int64(i)
			if i >= 1000 {
				want = seen[0].ID + int64(all-1-(i-1000))
			}
			if p.ID != want {
				t.Fatalf("the post at %d is %d, want %d", i, p.ID, want)
			}
		}
		// Nobody is left out who isn't to be seen, ranked or not: pages stay full.
		execute(t, s, "UPDATE posts SET hidden = true WHERE id % 3 = 0")
		execute(t, s, "UPDATE posts SET user_id = $1 WHERE id % 3 = 1", me.UserID)
		mute(t, me, author.UserID)
		left := walk[story](t, s, me, postsPath+"?"+popular, 100)
		for _, p := range left {
			if p.ID%3 != 1 || p.CreatedBy.UserID != me.UserID {
				t.Errorf("%d is shown, by %d", p.ID, p.CreatedBy.UserID)
			}
		}
		if want := count(t, s, "SELECT count(*) FROM posts WHERE id % 3 = 1"); len(left) != want {
			t.Errorf("%d are shown, want %d", len(left), want)
		}
	})
}

// An epoch is kept for six hours. Whoever comes back later begins anew.
func TestStyleAnEpochEnds(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		made := posts(t, s, me, 6, "words")
		rank(t, s)
		first := apptest.Into[pageOf[story]](t, me.Get(postsPath+"?"+popular+"&page_size=2").Want(t, 200))
		next := strings.TrimPrefix(*first.Next, s.URL)
		move := func() {
			like(t, s.Person(), postPath(made[5], ""))
			rank(t, s)
		}
		s.Clock.Advance(5*time.Hour + 50*time.Minute)
		move()
		if got := apptest.Into[pageOf[story]](t, me.Get(next).Want(t, 200)); !slices.Equal(allIDs(got), made[2:4]) {
			t.Errorf("after five hours: %v, want %v", allIDs(got), made[2:4])
		}
		s.Clock.Advance(20 * time.Minute)
		move()
		// The first run purged what was too old then; nothing is kept in memory
		// for longer either.
		s.Clock.Advance(6 * time.Hour)
		move()
		if r := me.Get(next).WantCode(t, 400, "page.bad_cursor"); !strings.Contains(string(r.Body), "cursor") {
			t.Errorf("the answer: %s", r.Body)
		}
		me.Get(postsPath+"?"+popular).Want(t, 200)
		for range 3 { // nothing changed: nothing begins
			before := count(t, s, "SELECT max(id) FROM popular_epochs")
			rank(t, s)
			if n := count(t, s, "SELECT max(id) FROM popular_epochs"); n != before {
				t.Errorf("epoch %d became %d", before, n)
			}
		}
	})
}

// Likes that come while heat is reckoned are not lost.
func TestStyleRanksBearARush(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		me, fans := s.Person(), s.People(20)
		made := posts(t, s, me, 6, "words")
		var work []func()
		for i, f := range fans {
			work = append(work, func() {
				for j, id := range made {
					wantOneOf(t, f.Patch(postPath(id, "like/"), M{"value": (i+j)%3 != 0}), 200)
				}
			})
		}
		for range 4 {
			work = append(work, func() {
				for range 5 {
					if err := s.Ranks.Rank(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		together(work...)
		rank(t, s)
		if got, want := feedIDs(t, s, me, popular), byHeat(feed(t, s, me, "type=latest")); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		type warm struct {
			NumLikes    int64     `bun:"num_likes"`
			NumComments int64     `bun:"num_comments"`
			CreatedAt   time.Time `bun:"created_at"`
			Heat        float64   `bun:"heat"`
			Warm        bool      `bun:"warm"`
		}
		rows, err := db.Select[warm](t.Context(), s.DB, "SELECT num_likes, num_comments, created_at, heat, warm FROM posts")
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if want := style.Heat(r.NumLikes, r.NumComments, r.CreatedAt); r.Warm || r.Heat != want {
				t.Errorf("%+v, want the heat %v", r, want)
			}
		}
		wantStyleCounted(t, s)
	})
}
