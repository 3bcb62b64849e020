package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/testkit"
)

func TestTheShowcaseShowsArticles(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := New(d)
		makeWorld(t, s, world{articles: 12, bids: 2, trades: 1})
		clock := testkit.NewClock(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
		show := shop.NewShowcase(s, clock.Now)
		best := func(id int64) (purchase, sales *int64) { // as the article's own page says
			t.Helper()
			sizes, err := s.Products(t.Context(), id, clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			all := sizes[slices.IndexFunc(sizes, func(p shop.Product) bool { return p.Size == shop.AllSizes })]
			return all.PurchasePrice, all.SalesPrice
		}
		ids := []int64{1, 2, 9, 10, 2, 999}
		ctx, n := db.WithCounter(t.Context())
		found, err := show.Listings(ctx, ids)
		if err != nil || len(found) != 4 || n.Load() != 1 {
			t.Fatalf("%d articles, %d statements, %v", len(found), n.Load(), err)
		}
		for _, id := range ids[:4] {
			got := found[id]
			purchase, sales := best(id)
			if (got.PurchasePrice == nil) != (id == 10) || got.SalesPrice == nil || got.Picture != fmt.Sprintf("shop/a%d.jpg", id) || got.EngName == "" || got.KorName == "" {
				t.Errorf("article %d: %+v", id, got)
			}
			if !reflect.DeepEqual(got.PurchasePrice, purchase) || !reflect.DeepEqual(got.SalesPrice, sales) {
				t.Errorf("article %d: %s and %s, its sizes say %s and %s", id, text(got.PurchasePrice), text(got.SalesPrice), text(purchase), text(sales))
			}
		}
		if _, err := show.Listings(ctx, []int64{1, 9, 10}); err != nil || n.Load() != 1 {
			t.Errorf("asked again: %d statements, %v", n.Load(), err)
		}
		if none, err := show.Listings(ctx, nil); err != nil || len(none) != 0 || n.Load() != 1 {
			t.Errorf("of nothing: %+v, %v", none, err)
		}

		do := func(text string) {
			t.Helper()
			if _, err := db.Exec(t.Context(), d, text); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
		// Prices are a second old at most; what the staff changes shows at once.
		do("UPDATE product_infos SET eng_name = 'Renamed' WHERE id = 1")
		do("DELETE FROM product_images WHERE info_id = 1 AND blob_key = 'shop/a1.jpg'")
		show.Forget()
		if found, err = show.Listings(ctx, []int64{1}); err != nil || found[1].EngName != "Renamed" || found[1].Picture != "shop/b1.jpg" {
			t.Errorf("after a change: %+v, %v", found, err)
		}
		do("DELETE FROM product_images")
		clock.Advance(time.Second)
		if found, err = show.Listings(ctx, []int64{1}); err != nil || found[1].Picture != "" {
			t.Errorf("a second later: %+v, %v", found, err)
		}
		clock.Advance(2 * 365 * 24 * time.Hour) // bids expire, whatever is stored beside
		if found, err = show.Listings(ctx, []int64{1}); err != nil || found[1].PurchasePrice != nil || found[1].SalesPrice != nil {
			t.Errorf("after their bids: %+v, %v", found, err)
		}
		do("UPDATE products SET purchase_price = 77000, stock = 3 WHERE info_id = 12 AND size = '250'")
		do("UPDATE product_infos SET delivery_tag = 'brand' WHERE id = 12")
		if found, err = show.Listings(ctx, []int64{12}); err != nil || found[12].PurchasePrice == nil || *found[12].PurchasePrice != 77000 {
			t.Errorf("a store good: %+v, %v", found, err)
		}
	})
}

func text(price *int64) string {
	if price == nil {
		return "none"
	}
	return fmt.Sprint(*price)
}

func TestTheShowcaseCountsShares(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := New(d)
		makeWorld(t, s, world{articles: 4})
		show := shop.NewShowcase(s, time.Now)
		shares := func() string {
			t.Helper()
			list, err := db.Select[int64](t.Context(), d, "SELECT shares FROM product_infos ORDER BY id")
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(list)
		}
		add := func(step int64, ids ...int64) {
			t.Helper()
			if err := d.InTx(t.Context(), func(ctx context.Context) error { return show.AddShares(ctx, ids, step) }); err != nil {
				t.Fatal(err)
			}
		}
		given := []int64{3, 1, 3, 999}
		if err := d.InTx(t.Context(), func(ctx context.Context) error { return show.AddShares(ctx, given, 1) }); err != nil || fmt.Sprint(given) != "[3 1 3 999]" {
			t.Errorf("%v, the list is %v now", err, given)
		}
		add(1)
		add(5, 2, 3)
		add(-1, 1)
		if got := shares(); got != "[0 5 6 0]" {
			t.Errorf("shares are %s", got)
		}
		failed := errors.New("no")
		if err := d.InTx(t.Context(), func(ctx context.Context) error {
			if err := show.AddShares(ctx, []int64{4}, 1); err != nil {
				return err
			}
			return failed
		}); !errors.Is(err, failed) || shares() != "[0 5 6 0]" {
			t.Errorf("after a rollback: %s, %v", shares(), err)
		}

		// Whoever shows the same articles in any order waits for nobody in a circle.
		var all sync.WaitGroup
		for i := range 24 {
			ids := []int64{1, 2, 3, 4}
			if i%2 == 0 {
				slices.Reverse(ids)
			}
			all.Go(func() {
				if err := d.InTx(t.Context(), func(ctx context.Context) error {
					if err := show.AddShares(ctx, ids[:3], 1); err != nil {
						return err
					}
					return show.AddShares(ctx, ids[1:2], 0)
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := shares(); got != "[12 29 30 12]" {
			t.Errorf("shares are %s", got)
		}
	})
}

func TestTheShowcaseKnowsOwners(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := New(d)
		makeWorld(t, s, world{articles: 3, trades: 2}) // person 2 bought all of it
		show := shop.NewShowcase(s, time.Now)
		for _, text := range []string{"UPDATE orders SET buyer_id = 3 WHERE info_id = 2", "UPDATE orders SET status = 'shipping' WHERE info_id = 3"} {
			if _, err := db.Exec(t.Context(), d, text); err != nil {
				t.Fatal(err)
			}
		}
		of := func(pairs ...[2]int64) []shop.Ownership {
			asked := make([]shop.Ownership, len(pairs))
			for i, pair := range pairs {
				asked[i] = shop.Ownership{UserID: pair[0], InfoID: pair[1]}
			}
			return asked
		}
		for _, c := range []struct {
			asked      []shop.Ownership
			want       string
			statements int64
		}{
			{of([2]int64{1, 1}, [2]int64{2, 1}, [2]int64{2, 2}, [2]int64{3, 1}, [2]int64{3, 2}, [2]int64{2, 3}, [2]int64{2, 4}), "[{2 1} {3 2}]", 1},
			{of([2]int64{2, 2}, [2]int64{2, 3}), "[]", 1}, {of([2]int64{3, 2}, [2]int64{3, 2}), "[{3 2}]", 1}, {of(), "[]", 0},
		} {
			ctx, n := db.WithCounter(t.Context())
			got, err := show.Owners(ctx, c.asked)
			slices.SortFunc(got, func(a, b shop.Ownership) int { return int(a.UserID - b.UserID) })
			if err != nil || fmt.Sprint(got) != c.want || n.Load() != c.statements {
				t.Errorf("of %v: %v, %d statements, %v", c.asked, got, n.Load(), err)
			}
		}
	})
}
