package shop

import (
	"context"
	"io"

	"rally/platform/auth"
	"rally/platform/fault"
)

// SizeView is a size with what the caller thinks of it.
type SizeView struct {
	Product
	Wished bool
	Target *int64 // the price that the caller waits for
}

// Products returns the sizes of an article, ALL first, or ErrInfoNotFound.
func (s *Service) Products(ctx context.Context, infoID int64) ([]SizeView, error) {
	products, err := s.store.Products(ctx, infoID, s.now())
	if err != nil {
		return nil, err
	}
	return s.withWishes(ctx, infoID, products)
}

// withWishes adds what the caller, if there is one, thinks of sizes.
func (s *Service) withWishes(ctx context.Context, infoID int64, products []Product) ([]SizeView, error) {
	var wished map[int64]Wish
	if caller, ok := auth.From(ctx); ok {
		var err error
		if wished, err = s.store.WishedIn(ctx, caller.UserID, infoID); err != nil {
			return nil, err
		}
	}
	views := make([]SizeView, len(products))
	for i, p := range products {
		w, is := wished[p.ID]
		views[i] = SizeView{Product: p, Wished: is, Target: w.TargetPrice}
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

// ProductOf returns one size of an article, which may be as old as one of
// Infos. Errors: ErrInfoNotFound, ErrProductNotFound.
func (s *Service) ProductOf(ctx context.Context, infoID int64, size string) (ProductView, error) {
	now, since := s.now(), s.memory.mark()
	figures, products, err := s.store.ProductsWith(ctx, infoID, now)
	if err != nil {
		return ProductView{}, err
	}
	info, err := s.infoOf(ctx, figures, now, since)
	if err != nil {
		return ProductView{}, err
	}
	sizes, err := s.withWishes(ctx, infoID, products)
	if err != nil {
		return ProductView{}, err
	}
	return productViewOf(info, sizes, size)
}

// lockedProductOf is ProductOf for a write that holds the article: it sees what
// the transaction sees, and nobody else may.
func (s *Service) lockedProductOf(ctx context.Context, infoID int64, size string) (ProductView, error) {
	info, err := s.store.Info(ctx, infoID)
	if err != nil {
		return ProductView{}, err
	}
	sizes, err := s.Products(ctx, infoID)
	if err != nil {
		return ProductView{}, err
	}
	return productViewOf(info, sizes, size)
}

func productViewOf(info Info, sizes []SizeView, size string) (ProductView, error) {
	size, err := NormaliseSize(size)
	if err != nil {
		return ProductView{}, ErrProductNotFound
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
	err := s.onCatalogue(ctx, func(ctx context.Context) error {
		if err := s.store.LockInfo(ctx, infoID); err != nil {
			return err
		}
		// Before any of them alone: a leaver holds several, in the same order.
		if err := s.store.LockSizes(ctx, infoID); err != nil {
			return err
		}
		all, err := s.lockedProductOf(ctx, infoID, AllSizes)
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
		if p, err = s.store.Product(ctx, p.ID, s.now()); err != nil {
			return err
		}
		if err := s.audit.Record(ctx, "shop.size.create", target("article", infoID), "", nil, auditedSize(p)); err != nil || p.PurchasePrice == nil {
			return err
		}
		return s.reach(ctx, Locked{Product: p, AllID: all.ID}, *p.PurchasePrice)
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
	return s.onCatalogue(ctx, func(ctx context.Context) error {
		if err := s.store.LockInfo(ctx, infoID); err != nil {
			return err
		}
		view, err := s.lockedProductOf(ctx, infoID, size)
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
		if err := s.audit.Record(ctx, "shop.size.change", target("article", infoID), "", auditedSize(locked.Product), auditedSize(p)); err != nil {
			return err
		}
		if err := s.events.Emit(ctx, bookOf(locked.ID, locked.AllID)); err != nil || p.PurchasePrice == nil || p.Stock == nil || *p.Stock == 0 {
			return err
		}
		return s.reach(ctx, locked, *p.PurchasePrice)
	})
}

// DeleteProduct deletes a size that nobody has bid on or ordered; ALL stays.
// Staff only. Errors: ErrInfoNotFound, ErrProductNotFound, ErrProductInUse.
func (s *Service) DeleteProduct(ctx context.Context, infoID int64, size string) error {
	return s.onCatalogue(ctx, func(ctx context.Context) error {
		if err := s.store.LockInfo(ctx, infoID); err != nil {
			return err
		}
		view, err := s.lockedProductOf(ctx, infoID, size)
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
		if err := s.audit.Record(ctx, "shop.size.delete", target("article", infoID), "", auditedSize(locked.Product), nil); err != nil {
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
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.AddImage(ctx, &image); err != nil {
			return err
		}
		if err := s.audit.Record(ctx, "shop.picture.create", target("article", infoID), "", nil, auditedImage(image)); err != nil {
			return err
		}
		return s.events.Emit(ctx, CatalogueChanged{})
	})
	return image, err
}

// DeleteImage deletes a picture. Staff only. Errors: ErrImageNotFound.
func (s *Service) DeleteImage(ctx context.Context, id int64) error {
	return s.onCatalogue(ctx, func(ctx context.Context) error {
		image, err := s.store.Image(ctx, id)
		if err != nil {
			return err
		}
		if err := s.store.DeleteImage(ctx, id); err != nil {
			return err
		}
		s.pictures.DeleteAfterCommit(ctx, image.BlobKey)
		return s.audit.Record(ctx, "shop.picture.delete", target("article", image.InfoID), "", auditedImage(image), nil)
	})
}
