package apptest_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/db"
	"rally/platform/testkit"
)

const inboxPath = "/api/inbox/"

type about struct {
	Type, Side, Action, Status, Event, Device, Address string

	ID, Price, Remark int64

	Article *struct {
		InfoID  int64  `json:"info_id"`
		EngName string `json:"eng_name"`
		Size    string
	}
	Person *profile
	Post   *struct {
		Excerpt string
		Image   *string
	}

	Tournament *struct {
		ID   int64
		Name string
	}
	Score []int
	Won   bool
}

type note struct {
	ID, Seq, Count int64
	Kind           string
	Actors         []profile
	Target         about
	CreatedAt      time.Time `json:"created_at"`
	Read           bool
}

func (n note) by() string { return who(n.Actors, func(p profile) int64 { return p.UserID }) }

// allTold waits until nothing waits to be told.
func allTold(t *testing.T, s *apptest.Server) {
	t.Helper()
	testkit.Until(t, "everybody is told", func() bool { return count(t, s, "SELECT count(*) FROM inbox_outbox") == 0 })
}

// notesOf returns what somebody was told, the last first, without what concerns
// security: logging in is told, too.
func notesOf(t *testing.T, s *apptest.Server, c *apptest.Client) []note {
	t.Helper()
	allTold(t, s)
	var list []note
	for _, n := range walk[note](t, s, c, inboxPath, 100) {
		if n.Kind != "security" {
			list = append(list, n)
		}
	}
	return list
}

func kindsOf(list []note) string {
	kinds := make([]string, len(list))
	for i, n := range list {
		kinds[i] = fmt.Sprintf("%s×%d", n.Kind, n.Count)
	}
	return strings.Join(kinds, " ")
}

func unreadOf(t *testing.T, c *apptest.Client) int64 {
	t.Helper()
	return apptest.Into[struct{ Unread int64 }](t, c.Get(inboxPath+"unread-count/").Want(t, 200)).Unread
}

func read(t *testing.T, c *apptest.Client, body M) int64 {
	t.Helper()
	return apptest.Into[struct{ Unread int64 }](t, c.Post(inboxPath+"read/", body).Want(t, 200)).Unread
}

// wantInboxes fails the test unless every stored count is the number of rows,
// and nobody's sequence stands still.
func wantInboxes(t *testing.T, s *apptest.Server) {
	t.Helper()
	for what, query := range map[string]string{
		"inboxes count wrong":     "SELECT count(*) FROM inbox_state i WHERE i.unread <> (SELECT count(*) FROM notifications n WHERE n.user_id = i.user_id AND NOT n.read)",
		"sequences are behind":    "SELECT count(*) FROM notifications n WHERE NOT EXISTS (SELECT 1 FROM inbox_state i WHERE i.user_id = n.user_id AND i.seq >= n.seq)",
		"entries wait to be told": "SELECT count(*) FROM inbox_outbox",
		"things are told twice":   "SELECT count(*) FROM inbox_state i WHERE i.seq < (SELECT coalesce(sum(n.count), 0) FROM notifications n WHERE n.user_id = i.user_id)",
	} {
		if n := count(t, s, query); n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

func TestOrdersAreTold(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		id := b.matched(120000)
		list := notesOf(t, s, b.seller)
		if kindsOf(list) != "bid_matched×1" || len(notesOf(t, s, b.buyer)) != 0 {
			t.Fatalf("the seller is told %+v", list)
		}
		if n := list[0]; n.Target.Type != "order" || n.Target.ID != id || n.Target.Side != "sales" || n.Target.Action != "match" || n.Target.Price != 120000 || n.Target.Article == nil || n.Target.Article.Size == "" || n.Target.Article.EngName == "" ||
			len(n.Actors) != 0 || n.Read || !n.CreatedAt.Equal(s.Clock.Now()) {
			t.Errorf("the match: %+v", n)
		}

		// Steps of one order are one notification, as it stands after the last.
		s.Clock.Advance(time.Minute)
		b.lead(id, "inspecting")
		list = notesOf(t, s, b.buyer)
		if kindsOf(list) != "order_moved×2" || list[0].Target.Action != "receive" || list[0].Target.Status != "inspecting" || list[0].Target.Side != "purchase" || list[0].Seq <= 1 {
			t.Errorf("the buyer is told %+v", list)
		}
		if got := kindsOf(notesOf(t, s, b.seller)); got != "order_moved×1 bid_matched×1" { // they shipped it themselves
			t.Errorf("the seller is told %s", got)
		}
		before := unreadOf(t, b.buyer)
		if after := read(t, b.buyer, M{"ids": []int64{list[0].ID}}); after != before-1 {
			t.Errorf("unread %d, then %d", before, after)
		}
		step(b.staff, id, "pass", nil).Want(t, 200)
		list = notesOf(t, s, b.buyer)
		if kindsOf(list) != "order_moved×1 order_moved×2" || list[0].Read || !list[1].Read || list[0].Target.Action != "pass" {
			t.Errorf("after reading: %+v", list)
		}
		if n := len(notesOf(t, s, b.bystander)); n != 0 {
			t.Errorf("a bystander is told %d things", n)
		}

		// The other side of the book, and another order.
		offer(t, b.buyer, b.p, 90000)
		sell(b.seller, b.p, M{"expected_price": 90000}).Want(t, 201)
		if list = notesOf(t, s, b.buyer); kindsOf(list) != "bid_matched×1 order_moved×1 order_moved×2" || list[0].Target.Side != "purchase" {
			t.Errorf("a bid was taken: %+v", list)
		}

		// A wish.
		p := b.sh.traded()
		hope(t, b.bystander, p, 50000)
		ask(t, b.seller, p, 49000)
		looked(t, s)
		if list = notesOf(t, s, b.bystander); kindsOf(list) != "price_reached×1" || list[0].Target.Type != "product" || list[0].Target.ID != p || list[0].Target.Price != 49000 || list[0].Target.Article == nil {
			t.Errorf("a wish: %+v", list)
		}
		wantInboxes(t, s)
	})
}

func TestRequestsAndAnswersAreTold(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, p := s.Person(), s.People(6)
		var first, last int64
		for _, c := range p[:4] {
			s.Clock.Advance(time.Second)
			last = asked(t, c, me)
			if first == 0 {
				first = last
			}
		}
		list := notesOf(t, s, me)
		if kindsOf(list) != "friend_request×4" || list[0].by() != ids(p[3].UserID, p[2].UserID, p[1].UserID) || list[0].Target.Type != "request" || list[0].Target.ID != last || list[0].Actors[0].ProfileName != nameOf(t, p[3]) {
			t.Errorf("four requests: %+v", list)
		}
		// What was taken back is no news; asking again makes a person the newest.
		s.Clock.Advance(time.Second)
		p[1].Delete(askPath(*asksOf(t, s, p[1], "outgoing")[0].ID, "")).Want(t, 204)
		asked(t, p[1], me)
		if list = notesOf(t, s, me); kindsOf(list) != "friend_request×4" || list[0].by() != ids(p[1].UserID, p[3].UserID, p[2].UserID) {
			t.Errorf("asked again requests: %+v", list)
		}
		// Whoever left, is renamed or blocked shows at once.
		p[3].Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		rename(t, p[2], "renamed")
		blocks(p[1], me.UserID).Want(t, 201)
		if list = notesOf(t, s, me); list[0].by() != ids(p[2].UserID, p[0].UserID) || list[0].Actors[0].ProfileName != "renamed" {
			t.Errorf("the actors: %+v", list[0].Actors)
		}
		read(t, me, M{"all": true})
		asked(t, p[4], me)
		if list = notesOf(t, s, me); kindsOf(list) != "friend_request×1 friend_request×3" {
			t.Errorf("after reading: %s", kindsOf(list))
		}
		// An answer stands alone; who answers is not told.
		p[5].Post(askPath(asked(t, me, p[5]), "accept/"), nil).Want(t, 200)
		me.Post(askPath(first, "accept/"), nil).Want(t, 200)
		list = notesOf(t, s, me)
		if list[0].Kind != "friend_accepted" && list[1].Kind != "friend_accepted" {
			t.Errorf("an answer: %s", kindsOf(list))
		}
		for _, n := range list[:2] {
			if n.Kind == "friend_accepted" && (n.by() != ids(p[5].UserID) || n.Target.Type != "user" || n.Target.ID != p[5].UserID || n.Count != 1) {
				t.Errorf("an answer: %+v", n)
			}
		}
		if got := kindsOf(notesOf(t, s, p[5])); got != "friend_request×1" {
			t.Errorf("who answered is told %s", got)
		}
		if got := kindsOf(notesOf(t, s, p[0])); got != "friend_accepted×1" {
			t.Errorf("who asked is told %s", got)
		}

		// An answer that everybody of the group got is read by itself.
		before := unreadOf(t, me)
		me.Post(askPath(*asksOf(t, s, me, "incoming")[0].ID, "decline/"), nil).Want(t, 200)
		allTold(t, s)
		if after := unreadOf(t, me); after != before-1 {
			t.Errorf("unread %d, after the answer %d", before, after)
		}

		// Whoever blocks is in nothing that was told.
		blocks(p[5], me.UserID).Want(t, 201)
		for _, n := range notesOf(t, s, me) {
			if n.Kind == "friend_accepted" && n.by() != "" {
				t.Errorf("who blocks me: %+v", n)
			}
		}
		wantInboxes(t, s)
	})
}

// What concerns the account is told, with the device, and to nobody else.
func TestSecurityIsTold(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		guard(t, s, me)
		allTold(t, s)
		var got, want []string
		for _, n := range walk[note](t, s, me, inboxPath, 100) {
			if n.Kind != "security" || n.Target.Type != "security" || n.Target.Address == "" || n.Count != 1 || len(n.Actors) != 0 {
				t.Errorf("%+v", n)
			}
			got = append(got, n.Target.Event)
		}
		for _, e := range walk[struct{ Kind string }](t, s, me, base+"security-events/", 100) {
			want = append(want, e.Kind)
		}
		if len(want) == 0 || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("told of %v, the events are %v", got, want)
		}
		wantInboxes(t, s)
	})
}

func TestMarkingAsRead(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other, p := s.Person(), s.Person(), s.People(8)
		for i, c := range p { // answers stand alone
			target := me
			if i == 7 {
				target = other
			}
			c.Post(askPath(asked(t, target, c), "accept/"), nil).Want(t, 200)
			allTold(t, s)
		}
		read(t, me, M{"all": true, "upto": notesOf(t, s, me)[6].Seq - 1}) // nothing but what came before, of logging in
		list, theirs := notesOf(t, s, me), notesOf(t, s, other)
		for i, n := range list[1:] {
			if n.Seq >= list[i].Seq {
				t.Errorf("seq %d comes after %d", n.Seq, list[i].Seq)
			}
		}
		if len(list) != 7 || unreadOf(t, me) != 7 {
			t.Fatalf("%d notifications, %d unread", len(list), unreadOf(t, me))
		}
		others := unreadOf(t, other)
		for _, c := range []struct {
			body M
			want int64
		}{
			{M{"ids": []int64{list[6].ID}}, 6}, {M{"ids": []int64{list[6].ID}}, 6}, {M{"ids": []int64{list[5].ID, list[5].ID}}, 5},
			{M{"ids": []int64{theirs[0].ID, 999999, -1, 0, 1<<63 - 1}}, 5}, {M{"all": true, "upto": list[4].Seq}, 4}, {M{"all": true, "upto": list[4].Seq}, 4}, {M{"all": true, "upto": 0}, 4},
			{M{"ids": []int64{list[0].ID}}, 3}, {M{"all": true}, 0}, {M{"all": true}, 0}, {M{"all": true, "upto": 1 << 60}, 0},
		} {
			if got := read(t, me, c.body); got != c.want || unreadOf(t, me) != c.want {
				t.Errorf("%v leaves %d, want %d", c.body, got, c.want)
			}
			wantInboxes(t, s)
		}
		if unreadOf(t, other) != others || notesOf(t, s, other)[0].Read {
			t.Error("another person's were marked")
		}
		for _, body := range []M{{}, {"ids": []int64{}}, {"all": false}, {"ids": []int64{1}, "all": true}} {
			me.Post(inboxPath+"read/", body).WantCode(t, 400, "inbox.read_what")
		}
		many := make([]int64, 101)
		for _, body := range []any{M{"ids": many}, M{"ids": "1"}, M{"ids": []string{"1"}}, M{"ids": nil, "all": 1}, M{"all": true, "upto": -1}, M{"all": true, "upto": "x"}, strings.NewReader("{"), strings.NewReader(`{"ids":[1e300]}`), nil} {
			if r := me.With("Content-Type", "application/json").Post(inboxPath+"read/", body); r.Status != 400 || r.Code() == "" {
				t.Errorf("%v: %d %s", body, r.Status, r.Body)
			}
		}
		for _, size := range []int{1, 2, 3, 5} {
			if got := walk[note](t, s, me, inboxPath, size); len(got) < 7 || who(got[:7], func(n note) int64 { return n.ID }) != who(list, func(n note) int64 { return n.ID }) {
				t.Errorf("pages of %d: %+v", size, got)
			}
		}
		hostileLists(t, me, inboxPath)
	})
}

type chosen struct {
	Kinds    map[string]bool
	Audience map[string]string
}

func TestSettingsOfTheInbox(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		path := inboxPath + "settings/"
		first := apptest.Into[chosen](t, me.Get(path).Want(t, 200))
		if fmt.Sprint(first) != "{map[bid_matched:true commented:true followed:true friend_accepted:true friend_request:true liked:true match_invited:true mentioned:true order_moved:true price_reached:true replied:true security:true tournament_called:true tournament_won:true] "+
			"map[champion:everyone friendship:friends match:everyone post:everyone review:everyone trade:nobody]}" {
			t.Errorf("at first: %v", first)
		}
		for _, body := range []M{{"kinds": M{"friend_request": false}}, {"audience": M{"review": "nobody"}}, {"kinds": M{"security": true}}, {}, {"kinds": M{}, "audience": M{}}} {
			me.Do("PUT", path, body).Want(t, 200)
		}
		now := apptest.Into[chosen](t, me.Get(path).Want(t, 200))
		if now.Kinds["friend_request"] || !now.Kinds["order_moved"] || !now.Kinds["security"] || now.Audience["review"] != "nobody" || now.Audience["friendship"] != "friends" || len(now.Kinds) != 14 || len(now.Audience) != 6 {
			t.Errorf("after changing: %v", now)
		}
		me.Do("PUT", path, M{"kinds": M{"security": false, "order_moved": false}}).WantCode(t, 400, "inbox.kind_required")
		for _, body := range []M{{"kinds": M{"mystery": true, "order_moved": false}}, {"audience": M{"mystery": "nobody"}}, {"audience": M{"trade": "world"}}, {"audience": M{"trade": ""}}} {
			if r := me.Do("PUT", path, body); r.Status != 400 || r.Code() != "request.invalid" {
				t.Errorf("%v: %d %s", body, r.Status, r.Body)
			}
		}
		for _, body := range []any{M{"kinds": []string{"x"}}, M{"kinds": M{"order_moved": "no"}}, M{"kinds": M{"order_moved": nil}}, M{"audience": M{"trade": 5}}, M{"audience": "nobody"}, nil, strings.NewReader("[]")} {
			if r := me.With("Content-Type", "application/json").Do("PUT", path, body); r.Status != 400 {
				t.Errorf("%v: %d %s", body, r.Status, r.Body)
			}
		}
		if after := apptest.Into[chosen](t, me.Get(path).Want(t, 200)); fmt.Sprint(after) != fmt.Sprint(now) {
			t.Errorf("a refused change changed %v to %v", now, after)
		}

		asked(t, other, me)
		if list := notesOf(t, s, me); len(list) != 0 {
			t.Errorf("told what is switched off: %+v", list)
		}
		me.Do("PUT", path, M{"kinds": M{"friend_request": true}}).Want(t, 200)
		asked(t, s.Person(), me)
		if list := notesOf(t, s, me); kindsOf(list) != "friend_request×1" {
			t.Errorf("told %s", kindsOf(list))
		}

		// Many changes at once, in any order: all go through.
		var work []func()
		for i := range 20 {
			work = append(work, func() {
				all := M{}
				for kind := range first.Kinds {
					all[kind] = kind == "security" || i%2 == 0
				}
				wantOneOf(t, me.Do("PUT", path, M{"kinds": all}), 200)
			})
		}
		together(work...)
	})
}

// A hundred things arrive and are marked at the same moment.
func TestTheUnreadCountIsRightInARush(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, p := s.Person(), s.People(34)
		var refused atomic.Int64
		var work []func()
		for i, c := range p {
			work = append(work, func() {
				wantOneOf(t, wishes(c, me.UserID), 201)
			}, func() {
				body := M{"all": true}
				if i%2 == 0 {
					var all []int64
					for _, n := range apptest.Into[pageOf[note]](t, me.Get(inboxPath)).Results {
						all = append(all, n.ID)
					}
					if body = (M{"ids": all}); len(all) == 0 {
						return
					}
				}
				r := me.Post(inboxPath+"read/", body)
				if wantOneOf(t, r, 200) && apptest.Into[struct{ Unread int64 }](t, r).Unread < 0 {
					refused.Add(1)
				}
			}, func() { wantOneOf(t, me.Get(inboxPath+"unread-count/"), 200) })
		}
		together(work...)
		allTold(t, s)
		wantInboxes(t, s)
		if n := refused.Load(); n != 0 {
			t.Errorf("%d answers count less than nothing", n)
		}
		if n := count(t, s, "SELECT coalesce(sum(count), 0) FROM notifications WHERE user_id = $1 AND kind = 'friend_request'", me.UserID); n != len(p) {
			t.Errorf("told %d times, want %d", n, len(p))
		}
		if unreadOf(t, me) > 0 && read(t, me, M{"all": true}) != 0 {
			t.Error("some can't be read")
		}
		wantInboxes(t, s)
	})
}

// Two programs work on one database: everything is told once.
func TestTwoProgramsTellOnce(t *testing.T) {
	one := apptest.Start(t, db.Postgres, map[string]string{"RALLY_SECRET": strings.Repeat("s", 40)})
	two := apptest.Start(t, db.Postgres, map[string]string{"RALLY_SECRET": strings.Repeat("s", 40), "RALLY_DATABASE_URL": one.DatabaseURL})
	people := append(one.People(20), two.People(20)...)
	me := one.Person()
	var work []func()
	for _, c := range people {
		work = append(work, func() { wantOneOf(t, wishes(c, me.UserID), 201) }, func() { me.Post(inboxPath+"read/", M{"all": true}) })
	}
	together(work...)
	allTold(t, one)
	wantInboxes(t, one)
	if n := count(t, one, "SELECT coalesce(sum(count), 0) FROM notifications WHERE user_id = $1 AND kind = 'friend_request'", me.UserID); n != len(people) {
		t.Errorf("told %d times, want %d", n, len(people))
	}
}

func TestOldNotificationsGo(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		me, a, b := s.Person(), s.Person(), s.Person()
		befriend(t, me, a)
		allTold(t, s)
		s.Clock.Advance(100 * 24 * time.Hour)
		refresh(t, me, b)
		asked(t, b, me)
		allTold(t, s)
		for _, c := range []struct {
			after time.Duration
			notes string
			done  int
		}{{0, "friend_request×1 friend_accepted×1", 0}, {81 * 24 * time.Hour, "friend_request×1", 0}, {100 * 24 * time.Hour, "", 0}} {
			s.Clock.Advance(c.after)
			refresh(t, me)
			for range 2 {
				if err := s.Inbox.Purge(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := kindsOf(notesOf(t, s, me)); got != c.notes {
					t.Errorf("after %s: %q, want %q", c.after, got, c.notes)
				}
				if n := count(t, s, "SELECT count(*) FROM inbox_state i WHERE i.unread <> (SELECT count(*) FROM notifications n WHERE n.user_id = i.user_id AND NOT n.read)"); n != 0 {
					t.Errorf("%d inboxes count wrong", n)
				}
			}
			if n := count(t, s, "SELECT count(*) FROM activities"); n != c.done {
				t.Errorf("after %s: %d activities", c.after, n)
			}
		}
		if n := count(t, s, "SELECT count(*) FROM notification_actors"); n != 0 {
			t.Errorf("%d actors of nothing", n)
		}
	})
}
