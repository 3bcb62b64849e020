package shop_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rally/modules/shop"
	"rally/platform/fault"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func drawQueue(t *rapid.T, side shop.Side) []shop.Bid {
	n := rapid.IntRange(0, 12).Draw(t, "n")
	queue := make([]shop.Bid, n)
	for i := range queue {
		queue[i] = shop.Bid{
			ID: int64(i + 1), Side: side, Status: rapid.SampledFrom([]shop.BidStatus{shop.BidOpen, shop.BidOpen, shop.BidOpen, shop.BidFilled, shop.BidCancelled}).Draw(t, "status"),
			UserID: rapid.Int64Range(1, 4).Draw(t, "user"), Price: rapid.Int64Range(1, 5).Draw(t, "price") * 1000, Priority: int64(i),
			ExpiresAt: now.Add(time.Duration(rapid.IntRange(-1, 3).Draw(t, "hours")) * time.Hour),
		}
	}
	return queue
}

func drawSide(t *rapid.T) shop.Side {
	return rapid.SampledFrom([]shop.Side{shop.Purchase, shop.Sales}).Draw(t, "side")
}

// The chosen bid is live, not the taker's, and no live bid of others is better
// in price, or equal in price and waiting for longer.
func TestBestForIsBestByPriceThenTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := drawSide(t)
		queue := drawQueue(t, side)
		taker := rapid.Int64Range(1, 4).Draw(t, "taker")
		best, ok := shop.BestFor(queue, taker, now)
		eligible := 0
		for _, b := range queue {
			if b.Status != shop.BidOpen || !b.ExpiresAt.After(now) || b.UserID == taker {
				continue
			}
			eligible++
			better := b.Price < best.Price
			if side == shop.Purchase {
				better = b.Price > best.Price
			}
			if better || b.Price == best.Price && b.Priority < best.Priority {
				t.Fatalf("%+v comes before the chosen %+v", b, best)
			}
		}
		if ok != (eligible > 0) {
			t.Fatalf("found %t, %d were eligible", ok, eligible)
		}
		if ok && (best.UserID == taker || !best.Live(now)) {
			t.Fatalf("chose %+v for %d", best, taker)
		}
	})
}

func TestBestForDoesNotDependOnTheOrderOfTheQueue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		queue := drawQueue(t, drawSide(t))
		shuffled := rapid.Permutation(queue).Draw(t, "shuffled")
		a, okA := shop.BestFor(queue, 1, now)
		b, okB := shop.BestFor(shuffled, 1, now)
		if okA != okB || a != b {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}

// Taking the best bid again and again empties the queue in the order of
// Before, each bid once: none is lost, none is sold twice.
func TestTakingConservesBids(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		side := drawSide(t)
		queue := drawQueue(t, side)
		live := slices.DeleteFunc(slices.Clone(queue), func(b shop.Bid) bool { return !b.Live(now) })
		slices.SortFunc(live, shop.Before)
		for _, want := range live {
			got, ok := shop.BestFor(queue, 0, now)
			if !ok || got.ID != want.ID {
				t.Fatalf("took %+v, want %+v", got, want)
			}
			i := slices.IndexFunc(queue, func(b shop.Bid) bool { return b.ID == got.ID })
			queue[i].Status = shop.BidFilled
		}
		if b, ok := shop.BestFor(queue, 0, now); ok {
			t.Fatalf("%+v is left over", b)
		}
	})
}

// However bids come, a book that refuses what Crosses is never crossed.
func TestNoSequenceOfPlacementsCrossesTheBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book := map[shop.Side][]shop.Bid{}
		for i := range rapid.IntRange(1, 40).Draw(t, "bids") {
			side := drawSide(t)
			price := rapid.Int64Range(1, 9).Draw(t, "price") * 1000
			best := shop.BestPrice(book[side.Opposite()], now)
			err := shop.Placement{Side: side, Price: price, Tick: 1000, Best: best}.Check()
			if (err != nil) != shop.Crosses(side, price, best) {
				t.Fatalf("%s at %d against %v: %v", side, price, best, err)
			}
			if err != nil {
				continue
			}
			book[side] = append(book[side], shop.Bid{Side: side, Price: price, Priority: int64(i), Status: shop.BidOpen, ExpiresAt: now.Add(time.Hour)})
			ask, bid := shop.BestPrice(book[shop.Sales], now), shop.BestPrice(book[shop.Purchase], now)
			if ask != nil && bid != nil && *ask <= *bid {
				t.Fatalf("crossed: ask %d, bid %d", *ask, *bid)
			}
		}
	})
}

func TestDepthSumsUpLiveBids(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		queue := drawQueue(t, drawSide(t))
		levels := shop.Depth(queue, now, 100)
		var total int64
		for i, l := range levels {
			total += l.Count
			if i > 0 && l.Price == levels[i-1].Price {
				t.Fatalf("the price %d stands twice", l.Price)
			}
		}
		live := slices.DeleteFunc(slices.Clone(queue), func(b shop.Bid) bool { return !b.Live(now) })
		if total != int64(len(live)) {
			t.Fatalf("%d bids in the depth, %d are live", total, len(live))
		}
		if best := shop.BestPrice(queue, now); best != nil && levels[0].Price != *best {
			t.Fatalf("depth begins at %d, best is %d", levels[0].Price, *best)
		}
		if few := shop.Depth(queue, now, 2); len(few) > 2 {
			t.Fatalf("%d levels, at most 2 were asked for", len(few))
		}
	})
}

func price(n int64) *int64 { return &n }

func TestPlacementRules(t *testing.T) {
	cases := map[string]struct {
		placement shop.Placement
		want      error
		meta      int64
	}{
		"fine":                       {shop.Placement{Side: shop.Purchase, Price: 99_000, Tick: 1000, Best: price(100_000), Last: price(100_000)}, nil, 0},
		"no history, any price":      {shop.Placement{Side: shop.Sales, Price: 1_000_000_000, Tick: 1000}, nil, 0},
		"zero":                       {shop.Placement{Side: shop.Sales, Tick: 1000}, fault.ErrInvalid, 0},
		"negative":                   {shop.Placement{Side: shop.Sales, Price: -1000, Tick: 1000}, fault.ErrInvalid, 0},
		"above the highest price":    {shop.Placement{Side: shop.Sales, Price: 1_000_001_000, Tick: 1000}, fault.ErrInvalid, 0},
		"off the tick":               {shop.Placement{Side: shop.Sales, Price: 100_500, Tick: 1000}, shop.ErrPriceOffTick, 0},
		"buyer meets the ask":        {shop.Placement{Side: shop.Purchase, Price: 100_000, Tick: 1000, Best: price(100_000)}, shop.ErrBidCrossesBook, 100_000},
		"seller meets the bid":       {shop.Placement{Side: shop.Sales, Price: 90_000, Tick: 1000, Best: price(100_000)}, shop.ErrBidCrossesBook, 100_000},
		"+30 % needs no second look": {shop.Placement{Side: shop.Sales, Price: 130_000, Tick: 1000, Last: price(100_000)}, nil, 0},
		"+31 % needs one":            {shop.Placement{Side: shop.Sales, Price: 131_000, Tick: 1000, Last: price(100_000)}, shop.ErrPriceNeedsConfirmation, 100_000},
		"-31 % needs one":            {shop.Placement{Side: shop.Purchase, Price: 69_000, Tick: 1000, Last: price(100_000)}, shop.ErrPriceNeedsConfirmation, 100_000},
		"confirmed":                  {shop.Placement{Side: shop.Purchase, Price: 69_000, Tick: 1000, Last: price(100_000), Confirmed: true}, nil, 0},
		"five times, confirmed":      {shop.Placement{Side: shop.Sales, Price: 500_000, Tick: 1000, Last: price(100_000), Confirmed: true}, nil, 0},
		"beyond five times":          {shop.Placement{Side: shop.Sales, Price: 501_000, Tick: 1000, Last: price(100_000), Confirmed: true}, shop.ErrPriceOutOfBand, 100_000},
		"below a fifth":              {shop.Placement{Side: shop.Purchase, Price: 19_000, Tick: 1000, Last: price(100_000), Confirmed: true}, shop.ErrPriceOutOfBand, 100_000},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := c.placement.Check()
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if c.meta != 0 && metaPrice(err) != c.meta {
				t.Fatalf("the error names the price %d, want %d", metaPrice(err), c.meta)
			}
		})
	}
}

func TestFeesRoundDown(t *testing.T) {
	fees := shop.Terms{BuyerBps: 150, SellerBps: 300}
	if got := fees.Fee(shop.Purchase, 99_999); got != 1499 {
		t.Errorf("buyer: %d", got)
	}
	if got := fees.Fee(shop.Sales, 99_999); got != 2999 {
		t.Errorf("seller: %d", got)
	}
}
