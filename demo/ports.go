package demo

import (
	"context"

	"rally/modules/accounts"
	"rally/modules/shop"
)

// AccountsImporter makes people; see accounts.Service.Import.
type AccountsImporter interface {
	Import(ctx context.Context, list []accounts.ImportedUser) ([]int64, error)
}

// ShopImporter fills the exchange; see shop.Service.ImportCatalogue and
// ImportMarket.
type ShopImporter interface {
	ImportCatalogue(ctx context.Context, c *shop.Catalogue) error
	ImportMarket(ctx context.Context, m *shop.Market) error
}

// PictureStore keeps pictures; see blob.Store.Put. It is called from several
// goroutines at once.
type PictureStore interface {
	Put(ctx context.Context, key string, data []byte, contentType string) error
}
