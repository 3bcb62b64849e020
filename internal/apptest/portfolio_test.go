package apptest_test

import (
	"fmt"
	"testing"
	"time"

	"rally/internal/apptest"
)

type holding struct {
	Order, Product int64
	Size           string
	BoughtAt       time.Time `json:"bought_at"`
	Cost, Price    int64
	PriceNow       *int64 `json:"price_now"`
	SellNow        *int64 `json:"sell_now"`
	Gain           *int64
	GainPct        *float64 `json:"gain_pct"`
	Info           struct {
		ID        int64
		EngName   string `json:"eng_name"`
		BrandName string `json:"brand_name"`
	}
}

type collection struct {
	pageOf[holding]

	Totals struct {
		Pieces            int
		Cost, Value, Gain int64
		GainPct           *float64 `json:"gain_pct"`
	}
}

func collectionOf(t *testing.T, c *apptest.Client, query string) collection {
	t.Helper()
	return apptest.Into[collection](t, c.Get("/api/shop/portfolio/"+query).Want(t, 200))
}

// What somebody owns is what they bought and did not sell.
func TestAPortfolio(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		totals := func(when, want string) {
			t.Helper()
			all := collectionOf(t, b.buyer, "").Totals
			if got := fmt.Sprint(all.Pieces, " ", all.Cost, " ", all.Value, " ", all.Gain, " ", share(all.GainPct)); got != want {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		}
		totals("nothing", "0 0 0 0 none")
		first, second := b.at("settled", 100000), b.at("settled", 120000)
		other := b.sh.traded()
		b.at("delivering", 130000) // not theirs yet, and yet the last trade
		offer(t, b.bystander, b.p, 110000)
		p := b.p
		b.p = other
		third := b.at("settled", 50000)
		b.p = p

		list := collectionOf(t, b.buyer, "")
		if list.Count != 3 || len(list.Results) != 3 || list.Results[0].Order != third || list.Results[1].Order != second || list.Results[2].Order != first {
			t.Fatalf("owned: %+v", list)
		}
		h := list.Results[2]
		if h.Price != 100000 || h.Cost != 101500 || num(h.PriceNow) != "130000" || num(h.SellNow) != "110000" || num(h.Gain) != "28500" || share(h.GainPct) != "28.1" {
			t.Errorf("the first piece: %+v", h)
		}
		if h.Size != "260" || h.Info.EngName == "" || h.Info.BrandName == "" || h.Info.ID == 0 || h.Product != p || !h.BoughtAt.Equal(b.read(b.buyer, first).CreatedAt) {
			t.Errorf("the first piece: %+v", h)
		}
		if h := list.Results[0]; num(h.SellNow) != "none" || num(h.Gain) != "-750" || share(h.GainPct) != "-1.5" {
			t.Errorf("the third piece: %+v", h)
		}
		totals("three pieces", "3 274050 310000 35950 13.1")
		if second := collectionOf(t, b.buyer, "?page_size=2&page=2"); second.Count != 3 || len(second.Results) != 1 || second.Results[0].Order != first || second.Next != nil || second.Previous == nil || second.Totals.Pieces != 3 {
			t.Errorf("the second page: %+v", second)
		}

		// Who sells gives the first one away, at the moment of the trade; a trade
		// that is called off gives it back.
		sold := apptest.Into[idOf](t, sell(b.buyer, p, nil).Want(t, 201)).ID
		if list := collectionOf(t, b.buyer, ""); list.Count != 2 || list.Results[1].Order != second {
			t.Errorf("after a sale: %+v", list)
		}
		totals("a sale", "2 172550 160000 -12550 -7.3")
		step(b.staff, sold, "cancel", M{"reason": "Called off."}).Want(t, 200)
		if list := collectionOf(t, b.buyer, ""); list.Count != 3 {
			t.Errorf("after a sale was called off: %+v", list)
		}
		// What failed the inspection was never theirs.
		b.at("failed", 125000)
		if n := collectionOf(t, b.buyer, "").Count; n != 3 {
			t.Errorf("%d pieces with one that failed", n)
		}
		if n := collectionOf(t, b.seller, "").Count; n != 0 {
			t.Errorf("the seller owns %d", n)
		}
		s.Anonymous().Get("/api/shop/portfolio/").WantCode(t, 401, "auth.required")
	})
}
