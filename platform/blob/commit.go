package blob

import (
	"context"

	"go.uber.org/zap"

	"rally/platform/db"
	"rally/platform/log"
)

// DeleteAfterCommit deletes a picture once the transaction of ctx, which
// removes its row, has committed. A file that stays behind harms nobody, so a
// failure is only logged.
func (s *Store) DeleteAfterCommit(ctx context.Context, key string, logger *zap.Logger) {
	db.AfterCommit(ctx, func(ctx context.Context) { s.deleteOrWarn(ctx, key, logger) })
}

func (s *Store) deleteOrWarn(ctx context.Context, key string, logger *zap.Logger) {
	if err := s.Delete(ctx, key); err != nil {
		logger.Warn("a deleted picture's file stays behind", zap.String("rally.blob.key", key), log.Err(err))
	}
}
