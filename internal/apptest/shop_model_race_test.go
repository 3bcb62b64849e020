package apptest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/db"
)

type ledgerRow struct {
	ID         int64     `bun:"id"`
	OrderID    int64     `bun:"order_id"`
	Reason     string    `bun:"reason"`
	Debit      string    `bun:"debit"`
	DebitUser  int64     `bun:"debit_user"`
	Credit     string    `bun:"credit"`
	CreditUser int64     `bun:"credit_user"`
	Amount     int64     `bun:"amount"`
	CreatedAt  time.Time `bun:"created_at"`
}

func ledgerOf(t *testing.T, s *apptest.Server) []ledgerRow {
	t.Helper()
	rows, err := db.Select[ledgerRow](t.Context(), s.DB, `SELECT id, order_id, reason, debit, coalesce(debit_user, 0) AS debit_user, credit,
		coalesce(credit_user, 0) AS credit_user, amount, created_at FROM ledger ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// brawl is a few orders on which everybody does everything.
type brawl struct {
	t                    *testing.T
	s                    *apptest.Server
	desk, buyers, others []*apptest.Client
	product, good        int64
	orders               []int64

	mu   sync.Mutex
	done map[string]int
}

// deal makes new orders to brawl about: at the beginning, failed, and on the
// way to their buyer.
func (b *brawl) deal() {
	b.orders = b.orders[max(0, len(b.orders)-4):] // and a few that are due by now
	for i, buyer := range append(b.buyers, b.buyers...) {
		for n, seller := range b.others {
			ask(b.t, seller, b.product, int64(100_000+1000*n))
		}
		o := apptest.Into[order](b.t, buy(buyer, b.product, nil).Want(b.t, 201)).ID
		b.orders = append(b.orders, o)
		if i < len(b.buyers) {
			continue
		}
		parcel := M{"carrier": "Hanjin", "tracking": "4021-33"}
		for _, seller := range b.others { // one of them it is
			wantOneOf(b.t, seller.Post(stepPath(o, "ship"), parcel), 200, 404)
		}
		b.desk[0].Post(stepPath(o, "receive"), nil).Want(b.t, 200)
		b.desk[0].Post(stepPath(o, "fail"), M{"reason": "Glue marks."}).Want(b.t, 200)
	}
	sent := apptest.Into[idOf](b.t, b.buyers[0].Post(product(b.good, "storeorders/"), nil).Want(b.t, 201)).ID
	b.desk[0].Post(stepPath(sent, "dispatch"), M{"carrier": "Hanjin", "tracking": "4021-34"}).Want(b.t, 200)
	b.orders = append(b.orders, sent)
}

func stepPath(id int64, action string) string {
	return fmt.Sprintf("/api/shop/orders/%d/%s/", id, action)
}

// try lets somebody try an action on any of the orders.
func (b *brawl) try(c *apptest.Client, r *rand.Rand, action string) {
	id, body, allowed := b.orders[r.IntN(len(b.orders))], M{}, []int{403, 404, 409}
	path := stepPath(id, action)
	switch action {
	case "ship", "dispatch":
		body = M{"carrier": "Hanjin", "tracking": fmt.Sprint("4021-", r.IntN(100))}
	case "fail", "cancel", "undo":
		body = M{"reason": "Who knows."}
	case "ask":
		path, body = product(b.product, "bids/?type=sales"), M{"price": 100_000 + 1000*r.IntN(9), "confirm": true}
	}
	reply := c.Post(path, body)
	switch {
	case reply.Status == 200, reply.Status == 201:
		b.mu.Lock()
		defer b.mu.Unlock()
		b.done[action]++
	case reply.Code() == "shop.no_counter_bid":
	default:
		wantOneOf(b.t, reply, allowed...)
	}
}

// each returns what one person does for a while.
func (b *brawl) each(c *apptest.Client, n int, actions ...string) func() {
	r := rand.New(rand.NewPCG(rand.Uint64(), 1))
	return func() {
		for range n {
			b.try(c, r, actions[r.IntN(len(actions))])
		}
	}
}

// Everybody does everything at once to a few orders, while their deadlines are
// met. Whoever wins, the money and the market are right, and what the ledger
// once said it says still.
func TestAllStepsAtOnce(t *testing.T) {
	apptest.Each(t, map[string]string{"RALLY_ACCESS_TTL": "24h"}, func(t *testing.T, s *apptest.Server) {
		b := &brawl{t: t, s: s, desk: []*apptest.Client{s.Staff(), s.Staff()}, buyers: s.People(2), others: s.People(2), done: map[string]int{}}
		sh := newShelf(t, b.desk[0])
		b.product = sh.traded()
		_, b.good = sh.good(50_000, 5)
		var before []ledgerRow
		// Chance decides who comes first, so a few more rounds make sure that most
		// of the steps were taken by somebody.
		for round := range 25 {
			if round >= 5 && b.done["ship"] > 0 && b.done["refund"]+b.done["rebuy"]+b.done["undo"] > 0 {
				break
			}
			b.deal()
			work := []func(){
				func() {
					for range 10 {
						if err := s.Shop.MeetDeadlines(t.Context()); err != nil {
							t.Error(err)
						}
					}
				},
			}
			for _, c := range b.buyers {
				work = append(work, b.each(c, 12, "confirm", "refund", "rebuy", "rebuy", "withdraw"))
			}
			for _, c := range b.others {
				work = append(work, b.each(c, 12, "ship", "ship", "ship", "withdraw", "ask"))
			}
			for _, c := range b.desk {
				work = append(work, b.each(c, 30, "receive", "pass", "pass", "fail", "dispatch", "dispatch", "undo", "cancel"))
			}
			together(work...)
			after := ledgerOf(t, s)
			if len(after) < len(before) || !slices.Equal(after[:len(before)], before) {
				t.Fatalf("the ledger said\n%v\nand says\n%v", before, after)
			}
			before = after
			apptest.WantConsistent(t, s.DB, s.Clock.Now())
			if t.Failed() {
				return
			}
			s.Clock.Advance(48 * time.Hour) // what was matched is due, to whoever comes first
			refresh(t, slices.Concat(b.buyers, b.others, b.desk)...)
		}
		if b.done["ship"] == 0 || b.done["refund"]+b.done["rebuy"]+b.done["undo"] == 0 {
			t.Errorf("hardly anything was done: %v", b.done)
		}
		t.Logf("done: %v", b.done)
	})
}

// Not even the program itself can change what the ledger says.
func TestTheLedgerIsAppendOnly(t *testing.T) {
	apptest.Each(t, nil, func(t *testing.T, s *apptest.Server) {
		seller, buyer := s.Person(), s.Person()
		p := newShelf(t, s.Staff()).traded()
		ask(t, seller, p, 100_000)
		buy(buyer, p, nil).Want(t, 201)
		before := ledgerOf(t, s)
		if len(before) != 1 {
			t.Fatalf("a trade posted %v", before)
		}
		statements := []string{
			"UPDATE ledger SET amount = amount + 1", "UPDATE ledger SET reason = reason", "DELETE FROM ledger", "DELETE FROM ledger WHERE id = 1",
			"INSERT INTO ledger (id, order_id, reason, debit, debit_user, credit, amount, created_at) SELECT id, order_id, reason, debit, debit_user, credit, 1, created_at FROM ledger WHERE true ON CONFLICT (id) DO UPDATE SET amount = 1",
		}
		if s.DB.Dialect == db.Postgres {
			statements = append(statements, "TRUNCATE ledger", "TRUNCATE orders CASCADE")
		} else {
			statements = append(statements, "REPLACE INTO ledger (id, order_id, reason, debit, debit_user, credit, amount, created_at) SELECT id, order_id, reason, debit, debit_user, credit, 1, created_at FROM ledger")
		}
		for _, statement := range statements {
			if _, err := db.Exec(t.Context(), s.DB, statement); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", statement, err)
			}
		}
		if after := ledgerOf(t, s); !slices.Equal(after, before) {
			t.Errorf("the ledger said %v and says %v", before, after)
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}
