package shop_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/accounts"
	"rally/modules/shop"
	"rally/modules/shop/internal/store"
	"rally/platform/audit"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/page"
	"rally/platform/testkit"
)

const staff = 99

// countedTx counts how often transactions run: one that lost a race, or met a
// deadlock, runs again.
type countedTx struct {
	*db.DB
	runs atomic.Int64
}

func (c *countedTx) InTx(ctx context.Context, fn func(context.Context) error) error {
	return c.DB.InTx(ctx, func(ctx context.Context) error {
		c.runs.Add(1)
		return fn(ctx)
	})
}

// exchange is the use cases on a database, with two articles in two sizes.
type exchange struct {
	*shop.Service
	*shop.Leavers
	db    *db.DB
	tx    *countedTx // of the leavers
	clock *testkit.Clock
	sizes []int64 // ascending
	infos []int64
}

func newExchange(t *testing.T, d *db.DB) *exchange {
	t.Helper()
	events, err := event.NewDispatcher()
	if err != nil {
		t.Fatal(err)
	}
	x := &exchange{db: d, tx: &countedTx{DB: d}, clock: testkit.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC))}
	x.Service = shop.NewService(testkit.Defaults[shop.Config](t), shop.Deps{Tx: d, Audit: audit.New(d, x.clock.Now), Store: store.New(d), Events: events, Profiles: everybody{}, Clock: x.clock.Now})
	x.Leavers = shop.NewLeavers(x.tx, store.New(d), nil, x.clock.Now)
	ctx := auth.With(t.Context(), auth.Identity{UserID: staff, Staff: true})
	brand, err := x.SaveBrand(ctx, shop.Brand{Name: "Solbit"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		info, err := x.CreateInfo(ctx, shop.Info{
			BrandID: brand.ID, EngName: "Solbit Court 84", KorName: "솔빛 코트 84", Category: "shoes", DeliveryTag: shop.DeliveryImmediate, Tick: 1000,
		})
		if err != nil {
			t.Fatal(err)
		}
		x.infos = append(x.infos, info.ID)
		for _, size := range []string{"260", "270"} {
			p, err := x.AddProduct(ctx, info.ID, shop.ProductChange{Size: size})
			if err != nil {
				t.Fatal(err)
			}
			x.sizes = append(x.sizes, p.ID)
		}
	}
	slices.Sort(x.sizes)
	return x
}

func as(t *testing.T, user int64) context.Context {
	t.Helper()
	return auth.With(t.Context(), auth.Identity{UserID: user})
}

// settle takes an order all the way.
func (x *exchange) settle(t *testing.T, o shop.Order) {
	t.Helper()
	parcel, desk := shop.Parcel{Carrier: "Hanjin", Tracking: "4021-33"}, auth.With(t.Context(), auth.Identity{UserID: staff, Staff: true})
	_, shipped := x.Ship(as(t, *o.SellerID), o.ID, parcel)
	_, received := x.Receive(desk, o.ID)
	_, passed := x.Pass(desk, o.ID)
	_, sent := x.Dispatch(desk, o.ID, parcel)
	_, confirmed := x.Confirm(as(t, o.BuyerID), o.ID)
	if err := errors.Join(shipped, received, passed, sent, confirmed); err != nil {
		t.Fatal(err)
	}
}

func (x *exchange) bid(t *testing.T, user, product int64, side shop.Side, price int64) shop.Bid {
	t.Helper()
	b, err := x.PlaceBid(as(t, user), shop.NewBid{ProductID: product, Side: side, Price: price, Confirm: true})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (x *exchange) product(t *testing.T, id int64) shop.Product {
	t.Helper()
	p, err := db.Get[struct {
		ID            int64  `bun:"id"`
		PurchasePrice *int64 `bun:"purchase_price"`
		SalesPrice    *int64 `bun:"sales_price"`
		BookVersion   int64  `bun:"book_version"`
	}](t.Context(), x.db, "SELECT id, purchase_price, sales_price, book_version FROM products WHERE id = $1", id)
	if err != nil {
		t.Fatal(err)
	}
	return shop.Product{ID: p.ID, PurchasePrice: p.PurchasePrice, SalesPrice: p.SalesPrice, BookVersion: p.BookVersion}
}

func (x *exchange) count(t *testing.T, query string, args ...any) int64 {
	t.Helper()
	n, err := db.Get[int64](t.Context(), x.db, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

const openBids = "SELECT count(*) FROM bids WHERE user_id = $1 AND status = 'open'"

func products(changes []shop.BookChanged) []int64 {
	var ids []int64
	for _, c := range changes {
		ids = append(ids, c.ProductID)
	}
	return ids
}

func samePrice(got, want *int64) bool {
	return (got == nil) == (want == nil) && (got == nil || *got == *want)
}

func TestALeaverTakesEveryBidAlong(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		const leaver, other = 1, 2
		x.bid(t, leaver, x.sizes[3], shop.Purchase, 90_000) // the highest product first
		x.bid(t, leaver, x.sizes[0], shop.Purchase, 80_000)
		x.bid(t, leaver, x.sizes[0], shop.Purchase, 81_000)
		x.bid(t, leaver, x.sizes[0], shop.Sales, 100_000)
		x.bid(t, other, x.sizes[0], shop.Purchase, 70_000)
		x.bid(t, other, x.sizes[0], shop.Sales, 110_000)
		x.bid(t, other, x.sizes[1], shop.Sales, 50_000)
		before := []shop.Product{x.product(t, x.sizes[0]), x.product(t, x.sizes[1]), x.product(t, x.sizes[3])}

		changes, err := x.Leave(t.Context(), leaver)
		if err != nil {
			t.Fatal(err)
		}
		if got := products(changes); !slices.Equal(got, []int64{x.sizes[0], x.sizes[3]}) {
			t.Errorf("changed %v of %v", got, x.sizes)
		}
		for _, c := range changes {
			if n := x.count(t, "SELECT count(*) FROM products p JOIN products a ON a.info_id = p.info_id WHERE p.id = $1 AND a.id = $2 AND a.size = 'ALL'", c.ProductID, c.AllID); n != 1 {
				t.Errorf("%+v does not name ALL", c)
			}
		}
		if n := x.count(t, openBids, leaver); n != 0 {
			t.Errorf("%d bids are left", n)
		}
		if n := x.count(t, "SELECT count(*) FROM bids WHERE user_id = $1 AND status = 'cancelled' AND closed_at IS NOT NULL", leaver); n != 4 {
			t.Errorf("%d bids are cancelled", n)
		}
		first, second, last := x.product(t, x.sizes[0]), x.product(t, x.sizes[1]), x.product(t, x.sizes[3])
		if !samePrice(first.PurchasePrice, price(110_000)) || !samePrice(first.SalesPrice, price(70_000)) || first.BookVersion != before[0].BookVersion+1 {
			t.Errorf("first %+v, was %+v", first, before[0])
		}
		if second.BookVersion != before[1].BookVersion {
			t.Errorf("a book that the leaver was not in changed: %+v", second)
		}
		if last.SalesPrice != nil || last.BookVersion != before[2].BookVersion+1 {
			t.Errorf("last %+v", last)
		}
		apptest.WantConsistent(t, d, x.clock.Now())

		again, err := x.CancelBidsOf(t.Context(), leaver)
		if err != nil || len(again) != 0 || x.product(t, x.sizes[0]).BookVersion != first.BookVersion {
			t.Errorf("the second time changed %v, %v", again, err)
		}
	})
}

// A bid that expired is the sweep's: it is in no book.
func TestExpiredBidsAreLeftToTheSweep(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		x.bid(t, 1, x.sizes[0], shop.Sales, 100_000)
		x.clock.Advance(31 * 24 * time.Hour)
		changes, err := x.Leave(t.Context(), 1)
		if err != nil || len(changes) != 0 {
			t.Fatalf("changed %v, %v", changes, err)
		}
		if err := x.SweepExpired(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := x.count(t, "SELECT count(*) FROM bids WHERE status = 'expired'"); n != 1 {
			t.Fatal("the bid did not expire")
		}
		apptest.WantConsistent(t, d, x.clock.Now())
	})
}

func TestAnOpenOrderHoldsBothSides(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		const seller, buyer = 1, 2
		x.bid(t, seller, x.sizes[0], shop.Sales, 100_000)
		order, err := x.Trade(as(t, buyer), shop.TradeNow{ProductID: x.sizes[0], Side: shop.Purchase})
		if err != nil {
			t.Fatal(err)
		}
		for _, user := range []int64{seller, buyer} {
			x.bid(t, user, x.sizes[1], shop.Purchase, 50_000)
			before := x.product(t, x.sizes[1])
			changes, err := x.Leave(t.Context(), user)
			if !errors.Is(err, shop.ErrOrdersOpen) || changes != nil {
				t.Fatalf("user %d: changed %v, %v", user, changes, err)
			}
			if after := x.product(t, x.sizes[1]); x.count(t, openBids, user) != 1 || after.BookVersion != before.BookVersion || !samePrice(after.SalesPrice, before.SalesPrice) {
				t.Errorf("user %d: the refusal changed something: %+v, was %+v", user, after, before)
			}
		}
		x.settle(t, order.Row)
		for _, user := range []int64{seller, buyer} {
			if changes, err := x.Leave(t.Context(), user); err != nil || len(changes) != 1 {
				t.Errorf("user %d, whose order is settled: %v, %v", user, changes, err)
			}
		}
		apptest.WantConsistent(t, d, x.clock.Now())
	})
}

// Two people in each other's books leave at once, and two others trade there.
// Nobody waits in a circle: not one transaction of the leavers runs twice.
func TestTwoLeaveAtOnce(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		const rounds = 12
		for range rounds {
			up, down := slices.Clone(x.sizes), slices.Clone(x.sizes)
			slices.Reverse(down)
			for i := range up {
				x.bid(t, 1, up[i], shop.Purchase, 80_000)
				x.bid(t, 2, down[i], shop.Purchase, 81_000)
				x.bid(t, 1, up[i], shop.Sales, 100_000)
				x.bid(t, 2, down[i], shop.Sales, 101_000)
			}
			start := make(chan struct{})
			var wg sync.WaitGroup
			for _, user := range []int64{1, 2} {
				wg.Go(func() {
					<-start
					if changes, err := x.CancelBidsOf(t.Context(), user); err != nil {
						t.Errorf("user %d: changed %v, %v", user, changes, err)
					}
				})
			}
			for _, user := range []int64{3, 4} {
				wg.Go(func() {
					<-start
					for _, id := range down {
						if _, err := x.Trade(as(t, user), shop.TradeNow{ProductID: id, Side: shop.Purchase}); err != nil && !errors.Is(err, shop.ErrNoCounterBid) {
							t.Errorf("user %d trades %d: %v", user, id, err)
						}
					}
				})
			}
			close(start)
			wg.Wait()
			for _, user := range []int64{1, 2} {
				if n := x.count(t, openBids, user); n != 0 {
					t.Fatalf("user %d has %d open bids", user, n)
				}
			}
			apptest.WantConsistent(t, d, x.clock.Now())
		}
		if n := x.tx.runs.Load(); n != 2*rounds {
			t.Errorf("%d transactions ran %d times", 2*rounds, n)
		}
		versions := x.count(t, "SELECT sum(book_version) FROM products WHERE size <> 'ALL'")
		placed := x.count(t, "SELECT count(*) FROM bids")
		orders := x.count(t, "SELECT count(*) FROM orders")
		cancels := x.count(t, "SELECT count(*) FROM (SELECT DISTINCT user_id, product_id FROM bids WHERE status = 'cancelled') c")
		if least, most := placed+orders+cancels, placed+orders+2*4*rounds; versions < least || versions > most {
			t.Errorf("versions sum up to %d, want %d to %d", versions, least, most)
		}
	})
}

// A bid that is taken while its owner leaves either holds them, or is gone
// before: an order never names somebody who left.
func TestLeavingRacesWithATrade(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		for leaver := int64(10); leaver < 26; leaver++ {
			x.bid(t, leaver, x.sizes[0], shop.Sales, 100_000)
			x.bid(t, leaver, x.sizes[1], shop.Sales, 100_000)
			var left, sold error
			var wg sync.WaitGroup
			wg.Go(func() { _, left = x.Leave(t.Context(), leaver) })
			wg.Go(func() { _, sold = x.Trade(as(t, 1), shop.TradeNow{ProductID: x.sizes[1], Side: shop.Purchase}) })
			wg.Wait()
			switch {
			case left == nil && errors.Is(sold, shop.ErrNoCounterBid):
			case sold == nil && errors.Is(left, shop.ErrOrdersOpen):
				if _, err := x.CancelBidsOf(t.Context(), leaver); err != nil { // make room for the next
					t.Fatal(err)
				}
			default:
				t.Fatalf("left: %v, sold: %v", left, sold)
			}
			apptest.WantConsistent(t, d, x.clock.Now())
		}
	})
}

// there are the people who did not leave.
type there map[int64]bool

func (p there) Active(_ context.Context, userID int64) (bool, error) { return p[userID], nil }

func TestLateBidsGoUnlessTheirOwnerCameBack(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		x.bid(t, 1, x.sizes[0], shop.Sales, 100_000)
		if _, err := x.Trade(as(t, 2), shop.TradeNow{ProductID: x.sizes[0], Side: shop.Purchase}); err != nil { // also late
			t.Fatal(err)
		}
		x.bid(t, 1, x.sizes[0], shop.Sales, 100_000)
		if changes, gone, err := x.CancelLateBids(t.Context(), there{1: true}, 1); err != nil || gone || len(changes) != 0 || x.count(t, openBids, 1) != 1 {
			t.Fatalf("somebody who is here: changed %v, %v", changes, err)
		}
		changes, gone, err := x.CancelLateBids(t.Context(), there{}, 1)
		if err != nil || !gone || !slices.Equal(products(changes), x.sizes[:1]) || x.count(t, openBids, 1) != 0 {
			t.Fatalf("somebody who is gone: changed %v, %v", changes, err)
		}
		apptest.WantConsistent(t, d, x.clock.Now())
	})
}

func TestWishesAreForgotten(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		for _, user := range []int64{1, 2} {
			for _, id := range x.sizes[:3] {
				if _, _, err := x.SetWish(as(t, user), shop.WishChange{ProductID: id}); err != nil {
					t.Fatal(err)
				}
			}
		}
		x.bid(t, 1, x.sizes[0], shop.Sales, 100_000)
		if _, err := x.Trade(as(t, 2), shop.TradeNow{ProductID: x.sizes[0], Side: shop.Purchase}); err != nil {
			t.Fatal(err)
		}
		for range 2 { // an event may come again
			if err := x.Forget(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			if n := x.count(t, "SELECT count(*) FROM wishes WHERE user_id = 1"); n != 0 {
				t.Errorf("%d wishes are left", n)
			}
			for i, want := range []int64{2, 1} { // of the other user
				if n := x.count(t, "SELECT wishes FROM product_infos WHERE id = $1", x.infos[i]); n != want {
					t.Errorf("article %d counts %d wishes, want %d", i, n, want)
				}
			}
		}
		if n := x.count(t, "SELECT count(*) FROM orders o JOIN bids b ON b.id = o.bid_id WHERE o.seller_id = 1 AND b.user_id = 1"); n != 1 {
			t.Error("the order went too")
		}
	})
}

// Two who wish for the same articles are erased at once, while a third wishes.
func TestWishesOfTwoAreForgottenAtOnce(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		for range 8 {
			for _, user := range []int64{1, 2} {
				for _, id := range x.sizes {
					if _, _, err := x.SetWish(as(t, user), shop.WishChange{ProductID: id}); err != nil {
						t.Fatal(err)
					}
				}
			}
			var wg sync.WaitGroup
			for _, user := range []int64{1, 2} {
				wg.Go(func() {
					if err := x.Forget(t.Context(), user); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Go(func() {
				if _, _, err := x.SetWish(as(t, 3), shop.WishChange{ProductID: x.sizes[0]}); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			if n := x.count(t, `SELECT count(*) FROM product_infos i WHERE i.wishes <>
				(SELECT count(*) FROM wishes w JOIN products p ON p.id = w.product_id WHERE p.info_id = i.id)`); n != 0 {
				t.Fatalf("%d articles count their wishes wrong", n)
			}
		}
	})
}

func TestAnExportIsBounded(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		const many = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
			INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at, closed_at)
			SELECT $1, 1, 'sales', i, i, 'cancelled', $2, $2, $2 FROM n`
		if _, err := db.Exec(t.Context(), d, many, x.sizes[0], x.clock.Now()); err != nil {
			t.Fatal(err)
		}
		e, err := x.ExportOf(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Bids.Rows) != 10_000 || e.Bids.Count != 10_001 || e.Bids.Rows[0].Row.Price != 10_001 || e.Bids.Rows[0].Article.Size != "260" {
			t.Fatalf("%d of %d bids, the first is %+v", len(e.Bids.Rows), e.Bids.Count, e.Bids.Rows[0])
		}
		if (e.Bids.Page != page.Request{Number: 1, Size: 10_000}) {
			t.Errorf("page %+v", e.Bids.Page)
		}
	})
}

// everybody is a directory in which nobody has left.
type everybody struct{}

func (everybody) ProfilesOf(_ context.Context, ids []int64) (map[int64]accounts.Profile, error) {
	found := map[int64]accounts.Profile{}
	for _, id := range ids {
		found[id] = accounts.Profile{UserID: id, ProfileName: strconv.FormatInt(id, 10)}
	}
	return found, nil
}
