package shop

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatWasBoughtFirstIsSoldFirst(t *testing.T) {
	bought := []Order{{ID: 1, ProductID: 10}, {ID: 3, ProductID: 20}, {ID: 5, ProductID: 10}, {ID: 7, ProductID: 10}, {ID: 9, ProductID: 20}}
	for name, c := range map[string]struct {
		sold []Sale
		want []int64
	}{
		"nothing":                 {nil, []int64{1, 3, 5, 7, 9}},
		"one":                     {[]Sale{{11, 10}}, []int64{3, 5, 7, 9}},
		"two of one, one of both": {[]Sale{{11, 10}, {12, 10}, {13, 20}}, []int64{7, 9}},
		"all":                     {[]Sale{{11, 10}, {12, 10}, {13, 10}, {14, 20}, {15, 20}}, nil},
		"more than there were":    {[]Sale{{11, 10}, {12, 10}, {13, 10}, {14, 10}, {15, 30}}, []int64{3, 9}},
		"before it was bought":    {[]Sale{{0, 10}, {2, 20}}, []int64{1, 3, 5, 7, 9}},
		"in between":              {[]Sale{{2, 10}, {4, 10}, {6, 10}}, []int64{3, 7, 9}},
	} {
		var got []int64
		for _, o := range stillOwned(bought, c.sold) {
			got = append(got, o.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s sold: they own %v, want %v", name, got, c.want)
		}
	}
}

// Whatever somebody bought and sold: played one by one, each sale takes the
// oldest piece there is at that moment.
func TestAPortfolioIsFirstInFirstOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var bought []Order
		var sold []Sale
		held := map[int64][]int64{}
		for id := range rapid.Int64Range(0, 60).Draw(t, "orders") {
			product := rapid.Int64Range(1, 4).Draw(t, "product")
			if rapid.Bool().Draw(t, "buys") {
				bought = append(bought, Order{ID: id, ProductID: product})
				held[product] = append(held[product], id)
				continue
			}
			sold = append(sold, Sale{OrderID: id, ProductID: product})
			if len(held[product]) > 0 {
				held[product] = held[product][1:]
			}
		}
		left := map[int64][]int64{}
		for _, o := range stillOwned(bought, sold) {
			left[o.ProductID] = append(left[o.ProductID], o.ID)
		}
		for product := int64(1); product <= 4; product++ {
			if !slices.Equal(left[product], held[product]) {
				t.Fatalf("of product %d they own %v, want %v", product, left[product], held[product])
			}
		}
	})
}
