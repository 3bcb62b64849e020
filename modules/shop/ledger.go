package shop

import "time"

// Account is an account of the ledger. Buyer and Seller are one account for
// each person.
type Account string

// The accounts.
const (
	AccountBuyer     Account = "buyer"     // the world's end of what buyers pay and get back
	AccountSeller    Account = "seller"    // the world's end of what sellers get and owe
	AccountEscrow    Account = "escrow"    // paid for orders under way
	AccountFees      Account = "fees"      // earned
	AccountPenalties Account = "penalties" // taken from sellers, less what buyers got of it
	AccountStore     Account = "store"     // earned by the store's own goods
)

// Reasons of postings.
const (
	PostCharge   = "charge"
	PostPayout   = "payout"
	PostFee      = "fee"
	PostRefund   = "refund"
	PostPenalty  = "penalty"
	PostCredit   = "credit"
	PostReversal = "reversal"
)

// Posting moves an amount from the debited account to the credited one. So each
// row balances by itself, and with it all of them.
//
// One row a movement, with both of its accounts, is how TigerBeetle keeps
// double entries; see its documentation on debit/credit.
type Posting struct {
	ID         int64
	OrderID    int64
	Reason     string
	Debit      Account
	DebitUser  *int64 // of AccountBuyer and AccountSeller
	Credit     Account
	CreditUser *int64
	Amount     int64 // won, above zero
	CreatedAt  time.Time
}

// postings collects what is to be posted for an order; amounts of nothing are
// left out.
type postings struct {
	order Order
	now   time.Time
	rows  []Posting
}

func (p *postings) add(reason string, debit, credit Account, amount int64) {
	if amount <= 0 {
		return
	}
	p.rows = append(p.rows, Posting{
		OrderID: p.order.ID, Reason: reason, Debit: debit, DebitUser: p.owner(debit), Credit: credit, CreditUser: p.owner(credit), Amount: amount, CreatedAt: p.now,
	})
}

func (p *postings) owner(a Account) *int64 {
	switch a {
	case AccountBuyer:
		return &p.order.BuyerID
	case AccountSeller:
		return p.order.SellerID
	}
	return nil
}

// charge is what a new order posts: the buyer pays into escrow.
func charge(o Order) Posting {
	p := postings{order: o, now: o.CreatedAt}
	p.add(PostCharge, AccountBuyer, AccountEscrow, o.Total())
	return p.rows[0] // a price is above zero
}

// settles is what a settled order posts: escrow is paid out.
func settles(o Order, now time.Time) []Posting {
	p := postings{order: o, now: now}
	to := AccountSeller
	if o.SellerID == nil {
		to = AccountStore
	}
	p.add(PostPayout, AccountEscrow, to, o.Payout())
	p.add(PostFee, AccountEscrow, AccountFees, o.BuyerFee+o.SellerFee)
	return p.rows
}

// refunds is what gives the buyer everything back.
func refunds(o Order, now time.Time) []Posting {
	p := postings{order: o, now: now}
	p.add(PostRefund, AccountEscrow, AccountBuyer, o.Total())
	return p.rows
}

// penalises is what a seller posts who didn't ship, or whose goods failed.
func penalises(o Order, now time.Time) []Posting {
	p := postings{order: o, now: now}
	p.add(PostPenalty, AccountSeller, AccountPenalties, o.Penalty())
	p.add(PostCredit, AccountPenalties, AccountBuyer, o.Credit())
	return p.rows
}

// forgives takes a penalty back, as an undone failure does.
func forgives(o Order, now time.Time) []Posting {
	p := postings{order: o, now: now}
	p.add(PostReversal, AccountBuyer, AccountPenalties, o.Credit())
	p.add(PostReversal, AccountPenalties, AccountSeller, o.Penalty())
	return p.rows
}

// Penalty is what the seller of the order owes for how it ended, if anything.
func (o Order) Penalty() int64 {
	switch {
	case o.Status == OrderFailed:
		return share(o.Price, o.Terms.FailPenaltyBps)
	case o.Status == OrderCancelled && o.Reason == ReasonNotShipped:
		return share(o.Price, o.Terms.PenaltyBps)
	}
	return 0
}

// Credit is the buyer's part of the penalty.
func (o Order) Credit() int64 { return share(o.Penalty(), o.Terms.CreditBps) }

// Refund is what the buyer got back, if they did. What went into another order
// did not come back.
func (o Order) Refund() int64 {
	if o.Status == OrderCancelled || o.Resolution == Refunded {
		return o.Total()
	}
	return 0
}
