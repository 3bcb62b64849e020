package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rally/modules/shop"
	"rally/platform/db"
)

type facetRow struct {
	Facet    string `bun:"facet"`
	Value    string `bun:"value"`
	Label    string `bun:"label"`
	Position int    `bun:"position"`
	Count    int    `bun:"n"`
}

// Facets counts the choices of each filter, all in one statement.
func (s *Store) Facets(ctx context.Context, f shop.Filter) (shop.Facets, error) {
	// An article has a size once, so counting sizes counts articles.
	counts := []struct{ name, columns, from, group string }{
		{byCategory, "i.category AS value, '' AS label, 0 AS position", "product_infos i", "i.category"},
		{byBrand, "CAST(i.brand_id AS text), (SELECT b.name FROM brands b WHERE b.id = i.brand_id), 0", "product_infos i", "i.brand_id"},
		{bySize, "z.size, '', min(z.position)", "product_infos i JOIN products z ON z.info_id = i.id", "z.size"},
		{byDelivery, "i.delivery_tag, '', 0", "product_infos i", "i.delivery_tag"},
	}
	c := conditions{s: s}
	parts := make([]string, len(counts))
	for i, n := range counts {
		c.texts = nil
		c.choose(f, n.name)
		parts[i] = fmt.Sprintf("SELECT '%s' AS facet, %s, count(*) AS n FROM %s%s GROUP BY %s", n.name, n.columns, n.from, c.where(), n.group)
	}
	rows, err := db.Select[facetRow](ctx, s.db, strings.Join(parts, " UNION ALL "), c.args...)
	if err != nil {
		return shop.Facets{}, fmt.Errorf("count the choices of filters: %w", err)
	}
	var facets shop.Facets
	into := map[string]*[]shop.FacetValue{byCategory: &facets.Category, byBrand: &facets.BrandID, bySize: &facets.Size, byDelivery: &facets.DeliveryTag}
	slices.SortFunc(rows, func(a, b facetRow) int {
		// Brands by name, sizes by how large they are, the rest by their counts.
		most := 0
		if a.Facet == byCategory || a.Facet == byDelivery {
			most = cmp.Compare(b.Count, a.Count)
		}
		return cmp.Or(cmp.Compare(a.Facet, b.Facet), most, cmp.Compare(a.Label, b.Label), cmp.Compare(a.Position, b.Position), cmp.Compare(a.Value, b.Value))
	})
	for _, r := range rows {
		*into[r.Facet] = append(*into[r.Facet], shop.FacetValue{Value: r.Value, Label: r.Label, Count: r.Count})
	}
	return facets, nil
}
