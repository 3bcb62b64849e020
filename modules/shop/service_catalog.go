package shop

import (
	"context"
	"io"

	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/page"
)

// Brands lists brands by name.
func (s *Service) Brands(ctx context.Context, p page.Request) (page.List[Brand], error) {
	return s.store.Brands(ctx, p)
}

// Brand returns a brand, or ErrBrandNotFound.
func (s *Service) Brand(ctx context.Context, id int64) (Brand, error) { return s.store.Brand(ctx, id) }

// SaveBrand creates a brand (ID 0) or renames one. Staff only. Errors:
// ErrBrandTaken, ErrBrandNotFound.
func (s *Service) SaveBrand(ctx context.Context, b Brand) (Brand, error) {
	err := s.asStaff(ctx, func(ctx context.Context) error {
		if err := b.Validate(); err != nil {
			return err
		}
		b.CreatedAt = s.now()
		return s.store.SaveBrand(ctx, &b)
	})
	return b, err
}

// DeleteBrand deletes a brand without articles. Staff only. Errors:
// ErrBrandInUse, ErrBrandNotFound.
func (s *Service) DeleteBrand(ctx context.Context, id int64) error {
	return s.asStaff(ctx, func(ctx context.Context) error { return s.store.DeleteBrand(ctx, id) })
}

// Infos lists articles.
func (s *Service) Infos(ctx context.Context, f Filter, p page.Request) (page.List[Info], error) {
	if err := f.Validate(); err != nil {
		return page.List[Info]{}, err
	}
	return s.store.Infos(ctx, f, p)
}

// Facets counts the choices of each filter.
func (s *Service) Facets(ctx context.Context, f Filter) (Facets, error) {
	if err := f.Validate(); err != nil {
		return Facets{}, err
	}
	return s.store.Facets(ctx, f)
}

// Info returns an article with its pictures, or ErrInfoNotFound.
func (s *Service) Info(ctx context.Context, id int64) (Info, error) { return s.store.Info(ctx, id) }

// CreateInfo adds an article, together with its size ALL. Staff only. Errors:
// ErrBrandNotFound.
func (s *Service) CreateInfo(ctx context.Context, i Info) (Info, error) {
	err := s.asStaff(ctx, func(ctx context.Context) error {
		if err := i.Validate(); err != nil {
			return err
		}
		i.ID, i.CreatedAt = 0, s.now()
		if err := s.store.SaveInfo(ctx, &i); err != nil {
			return err
		}
		all := Product{InfoID: i.ID, Size: AllSizes, CreatedAt: i.CreatedAt}
		if err := s.store.SaveProduct(ctx, &all); err != nil {
			return err
		}
		if err := s.store.SettleSizes(ctx, i.ID); err != nil {
			return err
		}
		var err error
		i, err = s.store.Info(ctx, i.ID)
		return err
	})
	return i, err
}

// ChangeInfo rewrites an article by edit, which gets it as it is. Staff only.
// Errors: ErrInfoNotFound, ErrBrandNotFound, ErrDeliveryLocked.
func (s *Service) ChangeInfo(ctx context.Context, id int64, edit func(*Info)) (Info, error) {
	var i Info
	err := s.asStaff(ctx, func(ctx context.Context) error {
		err := s.store.LockInfo(ctx, id)
		if err != nil {
			return err
		}
		if i, err = s.store.Info(ctx, id); err != nil {
			return err
		}
		before := i
		edit(&i)
		if err := i.Validate(); err != nil {
			return err
		}
		if i.DeliveryTag != before.DeliveryTag || i.Tick != before.Tick {
			// Resting bids were placed under the old rule.
			if err := s.store.LockSizes(ctx, id); err != nil {
				return err
			}
			open, err := s.store.HasOpenBids(ctx, id)
			if err != nil {
				return err
			}
			if open {
				return ErrDeliveryLocked
			}
		}
		if err := s.store.SaveInfo(ctx, &i); err != nil {
			return err
		}
		if i.DeliveryTag != before.DeliveryTag {
			// The store's price is nobody's ask, and a book has no stock.
			if err := s.resetSizes(ctx, id); err != nil {
				return err
			}
		}
		i, err = s.store.Info(ctx, id)
		return err
	})
	return i, err
}

// resetSizes empties the books of all sizes, and tells of each.
func (s *Service) resetSizes(ctx context.Context, infoID int64) error {
	sizes, err := s.store.ResetSizes(ctx, infoID)
	if err != nil {
		return err
	}
	if err := s.store.SettleSizes(ctx, infoID); err != nil {
		return err
	}
	var all int64
	for _, p := range sizes {
		if p.Size == AllSizes {
			all = p.ID
		}
	}
	for _, p := range sizes {
		if err := s.events.Emit(ctx, bookOf(p.ID, all)); err != nil {
			return err
		}
	}
	return nil
}

// DeleteInfo deletes an article that nobody has bid on or ordered. Staff only.
// Errors: ErrInfoNotFound, ErrInfoInUse.
func (s *Service) DeleteInfo(ctx context.Context, id int64) error {
	return s.asStaff(ctx, func(ctx context.Context) error {
		if err := s.store.LockInfo(ctx, id); err != nil {
			return err
		}
		info, err := s.store.Info(ctx, id)
		if err != nil {
			return err
		}
		if err := s.store.DeleteInfo(ctx, id); err != nil {
			return err
		}
		for _, image := range info.Images {
			s.pictures.DeleteAfterCommit(ctx, image.BlobKey)
		}
		return nil
	})
}

// SizeView is a size with what the caller thinks of it.
type SizeView struct {
	Product
	Wished bool
}

// Products returns the sizes of an article, ALL first, or ErrInfoNotFound.
func (s *Service) Products(ctx context.Context, infoID int64) ([]SizeView, error) {
	products, err := s.store.Products(ctx, infoID, s.now())
	if err != nil {
		return nil, err
	}
	wished := map[int64]bool{}
	if caller, ok := auth.From(ctx); ok {
		if wished, err = s.store.WishedIn(ctx, caller.UserID, infoID); err != nil {
			return nil, err
		}
	}
	views := make([]SizeView, len(products))
	for i, p := range products {
		views[i] = SizeView{Product: p, Wished: wished[p.ID]}
	}
	return views, nil
}

// ProductView is a size with its article, as its page shows it.
type ProductView struct {
	SizeView
	Info        Info
	SizeOptions []string // store goods: the sizes in stock
	Sizes       int      // how many sizes the article has, ALL included
}

// ProductOf returns one size of an article. Errors: ErrInfoNotFound,
// ErrProductNotFound.
func (s *Service) ProductOf(ctx context.Context, infoID int64, size string) (ProductView, error) {
	size, err := NormaliseSize(size)
	if err != nil {
		return ProductView{}, ErrProductNotFound
	}
	info, err := s.store.Info(ctx, infoID)
	if err != nil {
		return ProductView{}, err
	}
	sizes, err := s.Products(ctx, infoID)
	if err != nil {
		return ProductView{}, err
	}
	view := ProductView{Info: info, Sizes: len(sizes)}
	for _, p := range sizes {
		if p.Size == size {
			view.SizeView = p
		}
		if info.DeliveryTag == DeliveryBrand && p.Stock != nil && *p.Stock > 0 {
			view.SizeOptions = append(view.SizeOptions, p.Size)
		}
	}
	if view.ID == 0 {
		return ProductView{}, ErrProductNotFound
	}
	return view, nil
}

// ProductChange is what the staff sets of a size. Price and stock are for
// store goods; the prices of traded articles come from their books.
type ProductChange struct {
	Size  string
	Price *int64
	Stock *int64
}

// AddProduct adds a size to an article. Staff only. Errors: ErrInfoNotFound,
// ErrSizeTaken, ErrAllHasBids.
func (s *Service) AddProduct(ctx context.Context, infoID int64, in ProductChange) (Product, error) {
	var p Product
	err := s.asStaff(ctx, func(ctx context.Context) error {
		if err := s.store.LockInfo(ctx, infoID); err != nil {
			return err
		}
		// Before any of them alone: a leaver holds several, in the same order.
		if err := s.store.LockSizes(ctx, infoID); err != nil {
			return err
		}
		all, err := s.ProductOf(ctx, infoID, AllSizes)
		if err != nil {
			return err
		}
		size, err := NormaliseSize(in.Size)
		if err != nil {
			return err
		}
		if err := s.refuseBidsOn(ctx, all.ID); err != nil {
			return err
		}
		p = Product{InfoID: infoID, Size: size, CreatedAt: s.now()}
		if err := applyStore(&p, all.Info, in); err != nil {
			return err
		}
		if err := s.store.SaveProduct(ctx, &p); err != nil {
			return err
		}
		if err := s.settle(ctx, infoID, all.ID, 1); err != nil {
			return err
		}
		p, err = s.store.Product(ctx, p.ID, s.now())
		return err
	})
	return p, err
}

// settle ends the coming or going of a size, which ALL's book shows: its
// version grows by steps.
func (s *Service) settle(ctx context.Context, infoID, allID, steps int64) error {
	if err := s.store.SettleSizes(ctx, infoID); err != nil {
		return err
	}
	if err := s.store.RaiseVersion(ctx, allID, steps); err != nil {
		return err
	}
	return s.events.Emit(ctx, bookOf(allID, allID))
}

// refuseBidsOn keeps bids that rest on ALL from becoming unreachable, which a
// further size would make them. The lock of its book keeps new ones out until
// the size is there.
func (s *Service) refuseBidsOn(ctx context.Context, allID int64) error {
	if _, err := s.store.Lock(ctx, allID); err != nil {
		return err
	}
	for _, side := range []Side{Purchase, Sales} {
		if _, open, err := s.store.BestBid(ctx, allID, side, s.now(), 0); err != nil {
			return err
		} else if open {
			return ErrAllHasBids
		}
	}
	return nil
}

// applyStore sets price and stock of a store good, and refuses them for others.
func applyStore(p *Product, info Info, in ProductChange) error {
	err := fault.ErrInvalid
	if info.DeliveryTag != DeliveryBrand {
		if in.Price != nil {
			err = err.WithField("purchase_price", "comes from the order book of a traded article")
		}
		if in.Stock != nil {
			err = err.WithField("stock", "is only for goods that the store sells")
		}
		return refusal(err)
	}
	if in.Price != nil {
		if err := checkField("purchase_price", *in.Price, info.Tick); err != nil {
			return err
		}
		p.PurchasePrice = in.Price
	}
	if in.Stock != nil {
		p.Stock = in.Stock
	}
	switch {
	case p.Stock == nil && p.PurchasePrice != nil:
		err = err.WithField("stock", "is required with a price")
	case p.Stock != nil && (*p.Stock < 0 || *p.Stock > 1_000_000):
		err = err.WithField("stock", "must be between 0 and 1,000,000")
	}
	return refusal(err)
}

// ChangeProduct sets price and stock of a store good. Staff only. Errors:
// ErrInfoNotFound, ErrProductNotFound.
func (s *Service) ChangeProduct(ctx context.Context, infoID int64, size string, in ProductChange) error {
	return s.asStaff(ctx, func(ctx context.Context) error {
		if err := s.store.LockInfo(ctx, infoID); err != nil {
			return err
		}
		view, err := s.ProductOf(ctx, infoID, size)
		if err != nil {
			return err
		}
		locked, err := s.store.Lock(ctx, view.ID)
		if err != nil {
			return err
		}
		if view.Size == AllSizes && view.Sizes > 1 {
			return fault.ErrInvalid.WithField("size", "shows the best of the other sizes; set theirs")
		}
		p := locked.Product // as it is now: somebody may have bought one meanwhile
		if err := applyStore(&p, view.Info, in); err != nil {
			return err
		}
		if err := s.store.SaveProduct(ctx, &p); err != nil {
			return err
		}
		return s.events.Emit(ctx, bookOf(locked.ID, locked.AllID))
	})
}

// DeleteProduct deletes a size that nobody has bid on or ordered; ALL stays.
// Staff only. Errors: ErrInfoNotFound, ErrProductNotFound, ErrProductInUse.
func (s *Service) DeleteProduct(ctx context.Context, infoID int64, size string) error {
	return s.asStaff(ctx, func(ctx context.Context) error {
		if err := s.store.LockInfo(ctx, infoID); err != nil {
			return err
		}
		view, err := s.ProductOf(ctx, infoID, size)
		if err != nil {
			return err
		}
		if view.Size == AllSizes {
			return ErrProductInUse.WithMessage("The size ALL goes with its article.")
		}
		if err := s.store.LockSizes(ctx, infoID); err != nil {
			return err
		}
		locked, err := s.store.Lock(ctx, view.ID) // its version as it is now
		if err != nil {
			return err
		}
		if err := s.store.DeleteProduct(ctx, view.ID); err != nil {
			return err
		}
		// ALL's version is a sum: it takes over what goes, and grows by one.
		return s.settle(ctx, infoID, locked.AllID, locked.BookVersion+1)
	})
}

// Images returns the pictures of an article, or ErrInfoNotFound.
func (s *Service) Images(ctx context.Context, infoID int64) ([]Image, error) {
	info, err := s.store.Info(ctx, infoID)
	return info.Images, err
}

// AddImage adds a picture to an article. Staff only. Errors: ErrInfoNotFound,
// and those of the picture itself.
func (s *Service) AddImage(ctx context.Context, infoID int64, r io.Reader) (Image, error) {
	if _, err := auth.RequireStaff(ctx); err != nil {
		return Image{}, err
	}
	if _, err := s.store.Info(ctx, infoID); err != nil {
		return Image{}, err
	}
	// The picture is stored before its row: a crash between the two leaves an
	// unused file, never a row without its picture.
	image, err := s.pictures.Save(ctx, r)
	if err != nil {
		return Image{}, err
	}
	image.InfoID, image.CreatedAt = infoID, s.now()
	err = s.tx.InTx(ctx, func(ctx context.Context) error { return s.store.AddImage(ctx, &image) })
	return image, err
}

// DeleteImage deletes a picture. Staff only. Errors: ErrImageNotFound.
func (s *Service) DeleteImage(ctx context.Context, id int64) error {
	return s.asStaff(ctx, func(ctx context.Context) error {
		image, err := s.store.Image(ctx, id)
		if err != nil {
			return err
		}
		if err := s.store.DeleteImage(ctx, id); err != nil {
			return err
		}
		s.pictures.DeleteAfterCommit(ctx, image.BlobKey)
		return nil
	})
}
