package shop

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestFeesRoundDown(t *testing.T) {
	for _, c := range []struct{ amount, bps, want int64 }{
		{131_000, 150, 1965}, {100_000, 300, 3000}, {99, 100, 0}, {100, 100, 1}, {9_999, 1, 0}, {10_000, 1, 1}, {19_999, 1, 1},
		{0, 5000, 0}, {1, 5000, 0}, {3, 5000, 1}, {MaxPrice, 5000, 500_000_000}, {MaxPrice, 10_000, MaxPrice}, {77_777, 0, 0},
	} {
		if got := share(c.amount, c.bps); got != c.want {
			t.Errorf("%d basis points of %d are %d, want %d", c.bps, c.amount, got, c.want)
		}
	}
}

// share never asks for more than is due, and for less than a won less.
func TestAShareIsTheWholePartOfTheExactOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount, bps := rapid.Int64Range(0, MaxPrice).Draw(t, "amount"), rapid.Int64Range(0, 10_000).Draw(t, "bps")
		exact := new(big.Int).Mul(big.NewInt(amount), big.NewInt(bps))
		if want := exact.Div(exact, big.NewInt(10_000)); share(amount, bps) != want.Int64() {
			t.Fatalf("%d basis points of %d are %d, want %v", bps, amount, share(amount, bps), want)
		}
	})
}

func TestTermsHoldUntilTheNext(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	list := []FeeSchedule{{EffectiveFrom: day(5), Terms: Terms{BuyerBps: 5}}, {EffectiveFrom: day(9), Terms: Terms{BuyerBps: 9}}}
	base := Terms{BuyerBps: 1}
	for at, want := range map[time.Time]int64{
		day(1): 1, day(5).Add(-1): 1, day(5): 5, day(7): 5, day(9).Add(-1): 5, day(9): 9, day(30): 9,
	} {
		if got := termsAt(list, base, at); got.BuyerBps != want {
			t.Errorf("at %v the terms of %d hold, want %d", at, got.BuyerBps, want)
		}
	}
	if got := termsAt(nil, base, day(1)); got != base {
		t.Errorf("without schedules: %+v", got)
	}
}

func TestTermsWithOnesOwnFee(t *testing.T) {
	terms := Terms{BuyerBps: 150, SellerBps: 300, PenaltyBps: 1000, FailPenaltyBps: 1500, CreditBps: 5000}
	bought, sold := terms.with(Purchase, 7), terms.with(Sales, 8)
	if bought != (Terms{7, 300, 1000, 1500, 5000}) || sold != (Terms{150, 8, 1000, 1500, 5000}) || terms.BuyerBps != 150 {
		t.Errorf("%+v, %+v of %+v", bought, sold, terms)
	}
	if bought.Fee(Purchase, 100_000) != 70 || sold.Fee(Sales, 100_000) != 80 || terms.Fee(Sales, 100_000) != 3000 {
		t.Error("a side pays the other one's fee")
	}
}

func TestTermsOutOfRangeAreNamed(t *testing.T) {
	for field, wrong := range map[string]Terms{
		"buyer_bps": {BuyerBps: 5001}, "seller_bps": {SellerBps: -1}, "penalty_bps": {PenaltyBps: 5001}, "fail_penalty_bps": {FailPenaltyBps: -1}, "credit_bps": {CreditBps: 10_001},
	} {
		if err := wrong.check(); len(err.Fields) != 1 || len(err.Fields[field]) == 0 {
			t.Errorf("%+v: %v", wrong, err.Fields)
		}
	}
	if err := (Terms{5000, 5000, 5000, 5000, 10_000}).check(); len(err.Fields) != 0 {
		t.Errorf("the highest: %v", err.Fields)
	}
}
