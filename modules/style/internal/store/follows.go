package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rally/modules/style"
	"rally/modules/talk"
	"rally/platform/db"
	"rally/platform/page"
)

// HoldPeople implements style.FollowStore.
func (s *Store) HoldPeople(ctx context.Context, userIDs ...int64) error {
	ids := slices.Clone(userIDs)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	values := s.db.Pick("SELECT value FROM json_each($1) WHERE true", "SELECT u FROM unnest($1::bigint[]) u ORDER BY u")
	if _, err := db.Exec(ctx, s.db, "INSERT INTO style_people (user_id) "+values+" ON CONFLICT (user_id) DO NOTHING", db.List(s.db, ids)); err != nil {
		return fmt.Errorf("hold people: %w", err)
	}
	return db.LockRows(ctx, s.db, "SELECT user_id FROM style_people WHERE user_id = ANY($1) ORDER BY user_id FOR NO KEY UPDATE", db.List(s.db, ids))
}

// Follows implements style.FollowStore.
func (s *Store) Follows(ctx context.Context, from, to int64) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM follows WHERE from_id = $1 AND to_id = $2)", from, to)
}

// SetFollow implements style.FollowStore. It is not as it shall be.
func (s *Store) SetFollow(ctx context.Context, f *style.Follow, on bool) error {
	step := 1
	if on {
		id, err := db.Get[int64](ctx, s.db, "INSERT INTO follows (from_id, to_id, created_at) VALUES ($1, $2, $3) RETURNING id", f.From, f.To, f.CreatedAt)
		if err != nil {
			return fmt.Errorf("follow: %w", err)
		}
		f.ID = id
	} else {
		step = -1
		if _, err := db.Exec(ctx, s.db, "DELETE FROM follows WHERE from_id = $1 AND to_id = $2", f.From, f.To); err != nil {
			return fmt.Errorf("unfollow: %w", err)
		}
	}
	_, err := db.Exec(ctx, s.db, `UPDATE style_people SET num_followers = num_followers + CASE WHEN user_id = $2 THEN $3 ELSE 0 END,
		num_followings = num_followings + CASE WHEN user_id = $1 THEN $3 ELSE 0 END WHERE user_id IN ($1, $2)`, f.From, f.To, step)
	return err
}

type followRow struct {
	ID        int64     `bun:"id"`
	From      int64     `bun:"from_id"`
	To        int64     `bun:"to_id"`
	CreatedAt time.Time `bun:"created_at"`
}

func (r followRow) toDomain() style.Follow {
	return style.Follow{ID: r.ID, From: r.From, To: r.To, CreatedAt: r.CreatedAt.UTC()}
}

// FollowsOf implements style.FollowStore.
func (s *Store) FollowsOf(ctx context.Context, userID int64, followers bool, by talk.Viewer, r page.CursorRequest) ([]style.Follow, error) {
	one, other := "from_id", "to_id"
	if followers {
		one, other = other, one
	}
	beside, key := db.Past("id", r, 3)
	rows, err := db.Select[followRow](ctx, s.db, "SELECT id, from_id, to_id, created_at FROM follows WHERE "+one+" = $1 AND NOT ("+s.db.In(other, 2)+")"+beside+" LIMIT $4",
		userID, db.List(s.db, by.Hidden), key, r.Limit())
	if err != nil {
		return nil, fmt.Errorf("list follows: %w", err)
	}
	list := make([]style.Follow, len(rows))
	for i, f := range rows {
		list[i] = f.toDomain()
	}
	return list, nil
}

// Following implements talk.Ties.
func (s *Store) Following(ctx context.Context, viewer int64, ids []int64) (map[int64]bool, error) {
	found, err := db.Select[int64](ctx, s.db, "SELECT to_id FROM follows WHERE from_id = $1 AND "+s.db.In("to_id", 2), viewer, db.List(s.db, ids))
	if err != nil {
		return nil, fmt.Errorf("read follows: %w", err)
	}
	follows := make(map[int64]bool, len(found))
	for _, id := range found {
		follows[id] = true
	}
	return follows, nil
}

// CountsOf implements style.FollowStore.
func (s *Store) CountsOf(ctx context.Context, userIDs []int64) (map[int64]style.Counts, error) {
	type countRow struct {
		UserID     int64 `bun:"user_id"`
		Posts      int64 `bun:"num_posts"`
		Followers  int64 `bun:"num_followers"`
		Followings int64 `bun:"num_followings"`
	}
	rows, err := db.Select[countRow](ctx, s.db, "SELECT user_id, num_posts, num_followers, num_followings FROM style_people WHERE "+s.db.In("user_id", 1), db.List(s.db, userIDs))
	if err != nil {
		return nil, fmt.Errorf("read what is counted of people: %w", err)
	}
	counts := make(map[int64]style.Counts, len(rows))
	for _, r := range rows {
		counts[r.UserID] = style.Counts{Posts: r.Posts, Followers: r.Followers, Followings: r.Followings}
	}
	return counts, nil
}
