package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rally/modules/style"
	"rally/platform/db"
)

type epochRow struct {
	ID       int64  `bun:"id"`
	LastPost int64  `bun:"last_post"`
	Ranks    string `bun:"ranks"`
}

func (s *Store) epoch(ctx context.Context, query string, args ...any) (style.Epoch, bool, error) {
	row, err := db.Get[epochRow](ctx, s.db, "SELECT id, last_post, ranks FROM popular_epochs "+query, args...)
	if err != nil {
		if db.NotFound(err) {
			return style.Epoch{}, false, nil
		}
		return style.Epoch{}, false, fmt.Errorf("read an epoch: %w", err)
	}
	e := style.Epoch{ID: row.ID, LastPost: row.LastPost}
	if err := json.Unmarshal([]byte(row.Ranks), &e.Ranks); err != nil {
		return style.Epoch{}, false, fmt.Errorf("the ranks of epoch %d: %w", row.ID, err)
	}
	return e, true, nil
}

// LatestEpoch implements style.RankStore.
func (s *Store) LatestEpoch(ctx context.Context) (style.Epoch, error) {
	e, _, err := s.epoch(ctx, "ORDER BY id DESC LIMIT 1")
	return e, err
}

// Epoch implements style.RankStore.
func (s *Store) Epoch(ctx context.Context, id int64) (style.Epoch, bool, error) {
	return s.epoch(ctx, "WHERE id = $1", id)
}

// SaveEpoch implements style.RankStore.
func (s *Store) SaveEpoch(ctx context.Context, e style.Epoch, at time.Time) error {
	_, err := db.Exec(ctx, s.db, "INSERT INTO popular_epochs (made_at, last_post, ranks) VALUES ($1, $2, $3)", at, e.LastPost, encode(slices.Concat([]int64{}, e.Ranks)))
	return err
}

// PurgeEpochs implements style.RankStore. The newest stays.
func (s *Store) PurgeEpochs(ctx context.Context, before time.Time) error {
	_, err := db.Exec(ctx, s.db, "DELETE FROM popular_epochs WHERE made_at < $1 AND id < (SELECT max(id) FROM popular_epochs)", before)
	return err
}
