package apptest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
)

// paged is one person with a feed of each type, all of which have the same posts.
type paged struct {
	t          *testing.T
	s          *apptest.Server
	me, author *apptest.Client
	staff      *apptest.Client
	info       int64
}

func newPaged(t *testing.T, s *apptest.Server) paged {
	t.Helper()
	z := paged{t: t, s: s, me: s.Person(), author: s.Person(), staff: s.Staff()}
	z.info = newShelf(t, z.staff).info(nil)
	rename(t, z.me, "pagerme")
	follow(t, z.me, z.author.UserID)
	return z
}

// feeds are the queries of all types, with and without a login; popular is apart.
func (z paged) feeds() map[string]string {
	return map[string]string{
		"latest": "type=latest", "following": "type=following", "liked": "type=liked", "tag": "type=tag&tag=paged", "search": "type=search&q=" + url.QueryEscape("한글"),
		"default": fmt.Sprintf("type=default&user_id=%d", z.author.UserID), "mentions": fmt.Sprintf("type=mentions&user_id=%d", z.me.UserID),
		"product": fmt.Sprintf("type=product&info_id=%d", z.info),
	}
}

// post makes a post that is in each of the feeds.
func (z paged) post() int64 {
	z.t.Helper()
	execute(z.t, z.s, "UPDATE style_people SET posted = 0") // of late
	id := postWith(z.t, z.author, M{"content": "한글말 #paged @pagerme", "productinfo_ids": []int64{z.info}}).ID
	like(z.t, z.me, postPath(id, ""))
	return id
}

// posts makes n, and returns their ids, the last first.
func (z paged) posts(n int) []int64 {
	z.t.Helper()
	made := make([]int64, max(n, 0))
	for i := range slices.Backward(made) {
		made[i] = z.post()
	}
	return made
}

// pages reads page after page from an address on, or back to its beginning, and
// does something between each two. It returns the pages in the order of the list.
func (z paged) pages(at string, back bool, between func(page int)) []pageOf[story] {
	z.t.Helper()
	var list []pageOf[story]
	for at != "" {
		if len(list) > 0 {
			between(len(list) - 1)
		}
		if len(list) > 100 {
			z.t.Fatalf("%s has no end", at)
		}
		got := apptest.Into[pageOf[story]](z.t, z.me.Get(strings.TrimPrefix(at, z.s.URL)).Want(z.t, 200))
		beside := got.Next
		if back {
			list, beside = append([]pageOf[story]{got}, list...), got.Previous
		} else {
			list = append(list, got)
		}
		if at = ""; beside != nil {
			at = *beside
		}
	}
	return list
}

// allIDs are those of the posts of some pages.
func allIDs(list ...pageOf[story]) []int64 {
	var all []int64
	for _, p := range list {
		for _, r := range p.Results {
			all = append(all, r.ID)
		}
	}
	return all
}

func without(list []int64, unwanted ...int64) []int64 {
	return slices.DeleteFunc(slices.Clone(list), func(id int64) bool { return slices.Contains(unwanted, id) })
}

// While others post and delete, whoever pages through a feed meets every post
// that was there and stays exactly once, in either direction.
func TestStyleFeedsBearChanges(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		z := newPaged(t, s)
		for name, query := range z.feeds() {
			for _, back := range []bool{false, true} {
				z.posts(24 - count(t, s, "SELECT count(*) FROM posts"))
				there, err := db.Select[int64](t.Context(), s.DB, "SELECT id FROM posts ORDER BY id DESC")
				if err != nil {
					t.Fatal(err)
				}
				// Wherever one is, posts come at the front, and go everywhere.
				var gone, came []int64
				drop := func(i int) {
					if i >= 0 && i < len(there) && !slices.Contains(gone, there[i]) {
						z.staff.Delete(postPath(there[i], "")).Want(t, 204)
						gone = append(gone, there[i])
					}
				}
				between := func(page int) {
					if came = append(came, z.post()); page < 2 {
						at := 5*page + 5 // the next one to be seen
						if back {
							at = len(there) - at - 1
						}
						drop(at)
						drop(at + 7)
						drop(at - 7)
					}
				}
				start := postsPath + "?" + query + "&page_size=5"
				if back {
					whole := z.pages(start, false, func(int) {})
					if !slices.Equal(allIDs(whole...), there) {
						t.Fatalf("%s: %v, want %v", name, allIDs(whole...), there)
					}
					last := whole[len(whole)-1]
					there, start = without(there, allIDs(last)...), *last.Previous
				}
				seen := allIDs(z.pages(start, back, between)...)
				for i, id := range seen {
					if slices.Contains(seen[:i], id) {
						t.Errorf("%s, back %v: %d comes twice in %v", name, back, id, seen)
					}
				}
				stay := without(there, gone...)
				if got := without(seen, append(slices.Clone(gone), came...)...); !slices.Equal(got, stay) {
					t.Errorf("%s, back %v: %v, want %v", name, back, got, stay)
				}
				if !back && slices.ContainsFunc(came, func(id int64) bool { return slices.Contains(seen, id) }) {
					t.Errorf("%s: what came meanwhile %v is in %v", name, came, seen)
				}
				if !slices.IsSortedFunc(seen, func(a, b int64) int { return int(b - a) }) {
					t.Errorf("%s, back %v: not in the order of time: %v", name, back, seen)
				}
			}
		}
	})
}
