// Package store keeps the inbox in the database. It alone knows its tables.
package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rally/modules/inbox"
	"rally/platform/db"
	"rally/platform/page"
)

// Store implements inbox.Store on both engines.
type Store struct{ db *db.DB }

// New returns a store in d.
func New(d *db.DB) *Store { return &Store{d} }

var _ inbox.Store = (*Store)(nil)

// followerKey is the lock of whoever empties the outbox.
const followerKey = int64('I') << 56

// Turn implements inbox.Outbox. On SQLite nobody else writes anyway.
func (s *Store) Turn(ctx context.Context) (bool, error) {
	if s.db.Dialect == db.SQLite {
		return true, nil
	}
	return db.Get[bool](ctx, s.db, "SELECT pg_try_advisory_xact_lock($1)", followerKey)
}

// Append implements inbox.Outbox.
func (s *Store) Append(ctx context.Context, entries []inbox.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	texts := make([]string, len(entries))
	for i, e := range entries {
		data, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("write down what happened: %w", err)
		}
		texts[i] = string(data)
	}
	values := s.db.Pick("SELECT value, $2 FROM json_each($1)", "SELECT e, CAST($2 AS timestamptz) FROM unnest($1::text[]) WITH ORDINALITY AS u(e, n) ORDER BY n")
	_, err := db.Exec(ctx, s.db, "INSERT INTO inbox_outbox (entry, created_at) "+values, db.List(s.db, texts), entries[0].At)
	return err
}

// Oldest implements inbox.Outbox.
func (s *Store) Oldest(ctx context.Context, limit int) ([]inbox.Entry, error) {
	type row struct {
		ID        int64     `bun:"id"`
		Entry     string    `bun:"entry"`
		CreatedAt time.Time `bun:"created_at"`
	}
	rows, err := db.Select[row](ctx, s.db, "SELECT id, entry, created_at FROM inbox_outbox WHERE NOT set_aside ORDER BY id LIMIT $1", limit)
	if err != nil {
		return nil, fmt.Errorf("read what happened: %w", err)
	}
	entries := make([]inbox.Entry, len(rows))
	for i, r := range rows {
		if err := json.Unmarshal([]byte(r.Entry), &entries[i]); err != nil {
			entries[i] = inbox.Entry{Broken: err}
		}
		entries[i].ID, entries[i].At = r.ID, r.CreatedAt.UTC()
	}
	return entries, nil
}

// SetAside implements inbox.Outbox.
func (s *Store) SetAside(ctx context.Context, ids []int64) error {
	_, err := db.Exec(ctx, s.db, "UPDATE inbox_outbox SET set_aside = true WHERE "+s.db.In("id", 1), db.List(s.db, ids))
	return err
}

// Remove implements inbox.Outbox.
func (s *Store) Remove(ctx context.Context, ids []int64) error {
	_, err := db.Exec(ctx, s.db, "DELETE FROM inbox_outbox WHERE "+s.db.In("id", 1), db.List(s.db, ids))
	return err
}

type stateRow struct {
	Seq    int64 `bun:"seq"`
	Unread int64 `bun:"unread"`
}

func (r stateRow) toDomain() inbox.State { return inbox.State{Seq: r.Seq, Unread: r.Unread} }

// State implements inbox.Store.
func (s *Store) State(ctx context.Context, userID int64) (inbox.State, error) {
	row, err := db.Get[stateRow](ctx, s.db, "SELECT seq, unread FROM inbox_state WHERE user_id = $1", userID)
	if db.NotFound(err) {
		return inbox.State{}, nil
	}
	return row.toDomain(), err
}

// States implements inbox.Store.
func (s *Store) States(ctx context.Context, userIDs []int64) (map[int64]inbox.State, error) {
	rows, err := db.Select[inboxRow](ctx, s.db, "SELECT user_id, seq, unread FROM inbox_state WHERE "+s.db.In("user_id", 1), db.List(s.db, userIDs))
	if err != nil {
		return nil, fmt.Errorf("read inboxes: %w", err)
	}
	states := make(map[int64]inbox.State, len(rows))
	for _, r := range rows {
		states[r.UserID] = inbox.State{Seq: r.Seq, Unread: r.Unread}
	}
	return states, nil
}

type notificationRow struct {
	ID        int64     `bun:"id"`
	UserID    int64     `bun:"user_id"`
	Seq       int64     `bun:"seq"`
	Kind      string    `bun:"kind"`
	Count     int64     `bun:"count"`
	Target    string    `bun:"target"`
	Read      bool      `bun:"read"`
	CreatedAt time.Time `bun:"created_at"`
}

type actorRow struct {
	NotificationID int64 `bun:"notification_id"`
	ActorID        int64 `bun:"actor_id"`
}

// notifications reads some with their newest actors, in two statements.
func (s *Store) notifications(ctx context.Context, where string, args ...any) ([]inbox.Notification, error) {
	rows, err := db.Select[notificationRow](ctx, s.db, "SELECT n.id, n.user_id, n.seq, n.kind, n.count, n.target, n.read, n.created_at FROM notifications n WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read notifications: %w", err)
	}
	list, ids := make([]inbox.Notification, len(rows)), make([]int64, len(rows))
	place := make(map[int64]int, len(rows))
	for i, r := range rows {
		list[i] = inbox.Notification{ID: r.ID, UserID: r.UserID, Seq: r.Seq, Kind: inbox.Kind(r.Kind), Count: r.Count, Read: r.Read, At: r.CreatedAt.UTC()}
		if err := json.Unmarshal([]byte(r.Target), &list[i].Target); err != nil {
			return nil, fmt.Errorf("read notification %d: %w", r.ID, err)
		}
		ids[i], place[r.ID] = r.ID, i
	}
	if len(rows) == 0 {
		return list, nil
	}
	actors, err := db.Select[actorRow](ctx, s.db, "SELECT notification_id, actor_id FROM (SELECT notification_id, actor_id, at, row_number() OVER (PARTITION BY notification_id ORDER BY at DESC, actor_id) AS place FROM notification_actors WHERE "+
		s.db.In("notification_id", 1)+") a WHERE place <= $2 ORDER BY notification_id, place", db.List(s.db, ids), inbox.ActorsShown)
	if err != nil {
		return nil, fmt.Errorf("read who did what was told: %w", err)
	}
	for _, a := range actors {
		n := &list[place[a.NotificationID]]
		n.Actors = append(n.Actors, a.ActorID)
	}
	return list, nil
}

// Notifications implements inbox.Store.
func (s *Store) Notifications(ctx context.Context, userID int64, r page.CursorRequest) ([]inbox.Notification, error) {
	beside, key := db.Past("n.seq", r, 2)
	return s.notifications(ctx, "n.user_id = $1"+beside+" LIMIT $3", userID, key, r.Limit())
}

// Since implements inbox.Store.
func (s *Store) Since(ctx context.Context, userID, seq int64, limit int) ([]inbox.Notification, error) {
	return s.notifications(ctx, "n.user_id = $1 AND n.seq > $2 ORDER BY n.seq LIMIT $3", userID, seq, limit)
}

// MarkRead implements inbox.Store.
func (s *Store) MarkRead(ctx context.Context, userID int64, ids []int64, upTo int64) (inbox.State, error) {
	if err := s.hold(ctx, userID); err != nil { // first, as Tell does
		return inbox.State{}, err
	}
	where, arg := s.db.In("id", 2), db.List(s.db, ids)
	if len(ids) == 0 {
		where, arg = "(CAST($2 AS bigint) = 0 OR seq <= CAST($2 AS bigint))", upTo
	}
	n, err := db.Exec(ctx, s.db, "UPDATE notifications SET read = true WHERE user_id = $1 AND NOT read AND "+where, userID, arg)
	if err != nil {
		return inbox.State{}, fmt.Errorf("mark as read: %w", err)
	}
	if _, err := db.Exec(ctx, s.db, "UPDATE inbox_state SET unread = unread - $2 WHERE user_id = $1", userID, n); err != nil {
		return inbox.State{}, err
	}
	return s.State(ctx, userID)
}

// WithOld implements inbox.Store.
func (s *Store) WithOld(ctx context.Context, before time.Time, limit int) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "SELECT DISTINCT user_id FROM notifications WHERE created_at < $1 LIMIT $2", before, limit)
}

// PurgeOf implements inbox.Store.
func (s *Store) PurgeOf(ctx context.Context, userID int64, before time.Time) error {
	if err := s.hold(ctx, userID); err != nil {
		return err
	}
	unread, err := db.Get[int64](ctx, s.db, "SELECT count(*) FROM notifications WHERE user_id = $1 AND NOT read AND created_at < $2", userID, before)
	if err != nil {
		return fmt.Errorf("purge an inbox: %w", err)
	}
	if _, err := db.Exec(ctx, s.db, "DELETE FROM notifications WHERE user_id = $1 AND created_at < $2", userID, before); err != nil {
		return fmt.Errorf("purge an inbox: %w", err)
	}
	_, err = db.Exec(ctx, s.db, "UPDATE inbox_state SET unread = unread - $2 WHERE user_id = $1", userID, unread)
	return err
}

// PurgeActivities implements inbox.Store.
func (s *Store) PurgeActivities(ctx context.Context, before time.Time) error {
	_, err := db.Exec(ctx, s.db, "DELETE FROM activities WHERE created_at < $1", before)
	return err
}

// hold keeps a person's inbox from others to the end of the transaction.
func (s *Store) hold(ctx context.Context, userID int64) error {
	_, err := db.Exec(ctx, s.db, "INSERT INTO inbox_state (user_id, seq, unread) VALUES ($1, 0, 0) ON CONFLICT (user_id) DO UPDATE SET unread = inbox_state.unread", userID)
	return err
}

// Forget implements inbox.Store.
func (s *Store) Forget(ctx context.Context, userID int64) error {
	if err := s.hold(ctx, userID); err != nil { // first, as Tell does
		return fmt.Errorf("forget somebody's inbox: %w", err)
	}
	for _, statement := range []string{
		"DELETE FROM notifications WHERE user_id = $1",
		"DELETE FROM notification_actors WHERE actor_id = $1",
		"DELETE FROM inbox_state WHERE user_id = $1",
		"DELETE FROM inbox_settings WHERE user_id = $1",
		"DELETE FROM activities WHERE user_id = $1",
	} {
		if _, err := db.Exec(ctx, s.db, statement, userID); err != nil {
			return fmt.Errorf("forget somebody's inbox: %w", err)
		}
	}
	return nil
}
