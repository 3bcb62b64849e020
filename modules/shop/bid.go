package shop

import (
	"slices"
	"time"

	"rally/platform/fault"
)

// Side tells buyers from sellers: of a resting bid, or of the person who
// trades now.
type Side string

// The sides.
const (
	Purchase Side = "purchase"
	Sales    Side = "sales"
)

// ParseSide reads the parameter "type".
func ParseSide(s string) (Side, error) {
	if s == string(Purchase) || s == string(Sales) {
		return Side(s), nil
	}
	return "", fault.ErrInvalid.WithField("type", "must be purchase or sales")
}

// Opposite returns the side that s trades with.
func (s Side) Opposite() Side {
	if s == Purchase {
		return Sales
	}
	return Purchase
}

// BidStatus is the state of a bid. A bid that left BidOpen never returns.
type BidStatus string

// The states of a bid.
const (
	BidOpen      BidStatus = "open"
	BidFilled    BidStatus = "filled"
	BidCancelled BidStatus = "cancelled"
	BidExpired   BidStatus = "expired"
)

// Bid is an offer that rests in a book. Price is in won.
type Bid struct {
	ID        int64
	ProductID int64
	UserID    int64
	Side      Side
	Price     int64
	Priority  int64 // time priority within a price: lower comes first
	Status    BidStatus
	CreatedAt time.Time
	ExpiresAt time.Time
	ClosedAt  *time.Time
	FeeBps    *int64 // the fee that its owner was shown, in basis points; nil: that of the day it is matched
}

// Fee is what the bid's owner pays when it is matched, if it is known.
func (b Bid) Fee() (int64, bool) {
	if b.FeeBps == nil {
		return 0, false
	}
	return share(b.Price, *b.FeeBps), true
}

// DefaultExpiry is how many days a bid rests when its owner doesn't say.
const DefaultExpiry = 30

// Expiry returns when a bid placed now with the given days ends.
func Expiry(now time.Time, days int) (time.Time, error) {
	if !slices.Contains([]int{1, 3, 7, 14, 30, 60}, days) {
		return time.Time{}, fault.ErrInvalid.WithField("expires_in_days", "must be 1, 3, 7, 14, 30 or 60")
	}
	return now.AddDate(0, 0, days), nil
}
