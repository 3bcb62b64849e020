package demo

import (
	"context"

	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/inbox"
	"rally/modules/pong"
	"rally/modules/shop"
	"rally/modules/style"
	"rally/modules/talk"
)

// Tx runs fn in a transaction, and again when it lost to another one: see
// db.DB.InTx.
type Tx interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// AccountsImporter makes people; see accounts.Service.Import.
type AccountsImporter interface {
	CountUsers(ctx context.Context) (int, error)
	Import(ctx context.Context, list []accounts.ImportedUser) ([]int64, error)
}

// ShopImporter fills the exchange; see shop.Service.ImportCatalogue and
// ImportMarket.
type ShopImporter interface {
	ImportCatalogue(ctx context.Context, c *shop.Catalogue) error
	ImportMarket(ctx context.Context, m *shop.Market) error
}

// TalkImporter lets people talk; see talk.Keeper.ImportPast.
type TalkImporter interface {
	ImportPast(ctx context.Context, p *talk.Past) error
}

// FriendsImporter makes friends; see friends.Importer.
type FriendsImporter interface {
	Import(ctx context.Context, w *friends.World) error
}

// StyleImporter fills the feed; see style.Importer.
type StyleImporter interface {
	Import(ctx context.Context, w *style.World) error
}

// PongImporter fills the halls; see pong.Importer.
type PongImporter interface {
	Import(ctx context.Context, w *pong.World) error
}

// InboxImporter tells people what happened; see inboxfx.Importer.
type InboxImporter interface {
	ImportPast(ctx context.Context, past inbox.Past) error
}

// PictureStore keeps pictures; see blob.Store.Put. It is called from several
// goroutines at once.
type PictureStore interface {
	Put(ctx context.Context, key string, data []byte, contentType string) error
}
