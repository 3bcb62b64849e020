package shop

import "context"

// Names tells other modules what products and articles are called. It stands
// beside Service, and needs nobody. It is safe for concurrent use.
type Names struct{ store NameStore }

// NewNames returns the names of what a store holds.
func NewNames(store NameStore) *Names { return &Names{store} }

// OfProducts returns the articles of products by the products' ids, in one
// statement whatever their number. A product that was deleted has none.
func (n *Names) OfProducts(ctx context.Context, productIDs []int64) (map[int64]Article, error) {
	if len(productIDs) == 0 {
		return map[int64]Article{}, nil
	}
	return n.store.Articles(ctx, productIDs)
}

// OfInfos returns articles by their own ids, without a size, in a number of
// statements that doesn't depend on theirs.
func (n *Names) OfInfos(ctx context.Context, infoIDs []int64) (map[int64]Article, error) {
	if len(infoIDs) == 0 {
		return map[int64]Article{}, nil
	}
	list, err := n.store.InfosByID(ctx, infoIDs)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]Article, len(list))
	for _, i := range list {
		a := Article{InfoID: i.ID, BrandName: i.BrandName, EngName: i.EngName, KorName: i.KorName}
		if len(i.Images) > 0 {
			a.Picture = i.Images[0].BlobKey
		}
		found[i.ID] = a
	}
	return found, nil
}
