package apptest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
)

type act struct {
	ID     int64
	Kind   string
	Actor  profile
	Target about
}

// did returns what somebody did as another sees it, or nothing of strangers
// without a user.
func did(t *testing.T, s *apptest.Server, c *apptest.Client, user int64) string {
	t.Helper()
	allTold(t, s)
	path := inboxPath + "activity/"
	if user != 0 {
		path = fmt.Sprintf("%s?user_id=%d", path, user)
	}
	var list []string
	for _, a := range walk[act](t, s, c, path, 100) {
		if a.Actor.ProfileName == "" {
			t.Errorf("nobody did %+v", a)
		}
		list = append(list, a.Kind)
	}
	return strings.Join(list, " ")
}

func audience(t *testing.T, c *apptest.Client, kind, who string) {
	t.Helper()
	c.Do("PUT", inboxPath+"settings/", M{"audience": M{kind: who}}).Want(t, 200)
}

func TestWhoSeesWhatSomebodyDid(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		me, friend, stranger, enemy := b.buyer, s.Person(), s.Person(), s.Person()
		befriend(t, me, friend)
		blocks(me, enemy.UserID).Want(t, 201)
		b.matched(100000) // nobody sees trades, until told otherwise
		comment(t, me, b.sh.info(nil), "fits well")
		see := func(what, mine, friends, strangers string) {
			t.Helper()
			for by, want := range map[*apptest.Client]string{me: mine, friend: friends, stranger: strangers} {
				if got := did(t, s, by, me.UserID); got != want {
					t.Errorf("%s: seen are %q, want %q", what, got, want)
				}
			}
			if got := did(t, s, friend, 0); got != friends {
				t.Errorf("%s: the friend's list is %q, want %q", what, got, friends)
			}
			hiddenAs(t, enemy.Get(fmt.Sprintf("%sactivity/?user_id=%d", inboxPath, me.UserID)), enemy.Get(inboxPath+"activity/?user_id=999999"))
			if got := did(t, s, stranger, 0) + did(t, s, enemy, 0); got != "" {
				t.Errorf("%s: strangers' lists hold %q", what, got)
			}
		}
		see("at first", "review friendship", "review friendship", "review")
		audience(t, me, "trade", "everyone")
		see("what was before stays unseen", "review friendship", "review friendship", "review")
		b.matched(100000)
		see("trades for everyone", "trade review friendship", "trade review friendship", "trade review")
		audience(t, me, "trade", "friends")
		see("trades for friends", "trade review friendship", "trade review friendship", "review")
		audience(t, me, "review", "nobody")
		see("reviews for nobody", "trade review friendship", "trade friendship", "")
		audience(t, me, "friendship", "everyone")
		see("friendships for everyone, of whom the other lets friends see", "trade review friendship", "trade friendship", "")
		audience(t, friend, "friendship", "everyone")
		see("friendships for everyone", "trade review friendship", "trade friendship", "friendship")
		me.Delete(fmt.Sprintf("%s%d/", friendsPath, friend.UserID)).Want(t, 204)
		if got := did(t, s, friend, me.UserID); got != "friendship" {
			t.Errorf("who was a friend sees %q", got)
		}
		if got := did(t, s, friend, 0); got != "" {
			t.Errorf("the list of who was a friend: %q", got)
		}
		if got := did(t, s, b.seller, b.seller.UserID); got != "" { // sold twice, shown to nobody
			t.Errorf("the seller's: %q", got)
		}
	})
}

func TestWhatActivitiesSay(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		me, friend, third := b.buyer, s.Person(), s.Person()
		audience(t, me, "trade", "friends")
		befriend(t, me, friend)
		b.matched(123000)
		info := b.sh.info(nil)
		comment(t, me, info, "fits well")
		audience(t, third, "friendship", "everyone")
		befriend(t, me, third)
		allTold(t, s)
		r := friend.Get(inboxPath+"activity/").Want(t, 200)
		list := apptest.Into[pageOf[act]](t, r).Results
		if len(list) != 4 {
			t.Fatalf("%d activities: %s", len(list), r.Body)
		}
		if a := list[0]; a.Kind != "friendship" || a.Actor.UserID != me.UserID || a.Target.Type != "user" || a.Target.Person == nil || a.Target.Person.UserID != third.UserID {
			t.Errorf("a friendship: %+v", a)
		}
		if a := list[1]; a.Kind != "review" || a.Target.Type != "info" || a.Target.ID != info || a.Target.Article == nil || a.Target.Article.InfoID != info {
			t.Errorf("a review: %+v", a)
		}
		if a := list[2]; a.Kind != "trade" || a.Target.Type != "product" || a.Target.ID != b.p || a.Target.Side != "purchase" || a.Target.Article == nil || a.Target.Article.EngName == "" {
			t.Errorf("a trade: %+v", a)
		}
		if strings.Contains(string(r.Body), "@") || strings.Contains(string(r.Body), "fits well") {
			t.Errorf("tells too much: %s", r.Body)
		}
		for _, size := range []int{1, 2, 3} {
			if got := who(walk[act](t, s, friend, inboxPath+"activity/", size), func(a act) int64 { return a.ID }); got != who(list, func(a act) int64 { return a.ID }) {
				t.Errorf("pages of %d: %s", size, got)
			}
		}
		hostileLists(t, friend, inboxPath+"activity/", fmt.Sprintf("%sactivity/?user_id=%d", inboxPath, me.UserID))
		for _, id := range []string{"-1", "x", "99999999999999999999"} {
			friend.Get(inboxPath+"activity/?user_id="+id).Want(t, 400)
		}

		// Whoever hides from the reader is in nobody's activities.
		blocks(third, friend.UserID).Want(t, 201)
		for _, path := range []string{"activity/", fmt.Sprintf("activity/?user_id=%d", me.UserID)} {
			r := friend.Get(inboxPath+path).Want(t, 200)
			if mentions(t, r.Body, third.UserID) || len(apptest.Into[pageOf[act]](t, r).Results) != 3 || strings.Contains(string(r.Body), nameOf(t, third)) {
				t.Errorf("%s shows who blocks: %s", path, r.Body)
			}
		}
		// Nor does whoever left do anything.
		me.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 409) // with open orders nobody leaves
		rename(t, me, "renamed")
		if got := apptest.Into[pageOf[act]](t, friend.Get(inboxPath+"activity/").Want(t, 200)).Results; got[0].Actor.ProfileName != "renamed" {
			t.Errorf("after a rename: %+v", got)
		}
	})
}

// exported returns a module's part of somebody's export.
func exported(t *testing.T, c *apptest.Client, module string) string {
	t.Helper()
	return string(apptest.Into[struct{ Modules map[string]json.RawMessage }](t, c.Get(base+"export/").Want(t, 200)).Modules[module])
}

func TestFriendsAndInboxAreExportedAndErased(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, friend, asker, idol, enemy := s.Person(), s.Person(), s.Person(), s.Person(), s.Person()
		email := emailOf(t, me)
		befriend(t, friend, me)
		befriend(t, me, s.Person())
		befriend(t, friend, idol)
		asked(t, asker, me)
		asked(t, me, idol)
		blocks(me, enemy.UserID).Want(t, 201)
		blocks(asker, enemy.UserID).Want(t, 201)
		comment(t, me, newShelf(t, s.Staff()).info(nil), "words")
		me.Do("PUT", friendsPath+"presence/", M{"appear": "offline"}).Want(t, 200)
		audience(t, me, "review", "friends")
		allTold(t, s)
		part := exported(t, me, "friends")
		for _, word := range []string{fmt.Sprintf(`"user_id":%d`, friend.UserID), fmt.Sprintf(`"user_id":%d`, enemy.UserID), fmt.Sprintf(`"from":%d`, asker.UserID), fmt.Sprintf(`"to":%d`, idol.UserID), `"appear":"offline"`} {
			if !strings.Contains(part, word) {
				t.Errorf("the friends' part lacks %s: %s", word, part)
			}
		}
		part = exported(t, me, "inbox")
		for _, word := range []string{`"friend_request"`, `"friend_accepted"`, `"security"`, `"review"`, `"friendship"`, `"review":"friends"`} {
			if !strings.Contains(part, word) {
				t.Errorf("the inbox's part lacks %s: %s", word, part)
			}
		}
		if part := exported(t, enemy, "friends"); strings.Contains(part, fmt.Sprint(me.UserID)) && strings.Contains(part, `"blocks":[{`) {
			t.Errorf("who is blocked reads so in their export: %s", part)
		}
		if part := exported(t, s.Person(), "friends"); part != `{"friends":[],"requests":[],"blocks":[],"appear":"online","last_seen":null}` {
			t.Errorf("of somebody new: %s", part)
		}

		// Whoever leaves is on no list, and back on all when they come back.
		listed := func(want int) {
			t.Helper()
			for what, got := range map[string]string{
				"friends": matesOf(t, s, friend), "incoming": who(asksOf(t, s, idol, "incoming"), func(w wish) int64 { return w.UserID }),
				"outgoing": who(asksOf(t, s, asker, "outgoing"), func(w wish) int64 { return w.UserID }),
			} {
				if n := strings.Count(" "+got+" ", fmt.Sprintf(" %d ", me.UserID)); n != want {
					t.Errorf("%s: %s, want %d of %d", what, got, want, me.UserID)
				}
			}
			if r := friend.Get(inboxPath+"activity/").Want(t, 200); mentions(t, r.Body, me.UserID) != (want == 1) {
				t.Errorf("activities: %s", r.Body)
			}
		}
		listed(1)
		me.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		listed(0)
		friend.Get(fmt.Sprintf("%sactivity/?user_id=%d", inboxPath, me.UserID)).WantCode(t, 404, "inbox.person_not_found")
		login(t, me, email)
		listed(1)
		me.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		allTold(t, s)

		// Erased, nothing is left of them, and everything of the others.
		s.Clock.Advance(31 * 24 * time.Hour)
		if err := s.Accounts.EraseLeavers(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, place := range []string{
			"friends WHERE $1 IN (user_id, friend_id)", "friend_requests WHERE $1 IN (from_id, to_id)", "friend_blocks WHERE $1 IN (user_id, blocked_id)", "presence WHERE user_id = $1",
			"inbox_state WHERE user_id = $1", "notifications WHERE user_id = $1", "notification_actors WHERE actor_id = $1", "inbox_settings WHERE user_id = $1", "activities WHERE user_id = $1",
		} {
			if n := count(t, s, "SELECT count(*) FROM "+place, me.UserID); n != 0 {
				t.Errorf("%d rows are left of %s", n, place)
			}
		}
		for query, want := range map[string]int{"SELECT count(*) FROM friends": 2, "SELECT count(*) FROM friend_blocks": 1, "SELECT count(*) FROM notification_actors n WHERE NOT EXISTS (SELECT 1 FROM notifications o WHERE o.id = n.notification_id)": 0} {
			if n := count(t, s, query); n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
		}
		wantInboxes(t, s)
		wantTies(t, s)
	})
}
