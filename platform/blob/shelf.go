package blob

import (
	"context"
	"fmt"
	"io"
	"time"

	"go.uber.org/zap"
)

const (
	// SweepEvery is how often pictures that no row shows are looked for. Each time
	// takes a listing of all pictures of a shelf.
	SweepEvery = 24 * time.Hour
	// sweepGrace is how old a picture must be before it is taken for unused. It is
	// stored before its row is, and no transaction takes a day.
	sweepGrace = 24 * time.Hour
)

// Shelf is one module's part of a store: the pictures under its prefix.
type Shelf struct {
	store  *Store
	prefix string
	log    *zap.Logger
}

// Shelf returns the part of a store under a prefix; see PutPicture.
func (s *Store) Shelf(prefix string, logger *zap.Logger) Shelf { return Shelf{s, prefix, logger} }

// Put is Store.PutPicture.
func (s Shelf) Put(ctx context.Context, r io.Reader) (Picture, error) {
	return s.store.PutPicture(ctx, s.prefix, r)
}

// Delete deletes pictures whose rows were never written. A file that stays
// behind is swept.
func (s Shelf) Delete(ctx context.Context, keys ...string) {
	for _, key := range keys {
		s.store.deleteOrWarn(ctx, key, s.log)
	}
}

// DeleteAfterCommit is Store.DeleteAfterCommit.
func (s Shelf) DeleteAfterCommit(ctx context.Context, key string) {
	s.store.DeleteAfterCommit(ctx, key, s.log)
}

// Sweep deletes what uploads and deletions that were cut short left on the
// shelf; see Store.Sweep.
func (s Shelf) Sweep(ctx context.Context, now time.Time, inUse InUse) error {
	n, err := s.store.Sweep(ctx, s.prefix, now.Add(-sweepGrace), inUse)
	if n > 0 {
		s.log.Info(fmt.Sprintf("%d files of pictures under %s that nothing shows were deleted", n, s.prefix))
	}
	return err
}
