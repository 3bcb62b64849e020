package shop_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/testkit"
)

// A trade answers from what it read under the lock; the order's page reads it
// all again.
func TestATradeAnswersWhatItsOrderShows(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		for i, withdraws := range []bool{true, false, false} { // once is all they may
			x.clock.Advance(time.Minute)
			x.bid(t, 1, x.sizes[0], shop.Sales, 100_000)
			got, err := x.Trade(as(t, 2), shop.TradeNow{ProductID: x.sizes[0], Side: shop.Purchase})
			if err != nil {
				t.Fatal(err)
			}
			want, err := x.MyOrder(as(t, 2), got.Row.ID)
			if err != nil {
				t.Fatal(err)
			}
			want.Article.PurchasePrice = nil // of now, and not of the order
			if !reflect.DeepEqual(got, want) {
				t.Errorf("trade %d:\ngot  %+v\nwant %+v", i, got, want)
			}
			if may := slices.Contains(got.Actions, shop.ActWithdraw); may != (i == 0) || may != (got.WithdrawUntil != nil) {
				t.Errorf("trade %d: they may %v until %v", i, got.Actions, got.WithdrawUntil)
			}
			if withdraws {
				if _, err := x.Withdraw(as(t, 2), got.Row.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		// A day later they may again.
		x.clock.Advance(shop.GraceEvery)
		x.bid(t, 1, x.sizes[0], shop.Sales, 100_000)
		if got, err := x.Trade(as(t, 2), shop.TradeNow{ProductID: x.sizes[0], Side: shop.Purchase}); err != nil || !slices.Contains(got.Actions, shop.ActWithdraw) {
			t.Errorf("%v, %v", got.Actions, err)
		}
	})
}

// What a trade and a bid cost is the number of their round trips. BEGIN and
// COMMIT are two of them.
func TestATradeAndABidTakeFewStatements(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		x.bid(t, 1, x.sizes[0], shop.Sales, 100_000)
		x.bid(t, 1, x.sizes[0], shop.Sales, 101_000)
		limit := map[db.Dialect][2]int64{db.Postgres: {4, 4}, db.SQLite: {8, 5}}[d.Dialect]
		ctx, statements := db.WithCounter(as(t, 2))
		if _, err := x.Trade(ctx, shop.TradeNow{ProductID: x.sizes[0], Side: shop.Purchase}); err != nil || statements.Load() > limit[0] {
			t.Errorf("a trade: %d statements, %v", statements.Load(), err)
		}
		ctx, statements = db.WithCounter(as(t, 2))
		if _, err := x.PlaceBid(ctx, shop.NewBid{ProductID: x.sizes[0], Side: shop.Purchase, Price: 95_000}); err != nil || statements.Load() > limit[1] {
			t.Errorf("a bid: %d statements, %v", statements.Load(), err)
		}
	})
}
