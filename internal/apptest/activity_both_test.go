package apptest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"rally/internal/apptest"
)

// seesFriendship reports whether somebody sees that one became another's friend, in
// pages of a size. A list of 0 is what all friends did.
func seesFriendship(t *testing.T, s *apptest.Server, viewer *apptest.Client, list, actor, other int64, size int) bool {
	t.Helper()
	path := inboxPath + "activity/"
	if list != 0 {
		path = fmt.Sprintf("%s?user_id=%d", path, list)
	}
	return slices.ContainsFunc(walk[act](t, s, viewer, path, size), func(a act) bool {
		return a.Kind == "friendship" && a.Actor.UserID == actor && a.Target.Person != nil && a.Target.Person.UserID == other
	})
}

// hasNumber reports whether a part of an export is about a person.
func hasNumber(part string, user int64) bool {
	return strings.Contains(part, fmt.Sprintf(`"type":"user","id":%d}`, user))
}

// That two became friends is shown to whom both let see it, and to both.
func TestAFriendshipIsShownAsBothLetIt(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		one, two := s.Person(), s.Person()
		viewers := map[string]*apptest.Client{"one": one, "two": two, "a friend of one": s.Person(), "a friend of two": s.Person(), "a friend of both": s.Person(), "a stranger": s.Person()}
		friendOf := map[string][]*apptest.Client{"one": {two}, "two": {one}, "a friend of one": {one}, "a friend of two": {two}, "a friend of both": {one, two}}
		befriend(t, one, two)
		befriend(t, one, viewers["a friend of one"])
		befriend(t, two, viewers["a friend of two"])
		befriend(t, one, viewers["a friend of both"])
		befriend(t, two, viewers["a friend of both"])
		allTold(t, s)
		lets := func(audience string, viewer string, who *apptest.Client) bool {
			return audience == "everyone" || audience == "friends" && slices.Contains(friendOf[viewer], who)
		}
		all := []string{"everyone", "friends", "nobody"}
		for _, ofOne := range all {
			for _, ofTwo := range all {
				audience(t, one, "friendship", ofOne)
				audience(t, two, "friendship", ofTwo)
				for name, viewer := range viewers {
					for _, way := range []struct {
						actor, other *apptest.Client
						own, others  string
					}{{one, two, ofOne, ofTwo}, {two, one, ofTwo, ofOne}} {
						want := lets(way.own, name, way.actor) && (lets(way.others, name, way.other) || viewer == way.other) || viewer == way.actor
						if got := seesFriendship(t, s, viewer, way.actor.UserID, way.actor.UserID, way.other.UserID, 2); got != want {
							t.Errorf("%s and %s: %s sees it of %d: %t, want %t", ofOne, ofTwo, name, way.actor.UserID, got, want)
						}
						want = want && slices.Contains(friendOf[name], way.actor)
						if got := seesFriendship(t, s, viewer, 0, way.actor.UserID, way.other.UserID, 100); got != want {
							t.Errorf("%s and %s: the list of %s holds that of %d: %t, want %t", ofOne, ofTwo, name, way.actor.UserID, got, want)
						}
					}
				}
			}
		}

		// To whom one of both is hidden, it is not shown whatever both let.
		audience(t, one, "friendship", "everyone")
		audience(t, two, "friendship", "everyone")
		for _, by := range []func(viewer *apptest.Client) (*apptest.Client, int64){
			func(viewer *apptest.Client) (*apptest.Client, int64) { return viewer, two.UserID },
			func(viewer *apptest.Client) (*apptest.Client, int64) { return two, viewer.UserID },
		} {
			viewer := viewers["a friend of one"]
			blocker, blocked := by(viewer)
			for _, want := range []bool{false, true} {
				if want {
					blocker.Delete(fmt.Sprintf("%s%d/", blocksPath, blocked)).Want(t, 204)
				} else {
					blocks(blocker, blocked).Want(t, 201)
				}
				for _, list := range []int64{0, one.UserID} {
					if got := seesFriendship(t, s, viewer, list, one.UserID, two.UserID, 1); got != want {
						t.Errorf("blocked %t, it is shown: %t", !want, got)
					}
				}
			}
		}
	})
}

// What one of both showed to nobody when it happened is not kept, of neither.
func TestAFriendshipThatOneHidesIsNotKept(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		shy, open := s.Person(), s.Person()
		audience(t, shy, "friendship", "nobody")
		befriend(t, shy, open)
		befriend(t, open, s.Person())
		allTold(t, s)
		audience(t, shy, "friendship", "everyone")
		for _, c := range []*apptest.Client{shy, open, s.Person()} {
			if seesFriendship(t, s, c, open.UserID, open.UserID, shy.UserID, 100) || seesFriendship(t, s, c, shy.UserID, shy.UserID, open.UserID, 100) {
				t.Error("what was hidden then is shown now")
			}
		}
		if n := count(t, s, "SELECT count(*) FROM activities"); n != 2 { // of the open one and the third
			t.Errorf("%d activities", n)
		}
	})
}

// Whoever blocks, or is blocked, is not named in what was told before, by their
// number neither, until the block is undone.
func TestTheBlockedAreNotWhatANotificationIsAbout(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		for _, blockedBy := range []string{"whom it is about", "who was told"} {
			me, other, leaver := s.Person(), s.Person(), s.Person()
			for _, c := range []*apptest.Client{other, leaver} {
				c.Post(askPath(asked(t, me, c), "accept/"), nil).Want(t, 200)
			}
			about := func(c *apptest.Client) (n int) {
				t.Helper()
				for _, told := range notesOf(t, s, me) {
					if told.Kind != "friend_accepted" || told.Target.Type != "user" {
						t.Fatalf("told %+v", told)
					}
					if told.Target.ID == c.UserID {
						n++
					}
				}
				missed, _, err := s.Inbox.MissedBy(t.Context(), me.UserID, 0) // as after a break of the line
				if err != nil {
					t.Fatal(err)
				}
				live := 0
				for _, told := range missed {
					if told.Target.Type == "user" && told.Target.ID == c.UserID {
						live++
					}
				}
				if live != n {
					t.Errorf("the list names them %d times, the line %d", n, live)
				}
				return n
			}
			if about(other) != 1 || about(leaver) != 1 {
				t.Fatal("not told of both")
			}
			from, to := me, other
			if blockedBy == "whom it is about" {
				from, to = other, me
			}
			blocks(from, to.UserID).Want(t, 201)
			if n := about(other); n != 0 {
				t.Errorf("%s blocks, and is named %d times", blockedBy, n)
			}
			if part := exported(t, me, "inbox"); hasNumber(part, other.UserID) || !hasNumber(part, leaver.UserID) {
				t.Errorf("the export: %s", part)
			}
			from.Delete(fmt.Sprintf("%s%d/", blocksPath, to.UserID)).Want(t, 204)
			if n := about(other); n != 1 {
				t.Errorf("after unblocking they are named %d times", n)
			}
			leaver.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
			if n := about(leaver); n != 0 {
				t.Errorf("who left is named %d times", n)
			}
		}
	})
}
