// Package store keeps friendships in the database. It alone knows the tables of
// friends.
package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rally/modules/friends"
	"rally/platform/db"
)

// Store implements friends.Store on both engines.
type Store struct{ db *db.DB }

// New returns a store in d.
func New(d *db.DB) *Store { return &Store{d} }

var (
	_ friends.Store       = (*Store)(nil)
	_ friends.CircleStore = (*Store)(nil)
)

// peopleSpace keeps the locks of people apart from those of other modules.
const peopleSpace = 'F'

// LockPeople implements friends.Store.
func (s *Store) LockPeople(ctx context.Context, userIDs ...int64) error {
	return db.LockKeys(ctx, s.db, peopleSpace, userIDs...)
}

type tieRow struct {
	FriendID  int64      `bun:"friend_id"`
	CreatedAt time.Time  `bun:"created_at"`
	LastSeen  *time.Time `bun:"last_seen"`
}

// TiesOf implements friends.Store.
func (s *Store) TiesOf(ctx context.Context, userID int64) ([]friends.Tie, error) {
	rows, err := db.Select[tieRow](ctx, s.db, "SELECT f.friend_id, f.created_at, p.last_seen FROM friends f LEFT JOIN presence p ON p.user_id = f.friend_id WHERE f.user_id = $1", userID)
	if err != nil {
		return nil, fmt.Errorf("list friends: %w", err)
	}
	list := make([]friends.Tie, len(rows))
	for i, r := range rows {
		list[i] = friends.Tie{UserID: r.FriendID, Since: r.CreatedAt.UTC(), LastSeen: db.UTC(r.LastSeen)}
	}
	return list, nil
}

// Ties implements friends.Graph. Both answers come in one statement: whoever
// connects waits for it. The row of nobody, 0, stands for the person.
func (s *Store) Ties(ctx context.Context, userID int64) ([]int64, bool, error) {
	type row struct {
		ID     int64 `bun:"id"`
		Hidden bool  `bun:"hidden"`
	}
	rows, err := db.Select[row](ctx, s.db, "SELECT friend_id AS id, false AS hidden FROM friends WHERE user_id = $1 UNION ALL SELECT 0, hidden FROM presence WHERE user_id = $1 ORDER BY id", userID)
	if err != nil {
		return nil, false, fmt.Errorf("list friends: %w", err)
	}
	hidden := false
	ids := make([]int64, 0, len(rows))
	for _, r := range rows {
		if r.ID == 0 {
			hidden = r.Hidden
		} else {
			ids = append(ids, r.ID)
		}
	}
	return ids, hidden, nil
}

// AskedBy implements friends.Graph.
func (s *Store) AskedBy(ctx context.Context, userID int64) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "SELECT from_id FROM friend_requests WHERE to_id = $1 AND state = 'pending' UNION SELECT to_id FROM friend_requests WHERE from_id = $1 AND state = 'pending'", userID)
}

// seenBatch is how many people one statement marks.
const seenBatch = 500

// MarkSeen implements friends.Graph. A later time stays. Each batch is a
// transaction: on SQLite those of many who leave at the same time share a COMMIT.
func (s *Store) MarkSeen(ctx context.Context, userIDs []int64, at time.Time) error {
	for batch := range slices.Chunk(userIDs, seenBatch) {
		if err := s.db.InTx(ctx, func(ctx context.Context) error { return s.markSeen(ctx, batch, at) }); err != nil {
			return fmt.Errorf("mark people as seen: %w", err)
		}
	}
	return nil
}

func (s *Store) markSeen(ctx context.Context, userIDs []int64, at time.Time) error {
	values := s.db.Pick("SELECT value, $2, false FROM json_each($1) WHERE true", "SELECT u, $2::timestamptz, false FROM unnest($1::bigint[]) u")
	_, err := db.Exec(ctx, s.db, "INSERT INTO presence (user_id, last_seen, hidden) "+values+
		" ON CONFLICT (user_id) DO UPDATE SET last_seen = excluded.last_seen WHERE presence.last_seen IS NULL OR presence.last_seen < excluded.last_seen", db.List(s.db, userIDs), at)
	return err
}

// Hide implements friends.Store.
func (s *Store) Hide(ctx context.Context, userID int64, hidden bool) error {
	_, err := db.Exec(ctx, s.db, "INSERT INTO presence (user_id, hidden) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET hidden = excluded.hidden", userID, hidden)
	return err
}

// CountFriends implements friends.Store.
func (s *Store) CountFriends(ctx context.Context, userID int64) (int, error) {
	return db.Get[int](ctx, s.db, "SELECT count(*) FROM friends WHERE user_id = $1", userID)
}

// AreFriends implements friends.Store.
func (s *Store) AreFriends(ctx context.Context, a, b int64) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM friends WHERE user_id = $1 AND friend_id = $2)", a, b)
}

// Befriend implements friends.Store.
func (s *Store) Befriend(ctx context.Context, a, b int64, at time.Time) error {
	_, err := db.Exec(ctx, s.db, "INSERT INTO friends (user_id, friend_id, created_at) VALUES ($1, $2, $3), ($2, $1, $3)", a, b, at)
	return err
}

// Unfriend implements friends.Store.
func (s *Store) Unfriend(ctx context.Context, a, b int64) (bool, error) {
	n, err := db.Exec(ctx, s.db, "DELETE FROM friends WHERE user_id = $1 AND friend_id = $2 OR user_id = $2 AND friend_id = $1", a, b)
	return n > 0, err
}

// Relations implements friends.Store.
func (s *Store) Relations(ctx context.Context, userID int64, others []int64) (map[int64]friends.Found, error) {
	type row struct {
		ID       int64  `bun:"id"`
		Relation string `bun:"relation"`
		Request  int64  `bun:"request"`
	}
	rows, err := db.Select[row](ctx, s.db, "SELECT friend_id AS id, 'friends' AS relation, 0 AS request FROM friends WHERE user_id = $1 AND "+s.db.In("friend_id", 2)+
		" UNION ALL SELECT from_id, 'incoming', id FROM friend_requests WHERE to_id = $1 AND state = 'pending' AND "+s.db.In("from_id", 2)+
		" UNION ALL SELECT to_id, 'outgoing', id FROM friend_requests WHERE from_id = $1 AND state = 'pending' AND "+s.db.In("to_id", 2), userID, db.List(s.db, others))
	if err != nil {
		return nil, fmt.Errorf("read relations: %w", err)
	}
	found := make(map[int64]friends.Found, len(rows))
	for _, r := range rows {
		found[r.ID] = friends.Found{Relation: friends.Relation(r.Relation), Request: r.Request}
	}
	return found, nil
}

// Forget implements friends.Store.
func (s *Store) Forget(ctx context.Context, userID int64) error {
	for _, statement := range []string{
		"DELETE FROM friends WHERE friend_id = $1 AND user_id IN (SELECT friend_id FROM friends WHERE user_id = $1)",
		"DELETE FROM friends WHERE user_id = $1",
		"DELETE FROM friend_requests WHERE from_id = $1 OR to_id = $1",
		"DELETE FROM friend_blocks WHERE user_id = $1 OR blocked_id = $1",
		"DELETE FROM presence WHERE user_id = $1",
	} {
		if _, err := db.Exec(ctx, s.db, statement, userID); err != nil {
			return fmt.Errorf("forget somebody's friends: %w", err)
		}
	}
	return nil
}
