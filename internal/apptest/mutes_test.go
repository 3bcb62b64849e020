package apptest_test

import (
	"fmt"
	"testing"
	"time"

	"rally/internal/apptest"
)

const mutesPath = friendsPath + "mutes/"

func unmute(t *testing.T, c *apptest.Client, id int64) {
	t.Helper()
	c.Delete(fmt.Sprintf("%s%d/", mutesPath, id)).Want(t, 204)
}

// hushed returns whom somebody mutes, the last first.
func hushed(t *testing.T, s *apptest.Server, c *apptest.Client) string {
	t.Helper()
	return who(walk[wish](t, s, c, mutesPath, 100), func(w wish) int64 { return w.UserID })
}

func TestMutesComeAndGo(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, a, b, c := s.Person(), s.Person(), s.Person(), s.Person()
		befriend(t, me, a)
		asked(t, b, me)
		if made := apptest.Into[wish](t, me.Post(mutesPath, M{"user_id": a.UserID}).Want(t, 201)); made.UserID != a.UserID || made.ProfileName != nameOf(t, a) {
			t.Errorf("muted: %+v", made)
		}
		me.Post(mutesPath, M{"user_id": a.UserID}).Want(t, 200)
		me.Post(mutesPath, M{"profile_name": nameOf(t, b)}).Want(t, 201)
		me.Post(mutesPath, M{"profile_name": nameOf(t, b)}).Want(t, 200)
		mute(t, me, c.UserID)
		for _, size := range []int{1, 2, 100} {
			list := walk[wish](t, s, me, mutesPath, size)
			if got := who(list, func(w wish) int64 { return w.UserID }); got != ids(c.UserID, b.UserID, a.UserID) || list[0].CreatedAt == nil || !list[0].CreatedAt.Equal(s.Clock.Now()) {
				t.Errorf("mutes by %d: %+v", size, list)
			}
		}
		hostileLists(t, me, mutesPath)
		if n := len(walk[wish](t, s, me, blocksPath, 100)); n != 0 {
			t.Errorf("%d blocks", n)
		}
		blockCursor := apptest.Into[pageOf[M]](t, me.Get(mutesPath+"?page_size=1").Want(t, 200)).Next
		me.Get(blocksPath+(*blockCursor)[len(s.URL+mutesPath):]).WantCode(t, 400, "page.bad_cursor")

		// Nothing else changes: friends stay, requests wait, nobody is told.
		if matesOf(t, s, me) != ids(a.UserID) || matesOf(t, s, a) != ids(me.UserID) || len(asksOf(t, s, me, "incoming")) != 1 || len(look(t, me, nameOf(t, c))) != 1 {
			t.Error("a mute ended something")
		}
		for _, p := range []*apptest.Client{a, b, c} {
			if hushed(t, s, p) != "" || len(walk[wish](t, s, p, blocksPath, 100)) != 0 {
				t.Error("who is muted has a mute")
			}
			if got := kindsOf(notesOf(t, s, p)); got != map[bool]string{true: "friend_request×1", false: ""}[p == a] {
				t.Errorf("who is muted is told %q", got)
			}
			if seen := personaOf(t, p, me.UserID); seen.Muted == nil || *seen.Muted {
				t.Errorf("who is muted reads %+v", seen)
			}
		}
		me.Post(mutesPath, M{"user_id": me.UserID}).WantCode(t, 400, "friends.self")
		me.Post(mutesPath, M{"profile_name": nameOf(t, me)}).WantCode(t, 400, "friends.self")
		me.Post(mutesPath, M{"user_id": 999999}).WantCode(t, 404, "friends.person_not_found")
		me.Post(mutesPath, M{"profile_name": "nobody.here"}).WantCode(t, 404, "friends.person_not_found")
		for _, body := range []any{M{}, M{"user_id": a.UserID, "profile_name": "x"}, M{"user_id": "x"}, nil} {
			if r := me.Post(mutesPath, body); r.Status != 400 {
				t.Errorf("%v: %d %s", body, r.Status, r.Body)
			}
		}
		for _, r := range []apptest.Reply{s.Anonymous().Post(mutesPath, M{"user_id": a.UserID}), s.Anonymous().Get(mutesPath), s.Anonymous().Delete(mutesPath + "1/")} {
			r.WantCode(t, 401, "auth.required")
		}

		// A block takes a mute's place, and not the other way round.
		blocks(me, a.UserID).Want(t, 201)
		if hushed(t, s, me) != ids(c.UserID, b.UserID) || len(walk[wish](t, s, me, blocksPath, 100)) != 1 || matesOf(t, s, me) != "" {
			t.Errorf("after the block: %s", hushed(t, s, me))
		}
		me.Post(mutesPath, M{"user_id": a.UserID}).Want(t, 200)
		unmute(t, me, a.UserID)
		a.Get(personPath(me.UserID, "")).WantCode(t, 404, "style.profile_not_found")
		me.Delete(fmt.Sprintf("%s%d/", blocksPath, b.UserID)).Want(t, 204) // is muted, not blocked
		if hushed(t, s, me) != ids(c.UserID, b.UserID) {
			t.Errorf("an unblock unmuted: %s", hushed(t, s, me))
		}
		me.Delete(fmt.Sprintf("%s%d/", blocksPath, a.UserID)).Want(t, 204)
		if p := personaOf(t, me, a.UserID); *p.Muted {
			t.Error("muted, once more")
		}
		for range 2 {
			unmute(t, me, b.UserID)
		}
		if hushed(t, s, me) != ids(c.UserID) {
			t.Errorf("after the unmute: %s", hushed(t, s, me))
		}
		c.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		if hushed(t, s, me) != "" {
			t.Error("who left is listed")
		}
		me.Post(mutesPath, M{"user_id": c.UserID}).WantCode(t, 404, "friends.person_not_found")
	})
}

// Blocks and mutes are a thousand together. One may take another's place.
func TestMutesAndBlocksHaveOneLimit(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, others := s.Person(), s.People(4)
		execute(t, s, numbersTo+"INSERT INTO friend_blocks (user_id, blocked_id, mute, created_at) SELECT $2, 700000 + i, i % 2 = 0, $3 FROM n", 998, me.UserID, s.Clock.Now())
		mute(t, me, others[0].UserID)
		blocks(me, others[1].UserID).Want(t, 201)
		me.Post(mutesPath, M{"user_id": others[2].UserID}).WantCode(t, 409, "friends.too_many_blocks")
		blocks(me, others[2].UserID).WantCode(t, 409, "friends.too_many_blocks")
		me.Post(mutesPath, M{"user_id": others[0].UserID}).Want(t, 200)
		blocks(me, others[0].UserID).Want(t, 201)
		if n := count(t, s, "SELECT count(*) FROM friend_blocks WHERE user_id = $1", me.UserID); n != 1000 {
			t.Errorf("%d blocks and mutes", n)
		}
		me.Delete(fmt.Sprintf("%s%d/", blocksPath, others[1].UserID)).Want(t, 204)
		mute(t, me, others[3].UserID)
	})
}

// What somebody says who is muted is shown to everybody but who mutes them, at once
// and until the mute goes.
func TestAMuteKeepsWordsAway(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, loud, other, staff := s.Person(), s.Person(), s.Person(), s.Staff()
		info := newShelf(t, staff).info(nil)
		follow(t, me, loud.UserID)
		theirs := postWith(t, loud, M{"content": "#loud @" + nameOf(t, me), "productinfo_ids": []int64{info}})
		mine := post(t, me, "mine")
		like(t, me, postPath(theirs.ID, ""))
		like(t, loud, postPath(mine.ID, ""))
		like(t, other, postPath(mine.ID, ""))
		said, below := say(t, loud, mine.ID, "loud"), say(t, other, mine.ID, "quiet")
		answerTo(t, me, said.ID, "to loud")
		answer := answerTo(t, loud, below.ID, "loud, too")
		comment(t, loud, info, "a loud review")
		rank(t, s)
		feeds := []string{"type=latest", "type=popular", "type=following", "type=liked", "type=tag&tag=loud", "type=search&q=loud", fmt.Sprintf("type=default&user_id=%d", loud.UserID),
			fmt.Sprintf("type=mentions&user_id=%d", me.UserID), fmt.Sprintf("type=product&info_id=%d", info)}
		shown := func(what string, c *apptest.Client, want bool) {
			t.Helper()
			for _, query := range feeds {
				if query == "type=following" && c != me || query == "type=liked" && c != me {
					continue
				}
				found := false
				for _, p := range feed(t, s, c, query) {
					found = found || p.ID == theirs.ID
				}
				if found != want {
					t.Errorf("%s: %s shows their post: %v", what, query, found)
				}
			}
			comments, replies := 1, 0
			if want {
				comments, replies = 2, 1
			}
			list := saidOn(t, c, mine.ID)
			if len(list) != comments || len(list[0].Replies) != replies {
				t.Errorf("%s: below mine are %+v", what, list)
			}
			if n := len(commentsOf(t, c, info)); n != comments-1 {
				t.Errorf("%s: %d reviews", what, n)
			}
			likes := apptest.Into[pageOf[struct{ Profile *stylist }]](t, c.Get(postPath(mine.ID, "likes/")).Want(t, 200)).Results
			if len(likes) != comments {
				t.Errorf("%s: %d likes are listed", what, len(likes))
			}
			status := map[bool]int{true: 200, false: 404}[want]
			for _, path := range []string{postPath(theirs.ID, ""), saidPath(said.ID, ""), answerPath(answer.ID, "")} {
				if r := c.Get(path); r.Status != status {
					t.Errorf("%s: %s is answered %d", what, path, r.Status)
				}
			}
		}
		shown("at first", me, true)
		for range 2 { // what is remembered of who sees whom is forgotten at once
			mute(t, me, loud.UserID)
			shown("muted", me, false)
			shown("who mutes nobody", other, true)
			if p := personaOf(t, me, loud.UserID); p.Following != true || !*p.Muted { // their profile stays
				t.Errorf("muted: %+v", p)
			}
			if p := readPost(t, loud, mine.ID); p.ID != mine.ID { // they see me as before
				t.Errorf("who is muted reads %+v", p)
			}
			unmute(t, me, loud.UserID)
			shown("heard again", me, true)
		}
		mute(t, me, loud.UserID)
		blocks(me, loud.UserID).Want(t, 201)
		loud.Get(postPath(mine.ID, "")).WantCode(t, 404, "style.post_not_found")
		shown("blocked", me, false)
		me.Delete(fmt.Sprintf("%s%d/", blocksPath, loud.UserID)).Want(t, 204)
		follow(t, me, loud.UserID) // a block ends that
		shown("unblocked", me, true)
		readPost(t, loud, mine.ID)
	})
}

// Who mutes somebody hears nothing of what they do, neither then nor afterwards.
func TestAMuteKeepsNewsAway(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, loud, other := s.Person(), s.Person(), s.Person()
		befriend(t, loud, me)
		mine := post(t, me, "mine")
		said := say(t, me, mine.ID, "said")
		like(t, other, postPath(mine.ID, ""))
		s.Clock.Advance(time.Second)
		like(t, loud, postPath(mine.ID, ""))
		if list := notesOf(t, s, me); list[0].Kind != "liked" || list[0].Count != 2 || list[0].by() != ids(loud.UserID, other.UserID) {
			t.Fatalf("told %+v", list)
		}
		mute(t, me, loud.UserID)
		before := unreadOf(t, me)
		say(t, loud, mine.ID, "loud @"+nameOf(t, me))
		answerTo(t, loud, said.ID, "loud")
		like(t, loud, saidPath(said.ID, ""))
		follow(t, loud, me.UserID)
		post(t, loud, "@"+nameOf(t, me))
		list := notesOf(t, s, me)
		if kindsOf(list) != "liked×2 friend_request×1" || list[0].by() != ids(other.UserID) || unreadOf(t, me) != before {
			t.Errorf("told %+v", list)
		}
		if got := did(t, s, me, 0); got != "" {
			t.Errorf("friends did %q", got)
		}
		if got := did(t, s, other, loud.UserID); got != "post" {
			t.Errorf("others see %q", got)
		}
		// Heard again, they are named again; what they did meanwhile stays untold.
		unmute(t, me, loud.UserID)
		list = notesOf(t, s, me)
		if kindsOf(list) != "liked×2 friend_request×1" || list[0].by() != ids(loud.UserID, other.UserID) {
			t.Errorf("heard again: %+v", list)
		}
		if got := did(t, s, me, 0); got != "post friendship" {
			t.Errorf("friends did %q", got)
		}
		like(t, loud, postPath(post(t, me, "more").ID, ""))
		if list = notesOf(t, s, me); list[0].Kind != "liked" || list[0].by() != ids(loud.UserID) {
			t.Errorf("told %+v", list[0])
		}
		wantInboxes(t, s)
	})
}
