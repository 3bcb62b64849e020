package friends

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// World is friendships, requests and when people were last seen, to import.
type World struct {
	Friendships []Friendship
	Requests    []Request // pending ones
	LastSeen    map[int64]time.Time
}

// Friendship is that two people are friends.
type Friendship struct {
	A, B  int64
	Since time.Time
}

// Importer fills an empty Rally. It stands beside Service, and needs nobody.
type Importer struct{ store ImportStore }

// ImportStore is what an Importer writes to.
type ImportStore interface {
	Befriend(ctx context.Context, a, b int64, at time.Time) error
	InsertRequest(ctx context.Context, r *Request) error
	MarkSeen(ctx context.Context, userIDs []int64, at time.Time) error
}

// NewImporter returns an importer into a store.
func NewImporter(store ImportStore) *Importer { return &Importer{store} }

// Import inserts friendships and requests, whose ids it fills in. It belongs
// into a transaction. Errors: somebody who is their own friend, two people with
// more than one tie, and more than anybody may have.
func (i *Importer) Import(ctx context.Context, w *World) error {
	if err := w.validate(); err != nil {
		return err
	}
	for _, f := range w.Friendships {
		if err := i.store.Befriend(ctx, f.A, f.B, f.Since); err != nil {
			return fmt.Errorf("import a friendship: %w", err)
		}
	}
	for k := range w.Requests {
		if err := i.store.InsertRequest(ctx, &w.Requests[k]); err != nil {
			return fmt.Errorf("import a request: %w", err)
		}
	}
	for user, at := range w.LastSeen {
		if err := i.store.MarkSeen(ctx, []int64{user}, at); err != nil {
			return fmt.Errorf("import when somebody was seen: %w", err)
		}
	}
	return nil
}

func (w *World) validate() error {
	tied := map[[2]int64]bool{}
	friends, asked := map[int64]int{}, map[int64]int{}
	tie := func(a, b int64) error {
		key := [2]int64{min(a, b), max(a, b)}
		if a == b || tied[key] {
			return fmt.Errorf("friends: %d and %d are the same person, or tied already", a, b)
		}
		tied[key] = true
		return nil
	}
	for _, f := range w.Friendships {
		if err := tie(f.A, f.B); err != nil {
			return err
		}
		friends[f.A]++
		friends[f.B]++
		if max(friends[f.A], friends[f.B]) > MaxFriends {
			return errors.New("friends: somebody has too many friends")
		}
	}
	for i := range w.Requests {
		r := &w.Requests[i]
		if err := tie(r.From, r.To); err != nil {
			return err
		}
		if asked[r.From]++; asked[r.From] > MaxAsked {
			return errors.New("friends: somebody asked too many people")
		}
		r.State = Pending
	}
	return nil
}
