package api

import (
	"context"
	"time"

	"rally/modules/shop"
	"rally/platform/blob"
	"rally/platform/web"
)

type brandBody struct {
	ID   int64  `json:"id" example:"1"`
	Name string `json:"name" example:"Solbit"`
}

func toBrand(b shop.Brand) brandBody { return brandBody{ID: b.ID, Name: b.Name} }

type imageBody struct {
	ID           int64  `json:"id" example:"7"`
	ProductImage string `json:"product_image" doc:"Absolute address of the picture, at most 1600 pixels a side." example:"https://rally.example/media/shop/1f0c.jpg"`
	Width        int    `json:"width" doc:"In pixels, of product_image; the others have the same ratio." example:"1600"`
	Height       int    `json:"height" example:"1067"`
	Medium       string `json:"medium,omitempty" doc:"At most 800 pixels a side; in lists of articles, of the first picture only." example:"https://rally.example/media/shop/1f0c-m.jpg"`
	Small        string `json:"small,omitempty" doc:"At most 320 pixels a side; as medium." example:"https://rally.example/media/shop/1f0c-s.jpg"`
}

func (a *API) toImage(ctx context.Context, m shop.Image) imageBody {
	return toImageIn(a.pictureURL(ctx, ""), m, true)
}

// toImageIn is toImage with the address of the pictures' folder; the smaller
// sizes are for those that are shown.
func toImageIn(folder string, m shop.Image, shown bool) imageBody {
	body := imageBody{ID: m.ID, ProductImage: folder + m.BlobKey, Width: m.Width, Height: m.Height}
	if shown {
		body.Medium, body.Small = folder+blob.Variant(m.BlobKey, blob.Medium), folder+blob.Variant(m.BlobKey, blob.Small)
	}
	return body
}

func (a *API) pictureURL(ctx context.Context, key string) string {
	return web.BaseURL(ctx) + blob.URL(key)
}

type infoBody struct {
	ID               int64       `json:"id" example:"12"`
	Brand            int64       `json:"brand" doc:"Id of the brand." example:"3"`
	BrandName        string      `json:"brand_name" example:"Solbit"`
	EngName          string      `json:"eng_name" example:"Solbit Court 84 Chalk"`
	KorName          string      `json:"kor_name" example:"솔빛 코트 84 초크"`
	DeliveryTag      string      `json:"delivery_tag" doc:"immediate: traded between people; brand: sold by the store." example:"immediate"`
	Category         string      `json:"category" example:"shoes"`
	Price            *int64      `json:"price" doc:"Lowest price of its sizes in won, or null." example:"129000"`
	Wishes           int64       `json:"wishes" example:"41"`
	Shares           int64       `json:"shares" example:"3"`
	Comments         int64       `json:"comments" doc:"Comments and replies." example:"5"`
	ProductImageSet  []imageBody `json:"productimage_set"`
	ProductImageURLs []string    `json:"productimage_urls"`
	ModelNumber      string      `json:"model_number" example:"SB-84-0107"`
	Colorway         string      `json:"colorway" example:"Chalk"`
	RetailPrice      *int64      `json:"retail_price" example:"119000"`
	ReleaseDate      string      `json:"release_date" example:"2026-03-01"`
	Tick             int64       `json:"tick" doc:"Prices are multiples of it." example:"1000"`
	CreatedAt        time.Time   `json:"created_at"`
}

// toRow is toInfo for a list, which shows one picture and knows of the others.
func toRow(folder string, i shop.Info) infoBody { return toInfoIn(folder, i, 1) }

func (a *API) toInfo(ctx context.Context, i shop.Info) infoBody {
	return toInfoIn(a.pictureURL(ctx, ""), i, len(i.Images))
}

// toInfoIn shapes an article whose first pictures are shown.
func toInfoIn(folder string, i shop.Info, shown int) infoBody {
	body := infoBody{
		ID: i.ID, Brand: i.BrandID, BrandName: i.BrandName, EngName: i.EngName, KorName: i.KorName, DeliveryTag: i.DeliveryTag, Category: i.Category,
		Price: i.Price, Wishes: i.Wishes, Shares: i.Shares, Comments: i.Comments, ModelNumber: i.ModelNumber, Colorway: i.Colorway, RetailPrice: i.RetailPrice,
		ReleaseDate: i.ReleaseDate, Tick: i.Tick, CreatedAt: i.CreatedAt,
		ProductImageSet: make([]imageBody, len(i.Images)), ProductImageURLs: make([]string, len(i.Images)),
	}
	for n, m := range i.Images {
		body.ProductImageSet[n] = toImageIn(folder, m, n < shown)
		body.ProductImageURLs[n] = body.ProductImageSet[n].ProductImage
	}
	return body
}

// briefInfo is what a row of a person's list shows of its article.
type briefInfo struct {
	ID        int64   `json:"id" example:"12"`
	EngName   string  `json:"eng_name"`
	KorName   string  `json:"kor_name"`
	BrandName string  `json:"brand_name"`
	Image     *string `json:"image" doc:"Address of its first picture, or null."`
}

func (a *API) toBrief(ctx context.Context, i shop.Article) briefInfo {
	b := briefInfo{ID: i.InfoID, EngName: i.EngName, KorName: i.KorName, BrandName: i.BrandName}
	if i.Picture != "" {
		url := a.pictureURL(ctx, i.Picture)
		b.Image = &url
	}
	return b
}

// ProductBody is a size with its prices.
type ProductBody struct {
	ID            int64  `json:"id" example:"120"`
	Size          string `json:"size" example:"260"`
	PurchasePrice *int64 `json:"purchase_price" doc:"What a buyer pays now: the lowest ask, or the store's price while it has some left." example:"131000"`
	SalesPrice    *int64 `json:"sales_price" doc:"What a seller gets now: the highest purchase bid." example:"124000"`
	Stock         *int64 `json:"stock" doc:"Store goods: how many are left; else null."`
}

func toProduct(p shop.Product) ProductBody {
	return ProductBody{ID: p.ID, Size: p.Size, PurchasePrice: p.PurchasePrice, SalesPrice: p.SalesPrice, Stock: p.Stock}
}

// SizeBody is a size with what the caller thinks of it.
type SizeBody struct {
	ProductBody
	UserWishcheck bool   `json:"user_wishcheck" doc:"Whether the caller wishes for this size."`
	UserTarget    *int64 `json:"user_target_price" doc:"The price that the caller's wish waits for, or null."`
}

func toSize(v shop.SizeView) SizeBody {
	return SizeBody{ProductBody: toProduct(v.Product), UserWishcheck: v.Wished, UserTarget: v.Target}
}

type productDetailBody struct {
	SizeBody
	Info        infoBody `json:"info"`
	SizeOptions []string `json:"size_options" doc:"Store goods: the sizes in stock."`
	Tradable    bool     `json:"tradable" doc:"Whether people can bid on this size."`
}

func (a *API) toProductDetail(ctx context.Context, v shop.ProductView) productDetailBody {
	body := productDetailBody{SizeBody: toSize(v.SizeView), Info: a.toInfo(ctx, v.Info), SizeOptions: v.SizeOptions, Tradable: v.Biddable}
	if body.SizeOptions == nil {
		body.SizeOptions = []string{}
	}
	return body
}

type levelBody struct {
	Price int64 `json:"price" example:"124000"`
	Count int64 `json:"count" example:"2"`
}

func toLevels(levels []shop.Level) []levelBody {
	out := make([]levelBody, len(levels))
	for i, l := range levels {
		out[i] = levelBody(l)
	}
	return out
}

type lastTradeBody struct {
	Price     int64     `json:"price" example:"128000"`
	CreatedAt time.Time `json:"created_at"`
}

type bookBody struct {
	Product       int64          `json:"product" example:"120"`
	Version       int64          `json:"version" doc:"Grows with every change of the book; a lower one is stale." example:"97"`
	PurchasePrice *int64         `json:"purchase_price" example:"131000"`
	SalesPrice    *int64         `json:"sales_price" example:"124000"`
	Asks          []levelBody    `json:"asks" doc:"Lowest first, at most 20."`
	Bids          []levelBody    `json:"bids" doc:"Highest first, at most 20."`
	LastTrade     *lastTradeBody `json:"last_trade"`
}

func toBook(b shop.Book) bookBody {
	body := bookBody{Product: b.ProductID, Version: b.Version, PurchasePrice: b.PurchasePrice, SalesPrice: b.SalesPrice, Asks: toLevels(b.Asks), Bids: toLevels(b.Bids)}
	if b.LastPrice != nil && b.LastTradeAt != nil {
		body.LastTrade = &lastTradeBody{Price: *b.LastPrice, CreatedAt: *b.LastTradeAt}
	}
	return body
}

// BidBody is a bid. Its fee is what its owner pays when it is matched.
type BidBody struct {
	ID        int64     `json:"id" example:"5012"`
	Type      string    `json:"type" example:"purchase"`
	Product   int64     `json:"product" example:"120"`
	Price     int64     `json:"price" example:"124000"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
	Fee       *int64    `json:"fee" doc:"What is charged when it is matched; null for a bid from before fees were kept." example:"1860"`
	Total     *int64    `json:"total" doc:"What the buyer will pay." example:"125860"`
	Payout    *int64    `json:"payout" doc:"What the seller will get."`
}

func toBid(b shop.Bid) BidBody {
	body := BidBody{ID: b.ID, Type: string(b.Side), Product: b.ProductID, Price: b.Price, CreatedAt: b.CreatedAt, ExpiresAt: b.ExpiresAt}
	fee, ok := b.Fee()
	if !ok {
		return body
	}
	body.Fee = &fee
	if b.Side == shop.Purchase {
		total := b.Price + fee
		body.Total = &total
	} else {
		payout := b.Price - fee
		body.Payout = &payout
	}
	return body
}

// MyBidBody is a bid with its article.
type MyBidBody struct {
	BidBody
	Size   string    `json:"size" example:"260"`
	Status string    `json:"status" doc:"open, filled, cancelled or expired." example:"open"`
	Info   briefInfo `json:"info"`
}

func (a *API) toMyBid(ctx context.Context, p shop.Placed[shop.Bid]) MyBidBody {
	return MyBidBody{BidBody: toBid(p.Row), Size: p.Article.Size, Status: string(p.Row.Status), Info: a.toBrief(ctx, p.Article)}
}

type wishBody struct {
	ProductID   int64      `json:"product_id" example:"120"`
	InfoID      int64      `json:"info_id" example:"12"`
	BrandName   string     `json:"brand_name"`
	EngName     string     `json:"eng_name"`
	KorName     string     `json:"kor_name"`
	Size        string     `json:"size" example:"260"`
	Price       *int64     `json:"price" doc:"What a buyer pays now, or null." example:"131000"`
	TargetPrice *int64     `json:"target_price" doc:"The price that the wish waits for, or null."`
	ReachedAt   *time.Time `json:"target_reached_at" doc:"When the target was reached, and told; null while it is waited for."`
	CreatedAt   time.Time  `json:"created_at"`
	Image       *string    `json:"image"`
}

func (a *API) toWish(ctx context.Context, p shop.Placed[shop.Wish]) wishBody {
	brief := a.toBrief(ctx, p.Article)
	return wishBody{
		ProductID: p.Row.ProductID, InfoID: brief.ID, BrandName: brief.BrandName, EngName: brief.EngName, KorName: brief.KorName,
		Size: p.Article.Size, Price: p.Article.PurchasePrice, TargetPrice: p.Row.TargetPrice, ReachedAt: p.Row.ReachedAt, CreatedAt: p.Row.CreatedAt, Image: brief.Image,
	}
}
