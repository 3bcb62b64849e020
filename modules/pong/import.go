package pong

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// World is a past to import: matches that are over, in the order in which they were
// made, and tournaments. Whatever follows from a match is reckoned as it is added,
// by the rules of any other. Until the import gives out ids, a match and a tournament
// have their place in the list, from 1.
type World struct {
	Matches []ImportedMatch
	Cups    []ImportedCup

	now       time.Time
	standings map[standingKey]Standing
}

// ImportedMatch is a match and what was played.
type ImportedMatch struct {
	Match
	Record Record
}

// ImportedCup is a tournament and who is in it, by seed once it runs.
type ImportedCup struct {
	Cup
	In []Entry
}

type standingKey struct {
	season int
	userID int64
}

// NewWorld returns a world without a past, in which it is now.
func NewWorld(now time.Time) *World {
	return &World{now: now, standings: map[standingKey]Standing{}}
}

// Standing returns what somebody has of AllTime so far, as sure as it is at a time.
func (w *World) Standing(userID int64, at time.Time) Standing {
	return w.standing(AllTime, userID).Now(at)
}

func (w *World) standing(season int, userID int64) Standing {
	if st, played := w.standings[standingKey{season, userID}]; played {
		return st
	}
	return NewStanding(season, userID)
}

// Standings returns all standings, by season and person.
func (w *World) Standings() []Standing {
	list := slices.SortedFunc(maps.Values(w.standings), func(a, b Standing) int {
		return cmp.Or(cmp.Compare(a.Season, b.Season), cmp.Compare(a.UserID, b.UserID))
	})
	for i, st := range list {
		if st.Season == AllTime { // it may have faded since
			list[i].Provisional = st.Now(w.now).Rating.Provisional()
		}
	}
	return list
}

// Play adds a match of two that was made at CreatedAt and begun at StartedAt. Its record says how
// it came out; where that is not its end, Winner is who did not give up. It returns
// the match as it is then. Errors: two who can't have played this, or not then.
func (w *World) Play(m Match, r Record) (Match, error) {
	m.ID, m.State, m.Reason, m.Rated, m.HasReplay = int64(len(w.Matches)+1), Over, ByScore, true, true
	m.EndedAt = ptr(m.StartedAt.Add(time.Duration(r.Ticks) * time.Second / TicksPerSecond).Truncate(time.Millisecond))
	if err := w.fits(m, r); err != nil {
		return m, fmt.Errorf("pong: match %d between %v: %w", m.ID, m.Players, err)
	}
	final := r.Play(nil)
	switch winner, over := final.Over(); {
	case over && final.Tick == r.Ticks:
		m.Winner = &winner
	case m.Winner == nil:
		return m, fmt.Errorf("pong: match %d between %v has no end", m.ID, m.Players)
	default:
		m.Reason = ByForfeit
	}
	for side, points := range final.Score {
		m.Score[side] = int(points)
	}
	m.Seed = r.Seed
	ended := *m.EndedAt
	season := SeasonOf(ended)
	var found []Standing
	for _, id := range m.Players {
		found = append(found, w.standing(AllTime, id), w.standing(season, id))
	}
	for _, st := range counted(found, season, &m, ended) {
		w.standings[standingKey{st.Season, st.UserID}] = st
	}
	w.Matches = append(w.Matches, ImportedMatch{m, r})
	return m, nil
}

// fits returns why a match can't have been.
func (w *World) fits(m Match, r Record) error {
	if !m.Mode.Rated() || m.Players[Left] == 0 || m.Players[Right] == 0 || m.Players[Left] == m.Players[Right] {
		return errors.New("it is not rated")
	}
	if m.Points != r.Points || !slices.Contains(PointsAllowed(), m.Points) {
		return ErrBadPoints
	}
	if m.StartedAt.Before(m.CreatedAt) || m.EndedAt.After(w.now) {
		return errors.New("it began before it was made, or is not over")
	}
	if n := len(w.Matches); n > 0 && m.CreatedAt.Before(w.Matches[n-1].CreatedAt) {
		return errors.New("it was made before the one before it")
	}
	for _, id := range m.Players {
		if m.CreatedAt.Before(w.standing(AllTime, id).LastAt) {
			return fmt.Errorf("%d played another then", id)
		}
	}
	return nil
}

// OpenCup adds a tournament that may be entered. In are those who have. Errors: as
// CreateCup has, and more than fit in.
func (w *World) OpenCup(c Cup, in []Entry) error {
	_, err := w.addCup(c, in)
	return err
}

func (w *World) addCup(c Cup, in []Entry) (*ImportedCup, error) {
	n, err := NewCup{Name: c.Name, Size: c.Size, Points: c.Points}.normalise()
	if err != nil {
		return nil, err
	}
	if len(in) > c.Size {
		return nil, ErrCupFull
	}
	c.ID, c.State, c.Name, c.Points = int64(len(w.Cups)+1), CupOpen, n.Name, n.Points
	c.entered(len(in), w.now)
	c.Version = len(in)
	w.Cups = append(w.Cups, ImportedCup{c, in})
	return &w.Cups[len(w.Cups)-1], nil
}

// PlayCup adds a tournament that was played from a time on until it had its champion.
// Play says when a match of it that is called began, and what was played. Errors: as
// OpenCup and Play have, and ErrCupTooFew.
func (w *World) PlayCup(c Cup, in []Entry, start time.Time, play func(m Match) (began time.Time, r Record)) error {
	if len(in) < minCupSize {
		return ErrCupTooFew
	}
	added, err := w.addCup(c, in)
	if err != nil {
		return err
	}
	added.start(start, func(id int64) float64 { return w.Standing(id, start).Rating.Rating })
	ends := map[int64]time.Time{} // until when somebody plays
	for {
		p, at, more := nextCall(added.Bracket, start, ends)
		if !more {
			break
		}
		m := added.match(p)
		ready := at.Add(callWithin)
		m.CreatedAt, m.ReadyBy = at, &ready
		began, r := play(m)
		m.StartedAt = &began
		if m, err = w.Play(m, r); err != nil {
			return err
		}
		added.Bracket.Called(p.Round, p.Slot, m.ID, ready)
		added.Bracket.hear(m)
		added.Version += 3 // called, begun, over
		for _, id := range m.Players {
			ends[id] = *m.EndedAt
		}
		added.EndedAt = m.EndedAt
	}
	places := added.Bracket.Places()
	for i, e := range added.In {
		added.In[i].Place = places[e.UserID]
	}
	added.Champion, _ = added.Bracket.Champion()
	added.State = CupFinished
	return nil
}

// start seeds a tournament and draws its bracket.
func (c *ImportedCup) start(at time.Time, rating func(userID int64) float64) {
	for i, e := range c.In {
		c.In[i].Rating = rating(e.UserID)
	}
	slices.SortFunc(c.In, bySeed)
	ids := make([]int64, len(c.In))
	for i, e := range c.In {
		c.In[i].Seed, ids[i] = i+1, e.UserID
	}
	b := NewBracket(ids)
	c.State, c.Bracket, c.StartedAt, c.DueAt = CupRunning, &b, &at, nil
	c.Version++
}

// nextCall returns the pairing that is called first of those that can be, and when.
func nextCall(b *Bracket, start time.Time, ends map[int64]time.Time) (next Pairing, at time.Time, more bool) {
	for _, p := range b.Calls() {
		free := start
		for _, id := range p.Players {
			if end := ends[id]; end.After(free) {
				free = end
			}
		}
		if !more || free.Before(at) {
			next, at, more = p, free, true
		}
	}
	return next, at, more
}

// Importer fills an empty Rally. It stands beside Service, and needs nobody.
type Importer struct{ store ImportStore }

// ImportStore is what an Importer writes to, a part of Store.
type ImportStore interface {
	InsertMatch(ctx context.Context, m *Match) error
	BeginMatch(ctx context.Context, id int64, at time.Time) (bool, error)
	UpdateMatch(ctx context.Context, m Match) error
	SaveReplay(ctx context.Context, id int64, replay []byte) error
	SaveStandings(ctx context.Context, list ...Standing) error
	CountRivals(ctx context.Context, winner, loser, matchID int64, at time.Time) error
	InsertCup(ctx context.Context, c *Cup) error
	SaveCup(ctx context.Context, c Cup) error
	AddEntry(ctx context.Context, cupID, userID int64, at time.Time) (bool, error)
	SaveEntries(ctx context.Context, cupID int64, list []Entry) error
}

// NewImporter returns an importer into a store.
func NewImporter(store ImportStore) *Importer { return &Importer{store} }

// importBatch is how many standings one statement writes.
const importBatch = 50

// Import inserts a world, whose ids it fills in. It belongs into a transaction, once.
func (i *Importer) Import(ctx context.Context, w *World) error {
	for n := range w.Cups {
		open := w.Cups[n].Cup
		open.State = CupOpen
		if err := i.store.InsertCup(ctx, &open); err != nil {
			return fmt.Errorf("import a tournament: %w", err)
		}
		w.Cups[n].ID = open.ID
	}
	for n := range w.Matches {
		if err := i.match(ctx, w, &w.Matches[n]); err != nil {
			return fmt.Errorf("import a match: %w", err)
		}
	}
	for n := range w.Cups {
		if err := i.cup(ctx, w, &w.Cups[n]); err != nil {
			return fmt.Errorf("import a tournament: %w", err)
		}
	}
	for part := range slices.Chunk(w.Standings(), importBatch) {
		if err := i.store.SaveStandings(ctx, part...); err != nil {
			return fmt.Errorf("import standings: %w", err)
		}
	}
	return nil
}

// match inserts a match as it goes on: open, live, over.
func (i *Importer) match(ctx context.Context, w *World, m *ImportedMatch) error {
	if m.Cup != nil {
		m.Cup.ID = w.Cups[m.Cup.ID-1].ID
	}
	if m.RematchOf != 0 {
		m.RematchOf = w.Matches[m.RematchOf-1].ID
	}
	open := m.Match
	open.State = Open
	if err := i.store.InsertMatch(ctx, &open); err != nil {
		return err
	}
	m.ID = open.ID
	if _, err := i.store.BeginMatch(ctx, m.ID, *m.StartedAt); err != nil {
		return err
	}
	if err := i.store.UpdateMatch(ctx, m.Match); err != nil {
		return err
	}
	if err := i.store.SaveReplay(ctx, m.ID, m.Record.Encode()); err != nil {
		return err
	}
	return i.store.CountRivals(ctx, m.Players[*m.Winner], m.Players[m.Winner.Other()], m.ID, *m.EndedAt)
}

func (i *Importer) cup(ctx context.Context, w *World, c *ImportedCup) error {
	for _, e := range c.In {
		if _, err := i.store.AddEntry(ctx, c.ID, e.UserID, e.JoinedAt); err != nil {
			return err
		}
	}
	if c.Bracket != nil {
		for _, p := range c.Bracket.all() {
			if p.MatchID != 0 {
				p.MatchID = w.Matches[p.MatchID-1].ID
			}
		}
		if err := i.store.SaveEntries(ctx, c.ID, c.In); err != nil {
			return err
		}
	}
	return i.store.SaveCup(ctx, c.Cup)
}
