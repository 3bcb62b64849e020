package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"rally/modules/inbox"
	"rally/platform/db"
)

type inboxRow struct {
	bun.BaseModel `bun:"table:inbox_state,alias:inbox_state"`

	UserID int64 `bun:"user_id"`
	Seq    int64 `bun:"seq"`
	Unread int64 `bun:"unread"`
}

type toldRow struct {
	bun.BaseModel `bun:"table:notifications,alias:notifications"`

	ID        int64     `bun:"id"`
	UserID    int64     `bun:"user_id"`
	Seq       int64     `bun:"seq"`
	Kind      string    `bun:"kind"`
	GroupKey  string    `bun:"group_key"`
	Count     int64     `bun:"count"` // that joins
	Target    string    `bun:"target"`
	Read      bool      `bun:"read"`
	CreatedAt time.Time `bun:"created_at"`

	actors map[int64]time.Time `bun:"-"`
}

type joinedRow struct {
	bun.BaseModel `bun:"table:notification_actors"`

	NotificationID int64     `bun:"notification_id"`
	ActorID        int64     `bun:"actor_id"`
	At             time.Time `bun:"at"`
}

// groupKey is what an unread notification is found by.
type groupKey struct {
	user        int64
	kind, group string
}

// Tell implements inbox.Store. However many notes there are, it takes the same
// number of statements.
func (s *Store) Tell(ctx context.Context, entries []inbox.Entry) ([]inbox.Notification, map[int64]inbox.State, error) {
	if len(entries) == 0 {
		return nil, nil, nil
	}
	// People's rows are held before it is looked for what their notes join:
	// somebody may be marking it as read.
	last, err := s.raise(ctx, entries)
	if err != nil {
		return nil, nil, fmt.Errorf("tell people: %w", err)
	}
	open, err := s.openGroups(ctx, entries)
	if err != nil {
		return nil, nil, fmt.Errorf("tell people: %w", err)
	}
	rows, err := join(entries, last, open)
	if err != nil {
		return nil, nil, fmt.Errorf("tell people: %w", err)
	}
	ids, err := s.store(ctx, rows)
	if err != nil {
		return nil, nil, fmt.Errorf("tell people: %w", err)
	}
	states, err := s.count(ctx, rows, open)
	if err != nil {
		return nil, nil, fmt.Errorf("tell people: %w", err)
	}
	told, err := s.notifications(ctx, s.db.In("n.id", 1)+" ORDER BY n.user_id, n.seq", db.List(s.db, ids))
	return told, states, err
}

// raise gives each person as many sequences as they get notes, and returns what
// stood before. It holds their rows, so that sequences are committed in their
// order; it takes the rows in one order, as everybody does who holds several.
func (s *Store) raise(ctx context.Context, entries []inbox.Entry) (map[int64]int64, error) {
	notes := map[int64]int64{}
	for _, e := range entries {
		notes[e.Note.UserID]++
	}
	back, err := s.upsertStates(ctx, notes, "seq")
	last := make(map[int64]int64, len(back))
	for _, r := range back {
		last[r.UserID] = r.Seq - notes[r.UserID]
	}
	return last, err
}

// upsertStates adds to one column of people's rows, and returns them.
func (s *Store) upsertStates(ctx context.Context, more map[int64]int64, column string) ([]inboxRow, error) {
	rows := make([]inboxRow, 0, len(more))
	for user, n := range more {
		row := inboxRow{UserID: user}
		if column == "seq" {
			row.Seq = n
		} else {
			row.Unread = n
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b inboxRow) int { return cmp.Compare(a.UserID, b.UserID) })
	var back []inboxRow
	_, err := s.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT (user_id) DO UPDATE").
		Set("? = inbox_state.? + EXCLUDED.?", bun.Ident(column), bun.Ident(column), bun.Ident(column)).Returning("user_id, seq, unread").Exec(ctx, &back)
	return back, err
}

// openGroups returns the unread notifications that notes may join.
func (s *Store) openGroups(ctx context.Context, entries []inbox.Entry) (map[groupKey]int64, error) {
	users, groups := make([]int64, 0, len(entries)), make([]string, 0, len(entries))
	for _, e := range entries {
		if e.Note.Group != "" {
			users, groups = append(users, e.Note.UserID), append(groups, e.Note.Group)
		}
	}
	if len(groups) == 0 {
		return nil, nil
	}
	rows, err := db.Select[toldRow](ctx, s.db, "SELECT id, user_id, kind, group_key FROM notifications WHERE NOT read AND group_key <> '' AND "+s.db.In("user_id", 1)+" AND "+s.db.In("group_key", 2),
		db.List(s.db, users), db.List(s.db, groups))
	open := make(map[groupKey]int64, len(rows))
	for _, r := range rows {
		open[groupKey{r.UserID, r.Kind, r.GroupKey}] = r.ID
	}
	return open, err
}

// join makes rows of notes: one for each notification that is new, or grows.
func join(entries []inbox.Entry, last map[int64]int64, open map[groupKey]int64) ([]*toldRow, error) {
	var rows []*toldRow
	grown := map[groupKey]*toldRow{}
	for _, e := range entries {
		n := e.Note
		key := groupKey{n.UserID, string(n.Kind), n.Group}
		row := grown[key]
		if row == nil {
			row = &toldRow{ID: open[key], UserID: n.UserID, Kind: key.kind, GroupKey: n.Group, actors: map[int64]time.Time{}}
			rows = append(rows, row)
			if n.Group != "" {
				grown[key] = row
			}
		}
		target, err := json.Marshal(n.Target)
		if err != nil {
			return nil, err
		}
		last[n.UserID]++
		row.Seq, row.Target, row.CreatedAt = last[n.UserID], string(target), e.At
		row.Count++
		if n.Actor != 0 {
			row.actors[n.Actor] = e.At
		}
	}
	return rows, nil
}

// store writes the notifications and their actors, and returns the ids.
func (s *Store) store(ctx context.Context, rows []*toldRow) ([]int64, error) {
	var grown, fresh []*toldRow
	for _, r := range rows {
		if r.ID != 0 {
			grown = append(grown, r)
		} else {
			fresh = append(fresh, r)
		}
	}
	if len(grown) > 0 {
		_, err := s.db.Conn(ctx).NewInsert().Model(&grown).On("CONFLICT (id) DO UPDATE").Set("seq = EXCLUDED.seq, target = EXCLUDED.target, created_at = EXCLUDED.created_at").
			Set("count = notifications.count + EXCLUDED.count").Returning("NULL").Exec(ctx)
		if err != nil {
			return nil, err
		}
	}
	if len(fresh) > 0 {
		// The order of RETURNING is not promised; a sequence is somebody's once.
		var back []toldRow
		if _, err := s.db.Conn(ctx).NewInsert().Model(&fresh).ExcludeColumn("id").Returning("id, user_id, seq").Exec(ctx, &back); err != nil {
			return nil, err
		}
		idOf := make(map[[2]int64]int64, len(back))
		for _, r := range back {
			idOf[[2]int64{r.UserID, r.Seq}] = r.ID
		}
		for _, r := range fresh {
			r.ID = idOf[[2]int64{r.UserID, r.Seq}]
		}
	}
	ids := make([]int64, len(rows))
	var actors []joinedRow
	for i, r := range rows {
		ids[i] = r.ID
		for actor, at := range r.actors {
			actors = append(actors, joinedRow{NotificationID: r.ID, ActorID: actor, At: at})
		}
	}
	if len(actors) == 0 {
		return ids, nil
	}
	_, err := s.db.Conn(ctx).NewInsert().Model(&actors).On("CONFLICT (notification_id, actor_id) DO UPDATE").Set("at = EXCLUDED.at").Exec(ctx)
	return ids, err
}

// count raises people's unread ones by those that are new, and returns how their
// inboxes stand.
func (s *Store) count(ctx context.Context, rows []*toldRow, open map[groupKey]int64) (map[int64]inbox.State, error) {
	more := map[int64]int64{}
	for _, r := range rows {
		n := int64(1)
		if open[groupKey{r.UserID, r.Kind, r.GroupKey}] != 0 {
			n = 0
		}
		more[r.UserID] += n
	}
	back, err := s.upsertStates(ctx, more, "unread")
	states := make(map[int64]inbox.State, len(back))
	for _, r := range back {
		states[r.UserID] = inbox.State{Seq: r.Seq, Unread: r.Unread}
	}
	return states, err
}
