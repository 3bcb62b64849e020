package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"rally/modules/accounts"
)

type attemptsRow struct {
	Failures     int       `bun:"failures"`
	BlockedUntil time.Time `bun:"blocked_until,nullzero"`
}

// CountAttempt implements accounts.Attempts with one statement, so that no two
// attempts, on whatever nodes, count as one.
func (s *Store) CountAttempt(ctx context.Context, key []byte, limit accounts.Limit, now time.Time) (int, time.Time, error) {
	// A row is over when its block has passed or, without one, its window.
	const over = `(CASE WHEN attempts.blocked_until IS NULL THEN attempts.window_start <= $3 ELSE attempts.blocked_until <= $2 END)`
	var first time.Time
	if limit.Attempts <= 1 {
		first = now.Add(limit.Block)
	}
	row, err := get[attemptsRow](ctx, s, errNoRow, "count an attempt",
		`INSERT INTO attempts (key, failures, window_start, blocked_until) VALUES ($1, 1, $2, $6)
		ON CONFLICT (key) DO UPDATE SET
			failures = CASE WHEN `+over+` THEN 1 ELSE attempts.failures + 1 END,
			window_start = CASE WHEN `+over+` THEN $2 ELSE attempts.window_start END,
			blocked_until = CASE WHEN `+over+` THEN $6
				WHEN attempts.blocked_until IS NULL AND attempts.failures + 1 >= $4 THEN $5
				ELSE attempts.blocked_until END
		RETURNING failures, blocked_until`,
		key, now, now.Add(-limit.Window), limit.Attempts, now.Add(limit.Block), nullTime(first))
	return row.Failures, utc(row.BlockedUntil), err
}

// Blocked implements accounts.Attempts.
func (s *Store) Blocked(ctx context.Context, keys [][]byte, now time.Time) (time.Time, error) {
	var until []time.Time
	err := s.db.Conn(ctx).NewSelect().Table("attempts").Column("blocked_until").Where("key IN (?)", bun.List(keys)).
		Where("blocked_until > ?", now).OrderExpr("blocked_until DESC").Limit(1).Scan(ctx, &until)
	if err != nil {
		return time.Time{}, fmt.Errorf("read what is blocked: %w", err)
	}
	if len(until) == 0 {
		return time.Time{}, nil
	}
	return until[0].UTC(), nil
}

// ForgetAttempts implements accounts.Attempts.
func (s *Store) ForgetAttempts(ctx context.Context, key []byte) error {
	_, err := s.exec(ctx, "forget attempts", `DELETE FROM attempts WHERE key = $1`, key)
	return err
}

// ReturnAttempt implements accounts.Attempts.
func (s *Store) ReturnAttempt(ctx context.Context, key []byte, limit accounts.Limit) error {
	_, err := s.exec(ctx, "take back an attempt",
		`UPDATE attempts SET failures = failures - 1, blocked_until = CASE WHEN failures - 1 < $2 THEN NULL ELSE blocked_until END
		WHERE key = $1 AND failures > 0`, key, limit.Attempts)
	return err
}
