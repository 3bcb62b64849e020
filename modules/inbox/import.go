package inbox

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// History is what happened before anybody came, to import.
type History struct {
	Entries    []Entry // each with its time
	ReadBefore time.Time
	Chosen     map[int64]Settings
}

// Past is what other modules say happened, to import. The wiring knows what
// follows from an event: see inboxfx.
type Past struct {
	Events     []PastEvent
	Readers    []int64 // who gets notifications of it
	ReadBefore time.Time
	Chosen     map[int64]Settings
}

// PastEvent is an event of another module, and when it was.
type PastEvent struct {
	At    time.Time
	Event any
}

// Importer fills an empty Rally. It stands beside Service, and needs nobody.
type Importer struct{ store ImportStore }

// ImportStore is what an Importer writes to.
type ImportStore interface {
	Tell(ctx context.Context, notes []Entry) ([]Notification, map[int64]State, error)
	InsertActivities(ctx context.Context, list []Activity) error
	MarkRead(ctx context.Context, userID int64, ids []int64, upTo int64) (State, error)
	Choose(ctx context.Context, userID int64, s Settings) error
}

// NewImporter returns an importer into a store.
func NewImporter(store ImportStore) *Importer { return &Importer{store} }

// Import tells everybody what happened, in its order, as if they had been there
// and looked at ReadBefore for the last time. It belongs into a transaction.
// Errors: settings that nobody could choose.
func (i *Importer) Import(ctx context.Context, h History) error {
	for user, s := range h.Chosen {
		if err := s.check(); err != nil {
			return err
		}
		if err := i.store.Choose(ctx, user, s); err != nil {
			return fmt.Errorf("import settings: %w", err)
		}
	}
	slices.SortStableFunc(h.Entries, func(a, b Entry) int { return a.At.Compare(b.At) })
	looked, _ := slices.BinarySearchFunc(h.Entries, h.ReadBefore, func(e Entry, t time.Time) int { return e.At.Compare(t) })
	if err := i.tell(ctx, h.Entries[:looked], h.Chosen); err != nil {
		return err
	}
	seen := map[int64]bool{}
	for _, e := range h.Entries[:looked] {
		if e.Note == nil || seen[e.Note.UserID] {
			continue
		}
		seen[e.Note.UserID] = true
		if _, err := i.store.MarkRead(ctx, e.Note.UserID, nil, 0); err != nil {
			return fmt.Errorf("import what was read: %w", err)
		}
	}
	return i.tell(ctx, h.Entries[looked:], h.Chosen)
}

func (i *Importer) tell(ctx context.Context, entries []Entry, chosen map[int64]Settings) error {
	var notes []Entry
	var done []Activity
	for _, e := range entries {
		if e.Note != nil {
			notes = append(notes, e)
		}
		if e.Activity == nil {
			continue // what was settled was so before anybody looked
		}
		if !e.Activity.unseen(chosen) {
			e.Activity.At = e.At
			done = append(done, *e.Activity)
		}
	}
	for part := range slices.Chunk(notes, batch) {
		if _, _, err := i.store.Tell(ctx, part); err != nil {
			return fmt.Errorf("import notifications: %w", err)
		}
	}
	if err := i.store.InsertActivities(ctx, done); err != nil {
		return fmt.Errorf("import activities: %w", err)
	}
	return nil
}
