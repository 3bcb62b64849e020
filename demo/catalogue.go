package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"rally/modules/shop"
)

// tick is what prices are multiples of, in won.
const tick = 1000

// newCatalogue puts the articles, in their order, into the form that the
// exchange imports. The product ALL of each comes first, its sizes follow.
func newCatalogue(seed uint64, articles []article, photos [][]photo, now time.Time) *shop.Catalogue {
	c := &shop.Catalogue{}
	opened := now.AddDate(0, -15, 0)
	for i, b := range brands() {
		c.Brands = append(c.Brands, shop.Brand{Name: b.eng, CreatedAt: opened.Add(time.Duration(i) * 7 * time.Minute)})
	}
	r := stream(seed, "catalogue", 0)
	for i, a := range articles {
		c.Infos = append(c.Infos, shop.ImportedInfo{Brand: a.brand, Info: a.info(r)})
		for _, size := range append([]string{shop.AllSizes}, a.sizes...) {
			p := shop.Product{Size: size, CreatedAt: a.listed}
			if a.store && (size != shop.AllSizes || len(a.sizes) == 0) {
				price, stock := a.retail, stock(r)
				p.PurchasePrice, p.Stock = &price, &stock
			}
			c.Products = append(c.Products, shop.ImportedProduct{Product: p, Info: i})
		}
		for _, p := range photos[i] {
			c.Images = append(c.Images, shop.ImportedImage{Info: i, Image: shop.Image{BlobKey: p.key, Width: p.width, Height: p.height, CreatedAt: a.listed}})
		}
	}
	return c
}

func (a article) info(r *rand.Rand) shop.Info {
	retail := a.retail
	info := shop.Info{
		EngName: a.model.eng + " " + a.look.eng, KorName: brands()[a.brand].kor + " " + a.model.kor + " " + a.look.kor,
		ModelNumber: fmt.Sprintf("%s-%03d", a.code, 101+113*a.number), Colorway: a.palette.En,
		Category: a.category, DeliveryTag: shop.DeliveryImmediate, RetailPrice: &retail, ReleaseDate: a.released.Format(time.DateOnly), Tick: tick,
		Shares: int64(poisson(r, 900*a.share)), CreatedAt: a.listed,
	}
	if a.store {
		info.DeliveryTag = shop.DeliveryBrand
	}
	return info
}

// stock is how many pieces of a size the store has left: at times none.
func stock(r *rand.Rand) int64 {
	if chance(r, 0.15) {
		return 0
	}
	return int64(1 + poisson(r, 9))
}
