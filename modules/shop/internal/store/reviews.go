package store

import (
	"context"
	"maps"
	"slices"

	"rally/modules/shop"
	"rally/platform/db"
)

// HasInfo implements shop.ReviewStore.
func (s *Store) HasInfo(ctx context.Context, id int64) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM product_infos WHERE id = $1)", id)
}

// LockInfos implements shop.ReviewStore.
func (s *Store) LockInfos(ctx context.Context, ids []int64) error {
	return db.LockRows(ctx, s.db, "SELECT id FROM product_infos WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", ids)
}

// CountRemarks implements shop.ReviewStore.
func (s *Store) CountRemarks(ctx context.Context, infoID, step int64) error {
	n, err := db.Exec(ctx, s.db, "UPDATE product_infos SET comments = comments + $2 WHERE id = $1", infoID, step)
	return changed(n, err, shop.ErrInfoNotFound)
}

// SetRemarkCounts implements shop.ReviewStore.
func (s *Store) SetRemarkCounts(ctx context.Context, counts map[int64]int64) error {
	ids := slices.Sorted(maps.Keys(counts))
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		numbers[i] = counts[id]
	}
	from := s.db.Pick("SELECT i.value AS id, n.value AS n FROM json_each($1) i JOIN json_each($2) n ON n.key = i.key", "SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS c (id, n)")
	n, err := db.Exec(ctx, s.db, "UPDATE product_infos SET comments = c.n FROM ("+from+") c WHERE product_infos.id = c.id", db.List(s.db, ids), db.List(s.db, numbers))
	if err == nil && n < int64(len(ids)) {
		return shop.ErrInfoNotFound
	}
	return err
}
