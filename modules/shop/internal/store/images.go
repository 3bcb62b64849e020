package store

import (
	"context"

	"rally/modules/shop"
	"rally/platform/db"
)

// Image returns a picture, or shop.ErrImageNotFound.
func (s *Store) Image(ctx context.Context, id int64) (shop.Image, error) {
	return one[imageRow](ctx, s, shop.ErrImageNotFound, "SELECT id, info_id, blob_key, width, height, created_at FROM product_images WHERE id = $1", id)
}

// AddImage inserts a picture.
func (s *Store) AddImage(ctx context.Context, i *shop.Image) error {
	row := imageRow{InfoID: i.InfoID, BlobKey: i.BlobKey, Width: i.Width, Height: i.Height, CreatedAt: i.CreatedAt}
	_, err := s.db.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	i.ID = row.ID
	if db.IsForeignKey(err) {
		return shop.ErrInfoNotFound
	}
	return err
}

// DeleteImage deletes a picture's row.
func (s *Store) DeleteImage(ctx context.Context, id int64) error {
	n, err := db.Exec(ctx, s.db, "DELETE FROM product_images WHERE id = $1", id)
	return changed(n, err, shop.ErrImageNotFound)
}

// PicturesInUse returns those of keys that an article shows.
func (s *Store) PicturesInUse(ctx context.Context, keys []string) (map[string]bool, error) {
	return db.Present(ctx, s.db, "product_images", "blob_key", keys)
}
