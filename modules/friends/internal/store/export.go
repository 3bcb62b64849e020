package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/friends"
	"rally/platform/db"
)

var _ friends.Archive = (*Store)(nil)

// ExportOf implements friends.Archive.
func (s *Store) ExportOf(ctx context.Context, userID int64) (friends.Export, error) {
	var e friends.Export
	var err error
	if e.Friends, err = s.TiesOf(ctx, userID); err != nil {
		return e, err
	}
	requests, err := db.Select[requestRow](ctx, s.db, selectRequests+"from_id = $1 OR to_id = $1 AND state = 'pending' ORDER BY id", userID)
	if err != nil {
		return e, fmt.Errorf("export requests: %w", err)
	}
	for _, r := range requests {
		e.Requests = append(e.Requests, r.toDomain())
	}
	blocks, err := db.Select[blockRow](ctx, s.db, "SELECT id, user_id, blocked_id, mute, created_at FROM friend_blocks WHERE user_id = $1 ORDER BY id", userID)
	if err != nil {
		return e, fmt.Errorf("export blocks: %w", err)
	}
	for _, b := range blocks {
		e.Blocks = append(e.Blocks, b.toDomain())
	}
	type row struct {
		Hidden   bool       `bun:"hidden"`
		LastSeen *time.Time `bun:"last_seen"`
	}
	seen, err := db.Get[row](ctx, s.db, "SELECT hidden, last_seen FROM presence WHERE user_id = $1", userID)
	if db.NotFound(err) {
		return e, nil
	}
	e.Hidden, e.LastSeen = seen.Hidden, db.UTC(seen.LastSeen)
	return e, err
}
