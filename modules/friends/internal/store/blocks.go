package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/friends"
	"rally/platform/db"
	"rally/platform/page"
)

// Block implements friends.Store. A block takes the place of a mute, never the
// other way round.
func (s *Store) Block(ctx context.Context, b friends.Block) (bool, error) {
	n, err := db.Exec(ctx, s.db, `INSERT INTO friend_blocks (user_id, blocked_id, mute, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, blocked_id) DO UPDATE SET mute = false, created_at = excluded.created_at WHERE friend_blocks.mute AND NOT excluded.mute`,
		b.By, b.UserID, b.Mute, b.CreatedAt)
	return n > 0, err
}

// Unblock implements friends.Store.
func (s *Store) Unblock(ctx context.Context, b friends.Block) (bool, error) {
	n, err := db.Exec(ctx, s.db, "DELETE FROM friend_blocks WHERE user_id = $1 AND blocked_id = $2 AND mute = $3", b.By, b.UserID, b.Mute)
	return n > 0, err
}

type blockRow struct {
	ID        int64     `bun:"id"`
	UserID    int64     `bun:"user_id"`
	BlockedID int64     `bun:"blocked_id"`
	Mute      bool      `bun:"mute"`
	CreatedAt time.Time `bun:"created_at"`
}

func (r blockRow) toDomain() friends.Block {
	return friends.Block{ID: r.ID, By: r.UserID, UserID: r.BlockedID, Mute: r.Mute, CreatedAt: r.CreatedAt.UTC()}
}

// Blocks implements friends.Store.
func (s *Store) Blocks(ctx context.Context, userID int64, mutes bool, r page.CursorRequest) ([]friends.Block, error) {
	beside, key := db.Past("id", r, 3)
	rows, err := db.Select[blockRow](ctx, s.db, "SELECT id, user_id, blocked_id, mute, created_at FROM friend_blocks WHERE user_id = $1 AND mute = $2"+beside+" LIMIT $4", userID, mutes, key, r.Limit())
	if err != nil {
		return nil, fmt.Errorf("list blocks: %w", err)
	}
	list := make([]friends.Block, len(rows))
	for i, b := range rows {
		list[i] = b.toDomain()
	}
	return list, nil
}

// CountBlocks implements friends.Store.
func (s *Store) CountBlocks(ctx context.Context, userID int64) (int, error) {
	return db.Get[int](ctx, s.db, "SELECT count(*) FROM friend_blocks WHERE user_id = $1", userID)
}

// BlockedAny implements friends.Store.
func (s *Store) BlockedAny(ctx context.Context, a, b int64) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM friend_blocks WHERE NOT mute AND (user_id = $1 AND blocked_id = $2 OR user_id = $2 AND blocked_id = $1))", a, b)
}

// HiddenFrom implements friends.Store.
func (s *Store) HiddenFrom(ctx context.Context, userID int64) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "SELECT blocked_id FROM friend_blocks WHERE user_id = $1 AND NOT mute UNION SELECT user_id FROM friend_blocks WHERE blocked_id = $1 AND NOT mute", userID)
}

// UnseenByEach implements friends.CircleStore.
func (s *Store) UnseenByEach(ctx context.Context, userIDs []int64) (map[int64]friends.Unseen, error) {
	rows, err := db.Select[blockRow](ctx, s.db, "SELECT user_id, blocked_id, mute FROM friend_blocks WHERE "+s.db.In("user_id", 1)+
		" UNION SELECT blocked_id, user_id, false FROM friend_blocks WHERE NOT mute AND "+s.db.In("blocked_id", 1), db.List(s.db, userIDs))
	if err != nil {
		return nil, fmt.Errorf("read blocks: %w", err)
	}
	unseen := make(map[int64]friends.Unseen)
	for _, r := range rows {
		u := unseen[r.UserID]
		if r.Mute {
			u.Muted = append(u.Muted, r.BlockedID)
		} else {
			u.Blocked = append(u.Blocked, r.BlockedID)
		}
		unseen[r.UserID] = u
	}
	return unseen, nil
}
