package apptest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/modules/accounts"
)

func TestLeavingAndComingBack(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		email := emailOf(t, me)
		sh := newShelf(t, s.Staff())
		p, q := sh.traded(), sh.traded()

		// An order that isn't finished keeps both sides here.
		ask(t, me, p, 100000)
		o := apptest.Into[idOf](t, buy(other, p, nil).Want(t, 201))
		ask(t, me, p, 120000)
		offer(t, me, q, 50000)
		offer(t, other, q, 40000)
		before := contents(t, s)
		s.TakeEvents()
		for _, side := range []*apptest.Client{me, other} {
			side.Post(base+"quit/", M{"password": apptest.Password}).WantCode(t, 409, "shop.orders_open")
			if !isLoggedIn(side) {
				t.Error("somebody who couldn't leave is logged out")
			}
		}
		after := contents(t, s)
		for _, counted := range []string{"attempts", "sessions"} { // a right password is a recent proof
			delete(after, counted)
		}
		for table, rows := range after {
			if rows != before[table] {
				t.Errorf("who couldn't leave changed %s", table)
			}
		}
		if told := s.TakeEvents(); len(told) != 0 {
			t.Errorf("told of who couldn't leave: %+v", told)
		}

		bazaar{t: t, s: s, staff: sh.staff, seller: me, buyer: other}.lead(o.ID, "settled")
		me.Post(base+"quit/", M{"password": "wrong-horse-9"}).WantCode(t, 400, "accounts.bad_credentials")
		wantField(t, me.Post(base+"quit/", M{}), "password")
		elsewhere, access := login(t, s.Anonymous(), email).Access, login(t, me, email).Access
		for _, token := range []string{elsewhere, access} { // each node remembers them now
			bearer(s, token).Get(base+"user/").Want(t, 200)
		}
		me.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		for _, token := range []string{elsewhere, access} {
			bearer(s, token).Get(base+"user/").WantCode(t, 401, "auth.session_ended")
		}
		if isLoggedIn(me) {
			t.Error("who left is logged in")
		}
		left := 0
		for _, e := range s.TakeEvents() {
			if d, ok := e.(accounts.UserDeactivated); ok && d.UserID == me.UserID {
				left++
			}
		}
		if left != 1 {
			t.Errorf("told %d times that somebody left", left)
		}
		if n := count(t, s, "SELECT count(*) FROM bids WHERE user_id = $1 AND status = 'open'", me.UserID); n != 0 {
			t.Errorf("%d open bids of who left", n)
		}
		if b := bookOf(t, other, p); b.PurchasePrice != nil || len(b.Asks) != 0 {
			t.Errorf("the book still has an ask: %+v", b)
		}
		if b := bookOf(t, other, q); num(b.SalesPrice) != "40000" || len(b.Bids) != 1 {
			t.Errorf("the book of the other's bid: %+v", b)
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())

		// A wrong password brings nobody back.
		s.Anonymous().Post(base+"login/", M{"email": email, "password": "wrong-horse-9"}).WantCode(t, 400, "accounts.bad_credentials")
		back := s.Anonymous()
		login(t, back, email)
		if id := apptest.Into[idOf](t, back.Get(base+"user/").Want(t, 200)).ID; id != me.UserID {
			t.Errorf("came back as user %d", id)
		}
		ask(t, back, p, 110000)
		offer(t, other, p, 90000)
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

func TestAnExportHoldsOnesOwnDataOnly(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, other := s.Person(), s.Person()
		mine, theirs := emailOf(t, me), emailOf(t, other)
		me.Patch(base+"user/", M{"phone_number": "010-1234-5678"}).Want(t, 200)
		other.Patch(base+"user/", M{"phone_number": "010-8765-4321"}).Want(t, 200)
		guard(t, s, me)
		sh := newShelf(t, s.Staff())
		p := sh.traded()
		open := ask(t, me, p, 100000)
		order := apptest.Into[idOf](t, buy(other, p, nil).Want(t, 201))
		others := offer(t, other, p, 77000)
		me.Post(product(p, "wishes/"), M{"target_price": 80000}).Want(t, 201)
		other.Post(product(p, "wishes/"), M{"target_price": 61234}).Want(t, 201)

		r := me.With("User-Agent", "Mozilla/5.0").Get(base+"export/").Want(t, 200)
		if d := r.Header.Get("Content-Disposition"); d != `attachment; filename="rally-export.json"` || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("the export is %q, %q", d, r.Header.Get("Cache-Control"))
		}
		text := string(r.Body)
		for _, word := range []string{mine, "+821012345678", "otp_enabled", "80000", `"sessions"`} {
			if !strings.Contains(text, word) {
				t.Errorf("the export lacks %q", word)
			}
		}
		profile := apptest.Into[struct {
			Profile struct {
				Name string `json:"profile_name"`
			}
		}](t, other.Get(base+"user/").Want(t, 200)).Profile.Name
		for _, word := range []string{theirs, "821087654321", profile, "77000", "61234", "password_hash", "argon2", "token_hash", "secret"} {
			if strings.Contains(text, word) {
				t.Errorf("the export holds %q", word)
			}
		}
		shop := apptest.Into[struct{ Modules map[string]json.RawMessage }](t, r).Modules["shop"]
		var kept struct {
			Bids   []struct{ ID int64 }
			Orders []struct {
				ID    int64
				Buyer *int64 `json:"buyer"`
			}
			Wishes []json.RawMessage
		}
		if err := json.Unmarshal(shop, &kept); err != nil {
			t.Fatalf("%v: %s", err, shop)
		}
		if fmt.Sprint(kept.Bids) != fmt.Sprintf("[{%d}]", open) || len(kept.Orders) != 1 || kept.Orders[0].ID != order.ID || kept.Orders[0].Buyer != nil || len(kept.Wishes) != 1 {
			t.Errorf("the shop's part: %s (another's bid is %d)", shop, others)
		}
		s.Anonymous().Get(base+"export/").WantCode(t, 401, "auth.required")
	})
}
