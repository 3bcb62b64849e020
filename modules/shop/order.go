package shop

import "time"

// Kinds of orders.
const (
	KindTrans = "trans" // between two people
	KindStore = "store" // from the store
)

// Order statuses that exist so far.
const (
	OrderMatched = "matched" // a trade has happened; the seller ships next
	OrderSettled = "settled" // all steps are done
)

// FinishedOrders returns the statuses that leave nobody anything to do.
func FinishedOrders() []string { return []string{OrderSettled} }

// Order is a trade that happened. Money is in won.
type Order struct {
	ID        int64
	Kind      string
	InfoID    int64
	ProductID int64
	BidID     *int64 // the resting bid that the trade consumed
	BuyerID   int64
	SellerID  *int64 // nil: the store
	TakerSide Side   // the side of the one who traded at once
	Price     int64
	BuyerFee  int64 // fees as they were on the day
	SellerFee int64
	Status    string
	CreatedAt time.Time
}

// SideOf returns the side on which a user takes part.
func (o Order) SideOf(userID int64) (Side, bool) {
	switch {
	case o.BuyerID == userID:
		return Purchase, true
	case o.SellerID != nil && *o.SellerID == userID:
		return Sales, true
	}
	return "", false
}

// Trade is a past trade as everybody may see it.
type Trade struct {
	Price     int64
	Size      string
	CreatedAt time.Time
}

// Fees are shares of the price in basis points (1/100 of a percent).
type Fees struct {
	BuyerBps, SellerBps int64
}

// Of returns the fee of a side, rounded down to whole won.
func (f Fees) Of(side Side, price int64) int64 {
	bps := f.SellerBps
	if side == Purchase {
		bps = f.BuyerBps
	}
	return price * bps / 10_000
}
