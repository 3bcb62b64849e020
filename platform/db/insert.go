package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// insertBatch is how many rows one statement inserts.
const insertBatch = 500

// InsertAll inserts rows, which are bun models, in batches; bun fills in their ids
// in the order in which RETURNING gives them. Neither engine promises that this is
// the order of the rows, so id is asked to make sure: ids are given out in
// ascending order. It is nil for rows whose keys are known.
func InsertAll[R any](ctx context.Context, d *DB, rows []R, id func(R) int64) error {
	for start := 0; start < len(rows); start += insertBatch {
		batch := rows[start:min(start+insertBatch, len(rows))]
		if _, err := d.Conn(ctx).NewInsert().Model(&batch).Exec(ctx); err != nil {
			return fmt.Errorf("insert %T: %w", batch, err)
		}
		if id != nil && !slices.IsSortedFunc(batch, func(a, b R) int { return cmp.Compare(id(a), id(b)) }) {
			return fmt.Errorf("insert %T: the ids came back out of order", batch)
		}
	}
	return nil
}
