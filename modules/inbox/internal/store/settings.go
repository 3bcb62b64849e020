package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"rally/modules/inbox"
	"rally/platform/db"
	"rally/platform/page"
)

// What a setting's name begins with.
const (
	kindSetting     = "kind:"
	audienceSetting = "audience:"
)

// off is the value of a kind that doesn't reach somebody; on is any other.
const (
	on  = "on"
	off = "off"
)

// Settings implements inbox.Store.
func (s *Store) Settings(ctx context.Context, userIDs []int64) (map[int64]inbox.Settings, error) {
	type row struct {
		UserID int64  `bun:"user_id"`
		Name   string `bun:"name"`
		Value  string `bun:"value"`
	}
	rows, err := db.Select[row](ctx, s.db, "SELECT user_id, name, value FROM inbox_settings WHERE "+s.db.In("user_id", 1), db.List(s.db, userIDs))
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	all := make(map[int64]inbox.Settings, len(userIDs))
	for _, id := range userIDs {
		if _, known := all[id]; !known {
			all[id] = inbox.DefaultSettings()
		}
	}
	for _, r := range rows {
		if kind, ok := strings.CutPrefix(r.Name, kindSetting); ok && slices.Contains(inbox.Kinds(), inbox.Kind(kind)) {
			all[r.UserID].Kinds[inbox.Kind(kind)] = r.Value != off
		} else if kind, ok := strings.CutPrefix(r.Name, audienceSetting); ok {
			all[r.UserID].Audience[inbox.ActivityKind(kind)] = inbox.Audience(r.Value)
		}
	}
	return all, nil
}

// Choose implements inbox.Store.
func (s *Store) Choose(ctx context.Context, userID int64, chosen inbox.Settings) error {
	values := map[string]string{}
	for kind, reaches := range chosen.Kinds {
		values[kindSetting+string(kind)] = on
		if !reaches {
			values[kindSetting+string(kind)] = off
		}
	}
	for kind, audience := range chosen.Audience {
		values[audienceSetting+string(kind)] = string(audience)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) { // in one order: two changes at once can't wait for each other
		if _, err := db.Exec(ctx, s.db, "INSERT INTO inbox_settings (user_id, name, value) VALUES ($1, $2, $3) ON CONFLICT (user_id, name) DO UPDATE SET value = excluded.value", userID, name, values[name]); err != nil {
			return fmt.Errorf("store settings: %w", err)
		}
	}
	return nil
}

type doneRow struct {
	bun.BaseModel `bun:"table:activities"`

	UserID    int64     `bun:"user_id"`
	Kind      string    `bun:"kind"`
	Target    string    `bun:"target"`
	CreatedAt time.Time `bun:"created_at"`
}

// chunk is how many rows one statement inserts.
const chunk = 500

// InsertActivities implements inbox.Store.
func (s *Store) InsertActivities(ctx context.Context, list []inbox.Activity) error {
	rows := make([]doneRow, len(list))
	for i, a := range list {
		target, err := json.Marshal(a.Target)
		if err != nil {
			return fmt.Errorf("store an activity: %w", err)
		}
		rows[i] = doneRow{UserID: a.UserID, Kind: string(a.Kind), Target: string(target), CreatedAt: a.At}
	}
	for part := range slices.Chunk(rows, chunk) {
		if _, err := s.db.Conn(ctx).NewInsert().Model(&part).Exec(ctx); err != nil {
			return fmt.Errorf("store activities: %w", err)
		}
	}
	return nil
}

// Activities implements inbox.Store.
func (s *Store) Activities(ctx context.Context, by inbox.Sight, r page.CursorRequest) ([]inbox.Activity, error) {
	usual := "CASE a.kind"
	defaults := inbox.Audiences()
	for _, kind := range slices.Sorted(maps.Keys(defaults)) {
		usual += fmt.Sprintf(" WHEN '%s' THEN '%s'", kind, defaults[kind])
	}
	usual += " END"
	allowed := make([]string, len(by.Audiences))
	for i, a := range by.Audiences {
		allowed[i] = string(a)
	}
	beside, key := db.Past("a.id", r, 3)
	query := "SELECT a.id, a.user_id, a.kind, a.target, a.created_at FROM " + s.db.Pick(activitiesSQLite, activitiesPostgres) +
		" LEFT JOIN inbox_settings s ON s.user_id = a.user_id AND s.name = '" + audienceSetting + "' || a.kind" +
		" LEFT JOIN inbox_settings o ON o.user_id = a.other AND o.name = '" + audienceSetting + "' || a.kind" +
		" WHERE " + s.db.In("a.user_id", 1) + " AND " + s.db.In("coalesce(s.value, "+usual+")", 2) +
		// Who takes part sees it; to others, what the other one chose counts, too.
		" AND (a.other IS NULL OR $5 IN (a.user_id, a.other) OR CASE coalesce(o.value, " + usual + ") WHEN '" + string(inbox.Everyone) + "' THEN true WHEN '" + string(inbox.Friends) + "' THEN " + s.db.In("a.other", 6) + " ELSE false END)" +
		" AND (a.other IS NULL OR NOT (" + s.db.In("a.other", 7) + "))" + beside + " LIMIT $4"
	rows, err := db.Select[activityRow](ctx, s.db, query, db.List(s.db, by.Of), db.List(s.db, allowed), key, r.Limit(), by.Viewer, db.List(s.db, by.Friends), db.List(s.db, by.Hidden))
	if err != nil {
		return nil, fmt.Errorf("list activities: %w", err)
	}
	return toActivities(rows)
}

// Activities with the other one who takes part, if there is one.
const (
	activitiesSQLite   = "(SELECT *, CASE WHEN target->>'type' = '" + inbox.TargetUser + "' THEN target->>'id' ELSE target->>'other' END AS other FROM activities) a"
	activitiesPostgres = "(SELECT *, CAST(CASE WHEN target::json->>'type' = '" + inbox.TargetUser + "' THEN target::json->>'id' ELSE target::json->>'other' END AS bigint) AS other FROM activities) a"
)

type activityRow struct {
	ID        int64     `bun:"id"`
	UserID    int64     `bun:"user_id"`
	Kind      string    `bun:"kind"`
	Target    string    `bun:"target"`
	CreatedAt time.Time `bun:"created_at"`
}

func toActivities(rows []activityRow) ([]inbox.Activity, error) {
	list := make([]inbox.Activity, len(rows))
	for i, r := range rows {
		list[i] = inbox.Activity{ID: r.ID, UserID: r.UserID, Kind: inbox.ActivityKind(r.Kind), At: r.CreatedAt.UTC()}
		if err := json.Unmarshal([]byte(r.Target), &list[i].Target); err != nil {
			return nil, fmt.Errorf("read activity %d: %w", r.ID, err)
		}
	}
	return list, nil
}
