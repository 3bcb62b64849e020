package apptest_test

import (
	"fmt"
	"testing"

	"rally/internal/apptest"
	"rally/modules/shop"
)

type M = apptest.M

// article is a traded article that the staff made for a test.
type article struct {
	ID    int64
	Sizes map[string]int64 // size → product
}

// newArticle adds a brand and an article with sizes, as the staff would.
func newArticle(t *testing.T, staff *apptest.Client, delivery string, sizes ...string) article {
	t.Helper()
	type created struct {
		ID   int64  `json:"id"`
		Size string `json:"size"`
	}
	brand := apptest.Into[created](t, staff.Post("/api/shop/brands/", M{"name": "Brand " + t.Name()}).Want(t, 201))
	info := apptest.Into[created](t, staff.Post("/api/shop/productinfos/", M{
		"brand": brand.ID, "eng_name": "Court 84", "kor_name": "코트 84", "category": "shoes", "delivery_tag": delivery, "tick": 1000,
	}).Want(t, 201))
	a := article{ID: info.ID, Sizes: map[string]int64{}}
	for _, size := range sizes {
		body := M{"size": size}
		if delivery == "brand" {
			body["purchase_price"], body["stock"] = 50000, 2
		}
		staff.Post(fmt.Sprintf("/api/shop/productinfos/%d/products/", info.ID), body).Want(t, 201)
	}
	for _, p := range apptest.Into[[]created](t, staff.Get(fmt.Sprintf("/api/shop/productinfos/%d/products/", info.ID)).Want(t, 200)) {
		a.Sizes[p.Size] = p.ID
	}
	return a
}

func product(id int64, rest string) string { return fmt.Sprintf("/api/shop/products/%d/%s", id, rest) }

type order struct {
	ID     int64  `json:"id"`
	Buyer  *int64 `json:"buyer"`
	Seller *int64 `json:"seller"`
	Price  int64  `json:"price"`
	Fee    int64  `json:"fee"`
	Status string `json:"status"`
	Type   string `json:"type"`
}

type bid struct {
	ID    int64 `json:"id"`
	Price int64 `json:"price"`
}

type book struct {
	Version       int64  `json:"version"`
	PurchasePrice *int64 `json:"purchase_price"`
	SalesPrice    *int64 `json:"sales_price"`
	Asks          []struct{ Price, Count int64 }
	Bids          []struct{ Price, Count int64 }
	LastTrade     *struct {
		Price int64 `json:"price"`
	} `json:"last_trade"`
}

func TestATradeFromBothSides(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		staff, seller, buyer := s.Staff(), s.Person(), s.Person()
		shoe := newArticle(t, staff, "immediate", "260", "270")
		p := shoe.Sizes["260"]
		s.TakeEvents()

		// Two asks and one purchase bid rest; the best ask is taken.
		seller.Post(product(p, "bids/?type=sales"), M{"price": 130000}).Want(t, 201)
		cheap := apptest.Into[bid](t, seller.Post(product(p, "bids/?type=sales"), M{"price": 120000}).Want(t, 201))
		buyer.Post(product(p, "bids/?type=purchase"), M{"price": 110000}).Want(t, 201)
		for _, path := range []string{product(p, "book/"), product(shoe.Sizes["ALL"], "book/")} {
			b := apptest.Into[book](t, s.Anonymous().Get(path).Want(t, 200))
			if *b.PurchasePrice != 120000 || *b.SalesPrice != 110000 || len(b.Asks) != 2 || len(b.Bids) != 1 || b.LastTrade != nil {
				t.Fatalf("%s: %+v", path, b)
			}
		}

		o := apptest.Into[order](t, buyer.Post(product(p, "transorders/?type=purchase"), M{"expected_price": 120000}).Want(t, 201))
		if o.Price != 120000 || o.Status != "matched" || o.Type != "purchase" || o.Fee != 1800 || o.Buyer == nil || *o.Buyer != buyer.UserID || o.Seller != nil {
			t.Fatalf("the buyer sees %+v", o)
		}
		sold := apptest.Into[struct{ Results []order }](t, seller.Get("/api/shop/orders/?type=sales").Want(t, 200)).Results
		if len(sold) != 1 || sold[0].Fee != 3600 || sold[0].Buyer != nil || *sold[0].Seller != seller.UserID {
			t.Fatalf("the seller sees %+v", sold)
		}
		seller.Delete(fmt.Sprintf("/api/shop/salesbids/%d/", cheap.ID)).WantCode(t, 409, "shop.bid_closed")

		// The seller sells into the purchase bid.
		o = apptest.Into[order](t, seller.Post(product(p, "transorders/?type=sales"), nil).Want(t, 201))
		if o.Price != 110000 || o.Type != "sales" {
			t.Fatalf("the seller sold: %+v", o)
		}
		b := apptest.Into[book](t, buyer.Get(product(p, "book/")).Want(t, 200))
		if *b.PurchasePrice != 130000 || b.SalesPrice != nil || b.LastTrade.Price != 110000 || b.Version != 5 {
			t.Fatalf("the book at the end: %+v", b)
		}
		trades := apptest.Into[[]struct{ Price int64 }](t, s.Anonymous().Get(product(p, "trades/")).Want(t, 200))
		if len(trades) != 2 {
			t.Fatalf("trades: %+v", trades)
		}

		var changed, traded int
		for _, e := range s.TakeEvents() {
			switch e.(type) {
			case shop.BookChanged:
				changed++
			case shop.Traded:
				traded++
			}
		}
		if changed != 5 || traded != 2 {
			t.Fatalf("%d changes of the book and %d trades were told, want 5 and 2", changed, traded)
		}
	})
}
