package apptest_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rally/internal/apptest"
)

// likeRow is a row of who likes something.
type likeRow struct {
	Profile   *stylist
	CreatedAt time.Time `json:"created_at"`
}

func TestStyleLikes(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, b := s.Person(), s.Person()
		p := post(t, a, "like me")
		c := say(t, a, p.ID, "and me")
		r := answerTo(t, b, c.ID, "me, too")
		follow(t, a, b.UserID)
		for _, path := range []string{postPath(p.ID, ""), saidPath(c.ID, ""), answerPath(r.ID, "")} {
			for _, step := range []struct {
				body  any
				liked bool
				n     int64
			}{{nil, true, 1}, {M{}, false, 0}, {M{"value": true}, true, 1}, {M{"value": true}, true, 1}, {M{"value": false}, false, 0}, {M{"value": false}, false, 0}, {M{"value": nil}, true, 1}} {
				got := apptest.Into[likedReply](t, a.Patch(path+"like/", step.body).Want(t, 200))
				if got.Liked != step.liked || got.NumLikes != step.n || got.Detail == "" {
					t.Errorf("%s %v: %+v, want %v and %d", path, step.body, got, step.liked, step.n)
				}
			}
			for _, body := range []any{M{"value": "maybe"}, M{"value": 1}, []int{1}} {
				if r := a.Patch(path+"like/", body); r.Status != 400 {
					t.Errorf("%s %v: %d %s", path, body, r.Status, r.Body)
				}
			}
			s.Clock.Advance(time.Second)
			like(t, b, path)
			for who, want := range map[*apptest.Client]bool{a: true, b: true, s.Person(): false} {
				if got := apptest.Into[story](t, who.Get(path).Want(t, 200)); got.Liked != want || got.NumLikes != 2 {
					t.Errorf("%s for person %d: %v, %d", path, who.UserID, got.Liked, got.NumLikes)
				}
			}
			s.Anonymous().Patch(path+"like/", nil).WantCode(t, 401, "auth.required")
			s.Anonymous().Get(path+"likes/").WantCode(t, 401, "auth.required")
			list := walk[likeRow](t, s, a, path+"likes/", 1)
			if len(list) != 2 || list[0].Profile.UserID != b.UserID || list[1].Profile.UserID != a.UserID || !list[0].CreatedAt.After(list[1].CreatedAt) ||
				list[0].Profile.Following != true || list[1].Profile.Following != nil || list[0].Profile.UserName == "" || list[0].Profile.ProfileName == "" {
				t.Errorf("%s is liked by %+v", path, list)
			}
			a.Get(path+"likes/?cursor=x").WantCode(t, 400, "page.bad_cursor")
			a.Get(path+"likes/?page_size=101").WantCode(t, 400, "page.bad_page")
		}
		if got := readPost(t, s.Anonymous(), p.ID); got.Liked != "login required" || got.NumLikes != 2 || got.CreatedBy.Following != "login required" {
			t.Errorf("for nobody: %+v", got)
		}
		wantStyleCounted(t, s)
	})
}

// Likes of another type are a mistake of the client, whatever the number.
func TestStyleLikesOfAnotherType(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		p := post(t, me, "words")
		for _, kind := range []string{"profiles", "users", "post", "Posts", "comment", "likes", "tags", "reports", "productinfos", "%20", "0"} {
			for _, id := range []string{fmt.Sprint(p.ID), "0", "-1", "x", "99999999999999999999"} {
				path := stylePath + kind + "/" + id + "/like"
				me.Patch(path+"/", nil).WantCode(t, 400, "style.unknown_type")
				me.Get(path+"s/").WantCode(t, 400, "style.unknown_type")
				me.Patch(path, M{"value": true}).WantCode(t, 400, "style.unknown_type") // no slash at its end
			}
		}
		for _, kind := range []string{"posts", "comments", "replies"} {
			for _, id := range []string{"999999", "0", "-1"} {
				code := "style." + map[string]string{"posts": "post", "comments": "comment", "replies": "reply"}[kind] + "_not_found"
				me.Patch(stylePath+kind+"/"+id+"/like/", nil).WantCode(t, 404, code)
				me.Get(stylePath+kind+"/"+id+"/likes/").WantCode(t, 404, code)
			}
			if r := me.Patch(stylePath+kind+"/x/like/", nil); r.Status != 400 {
				t.Errorf("%s x: %d %s", kind, r.Status, r.Body)
			}
		}
		if n := count(t, s, "SELECT (SELECT count(*) FROM post_likes) + (SELECT count(*) FROM remark_likes)"); n != 0 {
			t.Errorf("%d likes", n)
		}
	})
}

// Whoever pages through likes meets each that was there and stays once.
func TestStylePagesOfLikesBearChanges(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(24)
		me := people[0]
		p := post(t, me, "words")
		c := say(t, me, p.ID, "words")
		for _, path := range []string{postPath(p.ID, ""), saidPath(c.ID, "")} {
			var want []int64
			for _, fan := range people[2:] {
				like(t, fan, path)
				want = append(want, fan.UserID)
			}
			slices.Reverse(want)
			var seen []int64
			got := apptest.Into[pageOf[likeRow]](t, me.Get(path+"likes/?page_size=5").Want(t, 200))
			for pages := 0; ; pages++ {
				for _, row := range got.Results {
					seen = append(seen, row.Profile.UserID)
				}
				if got.Next == nil {
					break
				}
				if pages == 0 {
					like(t, people[1], path) // comes at the front
					people[len(people)-8].Patch(path+"like/", M{"value": false}).Want(t, 200)
					people[len(people)-1].Patch(path+"like/", M{"value": false}).Want(t, 200)
				}
				got = apptest.Into[pageOf[likeRow]](t, me.Get((*got.Next)[len(s.URL):]).Want(t, 200))
			}
			if stays := without(want, people[len(people)-8].UserID); !slices.Equal(seen, stays) {
				t.Errorf("%s: %v, want %v", path, seen, stays)
			}
		}
		wantStyleCounted(t, s)
	})
}
