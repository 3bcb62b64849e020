package shop

import (
	"context"

	"rally/platform/page"
)

// Brands lists brands by name: all, or those with the words of a search.
func (s *Service) Brands(ctx context.Context, search string, p page.Request) (page.List[Brand], error) {
	if err := checkSearch(search); err != nil {
		return page.List[Brand]{}, err
	}
	return s.store.Brands(ctx, searchTerms(search), p)
}

// Brand returns a brand, or ErrBrandNotFound.
func (s *Service) Brand(ctx context.Context, id int64) (Brand, error) { return s.store.Brand(ctx, id) }

// SaveBrand creates a brand (ID 0) or renames one. Staff only. Errors:
// ErrBrandTaken, ErrBrandNotFound.
func (s *Service) SaveBrand(ctx context.Context, b Brand) (Brand, error) {
	err := s.onCatalogue(ctx, func(ctx context.Context) error {
		if err := b.Validate(); err != nil {
			return err
		}
		if b.ID == 0 {
			b.CreatedAt = s.now()
			if err := s.store.SaveBrand(ctx, &b); err != nil {
				return err
			}
			return s.audit.Record(ctx, "shop.brand.create", target("brand", b.ID), "", nil, auditedBrand(b))
		}
		before, err := s.store.Brand(ctx, b.ID)
		if err != nil {
			return err
		}
		b.CreatedAt = before.CreatedAt
		if err := s.store.SaveBrand(ctx, &b); err != nil {
			return err
		}
		return s.audit.Record(ctx, "shop.brand.change", target("brand", b.ID), "", auditedBrand(before), auditedBrand(b))
	})
	return b, err
}

// DeleteBrand deletes a brand without articles. Staff only. Errors:
// ErrBrandInUse, ErrBrandNotFound.
func (s *Service) DeleteBrand(ctx context.Context, id int64) error {
	return s.onCatalogue(ctx, func(ctx context.Context) error {
		before, err := s.store.Brand(ctx, id)
		if err != nil {
			return err
		}
		if err := s.store.DeleteBrand(ctx, id); err != nil {
			return err
		}
		return s.audit.Record(ctx, "shop.brand.delete", target("brand", id), "", auditedBrand(before), nil)
	})
}

// Info returns an article with its pictures, or ErrInfoNotFound. It may be as
// old as one of Infos.
func (s *Service) Info(ctx context.Context, id int64) (Info, error) {
	now, since := s.now(), s.memory.mark()
	figures, err := s.store.Figures(ctx, id)
	if err != nil {
		return Info{}, err
	}
	return s.infoOf(ctx, figures, now, since)
}

// CreateInfo adds an article, together with its size ALL. Staff only. Errors:
// ErrBrandNotFound.
func (s *Service) CreateInfo(ctx context.Context, i Info) (Info, error) {
	err := s.onCatalogue(ctx, func(ctx context.Context) error {
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
		if i, err = s.store.Info(ctx, i.ID); err != nil {
			return err
		}
		return s.audit.Record(ctx, "shop.article.create", target("article", i.ID), "", nil, auditedInfo(i))
	})
	return i, err
}

// ChangeInfo rewrites an article by edit, which gets it as it is. Staff only.
// Errors: ErrInfoNotFound, ErrBrandNotFound, ErrDeliveryLocked.
func (s *Service) ChangeInfo(ctx context.Context, id int64, edit func(*Info)) (Info, error) {
	var i Info
	err := s.onCatalogue(ctx, func(ctx context.Context) error {
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
		if i.Tick != before.Tick && i.DeliveryTag == before.DeliveryTag {
			// Whoever waits to place a bid must see the new step.
			if err := s.renewBooks(ctx, id); err != nil {
				return err
			}
		}
		if i.DeliveryTag != before.DeliveryTag {
			// The store's price is nobody's ask, and a book has no stock.
			if err := s.resetSizes(ctx, id); err != nil {
				return err
			}
		}
		if i, err = s.store.Info(ctx, id); err != nil {
			return err
		}
		return s.audit.Record(ctx, "shop.article.change", target("article", id), "", auditedInfo(before), auditedInfo(i))
	})
	return i, err
}

// renewBooks gives the books of all sizes a new version, and tells of each.
func (s *Service) renewBooks(ctx context.Context, infoID int64) error {
	sizes, err := s.store.Products(ctx, infoID, s.now())
	if err != nil {
		return err
	}
	all := allOf(sizes)
	for _, p := range sizes {
		if err := s.store.RaiseVersion(ctx, p.ID, 1); err != nil {
			return err
		}
		if err := s.events.Emit(ctx, bookOf(p.ID, all)); err != nil {
			return err
		}
	}
	return nil
}

// allOf returns the id of the size ALL.
func allOf(sizes []Product) int64 {
	for _, p := range sizes {
		if p.Size == AllSizes {
			return p.ID
		}
	}
	return 0
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
	all := allOf(sizes)
	for _, p := range sizes {
		if err := s.events.Emit(ctx, bookOf(p.ID, all)); err != nil {
			return err
		}
	}
	return nil
}

// DeleteInfo deletes an article that nobody has bid on or ordered, with its reviews. Staff only.
// Errors: ErrInfoNotFound, ErrInfoInUse.
func (s *Service) DeleteInfo(ctx context.Context, id int64) error {
	return s.onCatalogue(ctx, func(ctx context.Context) error {
		if err := s.store.LockInfo(ctx, id); err != nil {
			return err
		}
		info, err := s.store.Info(ctx, id)
		if err != nil {
			return err
		}
		if err := s.reviews.Clear(ctx, ReviewRoom, id); err != nil {
			return err
		}
		if err := s.store.DeleteInfo(ctx, id); err != nil {
			return err
		}
		for _, image := range info.Images {
			s.pictures.DeleteAfterCommit(ctx, image.BlobKey)
		}
		return s.audit.Record(ctx, "shop.article.delete", target("article", id), "", auditedInfo(info), nil)
	})
}
