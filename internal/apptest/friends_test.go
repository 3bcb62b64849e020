package apptest_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
)

func TestARequestMakesFriends(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, b, c := s.Person(), s.Person(), s.Person()
		nameB := nameOf(t, b)
		made := apptest.Into[wish](t, wishes(a, b.UserID).Want(t, 201))
		if made.ID == nil || made.UserID != b.UserID || made.ProfileName != nameB || made.Direction != "outgoing" || made.Status != "pending" || made.CreatedAt == nil || !made.CreatedAt.Equal(s.Clock.Now()) {
			t.Errorf("asked: %+v", made)
		}
		s.Clock.Advance(time.Second)
		for _, r := range []apptest.Reply{wishes(a, b.UserID), a.Post(asksPath, M{"profile_name": nameB})} {
			if again := apptest.Into[wish](t, r.Want(t, 200)); *again.ID != *made.ID || again.Status != "pending" || !again.CreatedAt.Equal(*made.CreatedAt) {
				t.Errorf("asked again: %+v", again)
			}
		}
		in, out := asksOf(t, s, b, "incoming"), asksOf(t, s, a, "outgoing")
		if len(in) != 1 || in[0].UserID != a.UserID || *in[0].ID != *made.ID || len(out) != 1 || out[0].UserID != b.UserID {
			t.Errorf("listed: %+v, %+v", in, out)
		}
		if n := len(asksOf(t, s, a, "incoming")) + len(asksOf(t, s, b, "outgoing")) + len(asksOf(t, s, c, "incoming")); n != 0 {
			t.Errorf("%d requests on the wrong lists", n)
		}
		for _, other := range []*apptest.Client{a, c} { // who asked, and a stranger
			other.Post(askPath(*made.ID, "accept/"), nil).WantCode(t, 404, "friends.request_not_found")
			other.Post(askPath(*made.ID, "decline/"), nil).WantCode(t, 404, "friends.request_not_found")
		}
		for _, other := range []*apptest.Client{b, c} {
			other.Delete(askPath(*made.ID, "")).WantCode(t, 404, "friends.request_not_found")
		}
		a.Post(askPath(999999, "accept/"), nil).WantCode(t, 404, "friends.request_not_found")
		if matesOf(t, s, a) != "" || matesOf(t, s, b) != "" {
			t.Error("friends before anybody accepted")
		}

		for range 2 {
			r := apptest.Into[struct {
				UserID int64 `json:"user_id"`
				Status string
			}](t, b.Post(askPath(*made.ID, "accept/"), nil).Want(t, 200))
			if r.UserID != a.UserID || r.Status != "friends" {
				t.Errorf("accepted: %+v", r)
			}
		}
		b.Post(askPath(*made.ID, "decline/"), nil).WantCode(t, 404, "friends.request_not_found")
		a.Delete(askPath(*made.ID, "")).Want(t, 204)
		mates := walk[mate](t, s, a, friendsPath, 100)
		if len(mates) != 1 || mates[0].UserID != b.UserID || mates[0].ProfileName != nameB || mates[0].Online || mates[0].Status != "offline" || mates[0].Match != nil || mates[0].LastSeen != nil || !mates[0].Since.Equal(s.Clock.Now()) {
			t.Errorf("the friends: %+v", mates)
		}
		if matesOf(t, s, b) != ids(a.UserID) || len(asksOf(t, s, a, "outgoing"))+len(asksOf(t, s, b, "incoming")) != 0 {
			t.Error("the other side, or the request, is wrong")
		}
		for _, pair := range [][2]*apptest.Client{{a, b}, {b, a}} {
			if r := apptest.Into[wish](t, wishes(pair[0], pair[1].UserID).Want(t, 200)); r.ID != nil || r.Status != "friends" || r.CreatedAt != nil || r.UserID != pair[1].UserID {
				t.Errorf("asked a friend: %+v", r)
			}
		}

		c.Delete(fmt.Sprintf("%s%d/", friendsPath, a.UserID)).Want(t, 204) // no friend
		for range 2 {
			b.Delete(fmt.Sprintf("%s%d/", friendsPath, a.UserID)).Want(t, 204)
		}
		if matesOf(t, s, a) != "" || matesOf(t, s, b) != "" {
			t.Error("still friends")
		}
		b.Post(askPath(*made.ID, "accept/"), nil).WantCode(t, 404, "friends.request_not_found") // what was, makes no friends again
		wantTies(t, s)
	})
}

func TestARequestIsDeclinedOrTakenBack(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, b := s.Person(), s.Person()
		first := asked(t, a, b)
		for range 2 {
			if r := apptest.Into[wish](t, b.Post(askPath(first, "decline/"), nil).Want(t, 200)); r.UserID != a.UserID || r.Status != "declined" {
				t.Errorf("declined: %+v", r)
			}
		}
		b.Post(askPath(first, "accept/"), nil).WantCode(t, 404, "friends.request_not_found")
		a.Delete(askPath(first, "")).Want(t, 204)
		second := asked(t, a, b)
		if second == first {
			t.Error("the declined request came back")
		}
		for range 2 {
			a.Delete(askPath(second, "")).Want(t, 204)
		}
		b.Post(askPath(second, "accept/"), nil).WantCode(t, 404, "friends.request_not_found")
		b.Post(askPath(second, "decline/"), nil).WantCode(t, 404, "friends.request_not_found")
		if n := len(asksOf(t, s, b, "incoming")) + len(asksOf(t, s, a, "outgoing")); n != 0 {
			t.Errorf("%d requests are left", n)
		}
		if matesOf(t, s, a) != "" {
			t.Error("friends")
		}
		wantTies(t, s)

		// What was closed long ago is forgotten; what waits stays.
		third := asked(t, a, b)
		s.Clock.Advance(31 * 24 * time.Hour)
		if err := s.Friends.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := count(t, s, "SELECT count(*) FROM friend_requests"); n != 1 || count(t, s, "SELECT count(*) FROM friend_requests WHERE id = $1", third) != 1 {
			t.Errorf("%d requests after the purge", n)
		}
	})
}

func TestACrossingRequestAccepts(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		a, b := s.Person(), s.Person()
		rename(t, a, "Mina-7")
		id := asked(t, a, b)
		r := apptest.Into[wish](t, b.Post(asksPath, M{"profile_name": " ｍＩＮＡ-７ "}).Want(t, 200))
		if *r.ID != id || r.Status != "accepted" || r.Direction != "incoming" || r.UserID != a.UserID {
			t.Errorf("crossed: %+v", r)
		}
		if matesOf(t, s, a) != ids(b.UserID) || matesOf(t, s, b) != ids(a.UserID) || len(asksOf(t, s, a, "outgoing"))+len(asksOf(t, s, b, "incoming")) != 0 {
			t.Error("no friends, or a request is left")
		}
		wantTies(t, s)
	})
}

func TestWhomNobodyCanAsk(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, leaver := s.Person(), s.Person()
		rename(t, leaver, "leaver")
		mine := asked(t, leaver, me)
		leaver.Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		for _, path := range []string{asksPath, blocksPath} {
			me.Post(path, M{"user_id": me.UserID}).WantCode(t, 400, "friends.self")
			me.Post(path, M{"profile_name": nameOf(t, me)}).WantCode(t, 400, "friends.self")
			for _, nobody := range []M{{"user_id": 999999}, {"user_id": int64(1) << 62}, {"profile_name": "nobody"}, {"user_id": leaver.UserID}, {"profile_name": "leaver"}, {"profile_name": "%"}, {"profile_name": strings.Repeat("x", 60)}} {
				me.Post(path, nobody).WantCode(t, 404, "friends.person_not_found")
			}
			for _, body := range []any{
				M{}, M{"user_id": 5, "profile_name": "leaver"}, M{"user_id": 0}, M{"user_id": -5}, M{"user_id": "5"}, M{"user_id": 5.5}, M{"user_id": []int{5}}, M{"user_id": nil, "profile_name": nil}, M{"profile_name": ""}, M{"profile_name": "  "},
				M{"profile_name": 5}, M{"profile_name": strings.Repeat("x", 61)}, M{"profile_name": "a\x00b"},
				strings.NewReader(`{"user_id":1e300}`), strings.NewReader(`{"user_id":99999999999999999999}`), strings.NewReader("[]"), strings.NewReader("null"), strings.NewReader("{"), nil,
			} {
				r := me.With("Content-Type", "application/json").Post(path, body)
				if r.Status != 400 || r.Code() != "request.invalid" && r.Code() != "request.malformed" {
					t.Errorf("%s %v: %d %s", path, body, r.Status, r.Body)
				}
			}
		}
		for _, path := range []string{askPath(1, ""), friendsPath + "x/", friendsPath + "9223372036854775808/", blocksPath + "x/", asksPath + "x/"} {
			if r := me.Delete(path); r.Status != 400 && r.Status != 404 {
				t.Errorf("DELETE %s: %d", path, r.Status)
			}
		}
		for _, id := range []int64{0, -1, 1<<63 - 1, me.UserID} {
			me.Delete(fmt.Sprintf("%s%d/", friendsPath, id)).Want(t, 204)
			me.Delete(fmt.Sprintf("%s%d/", blocksPath, id)).Want(t, 204)
		}
		me.Post(askPath(mine, "accept/"), nil).WantCode(t, 404, "friends.request_not_found") // whoever asked has left
		if n := len(asksOf(t, s, me, "incoming")); n != 0 {
			t.Errorf("%d requests of leavers are listed", n)
		}
		if n := count(t, s, "SELECT (SELECT count(*) FROM friend_requests) + (SELECT count(*) FROM friend_blocks) + (SELECT count(*) FROM friends)"); n != 1 {
			t.Errorf("%d rows of nonsense", n-1)
		}
		me.Do("PUT", friendsPath+"presence/", M{"appear": "ghost"}).Want(t, 400)
	})
}

func TestNobodyAsksWithoutEnd(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		me, others := s.Person(), s.People(40)
		for i := range 30 {
			asked(t, me, others[i])
			if i == 0 {
				s.Clock.Advance(10 * time.Minute)
			}
		}
		// A request that was taken back was made, and one that was made before is
		// not made.
		out := asksOf(t, s, me, "outgoing")
		me.Delete(askPath(*out[0].ID, "")).Want(t, 204)
		wishes(me, others[0].UserID).Want(t, 200)
		r := wishes(me, others[30].UserID).WantCode(t, 429, "friends.asked_often")
		after, err := strconv.Atoi(r.Header.Get("Retry-After"))
		if err != nil || after < 50*60 || after > 50*60+1 {
			t.Errorf("Retry-After %q, the first was made 10 minutes ago", r.Header.Get("Retry-After"))
		}
		s.Clock.Advance(time.Duration(after) * time.Second)
		asked(t, me, others[30])
		wishes(me, others[31].UserID).WantCode(t, 429, "friends.asked_often")

		// Whoever asked is accepted all the same.
		asked(t, others[32], me)
		if r := apptest.Into[wish](t, wishes(me, others[32].UserID).Want(t, 200)); r.Status != "accepted" {
			t.Errorf("%+v", r)
		}

		// 100 may wait.
		s.Clock.Advance(2 * time.Hour)
		execute(t, s, numbersTo+"INSERT INTO friend_requests (from_id, to_id, state, created_at) SELECT $2, 500000 + i, 'pending', $3 FROM n", 70, me.UserID, s.Clock.Now().Add(-2*time.Hour))
		wishes(me, others[33].UserID).WantCode(t, 409, "friends.too_many_asked")
		me.Delete(askPath(*out[1].ID, "")).Want(t, 204)
		asked(t, me, others[33])
		wishes(me, others[34].UserID).WantCode(t, 409, "friends.too_many_asked")
		wantTies(t, s)
	})
}

// numbersTo begins a statement over the numbers 1 … $1.
const numbersTo = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < CAST($1 AS integer)) "

// crowd gives somebody friends whom nobody else knows.
func crowd(t *testing.T, s *apptest.Server, c *apptest.Client, n int) {
	t.Helper()
	for _, row := range []string{"$2, 500000 + i, $3", "500000 + i, $2, $3"} {
		execute(t, s, numbersTo+"INSERT INTO friends (user_id, friend_id, created_at) SELECT "+row+" FROM n", n, c.UserID, s.Clock.Now())
	}
}

func TestAThousandFriendsAreEnough(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		full, other := s.Person(), s.Person()
		crowd(t, s, full, 999)
		waiting := asked(t, other, full)
		execute(t, s, "INSERT INTO friends (user_id, friend_id, created_at) VALUES ($1, 499999, $2), (499999, $1, $2)", full.UserID, s.Clock.Now())
		full.Post(askPath(waiting, "accept/"), nil).WantCode(t, 409, "friends.too_many")
		wishes(full, other.UserID).WantCode(t, 409, "friends.too_many") // it would accept
		third := s.Person()
		wishes(full, third.UserID).WantCode(t, 409, "friends.too_many")
		wishes(third, full.UserID).WantCode(t, 409, "friends.too_many")
		if n := len(asksOf(t, s, full, "incoming")); n != 1 {
			t.Errorf("%d requests wait", n)
		}
		full.Delete(friendsPath+"499999/").Want(t, 204)
		full.Post(askPath(waiting, "accept/"), nil).Want(t, 200)
		wantTies(t, s)
	})
}

// The list shows who is seen first, then goes by name; no page repeats or hides
// anybody.
func TestTheListOfFriends(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, others := s.Person(), s.People(7)
		names := []string{"delta", "Alpha", "echo", "bravo", "가온", "Charlie", "나리"}
		for i, o := range others {
			rename(t, o, names[i])
			befriend(t, o, me)
		}
		seen := s.Clock.Now().Add(-time.Minute)
		execute(t, s, "INSERT INTO presence (user_id, last_seen, hidden) VALUES ($1, $2, false)", others[0].UserID, seen)
		for _, size := range []int{1, 2, 3, 7, 100} {
			var got []string
			for _, m := range walk[mate](t, s, me, friendsPath, size) {
				got = append(got, m.ProfileName)
				if (m.LastSeen != nil) != (m.UserID == others[0].UserID) || m.LastSeen != nil && !m.LastSeen.Equal(seen) {
					t.Errorf("%s was last seen %v", m.ProfileName, m.LastSeen)
				}
			}
			if text := strings.Join(got, " "); text != "Alpha bravo Charlie delta echo 가온 나리" {
				t.Errorf("pages of %d: %s", size, text)
			}
		}
		hostileLists(t, me, friendsPath)
	})
}

// hostileLists sends what no cursor list takes.
func hostileLists(t *testing.T, c *apptest.Client, paths ...string) {
	t.Helper()
	for _, path := range paths {
		join := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
		for _, size := range []string{"-1", "101", "1e3", "x", "99999999999999999999"} {
			if r := c.Get(path + join + "page_size=" + size); r.Status != 400 {
				t.Errorf("%s with page_size=%s: %d", path, size, r.Status)
			}
		}
		next := apptest.Into[pageOf[M]](t, c.Get(path+join+"page_size=1").Want(t, 200)).Next
		if next == nil {
			t.Fatalf("%s has one row only", path)
		}
		_, cursor, _ := strings.Cut(*next, "cursor=")
		cursor, _, _ = strings.Cut(cursor, "&")
		for _, bad := range []string{cursor[:len(cursor)-1], cursor + "A", "A" + cursor[1:], strings.ToLower(cursor), "x", strings.Repeat("A", 5000)} {
			if bad != cursor {
				c.Get(path+join+"page_size=1&cursor="+bad).WantCode(t, 400, "page.bad_cursor")
			}
		}
		c.Get("/api/accounts/security-events/?cursor="+cursor).WantCode(t, 400, "page.bad_cursor")
	}
}

func TestRequestsAndBlocksArePaged(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, others := s.Person(), s.People(9)
		var in, out, blocked []int64
		for i, o := range others {
			switch i % 3 {
			case 0:
				in = append([]int64{asked(t, o, me)}, in...)
			case 1:
				out = append([]int64{asked(t, me, o)}, out...)
			default:
				blocks(me, o.UserID).Want(t, 201)
				blocked = append([]int64{o.UserID}, blocked...)
			}
		}
		for _, size := range []int{1, 2, 3, 100} {
			for direction, want := range map[string][]int64{"incoming": in, "outgoing": out} {
				got := who(walk[wish](t, s, me, asksPath+"?direction="+direction, size), func(w wish) int64 { return *w.ID })
				if got != ids(want...) {
					t.Errorf("%s, pages of %d: %s, want %v", direction, size, got, want)
				}
			}
			if got := who(walk[profile](t, s, me, blocksPath, size), func(p profile) int64 { return p.UserID }); got != ids(blocked...) {
				t.Errorf("blocks, pages of %d: %s, want %v", size, got, blocked)
			}
		}
		if got := who(walk[wish](t, s, me, asksPath, 2), func(w wish) int64 { return *w.ID }); got != ids(in...) {
			t.Errorf("without a direction: %s", got)
		}
		me.Get(asksPath+"?direction=both").Want(t, 400)
		hostileLists(t, me, asksPath, asksPath+"?direction=outgoing", blocksPath)
		next := *apptest.Into[pageOf[M]](t, me.Get(asksPath+"?page_size=1").Want(t, 200)).Next
		me.Get(strings.Replace(strings.TrimPrefix(next, s.URL), asksPath+"?", asksPath+"?direction=outgoing&", 1)).WantCode(t, 400, "page.bad_cursor")
	})
}

func TestPeopleAreFoundByHowTheirNameBegins(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, others := s.Person(), s.People(6)
		names := []string{"Mina", "mina.2", "minute", "솔빛", "솔바람", "a_b"}
		for i, o := range others {
			rename(t, o, names[i])
		}
		rename(t, me, "Min-me")
		befriend(t, me, others[0])
		in, out := asked(t, others[1], me), asked(t, me, others[2])
		for q, want := range map[string]string{
			"min": "Mina mina.2 minute", "MINA": "Mina mina.2", "ｍｉｎａ": "Mina mina.2", "%20mina%20": "Mina mina.2", "mina.2": "mina.2", "ina": "", "min-me": "",
			"솔": "솔바람 솔빛", "\u1109\u1169\u11af": "솔바람 솔빛", "%25": "", "_": "", "a_": "a_b", "a%25": "", "%5C": "", "'": "", "m%": "", "*": "", "mina.2.and.more": "",
		} {
			r := me.Get(friendsPath + "search/?q=" + q)
			if q == "m%" { // no URL
				r.Want(t, 400)
				continue
			}
			var got []string
			for _, h := range apptest.Into[pageOf[hit]](t, r.Want(t, 200)).Results {
				got = append(got, h.ProfileName)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%q finds %v, want %s", q, got, want)
			}
			if strings.Contains(string(r.Body), "@") {
				t.Errorf("%q tells addresses: %s", q, r.Body)
			}
		}
		relations := map[string]string{}
		for _, h := range append(look(t, me, "min"), look(t, me, "솔")...) {
			relations[h.ProfileName] = h.Relation
			if h.Request != nil {
				relations[h.ProfileName] += fmt.Sprint(*h.Request)
			}
		}
		for name, want := range map[string]string{"Mina": "friends", "mina.2": fmt.Sprint("incoming", in), "minute": fmt.Sprint("outgoing", out), "솔빛": "none"} {
			if relations[name] != want {
				t.Errorf("%s is %q, want %q", name, relations[name], want)
			}
		}
		for _, q := range []string{"", "%20", strings.Repeat("x", 16), strings.Repeat("%EC%86%94", 16), strings.Repeat("a", 3000)} {
			wantField(t, me.Get(friendsPath+"search/?q="+q), "q")
		}
		me.Get(friendsPath+"search/?q="+strings.Repeat("%EC%86%94", 15)).Want(t, 200)
		wantField(t, me.Get(friendsPath+"search/"), "q")
		if r := me.Get(friendsPath + "search/?q=%00"); r.Status >= 500 {
			t.Errorf("NUL: %d", r.Status)
		}

		// Whoever left, or never proved their address, is not found; no more than 20 are.
		others[0].Post(base+"quit/", M{"password": apptest.Password}).Want(t, 200)
		execute(t, s, "UPDATE users SET email_verified_at = NULL WHERE id = $1", others[1].UserID)
		if got := look(t, me, "min"); len(got) != 1 || got[0].ProfileName != "minute" {
			t.Errorf("found: %+v", got)
		}
		for i, c := range s.People(25) {
			rename(t, c, fmt.Sprintf("zed%02d", i))
		}
		if got := look(t, me, "zed"); len(got) != 20 || got[0].ProfileName != "zed00" || got[19].ProfileName != "zed19" {
			t.Errorf("%d found: %+v", len(got), got)
		}
	})
}

func TestANewNameShowsEverywhere(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me, friend, asker, enemy := s.Person(), s.Person(), s.Person(), s.Person()
		rename(t, me, "oldname")
		befriend(t, me, friend)
		asked(t, me, asker)
		blocks(enemy, me.UserID).Want(t, 201)
		for _, name := range []string{"NewName", "newname", "새이름"} {
			rename(t, me, name)
			mates := walk[mate](t, s, friend, friendsPath, 100)
			if len(mates) != 1 || mates[0].ProfileName != name || asksOf(t, s, asker, "incoming")[0].ProfileName != name || walk[profile](t, s, enemy, blocksPath, 100)[0].ProfileName != name {
				t.Errorf("%s: some list has another name", name)
			}
			if got := look(t, friend, name); len(got) != 1 || got[0].ProfileName != name {
				t.Errorf("%s is found as %+v", name, got)
			}
			if got := look(t, friend, "oldname"); len(got) != 0 {
				t.Errorf("the old name finds %+v", got)
			}
		}
		friend.Post(asksPath, M{"profile_name": "oldname"}).WantCode(t, 404, "friends.person_not_found")
		rename(t, s.Person(), "oldname") // free again
	})
}
