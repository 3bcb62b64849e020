package shopfx

import (
	"context"
	"fmt"
	"io"
	"time"

	"go.uber.org/zap"

	"rally/modules/shop"
	"rally/modules/shop/internal/store"
	"rally/platform/blob"
	"rally/platform/db"
	"rally/platform/jobs"
)

const (
	// picturePrefix is where the pictures of articles are kept.
	picturePrefix = "shop"
	// sweepPicturesEvery is how often pictures that no article shows are looked
	// for. Each time takes a listing of all pictures.
	sweepPicturesEvery = 24 * time.Hour
	// pictureGrace is how old a picture must be before it is taken for unused.
	// It is stored before its row is, and no transaction takes a day.
	pictureGrace = 24 * time.Hour
)

// pictureStore keeps the pictures of articles.
type pictureStore struct {
	blobs *blob.Store
	log   *zap.Logger
}

func (p pictureStore) Save(ctx context.Context, r io.Reader) (shop.Image, error) {
	picture, err := p.blobs.PutPicture(ctx, picturePrefix, r)
	return shop.Image{BlobKey: picture.Key, Width: picture.Width, Height: picture.Height}, err
}

func (p pictureStore) DeleteAfterCommit(ctx context.Context, key string) {
	p.blobs.DeleteAfterCommit(ctx, key, p.log)
}

// sweepPictures deletes what uploads and deletions that were cut short left in
// the picture store.
func sweepPictures(d *db.DB, blobs *blob.Store, logger *zap.Logger, clock func() time.Time) jobs.Job {
	rows, logger := store.New(d), logger.Named("shop")
	return jobs.Periodic("shop.sweep_pictures", sweepPicturesEvery, func(ctx context.Context) error {
		n, err := blobs.Sweep(ctx, picturePrefix, clock().Add(-pictureGrace), rows.PicturesInUse)
		if n > 0 {
			logger.Info(fmt.Sprintf("%d files of pictures that no article shows were deleted", n))
		}
		return err
	})
}
