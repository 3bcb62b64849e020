package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/inbox"
	"rally/platform/db"
)

// Export is what is stored of somebody's inbox, as JSON shows it.
type Export struct {
	Notifications []exportedNotification                `json:"notifications"`
	Activities    []exportedActivity                    `json:"activities"`
	Kinds         map[inbox.Kind]bool                   `json:"kinds"`
	Audience      map[inbox.ActivityKind]inbox.Audience `json:"audience"`
}

type exportedNotification struct {
	Kind      inbox.Kind   `json:"kind"`
	Count     int64        `json:"count"`
	Target    inbox.Target `json:"target"`
	Read      bool         `json:"read"`
	CreatedAt time.Time    `json:"created_at"`
}

type exportedActivity struct {
	Kind      inbox.ActivityKind `json:"kind"`
	Target    inbox.Target       `json:"target"`
	CreatedAt time.Time          `json:"created_at"`
}

// ExportOf returns what is stored of somebody's inbox. It names nobody who is
// hidden from them.
func (s *Store) ExportOf(ctx context.Context, userID int64, hidden []int64) (Export, error) {
	var e Export
	notes, err := s.notifications(ctx, "n.user_id = $1 ORDER BY n.seq", userID)
	if err != nil {
		return e, err
	}
	for _, n := range notes {
		e.Notifications = append(e.Notifications, exportedNotification{n.Kind, n.Count, n.Target.Without(hidden), n.Read, n.At})
	}
	rows, err := db.Select[activityRow](ctx, s.db, "SELECT a.id, a.user_id, a.kind, a.target, a.created_at FROM activities a WHERE a.user_id = $1 ORDER BY a.id", userID)
	if err != nil {
		return e, fmt.Errorf("export activities: %w", err)
	}
	done, err := toActivities(rows)
	for _, a := range done {
		e.Activities = append(e.Activities, exportedActivity{a.Kind, a.Target.Without(hidden), a.At})
	}
	if err != nil {
		return e, err
	}
	settings, err := s.Settings(ctx, []int64{userID})
	e.Kinds, e.Audience = settings[userID].Kinds, settings[userID].Audience
	return e, err
}
