package apptest_test

import (
	"context"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/style"
	"rally/modules/talk"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/page"
)

// A page of a hundred takes as many statements as a page of five.
func TestStyleListsTakeAFixedNumberOfStatements(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		const rows = 105 // more than the longest second page
		z := newPaged(t, s)
		there := z.posts(rows)
		crowd := s.People(rows)
		first := say(t, z.author, there[0], "the one that is liked")
		reply := answerTo(t, z.me, first.ID, "liked, too, @pagerme")
		for _, c := range crowd {
			like(t, c, postPath(there[0], ""))
			like(t, c, saidPath(first.ID, ""))
			like(t, c, answerPath(reply.ID, ""))
			answerTo(t, z.me, say(t, c, there[0], "hello @pagerme").ID, "hello")
			execute(t, s, "DELETE FROM remark_quotas")
		}
		muted := crowd[:20]
		for _, c := range muted {
			follow(t, z.me, c.UserID)
			mute(t, z.me, c.UserID)
		}
		rank(t, s)
		info, author, me := z.info, z.author.UserID, z.me.UserID
		inRoom := func(list func(ctx context.Context, r page.CursorRequest) (int, string, error)) func(context.Context, string, int) (int, string, error) {
			return func(ctx context.Context, cursor string, size int) (int, string, error) {
				r, err := page.CursorList{Name: "any"}.Parse(cursor, size)
				if err != nil {
					return 0, "", err
				}
				return list(ctx, r)
			}
		}
		likes := func(kind talk.Kind, id int64) func(context.Context, string, int) (int, string, error) {
			return inRoom(func(ctx context.Context, r page.CursorRequest) (int, string, error) {
				l, err := s.Talk.Likes(ctx, style.RoomKind, kind, id, r)
				return len(l.Rows), l.Next, err
			})
		}
		lists := map[string]func(ctx context.Context, cursor string, size int) (int, string, error){
			"comments": inRoom(func(ctx context.Context, r page.CursorRequest) (int, string, error) {
				l, err := s.Talk.Comments(ctx, style.RoomKind, there[0], r)
				return len(l.Rows), l.Next, err
			}),
			"likes of a post": inRoom(func(ctx context.Context, r page.CursorRequest) (int, string, error) {
				l, err := s.Style.Likes(ctx, there[0], r)
				return len(l.Rows), l.Next, err
			}),
			"likes of a comment": likes(talk.Comment, first.ID), "likes of a reply": likes(talk.Reply, reply.ID),
		}
		for _, q := range []style.Query{
			{Type: style.Latest}, {Type: style.Popular}, {Type: style.Following}, {Type: style.Liked}, {Type: style.Default, UserID: &author}, {Type: style.Mentions, UserID: &me},
			{Type: style.Tagged, Tag: "paged"}, {Type: style.OfArticle, InfoID: &info}, {Type: style.Search, Words: "한글말"},
		} {
			lists[string(q.Type)] = func(ctx context.Context, cursor string, size int) (int, string, error) {
				l, err := s.Style.Feed(ctx, q, cursor, size)
				return len(l.Rows), l.Next, err
			}
		}
		// Whom they don't see, the posts, the people, the articles' prices, and what a
		// list has besides.
		most := map[string]int64{
			"latest": 4, "following": 4, "liked": 4, "default": 4, "mentions": 4, "tag": 4, "search": 4, "product": 5, "popular": 5,
			"comments": 6, "likes of a post": 5, "likes of a comment": 6, "likes of a reply": 6,
		}
		ctx := auth.With(t.Context(), auth.Identity{UserID: me, SessionID: 1})
		for name, list := range lists {
			// What authors wrote is remembered until they write anew: a first reader
			// takes one statement more at most, for each list of which the feed is made.
			atFirst := most[name] + 1
			if name == "popular" {
				atFirst += 2
			}
			for cursor, more := "", true; more; more = cursor != "" {
				s.Clock.Advance(10 * time.Second)
				counted, n := db.WithCounter(ctx)
				var err error
				if _, cursor, err = list(counted, cursor, 100); err != nil || n.Load() > atFirst {
					t.Fatalf("%s: the first reader took %d statements, %v", name, n.Load(), err)
				}
			}
			for _, second := range []bool{false, true} {
				var taken []int64
				for _, size := range []int{5, 50, 100} {
					if name == "popular" {
						size /= 2 // behind its ranks begins another list
					}
					cursor := ""
					if second {
						_, next, err := list(ctx, "", 1)
						if err != nil || next == "" {
							t.Fatalf("%s: no second page, %v", name, err)
						}
						cursor = next
					}
					s.Clock.Advance(10 * time.Second) // what is kept in memory is too old
					counted, n := db.WithCounter(ctx)
					got, _, err := list(counted, cursor, size)
					if err != nil || got < min(size, rows-len(muted)-1) {
						t.Fatalf("%s: %d of %d rows, %v", name, got, size, err)
					}
					taken = append(taken, n.Load())
				}
				if taken[0] != taken[1] || taken[1] != taken[2] || taken[2] > most[name] {
					t.Errorf("%s, second page %v: pages of 5, 50 and 100 take %v statements, want %d", name, second, taken, most[name])
				}
			}
		}
	})
}
