package shop

import (
	"time"

	"rally/platform/fault"
)

// Terms are what a trade costs each side, in basis points (1/100 of a percent).
// An order keeps those of its day.
type Terms struct {
	BuyerBps       int64 // of the price
	SellerBps      int64
	PenaltyBps     int64 // of the price: a seller who doesn't ship
	FailPenaltyBps int64 // of the price: a seller whose goods don't pass
	CreditBps      int64 // of a penalty: what the buyer gets of it
}

// share returns bps of an amount, rounded down to whole won.
func share(amount, bps int64) int64 { return amount * bps / 10_000 }

// Bps returns a side's fee in basis points.
func (t Terms) Bps(side Side) int64 {
	if side == Purchase {
		return t.BuyerBps
	}
	return t.SellerBps
}

// Fee returns the fee of a side.
func (t Terms) Fee(side Side, price int64) int64 { return share(price, t.Bps(side)) }

// check says which field is out of range.
func (t Terms) check() *fault.Error {
	err := fault.ErrInvalid
	for field, bps := range map[string]int64{"buyer_bps": t.BuyerBps, "seller_bps": t.SellerBps, "penalty_bps": t.PenaltyBps, "fail_penalty_bps": t.FailPenaltyBps} {
		if bps < 0 || bps > maxFeeBps {
			err = err.WithField(field, "must be between 0 and 5000")
		}
	}
	if t.CreditBps < 0 || t.CreditBps > 10_000 {
		err = err.WithField("credit_bps", "must be between 0 and 10000")
	}
	return err
}

const maxFeeBps = 5000

// FeeSchedule is terms that hold from a day on, until the next one's.
type FeeSchedule struct {
	ID            int64
	EffectiveFrom time.Time
	Terms         Terms
	CreatedBy     int64
	CreatedAt     time.Time
	InForce       bool // holds now; computed for lists
}

const (
	// feeNotice is how long before it begins a schedule must be known: longer
	// than any node keeps the list, so that all change at the same moment.
	feeNotice = time.Hour
	// feeFixed is how long before it begins a schedule can't be taken back.
	feeFixed = 10 * time.Minute
	// feeCache is how long a node keeps the list.
	feeCache = time.Minute
)

// termsAt returns the terms of a time. Schedules are ordered by their
// beginning; base holds before the first.
func termsAt(schedules []FeeSchedule, base Terms, at time.Time) Terms {
	terms := base
	for _, f := range schedules {
		if f.EffectiveFrom.After(at) {
			break
		}
		terms = f.Terms
	}
	return terms
}

// with returns the terms with another fee for one side.
func (t Terms) with(side Side, bps int64) Terms {
	if side == Purchase {
		t.BuyerBps = bps
	} else {
		t.SellerBps = bps
	}
	return t
}
