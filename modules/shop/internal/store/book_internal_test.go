package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/testkit"
)

// stall is one product with an empty book.
func stall(t *testing.T, d *db.DB) (*Store, int64, time.Time) {
	t.Helper()
	s, at := New(d), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c := &shop.Catalogue{
		Brands:   []shop.Brand{{Name: "Solbit", CreatedAt: at}},
		Infos:    []shop.ImportedInfo{{Info: shop.Info{EngName: "Court", KorName: "코트", Category: "shoes", DeliveryTag: shop.DeliveryImmediate, Tick: 1000, CreatedAt: at}}},
		Products: []shop.ImportedProduct{{Product: shop.Product{Size: "260", CreatedAt: at}}},
	}
	if err := d.InTx(t.Context(), func(ctx context.Context) error { return s.ImportCatalogue(ctx, c) }); err != nil {
		t.Fatal(err)
	}
	id, err := db.Get[int64](t.Context(), d, "SELECT id FROM products WHERE size = '260'")
	if err != nil {
		t.Fatal(err)
	}
	return s, id, at
}

func (s *Store) offer(t *testing.T, product int64, side shop.Side, user, price int64, at, until time.Time) shop.Bid {
	t.Helper()
	b := shop.Bid{ProductID: product, UserID: user, Side: side, Price: price, Status: shop.BidOpen, CreatedAt: at, ExpiresAt: until}
	if err := s.db.InTx(t.Context(), func(ctx context.Context) error { return s.Place(ctx, &b) }); err != nil {
		t.Fatal(err)
	}
	return b
}

// held runs change while the book is held, and meanwhile somebody who waits for
// the book. It returns what they get.
func held(t *testing.T, s *Store, product int64, clock func() time.Time, change func(ctx context.Context) error) (shop.Locked, *shop.Bid) {
	t.Helper()
	type result struct {
		locked shop.Locked
		best   *shop.Bid
		err    error
	}
	got := make(chan result, 1)
	err := s.db.InTx(t.Context(), func(ctx context.Context) error {
		if _, _, err := s.LockBest(ctx, product, shop.Sales, clock, 0); err != nil {
			return err
		}
		go func() {
			var r result
			r.err = s.db.InTx(t.Context(), func(ctx context.Context) (err error) {
				r.locked, r.best, err = s.LockBest(ctx, product, shop.Sales, clock, 0)
				return err
			})
			got <- r
		}()
		if s.db.Dialect == db.Postgres { // on SQLite the next one doesn't even begin
			testkit.Until(t, "the other one waits", func() bool {
				n, err := db.Get[int](t.Context(), s.db, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
				return err == nil && n == 1
			})
		}
		return change(ctx)
	})
	r := <-got
	if err := errors.Join(err, r.err); err != nil {
		t.Fatal(err)
	}
	return r.locked, r.best
}

func TestWhoeverWaitsForABookSeesWhatBecameOfIt(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, product, at := stall(t, d)
		first := s.offer(t, product, shop.Sales, 1, 100_000, at, at.AddDate(0, 0, 1))
		second := s.offer(t, product, shop.Sales, 2, 101_000, at, at.AddDate(0, 0, 1))
		clock := testkit.NewClock(at)
		locked, best := held(t, s, product, clock.Now, func(ctx context.Context) error {
			if err := s.CloseBid(ctx, first.ID, shop.BidCancelled, at); err != nil {
				return err
			}
			return s.Reprice(ctx, product, at)
		})
		if best == nil || best.ID != second.ID || locked.BookVersion != 3 || locked.PurchasePrice == nil || *locked.PurchasePrice != second.Price {
			t.Errorf("got %+v in %+v", best, locked)
		}
		// The best one may also be new.
		var third shop.Bid
		_, best = held(t, s, product, clock.Now, func(ctx context.Context) error {
			third = shop.Bid{ProductID: product, UserID: 3, Side: shop.Sales, Price: 99_000, Status: shop.BidOpen, CreatedAt: at, ExpiresAt: at.AddDate(0, 0, 1)}
			return s.Place(ctx, &third)
		})
		if best == nil || best.ID != third.ID {
			t.Errorf("got %+v, not %d", best, third.ID)
		}
	})
}

// Nothing changes the book meanwhile, so only the clock can tell.
func TestABidThatExpiresDuringTheWaitIsNotTaken(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, product, at := stall(t, d)
		s.offer(t, product, shop.Sales, 1, 100_000, at, at.Add(time.Minute))
		lasting := s.offer(t, product, shop.Sales, 2, 101_000, at, at.Add(time.Hour))
		clock := testkit.NewClock(at)
		_, best := held(t, s, product, clock.Now, func(context.Context) error {
			clock.Advance(time.Minute)
			return nil
		})
		if best == nil || best.ID != lasting.ID {
			t.Errorf("got %+v, not %d", best, lasting.ID)
		}
	})
}

func TestABookIsLockedAndReadInOneStatement(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, product, at := stall(t, d)
		s.offer(t, product, shop.Sales, 1, 100_000, at, at.Add(time.Hour))
		ctx, statements := db.WithCounter(t.Context())
		if err := d.InTx(ctx, func(ctx context.Context) error {
			_, _, err := s.LockBest(ctx, product, shop.Sales, testkit.NewClock(at).Now, 0)
			return err
		}); err != nil || statements.Load() != 3 { // with BEGIN and COMMIT
			t.Errorf("%d statements, %v", statements.Load(), err)
		}
		if err := d.InTx(ctx, func(ctx context.Context) error {
			_, _, err := s.LockBest(ctx, product+1, shop.Sales, testkit.NewClock(at).Now, 0)
			return err
		}); !errors.Is(err, shop.ErrProductNotFound) {
			t.Errorf("no product: %v", err)
		}
	})
}

func TestAPlacedBidMovesThePricesThatItBeats(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, product, at := stall(t, d)
		later := at.Add(2 * time.Hour)
		version := int64(0)
		for _, step := range []struct {
			side     shop.Side
			price    int64
			at       time.Time
			ask, bid int64 // afterwards; 0: none
		}{
			{shop.Sales, 100_000, at, 100_000, 0},
			{shop.Purchase, 90_000, at, 100_000, 90_000},
			{shop.Sales, 101_000, at, 100_000, 90_000}, // beats nothing
			{shop.Sales, 98_000, at, 98_000, 90_000},
			{shop.Purchase, 80_000, at, 98_000, 90_000},
			{shop.Purchase, 95_000, at, 98_000, 95_000},
			{shop.Sales, 150_000, later, 150_000, 0}, // the others have expired
		} {
			b := s.offer(t, product, step.side, 1, step.price, step.at, step.at.Add(time.Hour))
			version++
			var locked shop.Locked
			if err := d.InTx(t.Context(), func(ctx context.Context) (err error) {
				locked, err = s.Lock(ctx, product)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if b.ID == 0 || locked.BookVersion != version || orNone(locked.PurchasePrice) != step.ask || orNone(locked.SalesPrice) != step.bid {
				t.Errorf("after %+v: version %d, %d / %d", step, locked.BookVersion, orNone(locked.PurchasePrice), orNone(locked.SalesPrice))
			}
		}
	})
}

func orNone(price *int64) int64 {
	if price == nil {
		return 0
	}
	return *price
}
