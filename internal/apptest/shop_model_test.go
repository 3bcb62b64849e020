package apptest_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
	"rally/platform/fault"
)

// model is the exchange as simply as it can be said: a list of bids, and the
// pure rules of the module. The server must answer as it does.
type model struct {
	bids     []*modelBid
	last     map[int64]int64
	versions map[int64]int64
	orders   int
}

type modelBid struct {
	shop.Bid
}

func (m *model) queue(product int64, side shop.Side) []shop.Bid {
	var queue []shop.Bid
	for _, b := range m.bids {
		if b.ProductID == product && b.Side == side {
			queue = append(queue, b.Bid)
		}
	}
	return queue
}

func (m *model) find(id int64) *modelBid {
	for _, b := range m.bids {
		if b.ID == id {
			return b
		}
	}
	return nil
}

func (m *model) check(product int64, side shop.Side, price int64, confirm bool, now time.Time) error {
	p := shop.Placement{Side: side, Price: price, Tick: 1000, Best: shop.BestPrice(m.queue(product, side.Opposite()), now), Confirmed: confirm}
	if last, ok := m.last[product]; ok {
		p.Last = &last
	}
	return p.Check()
}

// storm drives one server and the model with the same random requests.
type storm struct {
	t        *testing.T
	s        *apptest.Server
	r        *rand.Rand
	m        *model
	people   []*apptest.Client
	products []int64
}

func TestTheServerAnswersAsTheModel(t *testing.T) {
	// Tokens outlive each jump in time; after it they are renewed.
	apptest.Each(t, map[string]string{"RALLY_ACCESS_TTL": "24h"}, func(t *testing.T, s *apptest.Server) {
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		staff := s.Staff()
		sized, single := newArticle(t, staff, "immediate", "260", "270"), newSingle(t, staff)
		st := &storm{
			t: t, s: s, r: rand.New(rand.NewPCG(seed, 1)), people: s.People(4), products: []int64{sized.Sizes["260"], sized.Sizes["270"], single},
			m: &model{last: map[int64]int64{}, versions: map[int64]int64{}},
		}
		for range 300 {
			st.step()
			if t.Failed() {
				return
			}
		}
		if st.m.orders == 0 {
			t.Fatal("nothing was traded: the test tests little")
		}
		st.sweep()
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
		if n := count(t, s, "SELECT count(*) FROM orders"); n != st.m.orders {
			t.Errorf("%d orders, the model made %d", n, st.m.orders)
		}
	})
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
	product := st.products[st.r.IntN(len(st.products))]
	person := st.people[st.r.IntN(len(st.people))]
	side := shop.Purchase
	if st.r.IntN(2) == 0 {
		side = shop.Sales
	}
	switch n := st.r.IntN(20); {
	case n < 9:
		st.place(product, person, side)
	case n < 14:
		st.trade(product, person, side)
	case n < 16:
		st.change()
	case n < 18:
		st.cancel()
	case n < 19:
		st.s.Clock.Advance(time.Duration(st.r.IntN(20)) * time.Hour)
		for _, p := range st.people {
			p.Post("/api/accounts/token/refresh/", M{}).Want(st.t, http.StatusOK)
		}
	default:
		st.sweep()
	}
	st.compare(product)
}

// answer compares a refusal with the model's, and reports whether both said yes.
func (st *storm) answer(what string, r apptest.Reply, status int, want error) bool {
	st.t.Helper()
	if want == nil {
		if r.Status != status {
			st.t.Fatalf("%s: status %d, the model agreed\n%s", what, r.Status, r.Body)
		}
		return true
	}
	f := fault.From(want)
	if r.Status != f.Kind.Status() || r.Code() != f.Code {
		st.t.Fatalf("%s: %d %s, the model says %d %s", what, r.Status, r.Code(), f.Kind.Status(), f.Code)
	}
	if price, ok := f.Meta["price"]; ok {
		if told := apptest.Into[struct{ Price int64 }](st.t, r); told.Price != price {
			st.t.Fatalf("%s: the price is told as %d, the model says %v", what, told.Price, price)
		}
	}
	return false
}

func (st *storm) price() int64 {
	if st.r.IntN(30) == 0 {
		return []int64{0, -1000, 100_500, 2_000_000_000, 1000, 900_000}[st.r.IntN(6)]
	}
	return 1000 * (85 + st.r.Int64N(30))
}

func (st *storm) place(product int64, person *apptest.Client, side shop.Side) {
	price, days, confirm := st.price(), []int{1, 3, 60}[st.r.IntN(3)], st.r.IntN(4) == 0
	now := st.s.Clock.Now()
	want := st.m.check(product, side, price, confirm, now)
	r := person.Post(fmt.Sprintf("/api/shop/products/%d/bids/?type=%s", product, side), M{"price": price, "expires_in_days": days, "confirm": confirm})
	if !st.answer(fmt.Sprintf("%s bid at %d", side, price), r, http.StatusCreated, want) {
		return
	}
	st.m.versions[product]++
	st.m.bids = append(st.m.bids, &modelBid{shop.Bid{
		ID: apptest.Into[bid](st.t, r).ID, ProductID: product, UserID: person.UserID, Side: side, Price: price, Priority: st.m.versions[product],
		Status: shop.BidOpen, ExpiresAt: now.AddDate(0, 0, days),
	}})
}

func (st *storm) trade(product int64, person *apptest.Client, side shop.Side) {
	now := st.s.Clock.Now()
	counter, ok := shop.BestFor(st.m.queue(product, side.Opposite()), person.UserID, now)
	var want error
	body := M{}
	switch {
	case !ok:
		want = shop.ErrNoCounterBid
	case st.r.IntN(3) == 0:
		expected := counter.Price + 1000*st.r.Int64N(2)
		body["expected_price"] = expected
		if expected != counter.Price {
			want = shop.ErrPriceMoved.With("price", counter.Price)
		}
	}
	r := person.Post(fmt.Sprintf("/api/shop/products/%d/transorders/?type=%s", product, side), body)
	if !st.answer(string(side)+" at once", r, http.StatusCreated, want) {
		return
	}
	if o := apptest.Into[order](st.t, r); o.Price != counter.Price {
		st.t.Fatalf("traded at %d, the model says %d", o.Price, counter.Price)
	}
	st.m.find(counter.ID).Status = shop.BidFilled
	st.m.last[product] = counter.Price
	st.m.versions[product]++
	st.m.orders++
}

// some returns a random bid, of whatever state, and its owner.
func (st *storm) some() (*modelBid, *apptest.Client, string) {
	if len(st.m.bids) == 0 {
		return nil, nil, ""
	}
	b := st.m.bids[st.r.IntN(len(st.m.bids))]
	for _, p := range st.people {
		if p.UserID == b.UserID {
			return b, p, fmt.Sprintf("/api/shop/%sbids/%d/", b.Side, b.ID)
		}
	}
	st.t.Fatal("a bid without an owner")
	return nil, nil, ""
}

func (st *storm) change() {
	b, owner, path := st.some()
	if b == nil {
		return
	}
	now, price := st.s.Clock.Now(), st.price()
	var want error
	switch {
	case !b.Live(now):
		want = shop.ErrBidClosed
	case price != b.Price:
		want = st.m.check(b.ProductID, b.Side, price, false, now)
	}
	if !st.answer("a new price", owner.Patch(path, M{"price": price}), http.StatusOK, want) {
		return
	}
	if price != b.Price { // else nothing was asked for
		st.m.versions[b.ProductID]++
		b.Price, b.Priority = price, st.m.versions[b.ProductID]
	}
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

func (st *storm) compare(product int64) {
	now := st.s.Clock.Now()
	got := apptest.Into[book](st.t, st.s.Anonymous().Get(fmt.Sprintf("/api/shop/products/%d/book/", product)).Want(st.t, 200))
	for _, side := range []struct {
		got  []struct{ Price, Count int64 }
		best *int64
		side shop.Side
	}{{got.Asks, got.PurchasePrice, shop.Sales}, {got.Bids, got.SalesPrice, shop.Purchase}} {
		queue := st.m.queue(product, side.side)
		want := shop.Depth(queue, now, 20)
		if fmt.Sprint(side.got) != fmt.Sprint(want) {
			st.t.Fatalf("%s side of product %d: %v, the model says %v", side.side, product, side.got, want)
		}
		if best := shop.BestPrice(queue, now); (best == nil) != (side.best == nil) || best != nil && *best != *side.best {
			st.t.Fatalf("best %s price differs from the model", side.side)
		}
	}
	if got.Version < st.m.versions[product] {
		st.t.Fatalf("version %d, the model counts %d changes", got.Version, st.m.versions[product])
	}
	st.m.versions[product] = got.Version // the sweep of the program itself may have run
}
