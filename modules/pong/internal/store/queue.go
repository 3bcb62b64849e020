package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/pong"
	"rally/platform/db"
)

// queueSpace keeps the lock of the queue apart from others; it has one key.
const queueSpace = 'Q'

// HoldQueue implements pong.QueueStore.
func (s *Store) HoldQueue(ctx context.Context) error { return db.LockKeys(ctx, s.db, queueSpace, 1) }

type waitingRow struct {
	UserID   int64     `bun:"user_id"`
	Rating   float64   `bun:"rating"`
	Points   int       `bun:"points"`
	JoinedAt time.Time `bun:"joined_at"`
	SeenAt   time.Time `bun:"seen_at"`
}

func (r waitingRow) toDomain() pong.Waiting {
	return pong.Waiting{UserID: r.UserID, Rating: r.Rating, Points: r.Points, JoinedAt: r.JoinedAt.UTC(), SeenAt: r.SeenAt.UTC()}
}

const selectWaiting = "SELECT user_id, rating, points, joined_at, seen_at FROM pong_queue WHERE "

// Enqueue implements pong.QueueStore.
func (s *Store) Enqueue(ctx context.Context, w pong.Waiting) error {
	_, err := db.Exec(ctx, s.db, `INSERT INTO pong_queue (user_id, rating, points, joined_at, seen_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (user_id) DO UPDATE SET rating = excluded.rating, points = excluded.points, joined_at = excluded.joined_at, seen_at = excluded.seen_at`,
		w.UserID, w.Rating, w.Points, w.JoinedAt, w.SeenAt)
	return err
}

// Dequeue implements pong.QueueStore.
func (s *Store) Dequeue(ctx context.Context, userIDs ...int64) (int64, error) {
	return db.Exec(ctx, s.db, "DELETE FROM pong_queue WHERE "+s.db.In("user_id", 1), db.List(s.db, userIDs))
}

// WaitingOf implements pong.QueueStore.
func (s *Store) WaitingOf(ctx context.Context, userID int64, seenSince time.Time) (pong.Waiting, bool, error) {
	row, err := db.Get[waitingRow](ctx, s.db, selectWaiting+"user_id = $1 AND seen_at > $2", userID, seenSince)
	if db.NotFound(err) {
		return pong.Waiting{}, false, nil
	}
	return row.toDomain(), err == nil, err
}

// Queue implements pong.QueueStore.
func (s *Store) Queue(ctx context.Context, seenSince time.Time, limit int) ([]pong.Waiting, error) {
	rows, err := db.Select[waitingRow](ctx, s.db, selectWaiting+"seen_at > $1 ORDER BY joined_at, user_id LIMIT $2", seenSince, limit)
	if err != nil {
		return nil, fmt.Errorf("read the queue: %w", err)
	}
	list := make([]pong.Waiting, len(rows))
	for i, r := range rows {
		list[i] = r.toDomain()
	}
	return list, nil
}

// Idle implements pong.QueueStore.
func (s *Store) Idle(ctx context.Context, userID int64, seenSince time.Time) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT NOT EXISTS (SELECT 1 FROM pong_queue WHERE user_id = $1 AND seen_at > $2) AND NOT EXISTS (SELECT 1 FROM pong_matches m WHERE "+
		isGoing+"(m.left_id = $1 OR m.right_id = $1))", userID, seenSince)
}

// CountQueue implements pong.QueueStore.
func (s *Store) CountQueue(ctx context.Context, seenSince time.Time) (int, error) {
	return db.Get[int](ctx, s.db, "SELECT count(*) FROM pong_queue WHERE seen_at > $1", seenSince)
}

// PurgeQueue implements pong.QueueStore.
func (s *Store) PurgeQueue(ctx context.Context, seenBefore time.Time) error {
	_, err := db.Exec(ctx, s.db, "DELETE FROM pong_queue WHERE seen_at <= $1", seenBefore)
	return err
}
