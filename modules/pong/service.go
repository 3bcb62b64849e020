package pong

import (
	"context"
	"time"

	"rally/modules/accounts"
	"rally/platform/auth"
)

// Service is the use cases of the game. It is safe for concurrent use.
type Service struct {
	tx       Transactions
	store    Store
	events   Events
	signals  Signals
	people   Directory
	blocks   Blocks
	presence Presence
	prizes   Prizes
	audit    Auditor
	tables   Tables
	now      func() time.Time
	seed     func() uint32
	began    time.Time
}

// Deps is what a Service is built of.
type Deps struct {
	Tx       Transactions
	Store    Store
	Events   Events
	Signals  Signals
	People   Directory
	Blocks   Blocks
	Presence Presence
	Prizes   Prizes // nil where there are none
	Audit    Auditor
	Tables   Tables
	Clock    func() time.Time // returns UTC
	Seed     func() uint32    // a random number for each match
}

// NewService returns a service.
func NewService(d Deps) *Service {
	return &Service{
		tx: d.Tx, store: d.Store, events: d.Events, signals: d.Signals, people: d.People, blocks: d.Blocks, presence: d.Presence,
		prizes: d.Prizes, audit: d.Audit, tables: d.Tables, now: d.Clock, seed: d.Seed, began: d.Clock(),
	}
}

// profiles returns the profiles of all who play some matches, or are named besides.
func (s *Service) profiles(ctx context.Context, ids ...int64) (map[int64]accounts.Profile, error) {
	seen := make(map[int64]struct{}, len(ids))
	unique := ids[:0:0]
	for _, id := range ids {
		if _, twice := seen[id]; !twice && id != 0 {
			seen[id] = struct{}{}
			unique = append(unique, id)
		}
	}
	if len(unique) == 0 {
		return map[int64]accounts.Profile{}, nil
	}
	return s.people.ProfilesOf(ctx, unique)
}

func callerOf(ctx context.Context) int64 {
	caller, _ := auth.From(ctx)
	return caller.UserID
}
