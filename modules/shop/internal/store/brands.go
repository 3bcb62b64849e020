package store

import (
	"context"
	"fmt"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/page"
)

// Brands lists brands by name: all, or those that have every one of the terms.
func (s *Store) Brands(ctx context.Context, terms []string, p page.Request) (page.List[shop.Brand], error) {
	empty := page.List[shop.Brand]{}
	where, args := "", []any{}
	for i, term := range terms {
		where += []string{" WHERE ", " AND "}[min(i, 1)] + fmt.Sprintf(`search_words LIKE $%d ESCAPE '\'`, i+1)
		args = append(args, "%"+db.EscapeLike(term)+"%")
	}
	n := len(args)
	rows, err := db.Select[brandRow](ctx, s.db, fmt.Sprintf("SELECT id, name, created_at FROM brands%s ORDER BY name_key, id LIMIT $%d OFFSET $%d", where, n+1, n+2),
		append(args[:n:n], p.Size, p.Offset())...)
	if err != nil {
		return empty, fmt.Errorf("list brands: %w", err)
	}
	count, err := db.Get[int](ctx, s.db, "SELECT count(*) FROM brands"+where, args...)
	if err != nil {
		return empty, fmt.Errorf("count brands: %w", err)
	}
	return page.List[shop.Brand]{Rows: convert(rows), Count: count, Page: p}, nil
}

func fromBrand(b shop.Brand) brandRow {
	return brandRow{ID: b.ID, Name: b.Name, NameKey: b.NameKey(), SearchWords: shop.SearchWords(b.Name), SearchForm: shop.SearchForm, CreatedAt: b.CreatedAt}
}

func (r brandRow) toDomain() shop.Brand {
	return shop.Brand{ID: r.ID, Name: r.Name, CreatedAt: r.CreatedAt.UTC()}
}

// Brand returns a brand, or shop.ErrBrandNotFound.
func (s *Store) Brand(ctx context.Context, id int64) (shop.Brand, error) {
	return one[brandRow](ctx, s, shop.ErrBrandNotFound, "SELECT id, name, created_at FROM brands WHERE id = $1", id)
}

// lockBrand keeps articles from reading a brand's name while it changes.
const lockBrand = "SELECT id FROM brands WHERE id = $1 FOR UPDATE"

// SaveBrand inserts a brand, or renames one and with it what its articles are
// found by.
func (s *Store) SaveBrand(ctx context.Context, b *shop.Brand) error {
	row := fromBrand(*b)
	if b.ID == 0 {
		_, err := s.db.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
		b.ID = row.ID
		return brandFault(err)
	}
	if err := db.LockRows(ctx, s.db, lockBrand, b.ID); err != nil {
		return err
	}
	n, err := db.Exec(ctx, s.db, "UPDATE brands SET name = $1, name_key = $2, search_words = $3, search_form = $4 WHERE id = $5", row.Name, row.NameKey, row.SearchWords, row.SearchForm, b.ID)
	if err := brandFault(changed(n, err, shop.ErrBrandNotFound)); err != nil {
		return err
	}
	return s.rewriteWords(ctx, "i.brand_id = $1", b.ID)
}

func brandFault(err error) error {
	if db.IsUnique(err) {
		return shop.ErrBrandTaken.WithField("name", "is taken")
	}
	return err
}

// DeleteBrand deletes a brand that no article refers to.
func (s *Store) DeleteBrand(ctx context.Context, id int64) error {
	n, err := db.Exec(ctx, s.db, "DELETE FROM brands WHERE id = $1", id)
	if db.IsForeignKey(err) {
		return shop.ErrBrandInUse
	}
	return changed(n, err, shop.ErrBrandNotFound)
}
