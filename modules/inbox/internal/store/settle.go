package store

import (
	"context"
	"encoding/json"
	"fmt"

	"rally/modules/inbox"
	"rally/platform/db"
)

// Settle implements inbox.Store.
func (s *Store) Settle(ctx context.Context, t inbox.Settled) (inbox.Notification, inbox.State, bool, error) {
	n, state, found, err := s.settle(ctx, t)
	if err != nil {
		err = fmt.Errorf("settle what was told: %w", err)
	}
	return n, state, found, err
}

func (s *Store) settle(ctx context.Context, t inbox.Settled) (n inbox.Notification, state inbox.State, found bool, err error) {
	if err := s.hold(ctx, t.UserID); err != nil { // first, as Tell does
		return n, state, false, err
	}
	id, err := db.Get[int64](ctx, s.db, "SELECT id FROM notifications WHERE user_id = $1 AND kind = $2 AND group_key = $3 AND NOT read", t.UserID, string(t.Kind), t.Group)
	if db.NotFound(err) {
		return n, state, false, nil
	}
	if err != nil {
		return n, state, false, err
	}
	left, found, err := s.takeOut(ctx, id, t.Actor)
	if err != nil || !found {
		return n, state, false, err
	}
	if left == 0 {
		state, err = s.MarkRead(ctx, t.UserID, []int64{id}, 0)
	} else {
		state, err = s.shrink(ctx, id, t)
	}
	if err != nil {
		return n, state, false, err
	}
	list, err := s.notifications(ctx, "n.id = $1", id)
	if err != nil || len(list) == 0 {
		return n, state, false, err
	}
	return list[0], state, true, nil
}

// takeOut removes an actor, 0 for all, and returns how many are left; false when they
// were not among them.
func (s *Store) takeOut(ctx context.Context, id, actor int64) (left int64, found bool, err error) {
	if actor == 0 {
		return 0, true, nil
	}
	gone, err := db.Exec(ctx, s.db, "DELETE FROM notification_actors WHERE notification_id = $1 AND actor_id = $2", id, actor)
	if err != nil || gone == 0 {
		return 0, false, err
	}
	left, err = db.Get[int64](ctx, s.db, "SELECT count(*) FROM notification_actors WHERE notification_id = $1", id)
	return left, true, err
}

// shrink makes a notification count one less, and moves it to a new sequence, so
// that whoever comes back hears of it, too.
func (s *Store) shrink(ctx context.Context, id int64, t inbox.Settled) (inbox.State, error) {
	target, err := json.Marshal(t.Left)
	if err != nil {
		return inbox.State{}, err
	}
	rows, err := s.upsertStates(ctx, map[int64]int64{t.UserID: 1}, "seq")
	if err != nil || len(rows) == 0 {
		return inbox.State{}, err
	}
	state := inbox.State{Seq: rows[0].Seq, Unread: rows[0].Unread}
	_, err = db.Exec(ctx, s.db, "UPDATE notifications SET count = CASE WHEN count > 1 THEN count - 1 ELSE 1 END, seq = $2, target = $3 WHERE id = $1", id, state.Seq, string(target))
	return state, err
}
