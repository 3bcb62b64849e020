package store

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

// whole finds what is read from end to end. "SCAN i USING INDEX" is no such
// thing: it walks the index in its order and ends with the page. One "SCAN i" is
// that page itself, as a subquery.
func whole(dialect db.Dialect, plan string) []string {
	found := regexp.MustCompile(`(?m)Seq Scan on (product_infos|products|bids|orders|info_search|product_images)|^SCAN [a-z]+$`).FindAllString(plan, -1)
	if i := slices.Index(found, "SCAN i"); i >= 0 && dialect == db.SQLite {
		found = slices.Delete(found, i, i+1)
	}
	return found
}

// Every list walks the index of its order and stops after a page: nothing is
// read as a whole, nothing but the page itself is sorted.
func TestListsWalkTheIndexOfTheirOrder(t *testing.T) {
	orders := map[string]string{
		"newest": "product_infos_created_at_idx", "popular": "product_infos_wishes_idx", "price": "product_infos_list_price_idx",
		"-price": "product_infos_list_price_desc_idx", "premium": "product_infos_premium_idx",
	}
	filters := map[string]shop.Filter{
		"all": {}, "category": {Categories: []string{"shoes", "tech"}}, "size": {Sizes: []string{"260"}}, "delivery": {DeliveryTags: []string{shop.DeliveryImmediate}},
	}
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := New(d)
		makeWorld(t, s, world{articles: 1000, bids: 2, trades: 1})
		for name, f := range filters {
			for _, ordering := range slices.Sorted(maps.Keys(orders)) {
				f.Ordering = ordering
				query, args := s.infosQuery(f, page.Request{Number: 1, Size: 40})
				got := testkit.Plan(t, d, query, args...)
				if read := whole(d.Dialect, got); len(read) > 0 || !strings.Contains(got, orders[ordering]) {
					t.Errorf("%s, %s: %v\n%s", name, ordering, read, got)
				}
			}
		}
	})
}

// Words are looked up in the index of letters, not in the articles.
func TestSearchesUseTheIndexOfLetters(t *testing.T) {
	index := map[db.Dialect]string{db.SQLite: "info_search_fts VIRTUAL TABLE INDEX", db.Postgres: "Bitmap Index Scan on info_search_words_idx"}
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := New(d)
		makeWorld(t, s, world{articles: 6000})
		for _, search := range []string{"velvet", "velvet chalk", "mr-1234", "러너 4321", "nothing"} {
			f := shop.Filter{Search: search}
			query, args := s.infosQuery(f, page.Request{Number: 1, Size: 40})
			if got := testkit.Plan(t, d, query, args...); !strings.Contains(got, index[d.Dialect]) || len(whole(d.Dialect, got)) > 0 {
				t.Errorf("search %q:\n%s", search, got)
			}
		}
		query, arg := s.search.alike(shop.Probes(shop.Filter{Search: "vlevet"}.Terms()))
		if got := testkit.Plan(t, d, query, arg, maxCandidates); !strings.Contains(got, index[d.Dialect]) || len(whole(d.Dialect, strings.Replace(got, "SCAN f\n", "", 1))) > 0 {
			t.Errorf("similar spellings:\n%s", got)
		}
	})
}

// What a page costs must not grow with the world.
func BenchmarkCatalogueGrowth(b *testing.B) {
	lists := []struct {
		name string
		f    shop.Filter
	}{
		{"newest", shop.Filter{}},
		{"popular", shop.Filter{Ordering: "popular"}},
		{"price", shop.Filter{Ordering: "price"}},
		{"price_down", shop.Filter{Ordering: "-price"}},
		{"premium", shop.Filter{Ordering: "premium"}},
		{"popular_shoes", shop.Filter{Ordering: "popular", Categories: []string{"shoes"}}},
		{"price_span", shop.Filter{Ordering: "popular", Prices: []shop.PriceRange{{Min: 100_000, Max: 200_000}}}},
		{"search_model", shop.Filter{Search: "mr-42"}},
		{"search_rare", shop.Filter{Search: "velvet chalk"}},
		{"search_common", shop.Filter{Search: "runner"}},
	}
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		for _, times := range []int{1, 10, 100} {
			b.Run(fmt.Sprintf("%s/%dx", dialect, times), func(b *testing.B) {
				s := New(testkit.OpenDB(b, dialect))
				makeWorld(b, s, world{articles: 60 * times, bids: 5, trades: 12})
				run := func(name string, fn func() error) {
					b.Run(name, func(b *testing.B) {
						for b.Loop() {
							if err := fn(); err != nil {
								b.Fatal(err)
							}
						}
					})
				}
				ctx, now := b.Context(), time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
				for _, l := range lists {
					run("list_"+l.name, func() error { // with the articles themselves, as nobody remembers them
						rows, err := s.Infos(ctx, l.f, page.Request{Number: 1, Size: 40})
						if err != nil {
							return err
						}
						ids := make([]int64, len(rows))
						for i, r := range rows {
							ids[i] = r.InfoID
						}
						_, err = s.InfosByID(ctx, ids)
						return err
					})
				}
				run("count", func() error { _, err := s.CountInfos(ctx, shop.Filter{}, page.MaxDepth); return err })
				run("facets", func() error { _, err := s.Facets(ctx, shop.Filter{}); return err })
				run("similar", func() error { _, err := s.SimilarInfos(ctx, shop.Filter{Search: "vlevet"}.Terms()); return err })
				run("article_sizes", func() error { _, err := s.Products(ctx, 31, now); return err })
				run("article_book", func() error { _, err := s.Book(ctx, 30*7+1, now, 20); return err })
				run("article_trades", func() error { _, err := s.Trades(ctx, 30*7+1, 50); return err })
			})
		}
	}
}
