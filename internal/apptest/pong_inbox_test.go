package apptest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/internal/pongtest"
	"rally/platform/testkit"
)

// given is a match between two that one of them has given up while it was played.
func given(t *testing.T, s *apptest.Server, winner, loser *apptest.Client) match {
	t.Helper()
	m := agreed(t, winner, loser, 3)
	left, right := sit(t, s, winner, m.ID), sit(t, s, loser, m.ID)
	ready(t, left, right)
	awaitPhase(t, left, pongtest.Playing)
	testkit.Until(t, "its row is live", func() bool { return matchOf(t, winner, m.ID).State == "live" })
	return apptest.Into[match](t, loser.Post(matchPath(m.ID, "forfeit/"), nil).Want(t, 200))
}

type cup struct {
	ID       int64
	Name     string
	State    string
	Champion *profile
	Rounds   [][]struct {
		Players [2]*int64
		MatchID *int64 `json:"match_id"`
		State   string
	}
}

func cupPath(id int64, more string) string {
	return fmt.Sprintf("%stournaments/%d/%s", pongPath, id, more)
}

// startedCup is a tournament of people that has begun. The first made it.
func startedCup(t *testing.T, name string, people ...*apptest.Client) cup {
	t.Helper()
	c := apptest.Into[cup](t, people[0].Post(pongPath+"tournaments/", M{"name": name, "size": 8, "points": 3}).Want(t, 201))
	for _, p := range people {
		p.Post(cupPath(c.ID, "join/"), nil).Want(t, 200)
	}
	people[0].Post(cupPath(c.ID, "start/"), nil).Want(t, 200)
	return called(t, people[0], c.ID, 1)
}

// called waits until all matches of a round wait for their players.
func called(t *testing.T, by *apptest.Client, id int64, round int) (c cup) {
	t.Helper()
	testkit.Until(t, fmt.Sprintf("round %d is called", round), func() bool {
		c = apptest.Into[cup](t, by.Get(cupPath(id, "")).Want(t, 200))
		for _, p := range c.Rounds[round-1] {
			if p.MatchID == nil {
				return false
			}
		}
		return true
	})
	return c
}

func TestInvitationsAreTold(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		ann, bob, me := s.Person(), s.Person(), s.Person()
		told := func(what, want string, unread ...string) note {
			t.Helper()
			list := notesOf(t, s, me)
			var open []string
			for _, n := range list {
				if !n.Read {
					open = append(open, n.by())
				}
			}
			if kindsOf(list) != want || !slices.Equal(open, unread) {
				t.Fatalf("%s: told %s, unread by %v", what, kindsOf(list), open)
			}
			return list[0]
		}
		first := inviteTo(t, ann, me.UserID, 5)
		n := told("an invitation", "match_invited×1", ids(ann.UserID))
		if n.Target.Type != "match" || n.Target.ID != first.ID || n.Actors[0].ProfileName != nameOf(t, ann) {
			t.Errorf("an invitation: %+v", n)
		}
		if list := notesOf(t, s, ann); len(list) != 0 {
			t.Errorf("who asks is told %+v", list)
		}
		// Each leads to its own match, and needs no look once it waits no more.
		second := inviteTo(t, bob, me.UserID, 3)
		if n = told("another", "match_invited×1 match_invited×1", ids(bob.UserID), ids(ann.UserID)); n.Target.ID != second.ID {
			t.Errorf("another: %+v", n)
		}
		before := unreadOf(t, me)
		me.Post(matchPath(first.ID, "decline/"), nil).Want(t, 200)
		told("declined", "match_invited×1 match_invited×1", ids(bob.UserID))
		if after := unreadOf(t, me); after != before-1 {
			t.Errorf("%d unread, then %d", before, after)
		}
		bob.Post(matchPath(second.ID, "cancel/"), nil).Want(t, 200)
		told("taken back", "match_invited×1 match_invited×1")
		third := inviteTo(t, ann, me.UserID, 5)
		if n = told("once more", "match_invited×1 match_invited×1 match_invited×1", ids(ann.UserID)); n.Target.ID != third.ID {
			t.Errorf("once more: %+v", n)
		}
		s.Clock.Advance(61 * time.Second)
		testkit.Until(t, "its time is over", func() bool { return matchOf(t, me, third.ID).State == "closed" })
		told("late", "match_invited×1 match_invited×1 match_invited×1")
		me.Post(matchPath(inviteTo(t, bob, me.UserID, 3).ID, "accept/"), nil).Want(t, 200)
		told("accepted", "match_invited×1 match_invited×1 match_invited×1 match_invited×1")
		wantInboxes(t, s)
	})
}

// That two played is shown to whom both let see it, and to both.
func TestAMatchIsShownAsBothLetIt(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		won, lost := s.Person(), s.Person()
		viewers := map[string]*apptest.Client{"won": won, "lost": lost, "friend of won": s.Person(), "friend of both": s.Person(), "stranger": s.Person()}
		friendOf := map[string][]*apptest.Client{"friend of won": {won}, "friend of both": {won, lost}}
		for name, friends := range friendOf {
			for _, f := range friends {
				befriend(t, viewers[name], f)
			}
		}
		m := given(t, s, won, lost)
		alone := apptest.Into[match](t, won.Post(pongPath+"matches/", M{"mode": "ai", "difficulty": "easy", "points": 3}).Want(t, 201))
		player := sit(t, s, won, alone.ID)
		ready(t, player)
		awaitPhase(t, player, pongtest.Playing)
		testkit.Until(t, "its row is live", func() bool { return matchOf(t, won, alone.ID).State == "live" })
		won.Post(matchPath(alone.ID, "forfeit/"), nil).Want(t, 200)
		allTold(t, s)

		// matches are what a viewer sees of somebody, or of their friends for nobody.
		matches := func(viewer, of *apptest.Client) []act {
			t.Helper()
			path := inboxPath + "activity/"
			if of != nil {
				path += fmt.Sprintf("?user_id=%d", of.UserID)
			}
			return slices.DeleteFunc(walk[act](t, s, viewer, path, 2), func(a act) bool { return a.Kind != "match" })
		}
		list := matches(viewers["stranger"], won)
		if len(list) != 1 { // nor against a robot
			t.Fatalf("the winner played %+v", list)
		}
		if a := list[0]; a.Actor.UserID != won.UserID || a.Target.Type != "match" || a.Target.ID != m.ID || !a.Target.Won || a.Target.Person == nil || a.Target.Person.ProfileName != nameOf(t, lost) ||
			!slices.Equal(a.Target.Score, m.Score[:]) || a.Target.Tournament != nil {
			t.Errorf("the winner's: %+v", a)
		}
		if a := matches(viewers["stranger"], lost)[0]; a.Target.Won || a.Target.Person.UserID != won.UserID || !slices.Equal(a.Target.Score, []int{m.Score[1], m.Score[0]}) {
			t.Errorf("the loser's: %+v", a)
		}
		lets := func(audience, viewer string, who *apptest.Client) bool {
			return audience == "everyone" || audience == "friends" && slices.Contains(friendOf[viewer], who)
		}
		all := []string{"everyone", "friends", "nobody"}
		for _, ofWinner := range all {
			for _, ofLoser := range all {
				audience(t, won, "match", ofWinner)
				audience(t, lost, "match", ofLoser)
				for name, viewer := range viewers {
					want := lets(ofWinner, name, won) && (lets(ofLoser, name, lost) || viewer == lost) || viewer == won
					if got := len(matches(viewer, won)) == 1; got != want {
						t.Errorf("%s and %s: %s sees it: %t", ofWinner, ofLoser, name, got)
					}
					want = want && slices.Contains(friendOf[name], won)
					got := slices.ContainsFunc(matches(viewer, nil), func(a act) bool { return a.Actor.UserID == won.UserID })
					if got != want {
						t.Errorf("%s and %s: the list of %s holds it: %t", ofWinner, ofLoser, name, got)
					}
				}
			}
		}
		audience(t, won, "match", "everyone")
		audience(t, lost, "match", "everyone")
		viewer := viewers["friend of won"]
		blocks(lost, viewer.UserID).Want(t, 201)
		if len(matches(viewer, won))+len(matches(viewer, nil)) != 0 {
			t.Error("who is blocked by one of both sees it")
		}
		if part := exported(t, won, "inbox"); !strings.Contains(part, fmt.Sprintf(`"other":%d`, lost.UserID)) {
			t.Errorf("the export: %s", part)
		}
		blocks(lost, won.UserID).Want(t, 201)
		if part := exported(t, won, "inbox"); strings.Contains(part, fmt.Sprintf(`"other":%d`, lost.UserID)) {
			t.Errorf("the export names who blocks: %s", part)
		}
	})
}

func TestAMatchThatOneHidesIsNotKept(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		shy, open := s.Person(), s.Person()
		audience(t, shy, "match", "nobody")
		given(t, s, open, shy)
		allTold(t, s)
		audience(t, shy, "match", "everyone")
		if got := did(t, s, open, open.UserID) + did(t, s, shy, shy.UserID); got != "" {
			t.Errorf("kept are %q", got)
		}
	})
}

// underWay makes a match one that is played, as if both had come: before that, giving up
// is a walkover, which is nobody's match.
func underWay(t *testing.T, s *apptest.Server, id int64) {
	t.Helper()
	if n := execute(t, s, "UPDATE pong_matches SET state = 'live', started_at = created_at WHERE id = $1 AND state = 'open'", id); n != 1 {
		t.Fatalf("match %d was not open", id)
	}
}

func TestTournamentsAreTold(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		p := s.People(4)
		blocks(p[0], p[3].UserID).Want(t, 201) // by their seeds they meet in the first round
		c := startedCup(t, "한밤의 컵", p...)
		by := map[int64]*apptest.Client{}
		for _, c := range p {
			by[c.UserID] = c
		}
		for _, pairing := range c.Rounds[0] {
			for side, id := range pairing.Players {
				list := notesOf(t, s, by[*id])
				opponent := *pairing.Players[1-side]
				hidden := *id == p[0].UserID && opponent == p[3].UserID || *id == p[3].UserID && opponent == p[0].UserID
				if n := list[0]; n.Kind != "tournament_called" || n.Read || n.Target.Type != "match" || n.Target.ID != *pairing.MatchID || n.Target.Tournament == nil ||
					n.Target.Tournament.ID != c.ID || n.Target.Tournament.Name != "한밤의 컵" || len(n.Actors) != 0 {
					t.Errorf("called: %+v", n)
				} else if hidden != (n.Target.Person == nil) || !hidden && n.Target.Person.UserID != opponent {
					t.Errorf("hidden %t, they are named %+v", hidden, n.Target.Person)
				}
			}
			underWay(t, s, *pairing.MatchID)
			by[*pairing.Players[1]].Post(matchPath(*pairing.MatchID, "forfeit/"), nil).Want(t, 200)
		}
		c = called(t, p[0], c.ID, 2)
		final := c.Rounds[1][0]
		champion, other := by[*final.Players[0]], by[*final.Players[1]]
		if got := kindsOf(notesOf(t, s, champion)); got != "tournament_called×1 tournament_called×1" {
			t.Errorf("the finalist is told %s", got)
		}
		if list := notesOf(t, s, champion); list[0].Read || !list[1].Read || list[0].Target.ID != *final.MatchID {
			t.Errorf("what is over needs no look: %+v", list)
		}
		underWay(t, s, *final.MatchID)
		other.Post(matchPath(*final.MatchID, "forfeit/"), nil).Want(t, 200)
		testkit.Until(t, "there is a champion", func() bool {
			return apptest.Into[cup](t, p[0].Get(cupPath(c.ID, "")).Want(t, 200)).Champion != nil
		})
		for _, c2 := range p {
			n := notesOf(t, s, c2)[0]
			// Whose block hides the champion from them is not told of them.
			if c2 == p[0] && champion == p[3] || c2 == p[3] && champion == p[0] {
				if n.Kind == "tournament_won" {
					t.Errorf("told of whom is hidden: %+v", n)
				}
				continue
			}
			if n.Kind != "tournament_won" || n.Target.Type != "tournament" || n.Target.ID != c.ID || n.Target.Tournament == nil || n.Target.Tournament.Name != "한밤의 컵" || n.Target.Won != (c2 == champion) {
				t.Errorf("it is won: %+v", n)
			}
			if want := ids(champion.UserID); c2 != champion && n.by() != want || c2 == champion && len(n.Actors) != 0 {
				t.Errorf("it is won by %s: %+v", want, n.Actors)
			}
		}
		if got := did(t, s, champion, champion.UserID); got != "champion match" { // the other one was against whom they block
			t.Errorf("the champion did %q", got)
		}
		allTold(t, s)
		for _, a := range walk[act](t, s, champion, fmt.Sprintf("%sactivity/?user_id=%d", inboxPath, champion.UserID), 100) {
			if (a.Kind == "match" || a.Kind == "champion") && (a.Target.Tournament == nil || a.Target.Tournament.ID != c.ID || a.Target.Tournament.Name != "한밤의 컵") {
				t.Errorf("the champion did %+v", a)
			}
		}
		audience(t, champion, "champion", "nobody")
		if got := did(t, s, s.Person(), champion.UserID); strings.Contains(got, "champion") {
			t.Errorf("seen are %q", got)
		}
		wantInboxes(t, s)
	})
}

func TestTheGamesKindsAreSwitchedOff(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		p := s.People(4)
		for _, c := range p {
			c.Do("PUT", inboxPath+"settings/", M{"kinds": M{"match_invited": false, "tournament_called": false, "tournament_won": false}}).Want(t, 200)
		}
		p[1].Post(matchPath(inviteTo(t, p[0], p[1].UserID, 3).ID, "decline/"), nil).Want(t, 200)
		c := startedCup(t, "quiet", p...)
		for _, pairing := range c.Rounds[0] {
			for _, who := range p {
				if who.UserID == *pairing.Players[1] {
					who.Post(matchPath(*pairing.MatchID, "forfeit/"), nil).Want(t, 200)
				}
			}
		}
		called(t, p[0], c.ID, 2)
		for _, who := range p {
			if list := notesOf(t, s, who); len(list) != 0 {
				t.Errorf("told %s", kindsOf(list))
			}
		}
		wantInboxes(t, s)
	})
}
