package pong

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// playingWithin bounds how long friends' lists hold up anything.
const playingWithin = 3 * time.Second

// Begin implements Games: an open match becomes live.
func (s *Service) Begin(ctx context.Context, id int64) (m Match, err error) {
	begun := false
	if m, err = s.store.Match(ctx, id); err != nil {
		return m, err
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if m.Cup != nil { // before the match: see Finish
			if _, err := s.store.HoldCup(ctx, m.Cup.ID); err != nil {
				return err
			}
		}
		if begun, err = s.store.BeginMatch(ctx, id, s.now()); err != nil {
			return err
		}
		if m, err = s.store.Match(ctx, id); err != nil || !begun || m.Cup == nil {
			return err
		}
		return s.beganCup(ctx, m)
	})
	if err != nil || !begun {
		return m, err
	}
	s.signals.LobbyChanged(ctx)
	s.nowPlaying(ctx, m, m.ID)
	return m, nil
}

// nowPlaying tells friends which match people play; 0 is none. What fails is mended
// with the next.
func (s *Service) nowPlaying(ctx context.Context, m Match, matchID int64) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), playingWithin)
	defer cancel()
	for _, id := range m.Players {
		if id != 0 {
			s.presence.Playing(ctx, id, matchID)
		}
	}
}

// Finish implements Games: result, ratings and the tournament's next step are one
// transaction, which happens once. It returns the match as it came out, also when
// it had before.
func (s *Service) Finish(ctx context.Context, id int64, r Result) (m Match, err error) {
	var first bool
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		first = false
		if m, err = s.store.Match(ctx, id); err != nil {
			return err
		}
		// In the order of docs: the tournament, people, the match.
		if m.Cup != nil {
			if _, err := s.store.HoldCup(ctx, m.Cup.ID); err != nil {
				return err
			}
		}
		if err := s.store.HoldPlayers(ctx, people(m)...); err != nil {
			return err
		}
		if m, err = s.store.HoldMatch(ctx, id); err != nil {
			return err
		}
		if m.State.Done() {
			return nil
		}
		first = true
		return s.settle(ctx, &m, r)
	})
	if err != nil {
		return m, fmt.Errorf("finish match %d: %w", id, err)
	}
	if first {
		s.signals.Ended(ctx, id)
		s.signals.Told(ctx, Notice{Event: NoticeEnded, Match: id}, people(m)...)
		s.signals.LobbyChanged(ctx)
		s.nowPlaying(ctx, m, 0)
	}
	return m, nil
}

func people(m Match) []int64 {
	var list []int64
	for _, id := range m.Players {
		if id != 0 {
			list = append(list, id)
		}
	}
	return list
}

// settle writes what came of a match that is held.
func (s *Service) settle(ctx context.Context, m *Match, r Result) error {
	m.State, m.Reason, m.Score, m.EndedAt = r.State, r.Reason, r.Score, ptr(s.now())
	if r.State == Over {
		m.Winner = &r.Winner
		played := m.StartedAt != nil || len(r.Replay) > 0 // its row may not have heard of the beginning
		m.Rated = m.Rated && r.Reason != ByNoShow && played
		if err := s.rate(ctx, m); err != nil {
			return err
		}
	}
	if err := s.store.UpdateMatch(ctx, *m); err != nil {
		return err
	}
	if len(r.Replay) > 0 {
		if err := s.store.SaveReplay(ctx, m.ID, r.Replay); err != nil {
			return err
		}
		m.HasReplay = true
	}
	if m.Cup != nil {
		if err := s.advanceCup(ctx, *m); err != nil {
			return err
		}
	}
	if m.State == Over {
		return s.events.Emit(ctx, Played{*m})
	}
	return nil
}

// SaveReplay implements Games.
func (s *Service) SaveReplay(ctx context.Context, id int64, replay []byte) error {
	return s.store.SaveReplay(ctx, id, replay)
}

// SaveCheckpoint implements Games.
func (s *Service) SaveCheckpoint(ctx context.Context, id int64, c Checkpoint) error {
	data, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode a checkpoint: %w", err)
	}
	return s.store.SaveCheckpoint(ctx, id, data)
}

// HasCheckpoint implements Games.
func (s *Service) HasCheckpoint(ctx context.Context, id int64) (bool, error) {
	return s.store.HasCheckpoint(ctx, id)
}

// TakeCheckpoint implements Games.
func (s *Service) TakeCheckpoint(ctx context.Context, id int64) (*Checkpoint, error) {
	data, err := s.store.TakeCheckpoint(ctx, id)
	if err != nil || data == nil {
		return nil, err
	}
	var c Checkpoint
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, fmt.Errorf("decode a checkpoint: %w", err)
	}
	return &c, nil
}
