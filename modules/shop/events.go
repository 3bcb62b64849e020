package shop

// BookChanged says that the order book of a product changed: by a bid, a trade,
// the sweep or the staff. It is emitted once for each change, inside its
// transaction. A size that comes or goes changes the book of ALL. An import
// emits none: nobody follows a book before it. Where somebody leaves, it is
// signalled but not emitted: see Leavers.
type BookChanged struct {
	ProductID int64
	AllID     int64 // the size ALL of the same article, whose book shows the change too; 0 when it is the product itself
}

// bookOf says it of a product and the size ALL of its article.
func bookOf(productID, allID int64) BookChanged {
	if allID == productID {
		allID = 0
	}
	return BookChanged{ProductID: productID, AllID: allID}
}

// Traded says that an order came to be.
type Traded struct {
	Order Order
}

// Awarded says that a prize became its winner's order, which is no trade.
type Awarded struct {
	Order Order
}

// OrderMoved says that an order took a step: see the actions. It is emitted
// inside the step's transaction.
type OrderMoved struct {
	Order  Order
	Action string
	Actor  Actor
}

// TargetReached says that a wish's price can be paid now. Price is in won.
type TargetReached struct {
	Wish   Wish
	InfoID int64
	Price  int64
}

// TargetsReachable says that somebody waits for a price that a book now has:
// a job looks who. It is emitted inside the transaction of the change.
type TargetsReachable struct{ ProductID int64 }

// CatalogueChanged says that the staff wrote brands, articles, sizes or
// pictures, or that an import did: what is remembered of them is out of date.
type CatalogueChanged struct{}
