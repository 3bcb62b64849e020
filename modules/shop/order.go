package shop

import "time"

// Kinds of orders.
const (
	KindTrans = "trans" // between two people
	KindStore = "store" // from the store
	KindPrize = "prize" // from the store, and won: nobody pays for it; see Prizes
)

// The statuses of an order; see order_steps.go for the ways between them.
const (
	OrderMatched    = "matched"    // a trade has happened; the seller ships next, or the store dispatches
	OrderShipping   = "shipping"   // on its way to the inspection centre
	OrderInspecting = "inspecting" // there
	OrderPassed     = "passed"     // genuine and as described
	OrderDelivering = "delivering" // on its way to the buyer
	OrderSettled    = "settled"    // received, and the seller is paid
	OrderCancelled  = "cancelled"  // called off; the buyer has their money back
	OrderFailed     = "failed"     // it did not pass; the buyer chooses: see Order.Resolution
)

// OrderStatuses returns all statuses, in the order in which they follow one
// another.
func OrderStatuses() []string {
	return []string{OrderMatched, OrderShipping, OrderInspecting, OrderPassed, OrderDelivering, OrderSettled, OrderCancelled, OrderFailed}
}

// UnderWay returns the statuses in which goods or money of both sides are
// bound.
func UnderWay() []string {
	return []string{OrderMatched, OrderShipping, OrderInspecting, OrderPassed, OrderDelivering}
}

// What became of a failed order's money.
const (
	Refunded = "refunded"
	Replaced = "replaced" // it went into another order
)

// Reasons why an order was cancelled or failed.
const (
	ReasonBuyerWithdrew  = "buyer_withdrew"
	ReasonSellerWithdrew = "seller_withdrew"
	ReasonNotShipped     = "not_shipped"
	ReasonLost           = "lost" // it never arrived at the centre
	ReasonStaff          = "staff"
	ReasonLeft           = "left" // one of them left Rally right after the trade
	ReasonInspection     = "inspection_failed"
)

// Parcel is how a carrier knows a shipment.
type Parcel struct{ Carrier, Tracking string }

// Order is a trade that happened, and how far it has come. Money is in won.
type Order struct {
	ID         int64
	Kind       string
	InfoID     int64
	ProductID  int64
	BidID      *int64 // the resting bid that the trade consumed
	BuyerID    int64
	SellerID   *int64 // nil: the store
	TakerSide  Side   // the side of the one who traded at once
	Price      int64
	BuyerFee   int64 // as shown to them before
	SellerFee  int64
	Terms      Terms // of the day; its fees are those of BuyerFee and SellerFee
	Status     string
	StatusAt   time.Time  // when the status began
	Deadline   *time.Time // when the present step has to be done; nil: none is left
	OverdueAt  *time.Time // when the staff was found late
	Reason     string     // why it was cancelled or failed
	Note       string     // the staff's words for it
	Shipment   Parcel     // seller to centre
	Delivery   Parcel     // centre to buyer
	Resolution string     // of a failed order: "", Refunded or Replaced
	Replaces   *int64     // the failed order whose money this one took over
	ReplacedBy *int64
	ToldEvent  int64 // the last step of which both sides were told by mail
	CreatedAt  time.Time
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

// Total is what the buyer paid.
func (o Order) Total() int64 { return o.Price + o.BuyerFee }

// Payout is what the seller gets when the order is settled.
func (o Order) Payout() int64 { return o.Price - o.SellerFee }

// Finished reports whether nobody has anything left to do.
func (o Order) Finished() bool {
	switch o.Status {
	case OrderSettled, OrderCancelled:
		return true
	case OrderFailed:
		return o.Resolution != ""
	}
	return false
}

// Stands reports whether the order counts in the market data: a price that
// nobody paid in the end is no price, and a prize is no trade.
func (o Order) Stands() bool {
	return o.Kind != KindPrize && o.Status != OrderCancelled && o.Status != OrderFailed
}

// Trade is a past trade as everybody may see it.
type Trade struct {
	Price     int64
	Size      string
	CreatedAt time.Time
}

// OrderEvent is one step of an order.
type OrderEvent struct {
	ID        int64
	OrderID   int64
	Action    string
	Status    string // afterwards
	Actor     Actor
	ActorID   *int64 // nil: the system
	Note      string
	CreatedAt time.Time
}

// Offer is what a buyer whose order failed can have instead: the next-best ask.
type Offer struct {
	Price, Fee, Total, Difference *int64 // nil: nobody sells now; Difference is what is to be paid on top, or below zero given back
	Until                         time.Time
}

// OrderView is an order as its page shows it to one person.
type OrderView struct {
	Placed[Order]
	Events        []OrderEvent // oldest first
	Actions       []string     // what the person may do now
	Overdue       bool         // the deadline has passed
	WithdrawUntil *time.Time   // nil: they may not withdraw
	Offer         *Offer       // of a failed order, to its buyer
}
