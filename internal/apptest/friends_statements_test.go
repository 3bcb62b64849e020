package apptest_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/page"
)

// A page of many friends, requests or notifications takes as many statements as
// a page of one.
func TestListsOfFriendsTakeAFixedNumberOfStatements(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		me, others := b.buyer, s.People(8)
		audience(t, b.seller, "trade", "friends")
		befriend(t, b.seller, me)
		for i, o := range others {
			rename(t, o, "same"+string(rune('a'+i)))
			switch i % 4 {
			case 0:
				befriend(t, me, o)
			case 1:
				asked(t, o, me)
			case 2:
				asked(t, me, o)
			default:
				blocks(me, o.UserID).Want(t, 201)
			}
		}
		for range 3 {
			b.lead(b.matched(100000), "inspecting")
		}
		comment(t, b.seller, b.sh.info(nil), "words")
		allTold(t, s)
		ctx := auth.With(t.Context(), auth.Identity{UserID: me.UserID, SessionID: 1})
		most := map[string]int64{"friends": 2, "incoming": 2, "outgoing": 2, "blocks": 2, "inbox": 6, "activity": 7, "activity of one": 8, "search": 3}
		for name, list := range map[string]func(ctx context.Context, r page.CursorRequest) (int, error){
			"incoming": func(ctx context.Context, r page.CursorRequest) (int, error) {
				l, err := s.Friends.RequestsOf(ctx, false, r)
				return len(l.Rows), err
			},
			"outgoing": func(ctx context.Context, r page.CursorRequest) (int, error) {
				l, err := s.Friends.RequestsOf(ctx, true, r)
				return len(l.Rows), err
			},
			"blocks": func(ctx context.Context, r page.CursorRequest) (int, error) {
				l, err := s.Friends.BlocksOf(ctx, false, r)
				return len(l.Rows), err
			},
			"inbox": func(ctx context.Context, r page.CursorRequest) (int, error) {
				l, err := s.Inbox.List(ctx, r)
				return len(l.Rows), err
			},
			"activity": func(ctx context.Context, r page.CursorRequest) (int, error) {
				l, err := s.Inbox.Activity(ctx, 0, r)
				return len(l.Rows), err
			},
			"activity of one": func(ctx context.Context, r page.CursorRequest) (int, error) {
				l, err := s.Inbox.Activity(ctx, b.seller.UserID, r)
				return len(l.Rows), err
			},
			"search": func(ctx context.Context, r page.CursorRequest) (int, error) {
				found, err := s.Friends.Search(ctx, map[int]string{2: "sameb", 100: "same"}[r.Size])
				return len(found), err
			},
		} {
			var rows []int
			var statements []int64
			for _, size := range []int{2, 100} {
				if name == "incoming" || name == "outgoing" || name == "blocks" {
					size = (size + 2) / 2 % 51 // 1 or all
				}
				r, err := page.CursorList{Name: name}.Parse("", max(size, 1))
				if err != nil {
					t.Fatal(err)
				}
				if name == "search" {
					r.Size = map[bool]int{true: 2, false: 100}[len(rows) == 0]
				}
				s.Clock.Advance(time.Minute) // nobody is remembered
				counted, n := db.WithCounter(ctx)
				got, err := list(counted, r)
				if err != nil {
					t.Fatal(err)
				}
				rows, statements = append(rows, got), append(statements, n.Load())
			}
			if rows[0] == 0 || statements[0] > statements[1] || statements[1] > most[name] {
				t.Errorf("%s: %d rows take %d statements, %d rows take %d, want at most %d", name, rows[0], statements[0], rows[1], statements[1], most[name])
			}
		}
		s.Clock.Advance(time.Minute)
		counted, n := db.WithCounter(ctx)
		if mates, err := s.Friends.Friends(counted); err != nil || len(mates) != 3 || n.Load() != most["friends"] {
			t.Errorf("%d friends take %d statements, %v", len(mates), n.Load(), err)
		}
	})
}

// FuzzFriends throws queries, cursors and bodies at the lists of one person.
func FuzzFriends(f *testing.F) {
	s := apptest.Start(f, db.SQLite, map[string]string{"RALLY_SECRET": rand.Text() + rand.Text()})
	me, others := s.Person(), s.People(3)
	for _, o := range others {
		wishes(o, me.UserID).Want(f, 201)
	}
	in := apptest.Into[pair](f, me.Post(base+"token/refresh/", nil).Want(f, 200))
	next := *apptest.Into[pageOf[M]](f, me.Get(asksPath+"?page_size=1").Want(f, 200)).Next
	address, err := url.Parse(next)
	if err != nil {
		f.Fatal(err)
	}
	good := address.Query().Get("cursor")
	for _, seed := range append(spellings(good), "mina", "%", "_", "솔", "\u1109\u1169\u11af", strings.Repeat("a", 16), "\U0010ffff", "ﷺ", "\x00") {
		f.Add(seed, seed, `{"user_id":1}`)
	}
	for _, body := range []string{"", "{}", `{"user_id":2,"profile_name":"x"}`, `{"user_id":-1}`, `{"profile_name":"\u0000"}`, `{"ids":[1]}`, `{"all":true,"upto":1152921504606846976}`, `{"kinds":{"security":false}}`, `{"audience":{"trade":"x"}}`, `{"appear":"offline"}`, `{"introduction":"\ud800"}`, `{"profile_name":null}`} {
		f.Add("a", good, body)
	}
	z := fuzzed{s: s, client: &http.Client{Transport: &http.Transport{}}}
	f.Fuzz(func(t *testing.T, q, cursor, body string) {
		login := http.Header{"Authorization": {"Bearer " + in.Access}}
		place := "?" + url.Values{"cursor": {cursor}, "page_size": {"1"}}.Encode()
		for _, path := range []string{friendsPath, asksPath, blocksPath, inboxPath, inboxPath + "activity/"} {
			if r := z.send(t, http.MethodGet, path+place, "", login); r.Status != 400 && (r.Status != 200 || cursor != "" && (cursor != good || path != asksPath)) {
				t.Fatalf("%s takes %q: %d %s", path, cursor, r.Status, r.Body)
			}
		}
		if r := z.send(t, http.MethodGet, friendsPath+"search/?"+url.Values{"q": {q}}.Encode(), "", login); r.Status != 200 && r.Status != 400 {
			t.Fatalf("search %q: %d %s", q, r.Status, r.Body)
		}
		for _, c := range []struct{ method, path string }{
			{"POST", asksPath}, {"POST", blocksPath}, {"POST", inboxPath + "read/"}, {"PUT", inboxPath + "settings/"}, {"PUT", friendsPath + "presence/"}, {"PATCH", profilePath},
		} {
			r := z.send(t, c.method, c.path, body, login)
			if r.Status >= 400 && r.Code() == "" {
				t.Fatalf("%s %s %q: %d %s", c.method, c.path, body, r.Status, r.Body)
			}
		}
	})
}
