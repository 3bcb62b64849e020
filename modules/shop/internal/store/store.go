// Package store keeps the exchange in the database. It alone knows the shop's
// tables, and turns driver errors into the shop's faults.
package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"rally/modules/shop"
	"rally/platform/db"
)

// Store implements shop.Store on both engines.
type Store struct {
	db     *db.DB
	search searchEngine
}

// New returns a store in d.
func New(d *db.DB) *Store { return &Store{db: d, search: newSearchEngine(d.Dialect)} }

var _ shop.Store = (*Store)(nil)

type brandRow struct {
	bun.BaseModel `bun:"table:brands,alias:b"`

	ID      int64  `bun:"id,pk,autoincrement"`
	Name    string `bun:"name"`
	NameKey string `bun:"name_key"`

	// What it is found by, and the shop.SearchForm of that.
	SearchWords string `bun:"search_words"`
	SearchForm  int    `bun:"search_form"`

	CreatedAt time.Time `bun:"created_at"`
}

type infoRow struct {
	bun.BaseModel `bun:"table:product_infos,alias:i"`

	ID          int64     `bun:"id,pk,autoincrement"`
	BrandID     int64     `bun:"brand_id"`
	BrandName   string    `bun:"brand_name,scanonly"`
	EngName     string    `bun:"eng_name"`
	KorName     string    `bun:"kor_name"`
	ModelNumber string    `bun:"model_number"`
	Colorway    string    `bun:"colorway"`
	Category    string    `bun:"category"`
	DeliveryTag string    `bun:"delivery_tag"`
	RetailPrice *int64    `bun:"retail_price"`
	ReleaseDate string    `bun:"release_date"`
	Tick        int64     `bun:"tick"`
	Wishes      int64     `bun:"wishes"`
	Shares      int64     `bun:"shares"`
	Comments    int64     `bun:"comments"`
	Price       *int64    `bun:"price,scanonly"`
	CreatedAt   time.Time `bun:"created_at"`
}

func (r infoRow) toDomain() shop.Info {
	return shop.Info{
		ID: r.ID, BrandID: r.BrandID, BrandName: r.BrandName, EngName: r.EngName, KorName: r.KorName, ModelNumber: r.ModelNumber, Colorway: r.Colorway,
		Category: r.Category, DeliveryTag: r.DeliveryTag, RetailPrice: r.RetailPrice, ReleaseDate: r.ReleaseDate, Tick: r.Tick,
		Wishes: r.Wishes, Shares: r.Shares, Comments: r.Comments, Price: r.Price, CreatedAt: r.CreatedAt.UTC(),
	}
}

func fromInfo(i shop.Info) infoRow {
	return infoRow{
		ID: i.ID, BrandID: i.BrandID, EngName: i.EngName, KorName: i.KorName, ModelNumber: i.ModelNumber, Colorway: i.Colorway,
		Category: i.Category, DeliveryTag: i.DeliveryTag, RetailPrice: i.RetailPrice, ReleaseDate: i.ReleaseDate, Tick: i.Tick,
		Wishes: i.Wishes, Shares: i.Shares, CreatedAt: i.CreatedAt,
	}
}

type productRow struct {
	bun.BaseModel `bun:"table:products,alias:p"`

	ID            int64      `bun:"id,pk,autoincrement"`
	InfoID        int64      `bun:"info_id"`
	Size          string     `bun:"size"`
	Position      int        `bun:"position"`
	Biddable      bool       `bun:"biddable"`
	Store         bool       `bun:"store,scanonly"`
	Tick          int64      `bun:"tick,scanonly"`
	PurchasePrice *int64     `bun:"purchase_price"`
	SalesPrice    *int64     `bun:"sales_price"`
	LastPrice     *int64     `bun:"last_price"`
	LastTradeAt   *time.Time `bun:"last_trade_at"`
	BookVersion   int64      `bun:"book_version"`
	Stock         *int64     `bun:"stock"`
	CreatedAt     time.Time  `bun:"created_at"`
}

func (r productRow) toDomain() shop.Product {
	return shop.Product{
		ID: r.ID, InfoID: r.InfoID, Size: r.Size, PurchasePrice: r.PurchasePrice, SalesPrice: r.SalesPrice,
		LastPrice: r.LastPrice, LastTradeAt: db.UTC(r.LastTradeAt), BookVersion: r.BookVersion, Stock: r.Stock, Store: r.Store, Biddable: r.Biddable, Tick: r.Tick, CreatedAt: r.CreatedAt.UTC(),
	}
}

func fromProduct(p shop.Product) productRow {
	return productRow{
		ID: p.ID, InfoID: p.InfoID, Size: p.Size, Position: shop.SizePosition(p.Size), PurchasePrice: p.PurchasePrice, SalesPrice: p.SalesPrice,
		LastPrice: p.LastPrice, LastTradeAt: p.LastTradeAt, BookVersion: p.BookVersion, Stock: p.Stock, CreatedAt: p.CreatedAt,
	}
}

type imageRow struct {
	bun.BaseModel `bun:"table:product_images,alias:m"`

	ID        int64     `bun:"id,pk,autoincrement"`
	InfoID    int64     `bun:"info_id"`
	BlobKey   string    `bun:"blob_key"`
	Width     int       `bun:"width"`
	Height    int       `bun:"height"`
	CreatedAt time.Time `bun:"created_at"`
}

func (r imageRow) toDomain() shop.Image {
	return shop.Image{ID: r.ID, InfoID: r.InfoID, BlobKey: r.BlobKey, Width: r.Width, Height: r.Height, CreatedAt: r.CreatedAt.UTC()}
}

type bidRow struct {
	bun.BaseModel `bun:"table:bids,alias:d"`

	ID        int64      `bun:"id,pk,autoincrement"`
	ProductID int64      `bun:"product_id"`
	UserID    int64      `bun:"user_id"`
	Side      string     `bun:"side"`
	Price     int64      `bun:"price"`
	Priority  int64      `bun:"priority"`
	Status    string     `bun:"status"`
	CreatedAt time.Time  `bun:"created_at"`
	ExpiresAt time.Time  `bun:"expires_at"`
	ClosedAt  *time.Time `bun:"closed_at"`
	FeeBps    *int64     `bun:"fee_bps"`
}

const bidColumns = "id, product_id, user_id, side, price, priority, status, created_at, expires_at, closed_at, fee_bps"

func (r bidRow) toDomain() shop.Bid {
	return shop.Bid{
		ID: r.ID, ProductID: r.ProductID, UserID: r.UserID, Side: shop.Side(r.Side), Price: r.Price, Priority: r.Priority,
		Status: shop.BidStatus(r.Status), CreatedAt: r.CreatedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(), ClosedAt: db.UTC(r.ClosedAt), FeeBps: r.FeeBps,
	}
}

func fromBid(b shop.Bid) bidRow {
	return bidRow{
		ID: b.ID, ProductID: b.ProductID, UserID: b.UserID, Side: string(b.Side), Price: b.Price, Priority: b.Priority,
		Status: string(b.Status), CreatedAt: b.CreatedAt, ExpiresAt: b.ExpiresAt, ClosedAt: b.ClosedAt, FeeBps: b.FeeBps,
	}
}

func convert[R interface{ toDomain() D }, D any](rows []R) []D {
	out := make([]D, len(rows))
	for i, r := range rows {
		out[i] = r.toDomain()
	}
	return out
}

// one returns the only row of a query, or notFound.
func one[R interface{ toDomain() D }, D any](ctx context.Context, s *Store, notFound error, query string, args ...any) (D, error) {
	row, err := db.Get[R](ctx, s.db, query, args...)
	if err != nil {
		var zero D
		if db.NotFound(err) {
			return zero, notFound
		}
		return zero, err
	}
	return row.toDomain(), nil
}

// changed returns notFound when a statement changed no row.
func changed(n int64, err, notFound error) error {
	if err == nil && n == 0 {
		return notFound
	}
	return err
}
