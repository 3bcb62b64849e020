package pong

import (
	"context"
	"time"

	"rally/platform/auth"
)

// QueueState is where somebody stands who wants a quick match.
type QueueState struct {
	Waiting *Waiting // nil is not
	People  int      // who wait
	Match   *Shown   // that waits for them, or that they play
}

// Join queues the caller, or says that they still wait: whoever doesn't say so
// within seenWithin is out. Who could play at once does. Errors: ErrBadPoints,
// ErrPlaying.
func (s *Service) Join(ctx context.Context, points int) (QueueState, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return QueueState{}, err
	}
	if points, err = checkPoints(points); err != nil {
		return QueueState{}, err
	}
	standings, err := s.standingsOf(ctx, caller.UserID)
	if err != nil {
		return QueueState{}, err
	}
	came := false
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		came = false
		if err := s.store.HoldPlayers(ctx, caller.UserID); err != nil {
			return err
		}
		playing, err := s.store.PlayingOf(ctx, caller.UserID)
		if err != nil {
			return err
		}
		if len(playing) > 0 {
			if playing[0].Mode == Quick && playing[0].State == Open {
				return nil // found meanwhile
			}
			if err := s.free(ctx, ErrPlaying, caller.UserID); err != nil {
				return err
			}
		}
		now := s.now()
		w, waits, err := s.store.WaitingOf(ctx, caller.UserID, now.Add(-seenWithin))
		if err != nil {
			return err
		}
		if came = !waits; came {
			w = Waiting{UserID: caller.UserID, JoinedAt: now}
		}
		w.Rating, w.Points, w.SeenAt = standings[caller.UserID].Rating.Rating, points, now
		return s.store.Enqueue(ctx, w)
	})
	if err != nil {
		return QueueState{}, err
	}
	if came {
		if err := s.Pair(ctx); err != nil {
			return QueueState{}, err
		}
		s.signals.Told(ctx, Notice{Event: NoticeQueue}, caller.UserID)
		s.signals.LobbyChanged(ctx)
	}
	return s.queueOf(ctx, caller.UserID)
}

// Leave takes the caller out of the queue.
func (s *Service) Leave(ctx context.Context) (QueueState, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return QueueState{}, err
	}
	left, err := s.store.Dequeue(ctx, caller.UserID)
	if err != nil {
		return QueueState{}, err
	}
	if left > 0 {
		s.signals.Told(ctx, Notice{Event: NoticeQueue}, caller.UserID)
		s.signals.LobbyChanged(ctx)
	}
	return s.queueOf(ctx, caller.UserID)
}

// Queue returns where the caller stands.
func (s *Service) Queue(ctx context.Context) (QueueState, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return QueueState{}, err
	}
	return s.queueOf(ctx, caller.UserID)
}

// QueueOf returns where somebody stands. Nearly everybody who connects plays nothing:
// for them it is one statement, and doesn't count who waits.
func (s *Service) QueueOf(ctx context.Context, userID int64) (QueueState, error) {
	idle, err := s.store.Idle(ctx, userID, s.now().Add(-seenWithin))
	if err != nil || idle {
		return QueueState{}, err
	}
	return s.queueOf(ctx, userID)
}

func (s *Service) queueOf(ctx context.Context, userID int64) (q QueueState, err error) {
	since := s.now().Add(-seenWithin)
	w, waits, err := s.store.WaitingOf(ctx, userID, since)
	if err != nil {
		return q, err
	}
	if waits {
		q.Waiting = &w
	}
	if q.People, err = s.store.CountQueue(ctx, since); err != nil {
		return q, err
	}
	playing, err := s.store.PlayingOf(ctx, userID)
	if err != nil || len(playing) == 0 {
		return q, err
	}
	m, err := s.show(ctx, playing[len(playing)-1])
	q.Match = &m
	return q, err
}

// leaveQueue takes people out who play now, in the caller's transaction.
func (s *Service) leaveQueue(ctx context.Context, userIDs ...int64) error {
	_, err := s.store.Dequeue(ctx, userIDs...)
	return err
}

// Pair makes matches of those who wait. Every node calls it each second, and
// whenever somebody comes; one at a time pairs.
func (s *Service) Pair(ctx context.Context) error {
	now := s.now()
	if n, err := s.store.CountQueue(ctx, now.Add(-seenWithin)); err != nil || n < 2 {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.HoldQueue(ctx); err != nil {
			return err
		}
		list, err := s.store.Queue(ctx, now.Add(-seenWithin), queueLimit)
		if err != nil || len(list) < 2 {
			return err
		}
		apart, err := s.apartOf(ctx, list)
		if err != nil {
			return err
		}
		pairs := pairOff(list, now, apart)
		if len(pairs) == 0 {
			return nil
		}
		ids := make([]int64, 0, 2*len(pairs))
		for _, pair := range pairs {
			ids = append(ids, pair[0].UserID, pair[1].UserID)
		}
		if err := s.store.HoldPlayers(ctx, ids...); err != nil { // all at once: nobody waits in a circle
			return err
		}
		for _, pair := range pairs {
			if err := s.matchUp(ctx, pair); err != nil {
				return err
			}
		}
		return nil
	})
}

// apartOf says of all who wait which two may not meet.
func (s *Service) apartOf(ctx context.Context, list []Waiting) (func(a, b int64) bool, error) {
	of := make(map[int64]func(int64) bool, len(list))
	for _, w := range list {
		apart, err := s.apart(ctx, w.UserID)
		if err != nil {
			return nil, err
		}
		of[w.UserID] = apart
	}
	return func(a, b int64) bool { return of[a](b) }, nil
}

// matchUp makes a match of two who are held. Who plays already only leaves the queue,
// and who left it just now has left: the other is paired the next time.
func (s *Service) matchUp(ctx context.Context, pair [2]Waiting) error {
	ids := []int64{pair[0].UserID, pair[1].UserID}
	playing, err := s.store.PlayingOf(ctx, ids...)
	if err != nil {
		return err
	}
	if len(playing) > 0 {
		var busy []int64
		for _, id := range ids {
			for _, m := range playing {
				if _, plays := m.SideOf(id); plays {
					busy = append(busy, id)
				}
			}
		}
		return s.leaveQueue(ctx, busy...)
	}
	for i, id := range ids {
		waited, err := s.store.Dequeue(ctx, id)
		switch {
		case err != nil:
			return err
		case waited == 0 && i == 1:
			return s.store.Enqueue(ctx, pair[0])
		case waited == 0:
			return nil
		}
	}
	m := Match{Mode: Quick, Points: pair[0].Points, Players: [2]int64{ids[0], ids[1]}}
	if err := s.open(ctx, &m, callWithin); err != nil {
		return err
	}
	s.tellAfter(ctx, NoticeMatched, m, ids...)
	return nil
}

// Window is by how much the rating of who waits may differ from an opponent's, or
// negative where it doesn't matter any more.
func (q QueueState) Window(now time.Time) float64 {
	if q.Waiting == nil {
		return 0
	}
	return q.Waiting.Window(now)
}
