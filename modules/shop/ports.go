package shop

import (
	"context"
	"io"
	"time"

	"rally/modules/accounts"
	"rally/platform/page"
)

// Transactions runs use cases: see db.DB.InTx and InTxOn.
type Transactions interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	InTxOn(ctx context.Context, key string, fn func(ctx context.Context) error) error
}

// Events tells other modules, and the live book, what happened.
type Events interface {
	Emit(ctx context.Context, event any) error
}

// People tells who is there. *accounts.Service does.
type People interface {
	// Active is false for somebody who left and did not come back.
	Active(ctx context.Context, userID int64) (bool, error)
}

// BrandStore keeps brands. Names are unique without regard to case.
type BrandStore interface {
	// Brands lists brands by name: all, or those that have every one of the terms.
	Brands(ctx context.Context, terms []string, p page.Request) (page.List[Brand], error)
	Brand(ctx context.Context, id int64) (Brand, error)
	// SaveBrand inserts when b.ID is 0, or else renames and rewrites what the
	// brand's articles are found by.
	SaveBrand(ctx context.Context, b *Brand) error
	DeleteBrand(ctx context.Context, id int64) error
}

// InfoStore keeps articles.
type InfoStore interface {
	Infos(ctx context.Context, f Filter, p page.Request) ([]Figures, error)
	// InfosByID returns articles by their ids, in any order; their figures are
	// not read.
	InfosByID(ctx context.Context, ids []int64) ([]Info, error)
	// Figures returns those of one article.
	Figures(ctx context.Context, id int64) (Figures, error)
	CountInfos(ctx context.Context, f Filter, limit int) (int, error) // at most limit
	Facets(ctx context.Context, f Filter) (Facets, error)
	// SimilarInfos returns the articles whose words are spelt like the terms, the
	// likest first; none when some have the terms themselves.
	SimilarInfos(ctx context.Context, terms []string) ([]int64, error)
	Info(ctx context.Context, id int64) (Info, error)
}

// CatalogueUpkeep keeps up what lists are ordered by and searched in.
type CatalogueUpkeep interface {
	// StaleListPrices returns, in ascending order, the articles whose stored
	// list price is not that of their sizes: of those that products belong to,
	// or of all for nil.
	StaleListPrices(ctx context.Context, productIDs []int64) ([]int64, error)
	// RewriteListPrices takes the rows of articles, given in ascending order,
	// and writes the list prices that are true then.
	RewriteListPrices(ctx context.Context, infoIDs []int64) error
	// RewriteOldWords writes what some of the articles and brands are found by,
	// where it is not of SearchForm, and returns of how many; 0 when all are.
	RewriteOldWords(ctx context.Context) (int, error)
}

// InfoWriter changes articles.
type InfoWriter interface {
	SaveInfo(ctx context.Context, i *Info) error // inserts when i.ID is 0
	DeleteInfo(ctx context.Context, id int64) error
	// LockInfo takes the article's row until the transaction ends. Whoever
	// needs it takes it before the rows of sizes, so that nobody waits in a
	// circle.
	LockInfo(ctx context.Context, id int64) error
	HasOpenBids(ctx context.Context, infoID int64) (bool, error)
}

// SizeRules keeps up which sizes of an article people trade.
type SizeRules interface {
	// LockSizes takes the rows of all sizes until the transaction ends.
	LockSizes(ctx context.Context, infoID int64) error
	// SettleSizes works out anew which sizes can be bid on, and takes price and
	// stock from an ALL that has other sizes beside it.
	SettleSizes(ctx context.Context, infoID int64) error
	// ResetSizes takes price and stock from every size, raises the version of
	// its book by one, and returns it.
	ResetSizes(ctx context.Context, infoID int64) ([]Product, error)
}

// ProductStore keeps the sizes of articles. Prices of ALL are the best of the
// sizes, and expired bids don't count.
type ProductStore interface {
	Products(ctx context.Context, infoID int64, now time.Time) ([]Product, error)
	// ProductsWith is Products with the figures of their article.
	ProductsWith(ctx context.Context, infoID int64, now time.Time) (Figures, []Product, error)
	Product(ctx context.Context, id int64, now time.Time) (Product, error)
	SaveProduct(ctx context.Context, p *Product) error // inserts when p.ID is 0
	DeleteProduct(ctx context.Context, id int64) error
}

// ImageStore keeps the rows of pictures.
type ImageStore interface {
	Image(ctx context.Context, id int64) (Image, error)
	AddImage(ctx context.Context, i *Image) error
	DeleteImage(ctx context.Context, id int64) error
}

// Pictures keeps the pictures themselves.
type Pictures interface {
	// Save checks, cleans and stores a picture, and returns its key and size.
	Save(ctx context.Context, r io.Reader) (Image, error)
	// DeleteAfterCommit removes a picture once the transaction has committed.
	DeleteAfterCommit(ctx context.Context, key string)
}

// Locked is a product whose book is held until the transaction ends.
type Locked struct {
	Product
	AllID int64 // the product of size ALL

	// Of LockBest alone.
	Article  Article // without its price
	Withdrew bool    // whether except withdrew from an order within GraceEvery
}

// BookStore changes a book while its product is locked.
type BookStore interface {
	// Lock takes the product's row until the transaction ends, and reads it
	// afterwards: what it returns is true until then.
	Lock(ctx context.Context, productID int64) (Locked, error)
	// LockBest is Lock and BestBid in one. A bid that expired during the wait is
	// not taken.
	LockBest(ctx context.Context, productID int64, side Side, clock func() time.Time, except int64) (Locked, *Bid, error)
	// BestBid returns the first live bid of a side that doesn't belong to
	// except (0: anybody's), or ok = false.
	BestBid(ctx context.Context, productID int64, side Side, now time.Time, except int64) (bid Bid, ok bool, err error)
	// Fill closes the bid of the order, inserts the order with what it posts,
	// and brings the product's prices and its day up to date. It returns
	// ErrBidClosed when the bid is not open any more.
	Fill(ctx context.Context, o *Order, charge Posting) error
	// Reprice brings the product's prices and book version up to date.
	Reprice(ctx context.Context, productID int64, now time.Time) error
	// RaiseVersion adds steps to the version of a product's book.
	RaiseVersion(ctx context.Context, productID, steps int64) error
}

// BidStore keeps bids.
type BidStore interface {
	// Place sets b.ID, and brings the product's prices and book version up to
	// date.
	Place(ctx context.Context, b *Bid) error
	// UpdateBid writes price, priority and expiry of a bid that is open; it
	// returns ErrBidClosed otherwise.
	UpdateBid(ctx context.Context, b Bid) error
	CloseBid(ctx context.Context, id int64, status BidStatus, now time.Time) error
	Bid(ctx context.Context, id int64) (Bid, error)
}

// BidLists reads bids.
type BidLists interface {
	BidsOf(ctx context.Context, userID int64, side Side, now time.Time, p page.Request) (page.List[Bid], error)
	// AllBidsOf lists a user's bids of both sides in every state, the newest
	// first.
	AllBidsOf(ctx context.Context, userID int64, p page.Request) (page.List[Bid], error)
	ProductsWithExpired(ctx context.Context, now time.Time, limit int) ([]int64, error)
	ExpireBids(ctx context.Context, productID int64, now time.Time) (int64, error)
}

// LeaverStore is about the rows of somebody who leaves.
type LeaverStore interface {
	// ProductsBidOn returns the products in whose books live bids of a user
	// rest, in ascending order.
	ProductsBidOn(ctx context.Context, userID int64, now time.Time) ([]int64, error)
	// CancelBids cancels a user's live bids in one book, and returns how many.
	CancelBids(ctx context.Context, userID, productID int64, now time.Time) (int64, error)
	// HasOpenOrders reports whether a user buys or sells in an order that is not
	// finished.
	HasOpenOrders(ctx context.Context, userID int64) (bool, error)
	// LockTouched takes the articles that a user wishes for, and others, until the
	// transaction ends.
	LockTouched(ctx context.Context, userID int64, others []int64) error
	// DeleteWishes deletes a user's wishes, and keeps the articles' counts.
	DeleteWishes(ctx context.Context, userID int64) error
}

// MarketStore reads public market data. For ALL it sums up the sizes.
type MarketStore interface {
	Book(ctx context.Context, productID int64, now time.Time, levels int) (Book, error)
	DepthOf(ctx context.Context, productID int64, side Side, now time.Time) ([]Level, error)
	Trades(ctx context.Context, productID int64, limit int) ([]Trade, error)
}

// WishStore keeps wishes and the article's count of them.
type WishStore interface {
	// SetWish adds, changes or removes a wish, and reports whether there was
	// one. A target that is set again is waited for again; untarget removes it.
	SetWish(ctx context.Context, w Wish, on, untarget bool) (was bool, err error)
	HasWish(ctx context.Context, userID, productID int64) (bool, error)
	Wishes(ctx context.Context, userID int64, p page.Request) (page.List[Wish], error)
	// WishedIn returns a user's wishes for sizes of an article, by product.
	WishedIn(ctx context.Context, userID, infoID int64) (map[int64]Wish, error)
}

// ArticleLookup reads what rows of a person's lists are about.
type ArticleLookup interface {
	// Articles returns articles by the ids of their products.
	Articles(ctx context.Context, productIDs []int64) (map[int64]Article, error)
}

// Importer inserts whole worlds; see Service.ImportCatalogue and
// Service.ImportMarket.
type Importer interface {
	ImportCatalogue(ctx context.Context, c *Catalogue) error
	ImportMarket(ctx context.Context, m *Market) error
	Empty(ctx context.Context) (bool, error)
}

// Store is all that the exchange asks of its database.
type Store interface {
	BrandStore
	InfoStore
	InfoWriter
	CatalogueUpkeep
	SizeRules
	ProductStore
	ArticleLookup
	ImageStore
	BookStore
	BidStore
	BidLists
	LeaverStore
	OrderStore
	DueOrders
	LedgerStore
	PrizeStore
	FeeStore
	PriceStore
	TargetStore
	PortfolioStore
	DeskStore
	MarketStore
	WishStore
	Importer
	ReviewStore
}

// Profiles tells who people are. *accounts.Directory does.
type Profiles interface {
	// ProfilesOf returns profiles by user id. Whoever left has none.
	ProfilesOf(ctx context.Context, ids []int64) (map[int64]accounts.Profile, error)
}

// NameStore knows what products and articles are called.
type NameStore interface {
	Articles(ctx context.Context, productIDs []int64) (map[int64]Article, error)
	InfosByID(ctx context.Context, ids []int64) ([]Info, error)
}
