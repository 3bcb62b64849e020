package apptest_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
	"rally/platform/fault"
)

// storm drives one server and the model with the same random requests.
type storm struct {
	t        *testing.T
	s        *apptest.Server
	r        *rand.Rand
	m        *model
	people   []*apptest.Client // all who trade; the last one is of the staff
	desk     []*apptest.Client // the staff
	products []int64           // the last one is the store's
	agreed   map[string]int    // how often the server and the model said yes
}

const storePrice = 50_000

func TestTheServerAnswersAsTheModel(t *testing.T) {
	// Tokens outlive most jumps in time; after each they are renewed.
	settings := map[string]string{"RALLY_ACCESS_TTL": "24h", "RALLY_SHOP_NEW_SELLER_CAP": "9", "RALLY_SHOP_NEW_SELLER_SALES": "4"}
	apptest.Each(t, settings, func(t *testing.T, s *apptest.Server) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		st := newStorm(t, s, seed)
		for i := 0; i < 500 || i < 5000 && len(st.missed()) > 0; i++ {
			if i%200 == 100 {
				st.newFees()
			}
			st.step()
			if t.Failed() {
				return
			}
		}
		st.wantAccounts()
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
		st.drain()
		st.wantAccounts()
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
		if n := count(t, s, "SELECT count(*) FROM orders"); n != len(st.m.orders) {
			t.Errorf("%d orders, the model made %d", n, len(st.m.orders))
		}
		if missed := st.missed(); len(missed) > 0 {
			t.Errorf("no %v in the whole storm: the test tests little: %v", missed, st.agreed)
		}
		t.Logf("agreed: %v", st.agreed)
	})
}

// missed are the steps that a storm must have seen, and this one has not yet.
func (st *storm) missed() []string {
	return slices.DeleteFunc([]string{"trade", "ship", "receive", "pass", "dispatch", "prize"}, func(what string) bool { return st.agreed[what] > 0 })
}

func newStorm(t *testing.T, s *apptest.Server, seed uint64) *storm {
	t.Helper()
	desk := []*apptest.Client{s.Staff(), s.Staff()}
	sized, single := newArticle(t, desk[0], "immediate", "260", "270"), newSingle(t, desk[0])
	sh := newShelf(t, desk[0])
	_, good := sh.good(storePrice, 8)
	return &storm{
		t: t, s: s, r: rand.New(rand.NewPCG(seed, 1)), people: append(s.People(4), desk[1]), desk: desk,
		products: []int64{sized.Sizes["260"], sized.Sizes["270"], single, good}, agreed: map[string]int{},
		m: &model{
			versions: map[int64]int64{}, stock: map[int64]int{good: 8}, accounts: map[string]int64{}, withdrew: map[int64]time.Time{},
			fees: []modelFees{{buyer: 150, seller: 300, penalty: 1000, fail: 1500, share: 5000}}, cap: modelCap{pending: 9, settled: 4},
		},
	}
}

// newSingle makes an article whose only size is ALL.
func newSingle(t *testing.T, staff *apptest.Client) int64 {
	t.Helper()
	type created struct{ ID int64 }
	brand := apptest.Into[created](t, staff.Post("/api/shop/brands/", M{"name": "Single"}).Want(t, 201))
	info := apptest.Into[created](t, staff.Post("/api/shop/productinfos/", M{"brand": brand.ID, "eng_name": "Lamp", "category": "life", "tick": 1000}).Want(t, 201))
	return apptest.Into[[]created](t, staff.Get(fmt.Sprintf("/api/shop/productinfos/%d/products/", info.ID)).Want(t, 200))[0].ID
}

func (st *storm) step() {
	product := st.products[st.r.IntN(len(st.products)-1)]
	person := st.people[st.r.IntN(len(st.people))]
	side := shop.Purchase
	if st.r.IntN(2) == 0 {
		side = shop.Sales
	}
	switch n := st.r.IntN(41); {
	case n == 40:
		if st.r.IntN(3) == 0 {
			product = st.products[len(st.products)-1]
		}
		st.win(product, person)
	case n < 8:
		st.place(product, person, side)
	case n < 14:
		st.trade(product, person, side)
	case n < 15:
		product = st.products[len(st.products)-1]
		st.buyGood(product, person)
	case n < 18:
		st.change()
	case n < 19:
		st.cancel()
	case n < 21:
		st.jump()
	case n < 22:
		st.sweep()
	case n < 23:
		st.meet()
	case n < 27:
		st.readOrder()
	default:
		st.stepOrder()
	}
	st.compare(product)
}

// jump moves the time, mostly a little.
func (st *storm) jump() {
	days := time.Duration(st.r.IntN(9)) * 24 * time.Hour
	st.advance([]time.Duration{
		time.Duration(st.r.IntN(20)) * time.Minute, 15 * time.Minute, time.Duration(st.r.IntN(20)) * time.Hour, 48 * time.Hour, days, 15 * 24 * time.Hour,
	}[min(st.r.IntN(6), st.r.IntN(7))])
}

func (st *storm) advance(d time.Duration) {
	st.s.Clock.Advance(d)
	refresh(st.t, append(slices.Clone(st.people), st.desk[0])...)
}

// newFees makes the staff set other terms, which some jump passes.
func (st *storm) newFees() {
	f := modelFees{
		from:  st.s.Clock.Now().Add(time.Duration(1+st.r.IntN(30)) * time.Hour).Truncate(time.Second).Add(time.Second),
		buyer: st.r.Int64N(700), seller: st.r.Int64N(900), penalty: st.r.Int64N(2000), fail: st.r.Int64N(2500), share: st.r.Int64N(10_001),
	}
	st.desk[0].Post("/api/admin/shop/fees/", M{
		"effective_from": f.from, "buyer_bps": f.buyer, "seller_bps": f.seller, "penalty_bps": f.penalty, "fail_penalty_bps": f.fail, "credit_bps": f.share,
	}).Want(st.t, 201)
	st.m.fees = append(st.m.fees, f)
	slices.SortFunc(st.m.fees, func(a, b modelFees) int { return a.from.Compare(b.from) })
}

// agrees says whether an answer is the model's: this status, or this refusal.
func (st *storm) agrees(r apptest.Reply, status int, want error) error {
	if want == nil {
		if r.Status != status {
			return fmt.Errorf("status %d, the model agreed\n%s", r.Status, r.Body)
		}
		return nil
	}
	f := fault.From(want)
	if r.Status != f.Kind.Status() || r.Code() != f.Code {
		return fmt.Errorf("%d %s, the model says %d %s", r.Status, r.Code(), f.Kind.Status(), f.Code)
	}
	told := apptest.Into[map[string]any](st.t, r)
	for name, value := range f.Meta {
		if fmt.Sprintf("%.0f", told[name]) != fmt.Sprint(value) && fmt.Sprint(told[name]) != fmt.Sprint(value) {
			return fmt.Errorf("%s: the %s is told as %v, the model says %v", f.Code, name, told[name], value)
		}
	}
	return nil
}

// answer compares an answer with the model's, and reports whether both said
// yes.
func (st *storm) answer(what string, r apptest.Reply, status int, want error) bool {
	st.t.Helper()
	if err := st.agrees(r, status, want); err != nil {
		st.t.Fatalf("%s: %v", what, err)
	}
	return want == nil
}

func (st *storm) price() int64 {
	if st.r.IntN(30) == 0 {
		return []int64{0, -1000, 100_500, 2_000_000_000, 1000, 900_000}[st.r.IntN(6)]
	}
	return 1000 * (85 + st.r.Int64N(30))
}

func (st *storm) place(product int64, person *apptest.Client, side shop.Side) {
	st.meet()
	price, days, confirm := st.price(), []int{1, 3, 60}[st.r.IntN(3)], st.r.IntN(4) == 0
	now := st.s.Clock.Now()
	want := st.m.check(product, side, price, confirm, now)
	if want == nil && side == shop.Sales {
		want = st.m.room(person.UserID, now)
	}
	r := person.Post(fmt.Sprintf("/api/shop/products/%d/bids/?type=%s", product, side), M{"price": price, "expires_in_days": days, "confirm": confirm})
	if !st.answer(fmt.Sprintf("%s bid at %d", side, price), r, http.StatusCreated, want) {
		return
	}
	st.m.versions[product]++
	b := &modelBid{bps: st.m.feesAt(now).of(side), Bid: shop.Bid{
		ID: apptest.Into[bid](st.t, r).ID, ProductID: product, UserID: person.UserID, Side: side, Price: price, Priority: st.m.versions[product],
		Status: shop.BidOpen, ExpiresAt: now.AddDate(0, 0, days),
	}}
	st.m.bids = append(st.m.bids, b)
	st.wantBid(b, r)
}

// wantBid compares what a bid's owner is shown with what the model will charge.
func (st *storm) wantBid(b *modelBid, r apptest.Reply) {
	st.t.Helper()
	type shown struct {
		Price, Fee, Total, Payout *int64
		ExpiresAt                 time.Time `json:"expires_at"`
	}
	fee := part(b.Price, b.bps)
	amount := b.Price + fee
	want := shown{Price: &b.Price, Fee: &fee, Total: &amount, ExpiresAt: b.ExpiresAt}
	if b.Side == shop.Sales {
		amount = b.Price - fee
		want.Total, want.Payout = nil, &amount
	}
	if got := apptest.Into[shown](st.t, r); asJSON(got) != asJSON(want) {
		st.t.Fatalf("a bid is shown as\n%s, the model says\n%s", asJSON(got), asJSON(want))
	}
}

// sees draws what a person says that they saw.
func (st *storm) sees(price, fee int64) seen {
	var in seen
	if st.r.IntN(4) == 0 {
		price += 1000 * st.r.Int64N(2)
		in.price = &price
	}
	if st.r.IntN(4) == 0 {
		fee += st.r.Int64N(2)
		in.fee = &fee
	}
	if st.r.IntN(3) == 0 {
		confirm := st.r.IntN(3) == 0
		in.confirm = &confirm
	}
	return in
}

func (st *storm) trade(product int64, person *apptest.Client, side shop.Side) {
	st.meet()
	now := st.s.Clock.Now()
	counter, _ := shop.BestFor(st.m.queue(product, side.Opposite()), person.UserID, now)
	in := st.sees(counter.Price, part(counter.Price, st.m.feesAt(now).of(side)))
	counter, want := st.m.mayTrade(product, person.UserID, side, in, now)
	r := person.Post(fmt.Sprintf("/api/shop/products/%d/transorders/?type=%s", product, side), in.body())
	if !st.answer(string(side)+" at once", r, http.StatusCreated, want) {
		return
	}
	st.agreed["trade"]++
	st.wantOrder(st.m.trade(apptest.Into[order](st.t, r).ID, counter, person.UserID, side, now), person, r)
}

func (st *storm) buyGood(product int64, person *apptest.Client) {
	st.meet()
	var want error
	body := M{}
	switch {
	case st.r.IntN(4) == 0:
		body["expected_price"] = storePrice - 1000
		want = shop.ErrPriceMoved.With("price", storePrice)
	case st.m.stock[product] == 0:
		want = shop.ErrOutOfStock
	}
	r := person.Post(fmt.Sprintf("/api/shop/products/%d/storeorders/", product), body)
	if !st.answer("a store good", r, http.StatusCreated, want) {
		return
	}
	st.agreed["store"]++
	st.m.stock[product]--
	o := &modelOrder{id: apptest.Into[order](st.t, r).ID, product: product, buyer: person.UserID, taker: shop.Purchase, price: storePrice}
	st.wantOrder(st.m.open(o, st.s.Clock.Now()), person, r)
}

// win makes somebody win a prize, or gives it back.
func (st *storm) win(product int64, person *apptest.Client) {
	ctx := st.t.Context()
	kept, _, err := st.s.Prizes.Escrow(ctx, product)
	if product == st.products[len(st.products)-1] {
		if st.m.stock[product] == 0 {
			if !errors.Is(err, shop.ErrOutOfStock) {
				st.t.Fatalf("a prize of what is sold out: %v", err)
			}
			return
		}
		st.m.stock[product]--
	}
	if err != nil {
		st.t.Fatal(err)
	}
	if st.r.IntN(4) == 0 {
		if err := st.s.Prizes.Release(ctx, kept.ID); err != nil {
			st.t.Fatal(err)
		}
		st.m.stock[product]++
		return
	}
	id, err := st.s.Prizes.Award(ctx, kept.ID, person.UserID)
	if err != nil {
		st.t.Fatal(err)
	}
	if again, err := st.s.Prizes.Award(ctx, kept.ID, person.UserID); err != nil || again != id {
		st.t.Fatalf("awarded again it is order %d, %v, was %d", again, err, id)
	}
	st.agreed["prize"]++
	o := st.m.open(&modelOrder{id: id, product: product, buyer: person.UserID, taker: shop.Purchase}, st.s.Clock.Now())
	st.wantOrder(o, person, person.Get(fmt.Sprintf("/api/shop/orders/%d/", id)).Want(st.t, http.StatusOK))
}

// some returns a random bid, of whatever state, and its owner.
func (st *storm) some() (*modelBid, *apptest.Client, string) {
	if len(st.m.bids) == 0 {
		return nil, nil, ""
	}
	b := st.m.bids[st.r.IntN(len(st.m.bids))]
	return b, st.person(b.UserID), fmt.Sprintf("/api/shop/%sbids/%d/", b.Side, b.ID)
}

func (st *storm) person(id int64) *apptest.Client {
	i := slices.IndexFunc(st.people, func(p *apptest.Client) bool { return p.UserID == id })
	return st.people[i]
}

// change edits a bid: its price, when it expires, both or nothing.
func (st *storm) change() {
	st.meet()
	b, owner, path := st.some()
	if b == nil {
		return
	}
	now, price, days, body := st.s.Clock.Now(), b.Price, 0, M{}
	if st.r.IntN(3) > 0 {
		price = st.price()
		body["price"] = price
	}
	if st.r.IntN(2) == 0 {
		days = []int{1, 3, 60, 5}[st.r.IntN(4)]
		body["expires_in_days"] = days
	}
	var want error
	switch {
	case !b.Live(now):
		want = shop.ErrBidClosed
	case days == 5:
		want = fault.ErrInvalid.WithField("expires_in_days", "is none of those")
	case price != b.Price:
		want = st.m.check(b.ProductID, b.Side, price, false, now)
	}
	r := owner.Patch(path, body)
	if !st.answer("a change of a bid", r, http.StatusOK, want) {
		return
	}
	if price != b.Price || days > 0 { // else nothing was asked for
		st.m.versions[b.ProductID]++
		b.bps = st.m.feesAt(now).of(b.Side)
		if days > 0 {
			b.ExpiresAt = now.AddDate(0, 0, days)
		}
		if price != b.Price {
			b.Price, b.Priority = price, st.m.versions[b.ProductID]
		}
	}
	st.wantBid(b, r)
}

func (st *storm) cancel() {
	b, owner, path := st.some()
	if b == nil {
		return
	}
	var want error
	if !b.Live(st.s.Clock.Now()) {
		want = shop.ErrBidClosed
	}
	if !st.answer("a cancellation", owner.Delete(path), http.StatusNoContent, want) {
		return
	}
	b.Status = shop.BidCancelled
	st.m.versions[b.ProductID]++
}

// sweep may run at any time and changes no answer, only the version.
func (st *storm) sweep() {
	if err := st.s.Shop.SweepExpired(st.t.Context()); err != nil {
		st.t.Fatal(err)
	}
	for _, b := range st.m.bids {
		if b.Status == shop.BidOpen && !b.Live(st.s.Clock.Now()) {
			b.Status = shop.BidExpired
		}
	}
}

// meet meets the deadlines that have passed. The program does so itself, at
// moments that nobody knows: what depends on the market asks for it first.
func (st *storm) meet() {
	now := st.s.Clock.Now()
	if err := st.s.Shop.MeetDeadlines(st.t.Context()); err != nil {
		st.t.Fatal(err)
	}
	for _, o := range st.m.orders {
		if o.due(now) {
			st.agreed["expire "+o.status]++
			st.m.expire(o, now)
		}
	}
}
