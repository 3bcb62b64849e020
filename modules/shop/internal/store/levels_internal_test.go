package store

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/migrations"
	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/testkit"
)

// A reader of a long book must not count its bids.
func TestABookIsReadByItsLevels(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := New(d)
		makeWorld(t, s, world{articles: 60, bids: 40})
		got := testkit.Plan(t, d, s.bookQuery(), int64(1), time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), 20)
		whole := regexp.MustCompile(`(?m)Seq Scan on (bids|book_levels)|^SCAN (bids|book_levels)`)
		if whole.MatchString(got) || !strings.Contains(got, "bids_expiry_idx") || strings.Contains(got, "bids_book_idx") {
			t.Errorf("a book is read so:\n%s", got)
		}
	})
}

// Bids that stood before there were levels are counted, and counting goes on.
func TestLevelsBeginWithTheBidsThatStand(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, product, now := stall(t, d)
		for i, until := range []time.Time{now.Add(time.Hour), now.Add(time.Hour), now} {
			s.offer(t, product, shop.Sales, int64(i+1), 50_000, now, until)
		}
		s.offer(t, product, shop.Sales, 4, 51_000, now, now)
		want := []shop.Level{{Price: 50_000, Count: 2}} // one has expired, and waits for the sweep
		look := func(when string) {
			t.Helper()
			book, err := s.Book(t.Context(), product, now, 20)
			if err != nil || !slices.Equal(book.Asks, want) {
				t.Errorf("%s: the asks are %v, %v; want %v", when, book.Asks, err, want)
			}
			if depth, err := s.DepthOf(t.Context(), product, shop.Sales, now); err != nil || !slices.Equal(depth, want) {
				t.Errorf("%s: the depth is %v, %v; want %v", when, depth, err, want)
			}
		}
		look("at first")
		m, err := db.NewMigrator(d, migrations.Files)
		if err != nil {
			t.Fatal(err)
		}
		for {
			version, err := m.Down(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if version == 9 {
				break
			}
		}
		if _, err := m.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		look("after the migration")
		if n, err := s.ExpireBids(t.Context(), product, now); err != nil || n != 2 {
			t.Fatalf("%d bids expired: %v", n, err)
		}
		look("after the sweep")
	})
}
