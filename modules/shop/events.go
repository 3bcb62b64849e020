package shop

// BookChanged says that the order book of a product changed. It is emitted
// once for each change, inside its transaction.
type BookChanged struct {
	ProductID int64
	AllID     int64 // the size ALL of the same article, whose book shows the change too; 0 when it is the product itself
}

// Traded says that an order came to be.
type Traded struct {
	Order Order
}
