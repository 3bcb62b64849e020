package store

import (
	"context"
	"fmt"

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
	found, err := db.Select[string](ctx, s.db, "SELECT blob_key FROM product_images WHERE "+s.db.In("blob_key", 1), db.List(s.db, keys))
	if err != nil {
		return nil, fmt.Errorf("look for pictures in use: %w", err)
	}
	used := make(map[string]bool, len(found))
	for _, key := range found {
		used[key] = true
	}
	return used, nil
}
