package apptest_test

import (
	"strings"
	"testing"

	"rally/internal/apptest"
	"rally/modules/shop"
)

// An import is held to what the staff is held to, and leaves nothing behind
// when it is refused.
func TestAnImportIsChecked(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		amount := func(n int64) *int64 { return &n }
		world := func() *shop.Catalogue {
			now := s.Clock.Now()
			return &shop.Catalogue{
				Brands: []shop.Brand{{Name: " Solbit ", CreatedAt: now}},
				Infos: []shop.ImportedInfo{
					{Info: shop.Info{EngName: "Court 84", Category: "shoes", DeliveryTag: shop.DeliveryBrand, Tick: 1000, CreatedAt: now}},
					{Info: shop.Info{EngName: "Lamp", Category: "life", DeliveryTag: shop.DeliveryImmediate, CreatedAt: now}},
				},
				Products: []shop.ImportedProduct{
					{Info: 0, Product: shop.Product{Size: shop.AllSizes, CreatedAt: now}},
					{Info: 0, Product: shop.Product{Size: "m", PurchasePrice: amount(50000), Stock: amount(2), CreatedAt: now}},
					{Info: 1, Product: shop.Product{Size: shop.AllSizes, CreatedAt: now}},
				},
			}
		}
		for what, c := range map[string]struct {
			spoil func(*shop.Catalogue)
			says  string
		}{
			"a brand without a name":     {func(c *shop.Catalogue) { c.Brands[0].Name = " " }, "brand 0"},
			"an article without a name":  {func(c *shop.Catalogue) { c.Infos[1].EngName = "" }, "article 1"},
			"an article of no brand":     {func(c *shop.Catalogue) { c.Infos[1].Brand = 7 }, "there is no brand 7"},
			"an article without ALL":     {func(c *shop.Catalogue) { c.Products = c.Products[:2] }, "article 1"},
			"a size that is none":        {func(c *shop.Catalogue) { c.Products[1].Size = "사" }, "size 1"},
			"a size of no article":       {func(c *shop.Catalogue) { c.Products[1].Info = -1 }, "there is no article -1"},
			"a price off the tick":       {func(c *shop.Catalogue) { c.Products[1].PurchasePrice = amount(50500) }, "price_off_tick"},
			"a price below nothing":      {func(c *shop.Catalogue) { c.Products[1].PurchasePrice = amount(-5000) }, "size 1"},
			"a price without a stock":    {func(c *shop.Catalogue) { c.Products[1].Stock = nil }, "size 1"},
			"ALL's own price":            {func(c *shop.Catalogue) { c.Products[0].PurchasePrice, c.Products[0].Stock = amount(5000), amount(3) }, "size 0"},
			"a stock below nothing":      {func(c *shop.Catalogue) { c.Products[1].Stock = amount(-1) }, "size 1"},
			"the price of a traded size": {func(c *shop.Catalogue) { c.Products[2].PurchasePrice = amount(50000) }, "size 2"},
			"a picture of no article":    {func(c *shop.Catalogue) { c.Images = []shop.ImportedImage{{Info: 2}} }, "picture 0"},
			"two articles' sizes in one": {func(c *shop.Catalogue) { c.Products[2].Info = 0 }, "article 1"},
			"the same size twice":        {func(c *shop.Catalogue) { c.Products = append(c.Products, c.Products[1]) }, "insert"},
		} {
			bad := world()
			c.spoil(bad)
			if err := s.Shop.ImportCatalogue(t.Context(), bad); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if n := count(t, s, "SELECT count(*) FROM brands"); n != 0 {
			t.Fatalf("refused imports left %d brands", n)
		}
		good := world()
		good.Products[1].SalesPrice, good.Products[1].BookVersion = amount(-7000), -5 // the market's, not the import's
		if err := s.Shop.ImportCatalogue(t.Context(), good); err != nil {
			t.Fatal(err)
		}
		s.Person().Post(product(good.Products[1].ID, "storeorders/"), M{"expected_price": 50000}).Want(t, 201)
		if n := count(t, s, "SELECT count(*) FROM products WHERE sales_price IS NOT NULL OR book_version < 0"); n != 0 {
			t.Errorf("%d sizes have what no market gave them", n)
		}
		s.Anonymous().Get(infoPath(good.Infos[0].ID, "products/M/")).Want(t, 200)
	})
}
