package apptest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/testkit"
)

// played writes down a match that is over, as old as its place in the list is late.
func played(t *testing.T, s *apptest.Server, left, right int64) {
	t.Helper()
	execute(t, s, `INSERT INTO pong_matches (mode, state, reason, points, left_id, right_id, rated, seed, score_left, score_right, winner, created_at, ended_at)
		VALUES ('invite', 'over', 'score', 3, $1, $2, true, 7, 3, 1, 0, $3, $3)`, left, right, s.Clock.Now())
}

func TestTheHistoryOfMatches(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(3)
		ann, bob, cho := people[0], people[1], people[2]
		for i := range 9 { // ann plays in six, on either side
			pair := [][2]int64{{ann.UserID, bob.UserID}, {cho.UserID, ann.UserID}, {bob.UserID, cho.UserID}}[i%3]
			played(t, s, pair[0], pair[1])
		}
		inviteTo(t, ann, bob.UserID, 3)
		agreed(t, bob, cho, 3)
		id := func(m match) int64 { return m.ID }
		newest := func(list []match) bool {
			return slices.IsSortedFunc(list, func(a, b match) int { return int(b.ID - a.ID) })
		}
		for name, c := range map[string]struct {
			path string
			want int
		}{
			"of everybody": {matchesPath, 9},
			"of somebody":  {fmt.Sprintf("%s?user_id=%d", matchesPath, ann.UserID), 6},
			"of nobody":    {matchesPath + "?user_id=999999", 0},
		} {
			for _, reader := range []*apptest.Client{ann, s.Anonymous()} {
				for _, size := range []int{1, 2, 4, 100} {
					list := walk[match](t, s, reader, c.path, size)
					if len(list) != c.want || !newest(list) {
						t.Errorf("%s, %d a page: %s", name, size, who(list, id))
					}
					for _, m := range list {
						if m.State != "over" || *m.Winner != 0 || (reader == ann) != (m.Mine != nil) && c.want == 6 {
							t.Errorf("%s: %+v", name, m)
						}
					}
				}
			}
		}
		page := apptest.Into[pageOf[match]](t, ann.Get(matchesPath+"?page_size=2").Want(t, 200))
		next := strings.TrimPrefix(*page.Next, s.URL)
		for _, path := range []string{
			strings.Replace(next, "cursor=A", "cursor=B", 1), next + "&user_id=" + fmt.Sprint(ann.UserID), matchesPath + "?cursor=nonsense", strings.Replace(next, "/matches/", "/tournaments/", 1),
		} {
			ann.Get(path).WantCode(t, 400, "page.bad_cursor")
		}
		for _, query := range []string{"?user_id=0", "?user_id=-1", "?user_id=mina", "?live=maybe", "?page_size=x"} {
			if r := ann.Get(matchesPath + query); r.Status != 400 || r.Code() == "" {
				t.Errorf("%s: %d %s", query, r.Status, r.Body)
			}
		}
		first := page.Results[0].ID
		ann.Get(matchPath(first, "replay/")).WantCode(t, 404, "pong.no_replay") // nothing was kept of it
		ann.Get(matchPath(999_999, "replay/")).WantCode(t, 404, "pong.match_not_found")
		for _, id := range []string{"0", "-1", "99999999999999999999", "x"} {
			if r := ann.Get(matchesPath + id + "/"); r.Status != 404 && r.Status != 400 || r.Code() == "" {
				t.Errorf("match %s: %d %s", id, r.Status, r.Body)
			}
		}
	})
}

// What is played is listed for everybody, with its score and who watch; and what
// waits for somebody only for them.
func TestTheLobby(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(5)
		ann, bob, cho, dan, eun := people[0], people[1], people[2], people[3], people[4]
		hall, _ := enter(t, s, "")
		hall.send(`{"sub":["pong.lobby"]}`)
		m := agreed(t, ann, bob, 3)
		local := apptest.Into[match](t, cho.Post(matchesPath, M{"mode": "local"}).Want(t, 201))
		beginMatch(t, s, m.ID, ann, bob)
		beginMatch(t, s, local.ID, cho)
		watcher := sit(t, s, nil, m.ID)
		await(t, watcher, "the game", func(_ welcomeOf, s snapshotOf, _ endedOf) bool { return s.Watchers == 1 })
		hall.lobbyUntil("the match is shown, with who watches", func(f lobbyFrame) bool {
			return len(f.Live) == 1 && f.Live[0].ID == m.ID && f.Live[0].Watchers == 1 && f.Live[0].Players[0].Rating == 1500 && f.Live[0].Players[1].ProfileName == nameOf(t, bob)
		})
		in, out := inviteTo(t, eun, dan.UserID, 3), inviteTo(t, dan, ann.UserID, 3)
		joins(t, dan)
		l := apptest.Into[lobby](t, dan.Get(pongPath+"lobby/").Want(t, 200))
		if !l.Queue.Waiting || l.Waiting != 1 || l.Playing != nil || len(l.Live) != 1 || l.Live[0].ID != m.ID ||
			len(l.Invites.Incoming) != 1 || l.Invites.Incoming[0].ID != in.ID || len(l.Invites.Outgoing) != 1 || l.Invites.Outgoing[0].ID != out.ID {
			t.Errorf("the lobby: %+v", l)
		}
		if l := apptest.Into[lobby](t, ann.Get(pongPath+"lobby/").Want(t, 200)); l.Playing == nil || l.Playing.ID != m.ID || len(l.Invites.Incoming) != 1 {
			t.Errorf("the lobby of who plays: %+v", l)
		}
		l = apptest.Into[lobby](t, s.Anonymous().Get(pongPath+"lobby/").Want(t, 200))
		if l.Queue.Waiting || l.Waiting != 1 || l.Playing != nil || len(l.Invites.Incoming)+len(l.Invites.Outgoing)+len(l.Calls) != 0 || len(l.Live) != 1 || l.Live[0].Mine != nil {
			t.Errorf("the lobby of nobody: %+v", l)
		}
		// At one keyboard is nobody's business.
		live := func(query string) []match {
			return apptest.Into[pageOf[match]](t, s.Anonymous().Get(matchesPath+"?live=true"+query).Want(t, 200)).Results
		}
		if list := live(""); len(list) != 1 || list[0].ID != m.ID || list[0].State != "live" {
			t.Errorf("what is played: %+v", list)
		}
		if list := live(fmt.Sprint("&user_id=", bob.UserID)); len(list) != 1 {
			t.Errorf("what bob plays: %+v", list)
		}
		if list := live(fmt.Sprint("&user_id=", cho.UserID)); len(list) != 0 {
			t.Errorf("what cho plays: %+v", list)
		}
		ann.Post(matchPath(m.ID, "forfeit/"), nil).Want(t, 200)
		hall.lobbyUntil("nothing is played", func(f lobbyFrame) bool { return len(f.Live) == 0 })
	})
}

// What a match does to those who play it is read in each place the same.
func TestPlayersAndTheirRanks(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(3)
		ann, bob, foe := people[0], people[1], people[2]
		over(t, s, ann, bob)
		type player struct {
			UserID       int64 `json:"user_id"`
			Rating       float64
			Provisional  bool
			Wins, Losses int
			Streak       int
			Form         []string
			Rank         *int
			Season       *struct{ Wins, Losses, Rank int }
			Versus       *struct{ Wins, Losses int }
		}
		read := func(c *apptest.Client, id int64) player {
			return apptest.Into[player](t, c.Get(fmt.Sprintf("%splayers/%d/", pongPath, id)).Want(t, 200))
		}
		if p := read(bob, ann.UserID); p.Wins != 1 || p.Losses != 0 || p.Streak != 1 || !slices.Equal(p.Form, []string{"W"}) || *p.Rank != 1 || p.Season.Wins != 1 || p.Versus.Wins != 1 || p.Rating <= 1500 || !p.Provisional {
			t.Errorf("who won: %+v", p)
		}
		if p := read(ann, bob.UserID); p.Losses != 1 || p.Streak != -1 || *p.Rank != 2 || p.Versus.Losses != 1 {
			t.Errorf("who lost: %+v", p)
		}
		if p := read(s.Anonymous(), foe.UserID); p.Wins != 0 || p.Rank != nil || p.Season != nil || p.Versus != nil || p.Rating != 1500 || len(p.Form) != 0 {
			t.Errorf("who has not played: %+v", p)
		}
		blocks(foe, ann.UserID).Want(t, 201)
		for _, path := range []string{"players/999999/", "players/999999/rivals/", fmt.Sprintf("players/%d/", foe.UserID), fmt.Sprintf("players/%d/rivals/", foe.UserID)} {
			ann.Get(pongPath+path).WantCode(t, 404, "pong.player_not_found")
		}
		rivals := walk[struct {
			UserID       int64 `json:"user_id"`
			Wins, Losses int
		}](t, s, foe, fmt.Sprintf("%splayers/%d/rivals/", pongPath, bob.UserID), 10)
		if len(rivals) != 0 { // only ann, who is blocked
			t.Errorf("rivals: %+v", rivals)
		}
		type board struct {
			Season  int
			Seasons []struct{ Season int }
			Me      *struct{ Rank int }
			Results []struct {
				Rank   int
				UserID int64 `json:"user_id"`
			}
		}
		for _, query := range []string{"", "?season=0"} {
			b := apptest.Into[board](t, bob.Get(pongPath+"leaderboard/"+query).Want(t, 200))
			if len(b.Results) != 2 || b.Results[0].UserID != ann.UserID || b.Results[1].Rank != 2 || b.Me == nil || b.Me.Rank != 2 || len(b.Seasons) == 0 || (b.Season == 0) != (query != "") {
				t.Errorf("leaderboard%s: %+v", query, b)
			}
		}
		for _, query := range []string{"?season=x", "?season=20265", "?season=1", "?season=-1"} {
			bob.Get(pongPath+"leaderboard/"+query).WantCode(t, 400, "pong.season_unknown")
		}
		bob.Get(pongPath+"leaderboard/?cursor=x").WantCode(t, 400, "page.bad_cursor")
	})
}

// A guest who is invited hears of it, and of what came of it, on each of their
// devices.
func TestInvitationsAreToldLive(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		ann, bob := s.Person(), s.Person()
		mine, _ := enter(t, s, token(t, ann))
		theirs, _ := enter(t, s, token(t, bob))
		m := inviteTo(t, ann, bob.UserID, 3)
		for _, l := range []*line{mine, theirs} {
			if n := l.game("invited"); n.Match == nil || n.Match.ID != m.ID || n.Match.State != "invited" {
				t.Errorf("told %+v", n)
			}
		}
		bob.Post(matchPath(m.ID, "accept/"), nil).Want(t, 200)
		for _, l := range []*line{mine, theirs} {
			told := map[string]string{}
			for range 2 { // in any order
				n := l.nextGame()
				told[n.Event] = n.Match.State
			}
			if told["matched"] != "open" || told["answered"] != "open" {
				t.Errorf("told %v", told)
			}
		}
		ann.Post(matchPath(m.ID, "forfeit/"), nil).Want(t, 200)
		for _, l := range []*line{mine, theirs} {
			if n := l.game("ended"); n.Match.State != "void" {
				t.Errorf("told %+v", n)
			}
		}
		second := inviteTo(t, bob, ann.UserID, 3)
		s.Clock.Advance(61 * time.Second)
		for _, l := range []*line{mine, theirs} {
			if n := l.game("answered"); n.Match.ID != second.ID || n.Match.State != "closed" || n.Match.Reason != "expired" {
				t.Errorf("told %+v", n.Match)
			}
		}
		testkit.Until(t, "nobody is asked any more", func() bool {
			l := apptest.Into[lobby](t, ann.Get(pongPath+"lobby/").Want(t, 200))
			return len(l.Invites.Incoming) == 0
		})
	})
}

// A block keeps two from each other's history, as from each other's record.
func TestTheHistoryOfABlockerIsNotShown(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		ann, bob := s.Person(), s.Person()
		blocks(ann, bob.UserID).Want(t, 201)
		for _, pair := range [][2]*apptest.Client{{ann, bob}, {bob, ann}} {
			for _, path := range []string{matchesPath + "?user_id=%d", pongPath + "players/%d/"} {
				pair[0].Get(fmt.Sprintf(path, pair[1].UserID)).WantCode(t, 404, "pong.player_not_found")
				s.Staff().Get(fmt.Sprintf(path, pair[1].UserID)).Want(t, 200)
			}
		}
	})
}
