package apptest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/internal/pongtest"
	"rally/platform/testkit"
)

const cupsPath = pongPath + "tournaments/"

type pairing struct {
	Round, Slot int
	Players     [2]*int64
	State       string
	MatchID     *int64     `json:"match_id"`
	ReadyBy     *time.Time `json:"ready_by"`
	Winner      *int64
	How         *string
	Score       *[2]int
}

type cupShown struct {
	ID       int64
	Name     string
	Size     int
	Points   int
	State    string
	Entries  int
	Joined   bool
	Champion *struct {
		UserID int64 `json:"user_id"`
	}
	Players []struct {
		UserID    int64 `json:"user_id"`
		Seed      *int
		Withdrawn bool
		Place     *int
	}
	Rounds  [][]pairing
	May     struct{ Join, Leave, Start, Cancel bool }
	Mine    *pairing `json:"my_pairing"`
	Version int
}

func cupOf(t *testing.T, c *apptest.Client, id int64) cupShown {
	t.Helper()
	return apptest.Into[cupShown](t, c.Get(cupPath(id, "")).Want(t, 200))
}

// newTournament makes one, and lets people join.
func newTournament(t *testing.T, by *apptest.Client, size int, people ...*apptest.Client) cupShown {
	t.Helper()
	c := apptest.Into[cupShown](t, by.Post(cupsPath, M{"name": "Friday cup", "size": size, "points": 3}).Want(t, 201))
	for _, p := range people {
		p.Post(cupPath(c.ID, "join/"), nil).Want(t, 200)
	}
	return cupOf(t, by, c.ID)
}

func TestWhoMayDoWhatWithATournament(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, people := s.Staff(), s.People(6)
		ann, bob := people[0], people[1]
		for _, body := range []M{{}, {"name": "x", "size": 8}, {"name": strings.Repeat("x", 41), "size": 8}, {"name": "cup", "size": 3}, {"name": "cup", "size": 33}, {"name": "cup"}, {"name": "\u202ecup", "size": 8}} {
			ann.Post(cupsPath, body).WantCode(t, 400, "request.invalid")
		}
		ann.Post(cupsPath, M{"name": "cup", "size": 8, "points": 4}).WantCode(t, 400, "pong.bad_points")
		s.Anonymous().Post(cupsPath, M{"name": "cup", "size": 8}).WantCode(t, 401, "auth.required")

		c := newTournament(t, ann, 4)
		if c.State != "open" || c.Entries != 0 || c.Joined || c.Points != 3 || len(c.Rounds) != 0 || !c.May.Join || c.May.Start || !c.May.Cancel || c.May.Leave || c.Mine != nil {
			t.Errorf("made: %+v", c)
		}
		for _, act := range []string{"join/", "leave/", "start/", "cancel/"} {
			s.Anonymous().Post(cupPath(c.ID, act), nil).WantCode(t, 401, "auth.required")
			ann.Post(cupPath(999_999, act), nil).WantCode(t, 404, "pong.tournament_not_found")
		}
		ann.Get(cupPath(999_999, "")).WantCode(t, 404, "pong.tournament_not_found")
		for _, act := range []string{"start/", "cancel/"} {
			bob.Post(cupPath(c.ID, act), nil).WantCode(t, 403, "pong.not_organiser")
		}
		ann.Post(cupPath(c.ID, "start/"), nil).WantCode(t, 409, "pong.tournament_too_few")
		bob.Post(cupPath(c.ID, "leave/"), nil).WantCode(t, 409, "pong.not_entered")
		ann.Do("PUT", cupPath(c.ID, "prize/"), M{"product_id": 1}).WantCode(t, 403, "auth.forbidden")

		// The same key is the same entry; another is one too many.
		key := bob.With("Idempotency-Key", "join-once")
		first := key.Post(cupPath(c.ID, "join/"), nil).Want(t, 200)
		if again := key.Post(cupPath(c.ID, "join/"), nil).Want(t, 200); string(again.Body) != string(first.Body) {
			t.Errorf("joined again: %s, first %s", again.Body, first.Body)
		}
		bob.Post(cupPath(c.ID, "join/"), nil).WantCode(t, 409, "pong.already_entered")
		if got := cupOf(t, bob, c.ID); !got.Joined || got.May.Join || !got.May.Leave || got.Entries != 1 || got.Version <= c.Version {
			t.Errorf("joined: %+v", got)
		}
		bob.Post(cupPath(c.ID, "leave/"), nil).Want(t, 200)
		for _, p := range people[1:4] {
			p.Post(cupPath(c.ID, "join/"), nil).Want(t, 200)
		}
		if got := cupOf(t, s.Anonymous(), c.ID); got.State != "open" || got.Entries != 3 || got.Joined || got.May.Join {
			t.Errorf("three are in it: %+v", got)
		}
		people[4].Post(cupPath(c.ID, "join/"), nil).Want(t, 200) // it is full, and starts
		for _, act := range []string{"join/", "start/", "cancel/"} {
			ann.Post(cupPath(c.ID, act), nil).WantCode(t, 409, "pong.tournament_started")
		}
		ann.Post(cupPath(c.ID, "leave/"), nil).WantCode(t, 409, "pong.not_entered")
		if got := apptest.Into[cupShown](t, staff.Post(cupPath(c.ID, "cancel/"), nil).Want(t, 200)); got.State != "cancelled" || got.May.Cancel {
			t.Errorf("called off: %+v", got)
		}
		for _, act := range []string{"join/", "leave/", "start/", "cancel/"} {
			ann.Post(cupPath(c.ID, act), nil).WantCode(t, 409, "pong.tournament_over")
		}
		testkit.Until(t, "its matches are void", func() bool { return count(t, s, "SELECT count(*) FROM pong_matches WHERE state <> 'void'") == 0 })

		for range 3 {
			newTournament(t, ann, 8)
		}
		ann.Post(cupsPath, M{"name": "one more", "size": 8}).WantCode(t, 409, "pong.too_many_tournaments")
	})
}

// Four play for a cup, and each match goes out another way: given up over REST, not
// come, and given up on the wire.
func TestATournamentOnTheWire(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(4)
		byID := map[int64]*apptest.Client{}
		for i, c := range people {
			rated(t, s, c, float64(2000-100*i))
			byID[c.UserID] = c
		}
		live, _ := enter(t, s, token(t, people[0]))
		c := newTournament(t, people[3], 4, people...)
		told := live.game("called")
		l, _ := enter(t, s, "")
		for topic, code := range map[string]string{"pong.tournament:999999": "pong.tournament_not_found", "pong.tournament:x": "ws.unknown_topic", "pong.tournament": "ws.unknown_topic"} {
			l.send(`{"sub":["` + topic + `"]}`)
			l.fault(code)
		}
		topic := fmt.Sprintf("pong.tournament:%d", c.ID)
		l.send(`{"sub":["` + topic + `"]}`)
		var frame cupShown
		if err := json.Unmarshal(l.expect(topic), &frame); err != nil || frame.State != "running" || len(frame.Rounds) != 2 {
			t.Fatalf("told %+v, %v", frame, err)
		}

		c = cupOf(t, people[0], c.ID)
		seeds := func(p pairing) string { return ids(*p.Players[0], *p.Players[1]) }
		if len(c.Rounds) != 2 || seeds(c.Rounds[0][0]) != ids(people[0].UserID, people[3].UserID) || seeds(c.Rounds[0][1]) != ids(people[1].UserID, people[2].UserID) && seeds(c.Rounds[0][1]) != ids(people[2].UserID, people[1].UserID) {
			t.Fatalf("the bracket: %+v", c.Rounds)
		}
		one, two := c.Rounds[0][0], c.Rounds[0][1]
		if one.State != "called" || c.Mine == nil || *c.Mine.MatchID != *one.MatchID || !one.ReadyBy.Equal(s.Clock.Now().Add(time.Minute)) || told.Match.ID != *one.MatchID {
			t.Fatalf("the first pairing: %+v, mine %+v, called %+v", one, c.Mine, told.Match)
		}
		if calls := apptest.Into[lobby](t, people[0].Get(pongPath+"lobby/").Want(t, 200)).Calls; len(calls) != 1 || calls[0].ID != *one.MatchID || calls[0].Mode != "tournament" {
			t.Errorf("called by the lobby: %+v", calls)
		}
		// One gives up what has begun.
		beginMatch(t, s, *one.MatchID, people[0], people[3])
		if now := cupOf(t, people[0], c.ID); now.Rounds[0][0].State != "playing" {
			t.Errorf("while it is played: %+v", now.Rounds[0][0])
		}
		people[3].Post(matchPath(*one.MatchID, "forfeit/"), nil).Want(t, 200)
		people[3].Post(matchPath(*one.MatchID, "rematch/"), nil).WantCode(t, 409, "pong.no_rematch")
		// One doesn't come.
		came := sit(t, s, people[2], *two.MatchID)
		awaitPhase(t, came, pongtest.Waiting)
		s.Clock.Advance(61 * time.Second)
		await(t, came, "the walkover", func(_ welcomeOf, _ snapshotOf, e endedOf) bool { return e != nil && !e.Void && e.Reason == 2 })
		if m := matchOf(t, people[2], *two.MatchID); m.State != "over" || m.Reason != "no_show" || m.Rated || m.Players[0].After != nil || *m.Players[*m.Winner].UserID != people[2].UserID {
			t.Errorf("a walkover: %+v", m)
		}
		testkit.Until(t, "the final is called", func() bool { return cupOf(t, people[0], c.ID).Rounds[1][0].MatchID != nil })
		c = cupOf(t, people[0], c.ID)
		if a, b := c.Rounds[0][0], c.Rounds[0][1]; *a.How != "forfeit" || *a.Winner != people[0].UserID || *b.How != "walkover" || *b.Winner != people[2].UserID || a.State != "done" {
			t.Errorf("the first round: %+v", c.Rounds[0])
		}
		final := *c.Rounds[1][0].MatchID
		m := matchOf(t, people[0], final)
		left, right := sit(t, s, byID[*m.Players[0].UserID], final), sit(t, s, byID[*m.Players[1].UserID], final)
		awaitRole(t, left, pongtest.Left)
		ready(t, left, right)
		awaitPhase(t, right, pongtest.Playing)
		if err := right.Resign(); err != nil {
			t.Fatal(err)
		}
		testkit.Until(t, "there is a champion", func() bool { return cupOf(t, people[0], c.ID).State == "finished" })
		c = cupOf(t, people[0], c.ID)
		if c.Champion.UserID != *m.Players[0].UserID || *c.Rounds[1][0].How != "forfeit" || c.Mine != nil || c.May.Leave {
			t.Errorf("finished: %+v", c)
		}
		places := map[int64]int{}
		for _, p := range c.Players {
			places[p.UserID] = *p.Place
		}
		if places[c.Champion.UserID] != 1 || places[people[1].UserID] != 3 || places[people[3].UserID] != 3 {
			t.Errorf("places: %v", places)
		}
		people[0].Post(cupPath(c.ID, "leave/"), nil).WantCode(t, 409, "pong.tournament_over")
	})
}

// Five play with byes for the best; one withdraws before they have played, one in the
// middle of it.
func TestByesAndWithdrawalsOnTheWire(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(5)
		for i, c := range people {
			rated(t, s, c, float64(2000-100*i))
		}
		c := newTournament(t, people[0], 8, people...)
		c = apptest.Into[cupShown](t, people[0].Post(cupPath(c.ID, "start/"), nil).Want(t, 200))
		byes, called := 0, pairing{}
		testkit.Until(t, "the first are called", func() bool {
			c = cupOf(t, people[0], c.ID)
			return slices.ContainsFunc(c.Rounds[0], func(p pairing) bool { return p.MatchID != nil })
		})
		for _, p := range c.Rounds[0] {
			if p.How != nil && *p.How == "bye" {
				byes++
			} else {
				called = p
			}
		}
		if len(c.Rounds) != 3 || byes != 3 || ids(*called.Players[0], *called.Players[1]) != ids(people[3].UserID, people[4].UserID) {
			t.Fatalf("%d byes, called %+v of %+v", byes, called, c.Rounds)
		}
		beginMatch(t, s, *called.MatchID, people[3], people[4])
		if got := apptest.Into[cupShown](t, people[4].Post(cupPath(c.ID, "leave/"), nil).Want(t, 200)); got.Joined || got.May.Leave {
			t.Errorf("withdrawn: %+v", got)
		}
		testkit.Until(t, "the match is lost", func() bool { m := matchOf(t, people[3], *called.MatchID); return m.State == "over" && *m.Winner == 0 })
		people[1].Post(cupPath(c.ID, "leave/"), nil).Want(t, 200)
		testkit.Until(t, "the others are in the final", func() bool {
			c = cupOf(t, people[0], c.ID)
			semi := c.Rounds[1]
			return semi[0].MatchID != nil && semi[1].Winner != nil && *semi[1].Winner == people[2].UserID
		})
		if how := c.Rounds[1][1].How; *how != "withdrawn" {
			t.Errorf("goes on by %s", *how)
		}
		people[0].Post(cupPath(c.ID, "leave/"), nil).Want(t, 200)
		people[3].Post(cupPath(c.ID, "leave/"), nil).Want(t, 200)
		testkit.Until(t, "who is left has it", func() bool { c = cupOf(t, people[0], c.ID); return c.State == "finished" })
		if c.Champion.UserID != people[2].UserID {
			t.Errorf("the champion is %d", c.Champion.UserID)
		}
	})
}

func TestTournamentsAreListedByState(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(4)
		running := newTournament(t, people[0], 4, people...)
		var open []int64
		for _, by := range people[:3] {
			open = append(open, newTournament(t, by, 8, people[3]).ID)
		}
		off := newTournament(t, people[3], 8)
		people[3].Post(cupPath(off.ID, "cancel/"), nil).Want(t, 200)
		id := func(c cupShown) int64 { return c.ID }
		slices.Reverse(open)
		for query, want := range map[string]string{
			"?state=open": ids(open...), "?state=running": ids(running.ID), "?state=cancelled": ids(off.ID), "?state=finished": "",
			"": ids(append(append([]int64{off.ID}, open...), running.ID)...),
		} {
			for _, size := range []int{1, 2, 100} {
				if got := who(walk[cupShown](t, s, people[3], cupsPath+query, size), id); got != want {
					t.Errorf("%q, %d a page: %s, want %s", query, size, got, want)
				}
			}
		}
		for _, c := range walk[cupShown](t, s, people[3], cupsPath+"?state=open", 10) {
			if !c.Joined || c.Entries != 1 {
				t.Errorf("who joined sees %+v", c)
			}
		}
		s.Anonymous().Get(cupsPath+"?state=mine").WantCode(t, 400, "request.invalid")
		s.Anonymous().Get(cupsPath+"?cursor=x").WantCode(t, 400, "page.bad_cursor")
		l := apptest.Into[struct{ Tournaments []cupShown }](t, s.Anonymous().Get(pongPath+"lobby/").Want(t, 200))
		if got := who(l.Tournaments, id); got != ids(append(open, running.ID)...) {
			t.Errorf("the lobby shows %s", got)
		}
	})
}
