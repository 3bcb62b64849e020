package shop

import "context"

// Teller writes to people by mail. It stands beside Service, since only jobs
// write. It is safe for concurrent use.
type Teller struct {
	tx      Transactions
	store   Store
	people  Addresses
	mail    Mailer
	service *Service
	baseURL string
}

// NewTeller returns a teller. Links in mails begin with baseURL.
func NewTeller(s *Service, people Addresses, mail Mailer, baseURL string) *Teller {
	return &Teller{tx: s.tx, store: s.store, people: people, mail: mail, service: s, baseURL: baseURL}
}

// TellOrders writes to both sides of every order whose status they were not
// told yet, one transaction an order. It is idempotent.
func (t *Teller) TellOrders(ctx context.Context) error {
	untold, err := t.store.OrdersUntold(ctx, dueBatch)
	if err != nil {
		return err
	}
	return each(ctx, t.tx, untold, t.tellOrder)
}

func (t *Teller) tellOrder(ctx context.Context, id int64) error {
	o, err := t.store.LockOrder(ctx, id)
	if err != nil {
		return err
	}
	// Under the lock: another node may have been faster.
	if first, err := t.store.MarkTold(ctx, id, t.service.now()); err != nil || !first {
		return err
	}
	articles, err := t.store.Articles(ctx, []int64{o.ProductID})
	if err != nil {
		return err
	}
	events, err := t.store.OrderEvents(ctx, []int64{id})
	if err != nil {
		return err
	}
	since := newsSince(events[id], o.ToldEvent)
	sides, people := []Side{Purchase}, []int64{o.BuyerID}
	if o.SellerID != nil {
		sides, people = append(sides, Sales), append(people, *o.SellerID)
	}
	addresses, err := t.people.AddressesOf(ctx, people)
	if err != nil {
		return err
	}
	for i, side := range sides {
		if subject, body, ok := letterTo(o, since, articles[o.ProductID], side, t.baseURL); ok {
			if err := t.write(ctx, addresses[people[i]], subject, body); err != nil {
				return err
			}
		}
	}
	return nil
}

// write sends a letter to an address, unless it is empty: they have left.
func (t *Teller) write(ctx context.Context, to, subject, body string) error {
	if to == "" {
		return nil
	}
	return t.mail.Send(ctx, to, subject, body)
}

// targetBatch bounds how many wishes one transaction tells of.
const targetBatch = 200

// TellTargets tells everybody whose price for a product, or for the size ALL
// beside it, can be paid now, each wish once. Whoever sells at that price
// themselves is left out. It is idempotent.
func (t *Teller) TellTargets(ctx context.Context, productID int64) error {
	product, err := t.store.Product(ctx, productID, t.service.now())
	if err != nil {
		return err
	}
	if product.Size != AllSizes {
		return t.tellTargets(ctx, productID)
	}
	sizes, err := t.store.Products(ctx, product.InfoID, t.service.now())
	if err != nil {
		return err
	}
	for _, p := range sizes {
		if p.ID == productID && len(sizes) > 1 {
			continue // its price is one of the others', and so is its seller
		}
		if err := t.tellTargets(ctx, p.ID); err != nil {
			return err
		}
	}
	return nil
}

func (t *Teller) tellTargets(ctx context.Context, productID int64) error {
	for {
		told := 0
		err := t.tx.InTx(ctx, func(ctx context.Context) (err error) {
			told, err = t.tellSomeTargets(ctx, productID)
			return err
		})
		if err != nil || told < targetBatch {
			return err
		}
	}
}

func (t *Teller) tellSomeTargets(ctx context.Context, productID int64) (int, error) {
	now := t.service.now()
	product, err := t.store.Product(ctx, productID, now)
	if err != nil || product.PurchasePrice == nil {
		return 0, err // nobody sells any more
	}
	price := *product.PurchasePrice
	best, _, err := t.store.BestBid(ctx, productID, Sales, now, 0)
	if err != nil {
		return 0, err
	}
	reached, err := t.store.ReachTargets(ctx, productID, price, Waiting{But: best.UserID}, now, targetBatch)
	if err != nil {
		return 0, err
	}
	if next, ok, err := t.store.BestBid(ctx, productID, Sales, now, best.UserID); err != nil {
		return 0, err
	} else if ok && best.UserID != 0 { // what the lowest seller themselves could pay
		own, err := t.store.ReachTargets(ctx, productID, next.Price, Waiting{Only: best.UserID}, now, targetBatch)
		if err != nil {
			return 0, err
		}
		if err := t.tellReached(ctx, product, next.Price, own); err != nil {
			return 0, err
		}
	}
	return len(reached), t.tellReached(ctx, product, price, reached)
}

// tellReached tells of wishes whose target a price has reached.
func (t *Teller) tellReached(ctx context.Context, product Product, price int64, reached []Wish) error {
	if len(reached) == 0 {
		return nil
	}
	articles, err := t.store.Articles(ctx, []int64{product.ID})
	if err != nil {
		return err
	}
	people := make([]int64, len(reached))
	for i, w := range reached {
		people[i] = w.UserID
	}
	addresses, err := t.people.AddressesOf(ctx, people)
	if err != nil {
		return err
	}
	for _, w := range reached {
		if err := t.service.events.Emit(ctx, TargetReached{Wish: w, InfoID: product.InfoID, Price: price}); err != nil {
			return err
		}
		subject, body := targetLetter(articles[product.ID], price, t.baseURL)
		if err := t.write(ctx, addresses[w.UserID], subject, body); err != nil {
			return err
		}
	}
	return nil
}
