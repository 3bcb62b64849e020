package store

import (
	"context"
	"fmt"

	"rally/modules/inbox"
	"rally/platform/db"
)

// Settle implements inbox.Store.
func (s *Store) Settle(ctx context.Context, t inbox.Settled) (int64, inbox.State, error) {
	none := inbox.State{}
	if err := s.hold(ctx, t.UserID); err != nil { // first, as Tell does
		return 0, none, fmt.Errorf("settle what was told: %w", err)
	}
	const unread = "user_id = $1 AND kind = $2 AND group_key = $3 AND NOT read"
	id, err := db.Get[int64](ctx, s.db, "SELECT id FROM notifications WHERE "+unread, t.UserID, string(t.Kind), t.Group)
	if db.NotFound(err) {
		return 0, none, nil
	}
	if err != nil {
		return 0, none, fmt.Errorf("settle what was told: %w", err)
	}
	n, err := db.Exec(ctx, s.db, "DELETE FROM notification_actors WHERE notification_id = $1 AND actor_id = $2", id, t.Actor)
	if err != nil || n == 0 {
		return 0, none, err
	}
	left, err := db.Get[int64](ctx, s.db, "UPDATE notifications SET count = CASE WHEN count > 1 THEN count - 1 ELSE count END WHERE id = $1 RETURNING (SELECT count(*) FROM notification_actors WHERE notification_id = $1)", id)
	if err != nil || left > 0 {
		return 0, none, err
	}
	state, err := s.MarkRead(ctx, t.UserID, []int64{id}, 0)
	return id, state, err
}
