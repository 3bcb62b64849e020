package shop

import (
	"context"
	"time"

	"rally/platform/page"
)

// Auditor records what the staff writes, in the transaction of the context.
// *audit.Log does.
type Auditor interface {
	// Record stores what an action of the caller made of a target, such as
	// "brand:3". Before and after become JSON; nil is nothing.
	Record(ctx context.Context, action, target, reason string, before, after any) error
}

// Addresses tells how people are written to. *accounts.Directory does.
type Addresses interface {
	// AddressesOf returns proved e-mail addresses by user id. Whoever left has
	// none.
	AddressesOf(ctx context.Context, ids []int64) (map[int64]string, error)
}

// Mailer enqueues a mail in the transaction of the context.
type Mailer interface {
	Send(ctx context.Context, to, subject, body string) error
}

// OrderFilter chooses orders of a list. The zero one chooses all.
type OrderFilter struct {
	Side     Side     // of the person whose list it is; "" is both
	Statuses []string // none: every status
	Active   bool     // only those that are not finished
}

// OrderStore keeps orders.
type OrderStore interface {
	// SellStock takes one off the stock and inserts the order with what it
	// posts; it returns ErrOutOfStock when none is left.
	SellStock(ctx context.Context, o *Order, charge Posting) error
	// ReturnStock puts one back.
	ReturnStock(ctx context.Context, productID int64) error
	Order(ctx context.Context, id int64) (Order, error)
	// LockOrder is Order, and holds the row until the transaction ends. Whoever
	// needs a book, too, locks it afterwards.
	LockOrder(ctx context.Context, id int64) (Order, error)
	// MoveOrder writes what a step changes of a locked order, and the step.
	MoveOrder(ctx context.Context, o Order, e OrderEvent) error
	// OrderEvents returns the steps of orders, oldest first.
	OrderEvents(ctx context.Context, orderIDs []int64) (map[int64][]OrderEvent, error)
	OrdersOf(ctx context.Context, userID int64, f OrderFilter, p page.Request) (page.List[Order], error)
	// WithdrewSince reports whether a user withdrew from an order after a time.
	// Whoever asks holds LockPerson.
	WithdrewSince(ctx context.Context, userID int64, since time.Time) (bool, error)
	// LockPerson makes everybody else who calls it for this user wait until the
	// transaction ends. It comes after every other lock.
	LockPerson(ctx context.Context, userID int64) error
	// Restate works out anew, from the trades that stand, the last price of a
	// locked product and what it cost on the day of at.
	Restate(ctx context.Context, productID int64, at time.Time) error
}

// DueOrders finds orders that wait for something.
type DueOrders interface {
	// OrdersDue returns orders whose deadline has passed, and that were not
	// found late before.
	OrdersDue(ctx context.Context, now time.Time, limit int) ([]int64, error)
	// OrdersUntold returns orders of whose status nobody was told yet.
	OrdersUntold(ctx context.Context, limit int) ([]int64, error)
	// MarkTold reports whether nobody was told before.
	MarkTold(ctx context.Context, orderID int64, now time.Time) (bool, error)
	// OrdersSince returns a user's matched orders that came to be after a time.
	OrdersSince(ctx context.Context, userID int64, since time.Time) ([]int64, error)
}

// LedgerStore keeps the ledger.
type LedgerStore interface {
	Post(ctx context.Context, posts []Posting) error
	LedgerOf(ctx context.Context, orderID int64) ([]Posting, error)
}

// SellerLoad is how much a seller has going on.
type SellerLoad struct{ Settled, Pending int64 }

// FeeStore keeps the schedules of fees, and what the cap of new sellers needs.
type FeeStore interface {
	// FeesFrom returns the schedule in force at a time and all later ones, by
	// their beginning.
	FeesFrom(ctx context.Context, at time.Time) ([]FeeSchedule, error)
	// FeeSchedules lists all, the latest first, with InForce as of now.
	FeeSchedules(ctx context.Context, now time.Time, p page.Request) (page.List[FeeSchedule], error)
	// FeeSchedule returns ErrFeesNotFound.
	FeeSchedule(ctx context.Context, id int64) (FeeSchedule, error)
	// InsertFeeSchedule sets f.ID; it returns ErrFeesTaken when one begins then.
	InsertFeeSchedule(ctx context.Context, f *FeeSchedule) error
	DeleteFeeSchedule(ctx context.Context, id int64) error
	// SellerLoad counts a seller's settled sales, and their open asks and
	// unfinished sales together, neither further than the given limits.
	SellerLoad(ctx context.Context, userID int64, now time.Time, settled, pending int64) (SellerLoad, error)
}

// PriceStore reads what products cost, day by day. For ALL it sums up the
// sizes.
type PriceStore interface {
	// Listed returns a product without its prices, and its article's retail
	// price.
	Listed(ctx context.Context, productID int64) (p Product, retail *int64, err error)
	// PriceDays returns the days from one on, oldest first. They are days of
	// MarketDay.
	PriceDays(ctx context.Context, productID int64, from string) ([]PriceDay, error)
	// Extremes returns the highest and the lowest price ever; nil: none.
	Extremes(ctx context.Context, productID int64) (high, low *int64, err error)
}

// Waiting chooses people who wait for a price: one alone, or all but one.
type Waiting struct{ Only, But int64 }

// TargetStore finds wishes whose price is reached.
type TargetStore interface {
	// HasReachable reports whether somebody waits for a price of a product, or
	// of the size ALL beside it, that is at least this.
	HasReachable(ctx context.Context, productID, allID, price int64) (bool, error)
	// ReachTargets marks up to limit of those wishes and returns them.
	ReachTargets(ctx context.Context, productID, price int64, whose Waiting, now time.Time, limit int) ([]Wish, error)
}

// Sale is a piece that left its owner.
type Sale struct{ OrderID, ProductID int64 }

// PortfolioStore reads what people own.
type PortfolioStore interface {
	// Bought returns a user's newest settled purchases, oldest first, with what a
	// portfolio needs of them.
	Bought(ctx context.Context, userID int64, limit int) ([]Order, error)
	// Sold returns what a user sold or is selling, the newest, oldest first.
	Sold(ctx context.Context, userID int64, limit int) ([]Sale, error)
	// Worth returns what products cost now.
	Worth(ctx context.Context, productIDs []int64, now time.Time) (map[int64]Product, error)
}

// StaffFilter chooses rows of the staff's lists.
type StaffFilter struct {
	Search   string // words of the article, or a number
	Statuses []string
	Side     Side
	UserID   int64 // 0: everybody
	Overdue  bool
}

// DeskStore reads what the staff sees.
type DeskStore interface {
	StaffOrders(ctx context.Context, f StaffFilter, now time.Time, p page.Request) (page.List[Order], error)
	StaffBids(ctx context.Context, f StaffFilter, p page.Request) (page.List[Bid], error)
	Summary(ctx context.Context, now time.Time) (Summary, error)
}
