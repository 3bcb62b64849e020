package apptest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
)

// FuzzPong throws ids, queries and bodies at the game. Nothing may break, and whatever
// is refused is refused with a code.
func FuzzPong(f *testing.F) {
	s := apptest.Start(f, db.SQLite, patient())
	me, other := s.Person(), s.Person()
	in := apptest.Into[pair](f, me.Post(base+"token/refresh/", nil).Want(f, 200))
	for _, body := range []string{
		"", "{}", "null", "[]", `{"mode":"ai"}`, `{"mode":"ai","difficulty":"hard","points":11}`, `{"mode":"ai","points":0}`, `{"mode":"ai","points":null}`, `{"mode":"ai","points":5.5}`, `{"mode":"local","opponent":-1}`,
		fmt.Sprintf(`{"mode":"invite","opponent":%d}`, other.UserID), fmt.Sprintf(`{"mode":"invite","opponent":%d}`, me.UserID), `{"mode":"invite","opponent":9223372036854775808}`, `{"mode":"AI"}`, `{"mode":"quick"}`,
		`{"points":3}`, `{"points":"3"}`, `{"name":"cup","size":4,"points":3}`, `{"name":"` + strings.Repeat("가", 41) + `","size":8}`, `{"name":"\u0000\u0000","size":8}`, `{"name":"\u200b\u200b","size":8}`, `{"name":"cup","size":-8}`, `{"name":"cup","size":1e9}`, `{"product_id":1}`,
	} {
		f.Add("1", "20264", "x", body)
	}
	for _, id := range []string{"0", "-1", "1e3", "9223372036854775807", "-9223372036854775808", "99999999999999999999", " 1", "%00", "../1", "1/accept", ""} {
		f.Add(id, id, id, "{}")
	}
	z := fuzzed{s: s, client: &http.Client{Transport: &http.Transport{}}}
	f.Fuzz(func(t *testing.T, id, number, cursor, body string) {
		if strings.Trim(id, ".") == "" {
			t.Skip("another path")
		}
		login := http.Header{"Authorization": {"Bearer " + in.Access}}
		part := url.PathEscape(id)
		check := func(method, path, body string) {
			t.Helper()
			if r := z.send(t, method, path, body, login); r.Status >= 400 && r.Code() == "" {
				t.Fatalf("%s %s %q: %d %s", method, path, body, r.Status, r.Body)
			}
		}
		query := "?" + url.Values{"user_id": {number}, "season": {number}, "state": {number}, "live": {number}, "cursor": {cursor}, "page_size": {number}}.Encode()
		for _, path := range []string{"matches/", "tournaments/", "leaderboard/", "players/" + part + "/rivals/"} {
			check(http.MethodGet, pongPath+path+query, "")
		}
		for _, path := range []string{"matches/" + part + "/", "matches/" + part + "/replay/", "players/" + part + "/", "tournaments/" + part + "/"} {
			check(http.MethodGet, pongPath+path, "")
		}
		for _, path := range []string{"matches/", "queue/", "tournaments/"} {
			check(http.MethodPost, pongPath+path, body)
		}
		for _, act := range []string{"accept/", "decline/", "cancel/", "rematch/", "forfeit/"} {
			check(http.MethodPost, pongPath+"matches/"+part+"/"+act, body)
		}
		for _, act := range []string{"join/", "leave/", "start/", "cancel/"} {
			check(http.MethodPost, pongPath+"tournaments/"+part+"/"+act, body)
		}
		check(http.MethodDelete, pongPath+"queue/", "")
		// A websocket without its handshake, at any match.
		if r := z.send(t, http.MethodGet, "/ws/pong/matches/"+part, "", login); r.Status < 400 {
			t.Fatalf("match %q: %d %s", id, r.Status, r.Body)
		}
	})
}
