package api

import (
	"context"
	"time"

	"rally/modules/shop"
	"rally/platform/auth"
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
	ProductImage string `json:"product_image" doc:"Absolute address of the picture." example:"https://rally.example/media/shop/1f0c.jpg"`
}

func (a *API) toImage(ctx context.Context, m shop.Image) imageBody {
	return imageBody{ID: m.ID, ProductImage: a.pictureURL(ctx, m.BlobKey)}
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
	ProductImageSet  []imageBody `json:"productimage_set"`
	ProductImageURLs []string    `json:"productimage_urls"`
	ModelNumber      string      `json:"model_number" example:"SB-84-0107"`
	Colorway         string      `json:"colorway" example:"Chalk"`
	RetailPrice      *int64      `json:"retail_price" example:"119000"`
	ReleaseDate      string      `json:"release_date" example:"2026-03-01"`
	Tick             int64       `json:"tick" doc:"Prices are multiples of it." example:"1000"`
	CreatedAt        time.Time   `json:"created_at"`
}

func (a *API) toInfo(ctx context.Context, i shop.Info) infoBody {
	body := infoBody{
		ID: i.ID, Brand: i.BrandID, BrandName: i.BrandName, EngName: i.EngName, KorName: i.KorName, DeliveryTag: i.DeliveryTag, Category: i.Category,
		Price: i.Price, Wishes: i.Wishes, Shares: i.Shares, ModelNumber: i.ModelNumber, Colorway: i.Colorway, RetailPrice: i.RetailPrice,
		ReleaseDate: i.ReleaseDate, Tick: i.Tick, CreatedAt: i.CreatedAt,
		ProductImageSet: make([]imageBody, len(i.Images)), ProductImageURLs: make([]string, len(i.Images)),
	}
	for n, m := range i.Images {
		body.ProductImageSet[n] = a.toImage(ctx, m)
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
}

func toProduct(p shop.Product) ProductBody {
	return ProductBody{ID: p.ID, Size: p.Size, PurchasePrice: p.PurchasePrice, SalesPrice: p.SalesPrice}
}

// SizeBody is a size with what the caller thinks of it.
type SizeBody struct {
	ProductBody
	UserWishcheck bool `json:"user_wishcheck" doc:"Whether the caller wishes for this size."`
}

func toSize(v shop.SizeView) SizeBody {
	return SizeBody{ProductBody: toProduct(v.Product), UserWishcheck: v.Wished}
}

type productDetailBody struct {
	SizeBody
	Info        infoBody `json:"info"`
	SizeOptions []string `json:"size_options" doc:"Store goods: the sizes in stock."`
	Stock       *int64   `json:"stock" doc:"Store goods: how many are left; else null."`
	Tradable    bool     `json:"tradable" doc:"Whether people can bid on this size."`
}

func (a *API) toProductDetail(ctx context.Context, v shop.ProductView) productDetailBody {
	body := productDetailBody{SizeBody: toSize(v.SizeView), Info: a.toInfo(ctx, v.Info), SizeOptions: v.SizeOptions, Stock: v.Stock, Tradable: v.Biddable}
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

// BidBody is a bid.
type BidBody struct {
	ID        int64     `json:"id" example:"5012"`
	Type      string    `json:"type" example:"purchase"`
	Product   int64     `json:"product" example:"120"`
	Price     int64     `json:"price" example:"124000"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

func toBid(b shop.Bid) BidBody {
	return BidBody{ID: b.ID, Type: string(b.Side), Product: b.ProductID, Price: b.Price, CreatedAt: b.CreatedAt, ExpiresAt: b.ExpiresAt}
}

type myBidBody struct {
	BidBody
	Size   string    `json:"size" example:"260"`
	Status string    `json:"status" doc:"open, filled, cancelled or expired." example:"open"`
	Info   briefInfo `json:"info"`
}

func (a *API) toMyBid(ctx context.Context, p shop.Placed[shop.Bid]) myBidBody {
	return myBidBody{BidBody: toBid(p.Row), Size: p.Article.Size, Status: string(p.Row.Status), Info: a.toBrief(ctx, p.Article)}
}

type orderBody struct {
	ID             int64     `json:"id" example:"881"`
	Kind           string    `json:"kind" doc:"trans: between two people; store: from the store." example:"trans"`
	Type           string    `json:"type" doc:"The caller's side." example:"purchase"`
	Buyer          *int64    `json:"buyer" doc:"Id of the buyer, or null when it isn't the caller's to know."`
	Seller         *int64    `json:"seller" doc:"Id of the seller, or null when it isn't the caller's to know."`
	Product        int64     `json:"product" example:"120"`
	Price          int64     `json:"price" example:"131000"`
	Fee            int64     `json:"fee" doc:"The caller's fee." example:"1965"`
	Total          *int64    `json:"total" doc:"What the caller pays, as buyer." example:"132965"`
	Payout         *int64    `json:"payout" doc:"What the caller gets, as seller."`
	ProductEngname string    `json:"product_engname"`
	ProductKorname string    `json:"product_korname"`
	Size           string    `json:"size" example:"260"`
	Status         string    `json:"status" example:"matched"`
	CreatedAt      time.Time `json:"created_at"`
	Info           briefInfo `json:"info"`
}

// toOrder shows an order to the caller. Only the staff sees both people.
func (a *API) toOrder(ctx context.Context, p shop.Placed[shop.Order]) orderBody {
	o := p.Row
	caller, _ := auth.From(ctx)
	side, mine := o.SideOf(caller.UserID)
	if !mine {
		side = o.TakerSide
	}
	body := orderBody{
		ID: o.ID, Kind: o.Kind, Type: string(side), Product: o.ProductID, Price: o.Price, ProductEngname: p.Article.EngName,
		ProductKorname: p.Article.KorName, Size: p.Article.Size, Status: o.Status, CreatedAt: o.CreatedAt, Info: a.toBrief(ctx, p.Article),
	}
	if side == shop.Purchase {
		total := o.Price + o.BuyerFee
		body.Fee, body.Total = o.BuyerFee, &total
	} else {
		payout := o.Price - o.SellerFee
		body.Fee, body.Payout = o.SellerFee, &payout
	}
	if side == shop.Purchase || caller.Staff {
		body.Buyer = &o.BuyerID
	}
	if side == shop.Sales || caller.Staff {
		body.Seller = o.SellerID
	}
	return body
}

type wishBody struct {
	ProductID   int64     `json:"product_id" example:"120"`
	InfoID      int64     `json:"info_id" example:"12"`
	BrandName   string    `json:"brand_name"`
	EngName     string    `json:"eng_name"`
	KorName     string    `json:"kor_name"`
	Size        string    `json:"size" example:"260"`
	Price       *int64    `json:"price" doc:"What a buyer pays now, or null." example:"131000"`
	TargetPrice *int64    `json:"target_price" doc:"The price that the wish waits for, or null."`
	CreatedAt   time.Time `json:"created_at"`
	Image       *string   `json:"image"`
}

func (a *API) toWish(ctx context.Context, p shop.Placed[shop.Wish]) wishBody {
	brief := a.toBrief(ctx, p.Article)
	return wishBody{
		ProductID: p.Row.ProductID, InfoID: brief.ID, BrandName: brief.BrandName, EngName: brief.EngName, KorName: brief.KorName,
		Size: p.Article.Size, Price: p.Article.PurchasePrice, TargetPrice: p.Row.TargetPrice, CreatedAt: p.Row.CreatedAt, Image: brief.Image,
	}
}
