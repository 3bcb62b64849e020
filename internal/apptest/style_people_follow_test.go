package apptest_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/style"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/page"
)

type followReply struct {
	Detail       string
	Following    bool
	NumFollowers int64 `json:"num_followers"`
}

// follower is a row of either list of follows.
type follower struct {
	From      *stylist  `json:"from_profile"`
	To        *stylist  `json:"to_profile"`
	CreatedAt time.Time `json:"created_at"`
}

func (f follower) id() int64 {
	for _, p := range []*stylist{f.From, f.To} {
		if p != nil {
			return p.UserID
		}
	}
	return 0
}

// tied returns who is in a list of follows, the newest first; 0 is nobody.
func tied(t *testing.T, s *apptest.Server, c *apptest.Client, id int64, rest string) string {
	t.Helper()
	return who(walk[follower](t, s, c, personPath(id, rest), 100), follower.id)
}

func TestStyleFollowing(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, idol, other := s.Person(), s.Person(), s.Person()
		path := personPath(idol.UserID, "follow/")
		follow(t, other, idol.UserID)
		for _, step := range []struct {
			body      any
			following bool
			n         int64
		}{{nil, true, 2}, {M{}, false, 1}, {M{"value": true}, true, 2}, {M{"value": true}, true, 2}, {M{"value": false}, false, 1}, {M{"value": false}, false, 1}, {M{"value": nil}, true, 2}} {
			got := apptest.Into[followReply](t, me.Patch(path, step.body).Want(t, 200))
			if got.Following != step.following || got.NumFollowers != step.n || got.Detail == "" {
				t.Errorf("%v: %+v, want %v and %d", step.body, got, step.following, step.n)
			}
			if p := personaOf(t, me, idol.UserID); p.Following != step.following || p.NumFollowers != step.n {
				t.Errorf("%v: the profile says %+v", step.body, p)
			}
			wantStyleCounted(t, s)
		}
		if p := personaOf(t, idol, me.UserID); p.NumFollowings != 1 || p.NumFollowers != 0 || p.Following != false {
			t.Errorf("who follows: %+v", p)
		}
		for _, body := range []any{nil, M{"value": true}, M{"value": false}} {
			me.Patch(personPath(me.UserID, "follow/"), body).WantCode(t, 400, "style.follow_oneself")
			me.Patch(personPath(999999, "follow/"), body).WantCode(t, 404, "style.profile_not_found")
			s.Anonymous().Patch(path, body).WantCode(t, 401, "auth.required")
		}
		for _, body := range []any{M{"value": "yes"}, M{"value": 1}, strings.NewReader("{")} {
			if r := me.With("Content-Type", "application/json").Patch(path, body); r.Status != 400 {
				t.Errorf("%v: %d %s", body, r.Status, r.Body)
			}
		}
		idol.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		me.Patch(path, nil).WantCode(t, 404, "style.profile_not_found")
		wantStyleCounted(t, s)
	})
}

func TestStyleListsOfFollows(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		idol, me, fans := s.Person(), s.Person(), s.People(7)
		var want []int64
		for _, f := range fans {
			s.Clock.Advance(time.Second)
			follow(t, f, idol.UserID)
			follow(t, idol, f.UserID)
			want = append([]int64{f.UserID}, want...)
		}
		follow(t, me, fans[3].UserID)
		for _, rest := range []string{"followers/", "followings/"} {
			for _, size := range []int{1, 2, 3, 7, 100} {
				list := walk[follower](t, s, me, personPath(idol.UserID, rest), size)
				if got := who(list, follower.id); got != ids(want...) {
					t.Errorf("%s by %d: %s, want %v", rest, size, got, want)
				}
				for i, f := range list {
					if p := f.From; rest == "followings/" && (p != nil || f.To == nil) || rest == "followers/" && (p == nil || f.To != nil) {
						t.Fatalf("%s: %+v", rest, f)
					}
					if p := map[bool]*stylist{true: f.From, false: f.To}[f.From != nil]; p.Following != (p.UserID == fans[3].UserID) || p.ProfileName == "" || !f.CreatedAt.Equal(s.Clock.Now().Add(-time.Duration(i)*time.Second)) {
						t.Errorf("%s: %+v at %s", rest, p, f.CreatedAt)
					}
				}
			}
			if own := walk[follower](t, s, fans[0], personPath(idol.UserID, rest), 100); fmt.Sprint(following(own, fans[0].UserID)) != "<nil>" {
				t.Errorf("oneself is followed: %v", following(own, fans[0].UserID))
			}
			hostileLists(t, me, personPath(idol.UserID, rest))
			s.Anonymous().Get(personPath(idol.UserID, rest)).WantCode(t, 401, "auth.required")
			me.Get(personPath(999999, rest)).WantCode(t, 404, "style.profile_not_found")
			if got := tied(t, s, me, me.UserID, rest); got != map[bool]string{true: "", false: ids(fans[3].UserID)}[rest == "followers/"] {
				t.Errorf("my %s: %q", rest, got)
			}
		}
		r := me.Get(personPath(idol.UserID, "followers/?page_size=1")).Want(t, 200)
		next := strings.TrimPrefix(*apptest.Into[pageOf[M]](t, r).Next, s.URL)
		me.Get(strings.Replace(next, "followers/", "followings/", 1)).WantCode(t, 400, "page.bad_cursor")
		me.Get(strings.Replace(next, fmt.Sprint(idol.UserID), fmt.Sprint(me.UserID), 1)).WantCode(t, 400, "page.bad_cursor")

		// Out of my sight are those whom I mute or who hide from me; who left is nobody.
		blocks(fans[6], me.UserID).Want(t, 201)
		mute(t, me, fans[5].UserID)
		fans[4].Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		for _, rest := range []string{"followers/", "followings/"} {
			if got := tied(t, s, me, idol.UserID, rest); got != ids(0, want[3], want[4], want[5], want[6]) {
				t.Errorf("%s without the hidden: %s", rest, got)
			}
			if got := tied(t, s, idol, idol.UserID, rest); got != ids(want[0], want[1], 0, want[3], want[4], want[5], want[6]) {
				t.Errorf("%s for others: %s", rest, got)
			}
		}
		if p := personaOf(t, me, idol.UserID); p.NumFollowers != 7 || p.NumFollowings != 7 {
			t.Errorf("counted for all: %+v", p)
		}
		wantStyleCounted(t, s)
	})
}

// following returns how a list says that its reader stands to somebody in it.
func following(list []follower, id int64) any {
	for _, f := range list {
		if f.id() == id {
			return map[bool]*stylist{true: f.From, false: f.To}[f.From != nil].Following
		}
	}
	return "nobody"
}

// A hundred people toggle at once, each an odd number of times.
func TestStyleAHundredPeopleFollowAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		const fans = 100
		idol, other := s.Person(), s.Person()
		var work []func()
		var most atomic.Int64
		for i, c := range s.People(fans) {
			work = append(work, func() {
				for range 3 {
					if r := c.Patch(personPath(idol.UserID, "follow/"), nil); wantOneOf(t, r, 200) {
						if n := apptest.Into[followReply](t, r).NumFollowers; n > most.Load() {
							most.Store(n)
						}
					}
				}
				wantOneOf(t, c.Patch(personPath(other.UserID, "follow/"), M{"value": i%4 != 0}), 200)
			})
		}
		together(work...)
		if p := personaOf(t, s.Anonymous(), idol.UserID); p.NumFollowers != fans || most.Load() > fans {
			t.Errorf("%d followers, and once %d", p.NumFollowers, most.Load())
		}
		if n := count(t, s, "SELECT count(*) FROM follows WHERE to_id = $1", idol.UserID); n != fans {
			t.Errorf("%d rows", n)
		}
		if p := personaOf(t, s.Anonymous(), other.UserID); p.NumFollowers != fans*3/4 {
			t.Errorf("%d followers of the other", p.NumFollowers)
		}
		wantStyleCounted(t, s)
		allTold(t, s)
		wantInboxes(t, s)
	})
}

// People who follow each other at the same moment don't wait for each other in a
// circle, and one person's own toggles follow one another.
func TestStyleTwoFollowEachOtherAtOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(4)
		for range 10 {
			var work []func()
			for _, a := range people {
				for _, b := range people {
					if a != b {
						work = append(work, func() { wantOneOf(t, a.Patch(personPath(b.UserID, "follow/"), nil), 200) },
							func() { wantOneOf(t, a.Patch(personPath(b.UserID, "follow/"), nil), 200) })
					}
				}
			}
			together(work...)
			if n := count(t, s, "SELECT count(*) FROM follows"); n != 0 {
				t.Fatalf("%d follows after an even number of toggles", n)
			}
			wantStyleCounted(t, s)
		}
		var work []func()
		for i := range 24 {
			a, b := people[i%2], people[1-i%2]
			work = append(work, func() { wantOneOf(t, a.Patch(personPath(b.UserID, "follow/"), M{"value": true}), 200) })
		}
		together(work...)
		for i := range 2 {
			if p := personaOf(t, people[i], people[1-i].UserID); p.NumFollowers != 1 || p.NumFollowings != 1 || p.Following != true {
				t.Errorf("each follows the other: %+v", p)
			}
		}
		wantStyleCounted(t, s)
	})
}

// Who follows as many people as one can follows no more, also in a rush.
func TestStyleFollowingHasALimit(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, idols := s.Person(), s.People(6)
		execute(t, s, numbersTo+"INSERT INTO follows (from_id, to_id, created_at) SELECT $2, 500000 + i, $3 FROM n", style.MaxFollowings-2, me.UserID, s.Clock.Now())
		execute(t, s, "INSERT INTO style_people (user_id, num_followings) VALUES ($1, $2)", me.UserID, style.MaxFollowings-2)
		var followed atomic.Int64
		var work []func()
		for _, idol := range idols {
			work = append(work, func() {
				r := me.Patch(personPath(idol.UserID, "follow/"), nil)
				if wantOneOf(t, r, 200, 409) && r.Status == 200 {
					followed.Add(1)
				} else if r.Code() != "style.too_many_follows" {
					t.Errorf("%d %s", r.Status, r.Body)
				}
			})
		}
		together(work...)
		if followed.Load() != 2 {
			t.Errorf("%d followed, want 2", followed.Load())
		}
		wantStyleCounted(t, s)
	})
}

// A long list of people takes as many statements as a short one.
func TestStyleListsOfPeopleTakeAFixedNumberOfStatements(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, me := s.Staff(), s.Person()
		shown := post(t, me, "#tag0")
		for i, c := range s.People(8) {
			rename(t, c, fmt.Sprintf("same%d", i))
			follow(t, c, me.UserID)
			follow(t, me, c.UserID)
			like(t, c, postPath(shown.ID, ""))
			own := post(t, c, fmt.Sprintf("#tag%d @same0", i))
			said := say(t, c, shown.ID, "words")
			for _, path := range []string{postPath(own.ID, ""), saidPath(said.ID, ""), personPath(c.UserID, "")} {
				staff.Post(path+"report/", M{"reason": "spam", "note": "a note"}).Want(t, 201)
			}
		}
		allTold(t, s) // which reads people, too
		of := func(user int64, isStaff bool) context.Context {
			return auth.With(t.Context(), auth.Identity{UserID: user, SessionID: 1, Staff: isStaff})
		}
		for name, c := range map[string]struct {
			most int64
			of   page.CursorList
			list func(ctx context.Context, r page.CursorRequest) (int, error)
		}{
			"followers": {5, style.FollowList(me.UserID, true), func(ctx context.Context, r page.CursorRequest) (int, error) {
				l, err := s.Style.FollowsOf(ctx, me.UserID, true, r)
				return len(l.Rows), err
			}},
			"followings": {5, style.FollowList(me.UserID, false), func(ctx context.Context, r page.CursorRequest) (int, error) {
				l, err := s.Style.FollowsOf(ctx, me.UserID, false, r)
				return len(l.Rows), err
			}},
			"likes": {5, style.LikeList(shown.ID), func(ctx context.Context, r page.CursorRequest) (int, error) {
				l, err := s.Style.Likes(ctx, shown.ID, r)
				return len(l.Rows), err
			}},
			"profiles": {4, style.ProfileList(""), func(ctx context.Context, r page.CursorRequest) (int, error) {
				l, err := s.Style.Profiles(ctx, "", r)
				return len(l.Rows), err
			}},
			"cases": {6, style.CaseList(style.CaseOpen), func(ctx context.Context, r page.CursorRequest) (int, error) {
				l, err := s.Style.Cases(ctx, style.CaseOpen, r)
				return len(l.Rows), err
			}},
			"search": {5, style.ProfileList("search"), func(ctx context.Context, r page.CursorRequest) (int, error) {
				found, err := s.Style.Search(ctx, map[int]string{3: "same1", 8: "same"}[r.Size])
				return len(found.People), err
			}},
		} {
			var rows []int
			var statements []int64
			for _, size := range []int{3, 8} {
				r, err := c.of.Parse("", size)
				if err != nil {
					t.Fatal(err)
				}
				ctx := of(me.UserID, false)
				if name == "profiles" || name == "cases" {
					ctx = of(staff.UserID, true)
				}
				s.Clock.Advance(time.Minute) // nobody is remembered
				counted, n := db.WithCounter(ctx)
				got, err := c.list(counted, r)
				if err != nil {
					t.Fatal(err)
				}
				rows, statements = append(rows, got), append(statements, n.Load())
			}
			if rows[0] == 0 || rows[0] >= rows[1] || statements[0] != statements[1] || statements[0] > c.most {
				t.Errorf("%s: %d rows take %d statements, %d rows take %d, want at most %d", name, rows[0], statements[0], rows[1], statements[1], c.most)
			}
		}
	})
}

// Who blocks somebody is followed by them no more, and follows them no more; a
// mute leaves both.
func TestStyleABlockEndsFollows(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, them, third := s.Person(), s.Person(), s.Person()
		follow(t, me, them.UserID)
		follow(t, them, me.UserID)
		follow(t, third, them.UserID)
		me.Post("/api/friends/mutes/", M{"user_id": them.UserID}).Want(t, 201)
		if p := personaOf(t, me, them.UserID); p.Following != true || p.NumFollowers != 2 {
			t.Errorf("after a mute: %+v", p)
		}
		me.Post("/api/friends/blocks/", M{"user_id": them.UserID}).Want(t, 201)
		wantStyleCounted(t, s)
		me.Delete(fmt.Sprintf("/api/friends/blocks/%d/", them.UserID)).Want(t, 204)
		p := personaOf(t, me, them.UserID)
		if p.Following != false || p.NumFollowers != 1 || p.NumFollowings != 0 {
			t.Errorf("after a block: %+v", p)
		}
	})
}
