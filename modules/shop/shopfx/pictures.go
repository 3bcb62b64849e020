package shopfx

import (
	"context"
	"io"
	"time"

	"go.uber.org/zap"

	"rally/modules/shop"
	"rally/modules/shop/internal/store"
	"rally/platform/blob"
	"rally/platform/db"
	"rally/platform/jobs"
)

// picturePrefix is where the pictures of articles are kept.
const picturePrefix = "shop"

// pictureStore keeps the pictures of articles.
type pictureStore struct{ blob.Shelf }

func newPictureStore(blobs *blob.Store, logger *zap.Logger) pictureStore {
	return pictureStore{blobs.Shelf(picturePrefix, logger.Named("shop"))}
}

func (p pictureStore) Save(ctx context.Context, r io.Reader) (shop.Image, error) {
	picture, err := p.Put(ctx, r)
	return shop.Image{BlobKey: picture.Key, Width: picture.Width, Height: picture.Height}, err
}

func sweepPictures(d *db.DB, pictures pictureStore, clock func() time.Time) jobs.Job {
	rows := store.New(d)
	return jobs.Periodic("shop.sweep_pictures", blob.SweepEvery, func(ctx context.Context) error {
		return pictures.Sweep(ctx, clock(), rows.PicturesInUse)
	})
}
