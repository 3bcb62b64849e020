package apptest_test

import (
	"fmt"
	"testing"

	"rally/internal/apptest"
	"rally/internal/pongtest"
	"rally/modules/pong"
)

type replay struct {
	Points   int
	Seed     uint32
	Ticks    uint32
	Changes  [][3]int64
	Pauses   [][2]uint32
	Score    [2]int
	Complete bool
}

// record is a replay as the rules of the game play it.
func (r replay) record() pong.Record {
	record := pong.Record{Points: r.Points, Seed: r.Seed, Ticks: r.Ticks}
	for _, c := range r.Changes {
		record.Changes = append(record.Changes, pong.Change{Tick: uint32(c[0]), Side: pong.Side(c[1]), Dir: int8(c[2])})
	}
	for _, p := range r.Pauses {
		record.Pauses = append(record.Pauses, pong.Pausing{Tick: p[0], On: p[1] == 1})
	}
	return record
}

// Two people agree on a match and play it to its end, while a stranger watches; one
// loses the line in the middle and comes back. What is told, stored and kept is one
// and the same.
func TestAMatchIsPlayedToItsEnd(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		ann, bob := s.Person(), s.Person()
		m := agreed(t, ann, bob, 3)
		if m.State != "open" || m.Mode != "invite" || !m.Rated || m.Points != 3 || *m.Players[0].UserID != ann.UserID || *m.Mine != 1 {
			t.Fatalf("the match: %+v", m)
		}
		left, right, watcher := sit(t, s, ann, m.ID), sit(t, s, bob, m.ID), sit(t, s, nil, m.ID)
		await(t, watcher, "both are here and one watches", func(w *pongtest.Welcome, s pongtest.Snapshot, _ *pongtest.Ended) bool {
			return w != nil && w.Role == pongtest.Watcher && w.Version == 1 && s.Flags&3 == 3 && s.Watchers == 1 && s.Phase == pongtest.Waiting
		})
		awaitRole(t, left, pongtest.Left)
		awaitRole(t, right, pongtest.Right)
		ready(t, left, right)
		awaitPhase(t, watcher, pongtest.Playing)
		if now := matchOf(t, s.Anonymous(), m.ID); now.State != "live" && now.State != "open" { // its row follows
			t.Fatalf("while it is played: %+v", now)
		}
		// Right is lost, and comes back: it goes on where it was.
		await(t, left, "the first serve", func(_ *pongtest.Welcome, s pongtest.Snapshot, _ *pongtest.Ended) bool { return s.VX != 0 })
		right.Close()
		await(t, left, "the pause", func(_ *pongtest.Welcome, s pongtest.Snapshot, _ *pongtest.Ended) bool {
			return s.Phase == pongtest.Paused && s.Flags&2 == 0 && s.Wait > 0
		})
		was, _ := left.Last()
		right = sit(t, s, bob, m.ID)
		await(t, right, "the game goes on", func(_ *pongtest.Welcome, s pongtest.Snapshot, _ *pongtest.Ended) bool {
			return s.Phase == pongtest.Playing && s.Hold > 0
		})
		if now, _ := right.Last(); now.X != was.X || now.Y != was.Y || now.VX != was.VX || now.Score != was.Score {
			t.Errorf("after the pause %+v, before %+v", now, was)
		}
		end := playOut(t, left, right, [2]float64{1, 0})
		if end.Void || end.Winner != 0 || end.Score[0] != 3 || end.Reason != 0 {
			t.Fatalf("it came out %+v", end)
		}
		await(t, watcher, "the end", func(_ *pongtest.Welcome, _ pongtest.Snapshot, e *pongtest.Ended) bool { return e != nil })

		over := matchOf(t, ann, m.ID)
		if over.State != "over" || over.Reason != "score" || *over.Winner != 0 || over.Score != [2]int{3, int(end.Score[1])} || !over.HasReplay || over.Season == 0 {
			t.Fatalf("stored: %+v", over)
		}
		if a, b := over.Players[0], over.Players[1]; a.Before == nil || *a.Before != 1500 || *a.After <= 1500 || *b.After >= 1500 || *a.After != *a.Rating || !*a.Provisional {
			t.Errorf("ratings: %+v", over.Players)
		}
		r := apptest.Into[replay](t, s.Anonymous().Get(matchPath(m.ID, "replay/")).Want(t, 200))
		final := r.record().Play(nil)
		if winner, won := final.Over(); !won || winner != pong.Left || final.Score != end.Score || final.Tick != r.Ticks || !r.Complete {
			t.Errorf("played again it comes to %+v, in truth %+v", final, end)
		}
		list := apptest.Into[struct{ Results []match }](t, s.Anonymous().Get(pongPath+"matches/?user_id="+fmt.Sprint(bob.UserID)).Want(t, 200))
		if len(list.Results) != 1 || list.Results[0].ID != m.ID {
			t.Errorf("the history: %+v", list)
		}
		ann.Get(matchPath(m.ID+1, "")).WantCode(t, 404, "pong.match_not_found")
	})
}
