package apptest_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/testkit"
)

const matchesPath = pongPath + "matches/"

func TestMatchesOfOnePerson(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		me := s.Person()
		m := apptest.Into[match](t, me.Post(matchesPath, M{"mode": "ai"}).Want(t, 201))
		if m.State != "open" || *m.Difficulty != "normal" || m.Points != 5 || m.Rated || *m.Mine != 0 || *m.Players[0].UserID != me.UserID ||
			!m.Players[1].Robot || m.Players[1].UserID != nil || !m.ReadyBy.Equal(s.Clock.Now().Add(10*time.Minute)) {
			t.Errorf("against a robot: %+v", m)
		}
		local := apptest.Into[match](t, me.Post(matchesPath, M{"mode": "local", "points": 11}).Want(t, 201))
		if local.State != "open" || local.Difficulty != nil || local.Points != 11 || local.Rated || local.Players[1].Robot || local.Players[1].UserID != nil {
			t.Errorf("at one keyboard: %+v", local)
		}
		// The one before waited for nobody else, and makes room.
		if was := matchOf(t, me, m.ID); was.State != "void" || was.Reason != "abandoned" || was.Winner != nil {
			t.Errorf("the match before: %+v", was)
		}
		for _, level := range []string{"easy", "normal", "hard"} {
			m := apptest.Into[match](t, me.Post(matchesPath, M{"mode": "ai", "difficulty": level, "points": 3}).Want(t, 201))
			if *m.Difficulty != level || m.Points != 3 {
				t.Errorf("%s: %+v", level, m)
			}
		}
		for _, points := range []int{1, 2, 4, 6, 21, -3} {
			me.Post(matchesPath, M{"mode": "ai", "points": points}).WantCode(t, 400, "pong.bad_points")
			me.Post(matchesPath, M{"mode": "invite", "opponent": 1, "points": points}).WantCode(t, 400, "pong.bad_points")
			me.Post(pongPath+"queue/", M{"points": points}).WantCode(t, 400, "pong.bad_points")
		}
		for _, body := range []M{
			{}, {"mode": "quick"}, {"mode": "tournament"}, {"mode": "ai", "difficulty": "divine"}, {"mode": "invite"}, {"mode": "invite", "opponent": 0},
			{"mode": "invite", "opponent": -1}, {"mode": "invite", "opponent": "mina"}, {"mode": "ai", "points": "five"},
		} {
			me.Post(matchesPath, body).WantCode(t, 400, "request.invalid")
		}
		s.Anonymous().Post(matchesPath, M{"mode": "ai"}).WantCode(t, 401, "auth.required")
	})
}

func TestInvitations(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(4)
		ann, bob, cho, foe := people[0], people[1], people[2], people[3]
		invites := func(c *apptest.Client, to int64) apptest.Reply {
			return c.Post(matchesPath, M{"mode": "invite", "opponent": to})
		}
		invites(ann, ann.UserID).WantCode(t, 400, "pong.self")
		invites(ann, 999_999).WantCode(t, 404, "pong.opponent_not_found")
		blocks(foe, ann.UserID).Want(t, 201)
		invites(ann, foe.UserID).WantCode(t, 403, "pong.opponent_blocked")
		invites(foe, ann.UserID).WantCode(t, 403, "pong.opponent_blocked")

		m := inviteTo(t, ann, bob.UserID, 11)
		if m.State != "invited" || m.Mode != "invite" || !m.Rated || m.Points != 11 || *m.Mine != 0 || *m.Players[1].UserID != bob.UserID || !m.RespondBy.Equal(s.Clock.Now().Add(time.Minute)) || m.ReadyBy != nil {
			t.Errorf("invited: %+v", m)
		}
		if again := inviteTo(t, ann, bob.UserID, 3); again.ID != m.ID || again.Points != 11 {
			t.Errorf("asked again: %+v", again)
		}
		back := inviteTo(t, bob, ann.UserID, 3)
		if back.ID == m.ID {
			t.Error("an invitation back is the same")
		}
		// Nobody else knows of it.
		for _, stranger := range []*apptest.Client{cho, s.Anonymous()} {
			stranger.Get(matchPath(m.ID, "")).WantCode(t, 404, "pong.match_not_found")
		}
		if got := matchOf(t, bob, m.ID); *got.Mine != 1 || got.State != "invited" {
			t.Errorf("whoever is invited reads %+v", got)
		}
		for _, act := range []string{"accept/", "decline/", "cancel/"} {
			cho.Post(matchPath(m.ID, act), nil).WantCode(t, 404, "pong.match_not_found")
			s.Anonymous().Post(matchPath(m.ID, act), nil).WantCode(t, 401, "auth.required")
			ann.Post(matchPath(999_999, act), nil).WantCode(t, 404, "pong.match_not_found")
		}
		ann.Post(matchPath(m.ID, "accept/"), nil).WantCode(t, 403, "pong.not_invited")
		ann.Post(matchPath(m.ID, "decline/"), nil).WantCode(t, 403, "pong.not_invited")
		bob.Post(matchPath(m.ID, "cancel/"), nil).WantCode(t, 403, "pong.not_invited")
		ann.Post(matchPath(m.ID, "forfeit/"), nil).WantCode(t, 409, "pong.match_over")
		ann.Post(matchPath(m.ID, "rematch/"), nil).WantCode(t, 409, "pong.match_not_over")

		if got := apptest.Into[match](t, bob.Post(matchPath(m.ID, "decline/"), nil).Want(t, 200)); got.State != "closed" || got.Reason != "declined" {
			t.Errorf("declined: %+v", got)
		}
		if got := apptest.Into[match](t, bob.Post(matchPath(back.ID, "cancel/"), nil).Want(t, 200)); got.State != "closed" || got.Reason != "cancelled" {
			t.Errorf("taken back: %+v", got)
		}
		for _, act := range []string{"accept/", "decline/"} {
			bob.Post(matchPath(m.ID, act), nil).WantCode(t, 409, "pong.invite_gone")
			ann.Post(matchPath(back.ID, act), nil).WantCode(t, 409, "pong.invite_gone")
		}
		for _, act := range []string{"", "forfeit/", "rematch/"} {
			method := "POST"
			if act == "" {
				method = "GET"
			}
			cho.Do(method, matchPath(m.ID, act), nil).WantCode(t, 404, "pong.match_not_found")
		}
		ann.Post(matchPath(m.ID, "rematch/"), nil).WantCode(t, 409, "pong.match_not_over")

		// A block in between keeps them apart all the same.
		m = inviteTo(t, ann, cho.UserID, 3)
		blocks(ann, cho.UserID).Want(t, 201)
		cho.Post(matchPath(m.ID, "accept/"), nil).WantCode(t, 403, "pong.opponent_blocked")

		// Who accepts is in a match, and a guest can read it from then on.
		m = agreed(t, ann, bob, 3)
		if m.State != "open" || m.RespondBy == nil || !m.ReadyBy.Equal(s.Clock.Now().Add(time.Minute)) {
			t.Errorf("accepted: %+v", m)
		}
		s.Anonymous().Get(matchPath(m.ID, "")).Want(t, 200)
		bob.Post(matchPath(m.ID, "accept/"), nil).WantCode(t, 409, "pong.invite_gone")
		another := inviteTo(t, cho, bob.UserID, 3)
		bob.Post(matchPath(another.ID, "accept/"), nil).WantCode(t, 409, "pong.already_playing")
		mine := inviteTo(t, bob, cho.UserID, 3)
		cho.Post(matchPath(mine.ID, "accept/"), nil).WantCode(t, 409, "pong.opponent_busy")
		bob.Post(matchesPath, M{"mode": "ai"}).WantCode(t, 409, "pong.already_playing")
		bob.Post(pongPath+"queue/", nil).WantCode(t, 409, "pong.already_playing")
	})
}

// Whoever practises while they wait is not kept from the match that comes.
func TestPractiseGivesWay(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		ann, bob := s.Person(), s.Person()
		lone := apptest.Into[match](t, bob.Post(matchesPath, M{"mode": "local"}).Want(t, 201))
		bob.Post(pongPath+"queue/", nil).Want(t, 200)
		if was := matchOf(t, bob, lone.ID); was.State != "void" {
			t.Errorf("the match at one keyboard: %+v", was)
		}
		if q := apptest.Into[queue](t, bob.Get(pongPath+"queue/").Want(t, 200)); !q.Waiting || q.Match != nil {
			t.Errorf("who asks for a quick match while an empty one waits: %+v", q)
		}
		bob.Delete(pongPath+"queue/").Want(t, 200)
		ai := apptest.Into[match](t, bob.Post(matchesPath, M{"mode": "ai"}).Want(t, 201))
		m := agreed(t, ann, bob, 3)
		if was := matchOf(t, bob, ai.ID); was.State != "void" {
			t.Errorf("the robot's match: %+v", was)
		}
		if l := apptest.Into[lobby](t, bob.Get(pongPath+"lobby/").Want(t, 200)); l.Playing == nil || l.Playing.ID != m.ID {
			t.Errorf("the lobby: %+v", l.Playing)
		}
	})
}

func TestTooManyInvitations(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		ann, others := s.Person(), s.People(7)
		invites := func(to *apptest.Client) apptest.Reply {
			return ann.Post(matchesPath, M{"mode": "invite", "opponent": to.UserID})
		}
		inviteTo(t, others[5], ann.UserID, 3) // those of others don't count
		var open []int64
		for _, o := range others[:5] {
			open = append(open, inviteTo(t, ann, o.UserID, 3).ID)
		}
		invites(others[5]).WantCode(t, 409, "pong.too_many_invites")
		invites(others[0]).Want(t, 201) // the same again
		ann.Post(matchPath(open[0], "cancel/"), nil).Want(t, 200)
		invites(others[5]).Want(t, 201)
		others[1].Post(matchPath(open[1], "decline/"), nil).Want(t, 200)
		invites(others[6]).Want(t, 201)

		// 7 so far; up to 30 in ten minutes.
		start := s.Clock.Now()
		s.Clock.Advance(61 * time.Second)
		for made := 7; made < 30; made++ {
			if made%5 == 2 {
				s.Clock.Advance(61 * time.Second)
			}
			invites(others[made%5]).Want(t, 201)
		}
		s.Clock.Advance(61 * time.Second)
		r := invites(others[0])
		r.WantCode(t, 429, "pong.invited_often")
		wait, err := strconv.Atoi(r.Header.Get("Retry-After"))
		if left := start.Add(10 * time.Minute).Sub(s.Clock.Now()); err != nil || time.Duration(wait)*time.Second < left || time.Duration(wait)*time.Second > left+2*time.Second {
			t.Errorf("may try again after %q seconds, want %s", r.Header.Get("Retry-After"), left)
		}
		s.Clock.Advance(time.Duration(wait) * time.Second)
		invites(others[0]).Want(t, 201)
	})
}

// Nobody fills the history of the server with matches that they never play.
func TestTooMuchPractice(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		c := s.Person()
		modes := []string{"ai", "local"}
		for n := range 60 {
			c.Post(pongPath+"matches/", M{"mode": modes[n%2]}).Want(t, 201)
		}
		r := c.Post(pongPath+"matches/", M{"mode": "ai"}).WantCode(t, 429, "pong.made_often")
		if r.Header.Get("Retry-After") == "" {
			t.Error("it doesn't say when")
		}
		s.Person().Post(pongPath+"matches/", M{"mode": "ai"}).Want(t, 201)
		s.Clock.Advance(11 * time.Minute)
		c.Post(pongPath+"matches/", M{"mode": "ai"}).Want(t, 201)
	})
}

// An invitation that nobody answers is gone after a minute: at once for whoever
// answers, and soon for everybody.
func TestInvitationsExpire(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		ann, bob := s.Person(), s.Person()
		first := inviteTo(t, ann, bob.UserID, 3)
		s.Clock.Advance(59 * time.Second)
		if l := apptest.Into[lobby](t, bob.Get(pongPath+"lobby/").Want(t, 200)); len(l.Invites.Incoming) != 1 || l.Invites.Incoming[0].ID != first.ID {
			t.Errorf("before its end: %+v", l.Invites)
		}
		s.Clock.Advance(2 * time.Second)
		bob.Post(matchPath(first.ID, "accept/"), nil).WantCode(t, 409, "pong.invite_gone")
		ann.Post(matchPath(first.ID, "cancel/"), nil).WantCode(t, 409, "pong.invite_gone")
		for _, c := range []*apptest.Client{ann, bob} {
			if l := apptest.Into[lobby](t, c.Get(pongPath+"lobby/").Want(t, 200)); len(l.Invites.Incoming)+len(l.Invites.Outgoing) != 0 {
				t.Errorf("after its end: %+v", l.Invites)
			}
		}
		if again := inviteTo(t, ann, bob.UserID, 3); again.ID == first.ID {
			t.Error("asked again, and given what is over")
		}
		testkit.Until(t, "it is closed", func() bool { return matchOf(t, ann, first.ID).State == "closed" })
		if got := matchOf(t, ann, first.ID); got.Reason != "expired" {
			t.Errorf("%+v", got)
		}
	})
}

// Two who answer one invitation at the same moment, or one who accepts many: each
// match is one, and nobody is in two.
func TestInvitationsAreAnsweredOnce(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		people := s.People(6)
		me, others := people[0], people[1:]
		var all []int64
		for _, o := range others {
			all = append(all, inviteTo(t, o, me.UserID, 3).ID)
		}
		var work []func()
		codes := make([]int, len(all))
		for i, id := range all {
			work = append(work, func() { codes[i] = me.Post(matchPath(id, "accept/"), nil).Status })
			work = append(work, func() { wantOneOf(t, others[i].Post(matchPath(id, "cancel/"), nil), 200, 409) })
		}
		together(work...)
		won := 0
		for _, code := range codes {
			if code == 200 {
				won++
			} else if code != 409 {
				t.Errorf("answered %d", code)
			}
		}
		open := count(t, s, "SELECT count(*) FROM pong_matches WHERE state = 'open'")
		if won > 1 || open != won {
			t.Errorf("%d accepted, %d are open", won, open)
		}
		for _, id := range all {
			m := matchOf(t, me, id)
			if m.State == "invited" && won == 0 || m.State == "live" {
				t.Errorf("%+v", m)
			}
		}
		if n := count(t, s, fmt.Sprintf("SELECT count(*) FROM pong_matches WHERE state IN ('open', 'live') AND (left_id = %d OR right_id = %d)", me.UserID, me.UserID)); n > 1 {
			t.Errorf("in %d matches at once", n)
		}
	})
}
