package apptest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"rally/internal/apptest"
)

// A hundred people toggle what they like, each an odd number of times, at once.
func TestStyleAHundredPeopleLikeAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		const crowd = 100
		a := s.Person()
		p, doomed := post(t, a, "kept"), post(t, a, "doomed")
		c := say(t, a, p.ID, "kept, too")
		r := answerTo(t, a, c.ID, "kept as well")
		paths := []string{postPath(p.ID, ""), saidPath(c.ID, ""), answerPath(r.ID, "")}
		fans := s.People(crowd)
		var work []func()
		var most atomic.Int64
		for i, fan := range fans {
			work = append(work, func() {
				for _, path := range paths {
					for range 3 {
						if r := fan.Patch(path+"like/", nil); wantOneOf(t, r, 200) && apptest.Into[likedReply](t, r).NumLikes > crowd {
							most.Add(1)
						}
					}
				}
				wantOneOf(t, fan.Patch(postPath(doomed.ID, "like/"), nil), 200, 404)
			})
			if i == crowd/2 {
				work = append(work, func() { wantOneOf(t, a.Delete(postPath(doomed.ID, "")), 204) })
			}
		}
		together(work...)
		for _, path := range paths {
			if got := apptest.Into[story](t, a.Get(path).Want(t, 200)); got.NumLikes != crowd {
				t.Errorf("%s counts %d", path, got.NumLikes)
			}
			if list := walk[likeRow](t, s, a, path+"likes/", 100); len(list) != crowd {
				t.Errorf("%s is liked by %d", path, len(list))
			}
		}
		if n := count(t, s, "SELECT count(*) FROM post_likes"); n != crowd || most.Load() != 0 {
			t.Errorf("%d likes of posts, %d answers said more than there are people", n, most.Load())
		}
		wantStyleCounted(t, s)

		// One person's own toggles, all at once: an even number changes nothing.
		var own []func()
		for range 8 {
			own = append(own, func() { wantOneOf(t, fans[0].Patch(paths[0]+"like/", nil), 200) })
		}
		together(own...)
		if got := readPost(t, fans[0], p.ID); got.NumLikes != crowd || got.Liked != true {
			t.Errorf("after eight toggles of one person: %d, %v", got.NumLikes, got.Liked)
		}
		wantStyleCounted(t, s)
	})
}

// People comment, reply and like while the post goes: nothing is left of it, and
// nobody writes below what is gone.
func TestStyleAPostGoesWhilePeopleTalk(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, staff, people := s.Person(), s.Staff(), s.People(8)
		info := newShelf(t, staff).info(nil)
		kept := post(t, a, "kept")
		for range 4 {
			p := postShown(t, a, url.Values{"content": {"goes"}, "productinfo_ids": {fmt.Sprint(info)}}, drawn(t, 9, 9))
			c := say(t, a, p.ID, "words")
			var deleted atomic.Int64
			drop := func(by *apptest.Client) func() {
				return func() {
					if r := by.Delete(postPath(p.ID, "")); wantOneOf(t, r, 204, 404) && r.Status == 204 {
						deleted.Add(1)
					}
				}
			}
			work := []func(){drop(a), drop(staff)}
			for _, person := range people {
				work = append(work,
					func() { wantOneOf(t, person.Post(postPath(p.ID, "comments/"), M{"content": "late?"}), 201, 404) },
					func() { wantOneOf(t, person.Post(saidPath(c.ID, "replies/"), M{"content": "late?"}), 201, 404) },
					func() { wantOneOf(t, person.Patch(saidPath(c.ID, "like/"), nil), 200, 404) },
					func() { wantOneOf(t, person.Patch(postPath(p.ID, "like/"), nil), 200, 404) },
					func() { wantOneOf(t, person.Post(postPath(kept.ID, "comments/"), M{"content": "me too"}), 201) })
			}
			together(work...)
			if deleted.Load() != 1 {
				t.Errorf("deleted %d times", deleted.Load())
			}
			a.Get(postPath(p.ID, "")).WantCode(t, 404, "style.post_not_found")
			wantStyleCounted(t, s)
		}
		if got := readPost(t, a, kept.ID); got.NumComments != 32 {
			t.Errorf("the post that stays counts %d", got.NumComments)
		}
		if n := count(t, s, "SELECT (SELECT count(*) FROM post_likes) + (SELECT count(*) FROM remark_likes)"); n != 0 || len(filesOf(t, s, "style")) != 0 {
			t.Errorf("%d likes and %v of what is gone", n, filesOf(t, s, "style"))
		}
	})
}

// Edits that come at once leave one of them, whole, with the pictures that it
// shows and no others; counts of articles follow.
func TestStyleEditsAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, sh := s.Person(), newShelf(t, s.Staff())
		infos := []int64{sh.info(nil), sh.info(nil), sh.info(nil)}
		p := postShown(t, a, url.Values{"content": {"before"}}, numbered(t, 4)...)
		for round := range 3 {
			now := readPost(t, a, p.ID)
			var done atomic.Int64
			var work []func()
			for i := range 6 {
				fields := url.Values{"content": {fmt.Sprintf("edit %d #tag%d", i, i)}, "productinfo_ids": {fmt.Sprint(infos[i%3]), fmt.Sprint(infos[(i+1)%3])}, "images": {now.Images[i%len(now.Images)], now.Images[(i+1)%len(now.Images)]}}
				file := drawn(t, 10, 20+10*round+i)
				work = append(work, func() {
					// A picture that another edit took away can't be kept.
					if r := attach(t, a, "PATCH", postPath(p.ID, ""), fields, file); wantOneOf(t, r, 200, 400) && r.Status == 200 {
						done.Add(1)
					} else if r.Status == 400 && !strings.Contains(string(r.Body), `"images"`) {
						t.Errorf("%s", r.Body)
					}
				})
			}
			together(work...)
			got := readPost(t, a, p.ID)
			var i int
			if _, err := fmt.Sscanf(got.Content, "edit %d", &i); err != nil || done.Load() == 0 {
				t.Fatalf("%d edits, at the end %+v", done.Load(), got)
			}
			want := slices.Sorted(slices.Values([]int64{infos[i%3], infos[(i+1)%3]}))
			slices.SortFunc(got.Products, func(a, b ware) int { return int(a.InfoID - b.InfoID) })
			if got.wares() != ids(want...) || feedIDs(t, s, a, fmt.Sprintf("type=tag&tag=tag%d", i)) != ids(p.ID) || count(t, s, "SELECT count(*) FROM post_hashtags") != 1 {
				t.Errorf("the edit %d left %+v", i, got)
			}
			files := filesOf(t, s, "style")
			if len(got.Images) != 3 || len(files) != 3 {
				t.Errorf("it shows %v, kept are %v", got.Images, files)
			}
			for _, address := range got.Images {
				s.Anonymous().Get(strings.TrimPrefix(address, s.URL)).Want(t, 200)
			}
			wantStyleCounted(t, s)
		}
	})
}

// Posts that show the same articles in any order, and go again, hold nobody up
// for ever.
func TestStyleArticlesAreCountedInARush(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people, sh := s.People(10), newShelf(t, s.Staff())
		infos := make([]int64, 5)
		for i := range infos {
			infos[i] = sh.info(nil)
		}
		var work []func()
		for i, person := range people {
			work = append(work, func() {
				mixed := append(slices.Clone(infos[i%5:]), infos[:i%5]...)
				r := person.Post(postsPath, M{"content": "x", "productinfo_ids": mixed})
				if !wantOneOf(t, r, 201) {
					return
				}
				at := postPath(apptest.Into[idOf](t, r).ID, "")
				slices.Reverse(mixed)
				wantOneOf(t, person.Patch(at, M{"productinfo_ids": mixed[:3]}), 200)
				if i%2 == 0 {
					wantOneOf(t, person.Delete(at), 204)
				}
			})
		}
		together(work...)
		wantStyleCounted(t, s)
	})
}
