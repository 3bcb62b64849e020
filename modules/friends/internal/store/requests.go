package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/friends"
	"rally/platform/db"
	"rally/platform/page"
)

type requestRow struct {
	ID        int64     `bun:"id"`
	FromID    int64     `bun:"from_id"`
	ToID      int64     `bun:"to_id"`
	State     string    `bun:"state"`
	CreatedAt time.Time `bun:"created_at"`
}

func (r requestRow) toDomain() friends.Request {
	return friends.Request{ID: r.ID, From: r.FromID, To: r.ToID, State: r.State, CreatedAt: r.CreatedAt.UTC()}
}

const selectRequests = "SELECT id, from_id, to_id, state, created_at FROM friend_requests WHERE "

// InsertRequest implements friends.Store.
func (s *Store) InsertRequest(ctx context.Context, r *friends.Request) error {
	id, err := db.Get[int64](ctx, s.db, "INSERT INTO friend_requests (from_id, to_id, state, created_at) VALUES ($1, $2, $3, $4) RETURNING id", r.From, r.To, r.State, r.CreatedAt)
	r.ID = id
	return err
}

// Request implements friends.Store.
func (s *Store) Request(ctx context.Context, id int64) (friends.Request, error) {
	row, err := db.Get[requestRow](ctx, s.db, selectRequests+"id = $1", id)
	if db.NotFound(err) {
		return friends.Request{}, friends.ErrRequestNotFound
	}
	return row.toDomain(), err
}

// OpenRequest implements friends.Store.
func (s *Store) OpenRequest(ctx context.Context, from, to int64) (friends.Request, bool, error) {
	row, err := db.Get[requestRow](ctx, s.db, selectRequests+"from_id = $1 AND to_id = $2 AND state = 'pending'", from, to)
	if db.NotFound(err) {
		return friends.Request{}, false, nil
	}
	return row.toDomain(), err == nil, err
}

// Requests implements friends.Store.
func (s *Store) Requests(ctx context.Context, userID int64, outgoing bool, r page.CursorRequest) ([]friends.Request, error) {
	of := "to_id = $1"
	if outgoing {
		of = "from_id = $1"
	}
	beside, key := db.Past("id", r, 2)
	rows, err := db.Select[requestRow](ctx, s.db, selectRequests+of+" AND state = 'pending'"+beside+" LIMIT $3", userID, key, r.Limit())
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	list := make([]friends.Request, len(rows))
	for i, row := range rows {
		list[i] = row.toDomain()
	}
	return list, nil
}

// SetState implements friends.Store.
func (s *Store) SetState(ctx context.Context, id int64, state string, at time.Time) error {
	_, err := db.Exec(ctx, s.db, "UPDATE friend_requests SET state = $2, closed_at = $3 WHERE id = $1", id, state, at)
	return err
}

// AskedSince implements friends.Store.
func (s *Store) AskedSince(ctx context.Context, userID int64, since time.Time) (made, pending int, first time.Time, err error) {
	type row struct {
		Made    int        `bun:"made"`
		Pending int        `bun:"pending"`
		First   *time.Time `bun:"first"`
	}
	counts, err := db.Get[row](ctx, s.db, `SELECT (SELECT count(*) FROM friend_requests WHERE from_id = $1 AND created_at > $2) AS made,
		(SELECT count(*) FROM friend_requests WHERE from_id = $1 AND state = 'pending') AS pending,
		(SELECT created_at FROM friend_requests WHERE from_id = $1 AND created_at > $2 ORDER BY created_at LIMIT 1) AS first`, userID, since)
	if counts.First != nil {
		first = counts.First.UTC()
	}
	return counts.Made, counts.Pending, first, err
}

// PurgeRequests implements friends.Store.
func (s *Store) PurgeRequests(ctx context.Context, closedBefore time.Time) error {
	_, err := db.Exec(ctx, s.db, "DELETE FROM friend_requests WHERE state <> 'pending' AND closed_at < $1", closedBefore)
	return err
}
