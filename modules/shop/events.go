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
