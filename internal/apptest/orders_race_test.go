package apptest_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
)

// rounds is how often each race is run.
const rounds = 8

// outcome counts who won a race: 200 or 201 is a win, and everybody else must
// have been refused with one of the codes.
type outcome struct {
	t     *testing.T
	codes string
	wins  atomic.Int64
}

func (o *outcome) of(r apptest.Reply) bool {
	if r.Status == 200 || r.Status == 201 {
		o.wins.Add(1)
		return true
	}
	if r.Code() == "" || !strings.Contains(o.codes, r.Code()) {
		o.t.Errorf("status %d: %s", r.Status, r.Body)
	}
	return false
}

// Two steps that exclude each other are sent at the same moment. One wins, the
// order has taken one step, and the money moved once.
func TestTwoStepsAtOnce(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		colleague := s.Staff()
		type side struct {
			c      *apptest.Client
			action string
			body   M
		}
		race := func(what, at string, sides ...side) {
			t.Helper()
			for i := range rounds {
				id := b.at(at, 100000)
				if at == "failed" {
					ask(t, b.bystander, b.p, 100000)
				}
				steps := count(t, s, "SELECT count(*) FROM order_events WHERE order_id = $1", id)
				o := &outcome{t: t, codes: "shop.order_wrong_state shop.withdrawal_used"}
				var fns []func()
				for _, one := range sides {
					fns = append(fns, func() { o.of(step(one.c, id, one.action, one.body)) })
				}
				together(fns...)
				if n := count(t, s, "SELECT count(*) FROM order_events WHERE order_id = $1", id) - steps; o.wins.Load() != 1 || n != 1 {
					t.Errorf("%s, round %d: %d won, %d steps were taken", what, i, o.wins.Load(), n)
				}
				if n := count(t, s, `SELECT count(*) FROM (SELECT reason FROM ledger WHERE order_id = $1 GROUP BY reason HAVING count(*) > 1) twice`, id); n != 0 {
					t.Errorf("%s, round %d posted twice: %s", what, i, b.ledger(id))
				}
				// Nothing that is left over disturbs the next round.
				b.later(shop.GraceEvery + time.Second)
				refresh(t, colleague)
				for _, c := range []*apptest.Client{b.seller, b.bystander} {
					for _, open := range apptest.Into[pageOf[bid]](t, c.Get("/api/shop/salesbids/").Want(t, 200)).Results {
						c.Delete(bidPath("sales", open.ID)).Want(t, 204)
					}
				}
			}
		}
		race("withdraw and ship", "matched", side{b.buyer, "withdraw", nil}, side{b.seller, "ship", sentWith("TRACK-1")})
		race("both withdraw", "matched", side{b.buyer, "withdraw", nil}, side{b.seller, "withdraw", nil})
		race("pass and fail", "inspecting", side{b.staff, "pass", nil}, side{colleague, "fail", M{"reason": "Worn."}})
		race("fail twice", "inspecting", side{b.staff, "fail", M{"reason": "Worn."}}, side{colleague, "fail", M{"reason": "Torn."}})
		race("confirm twice", "delivering", side{b.buyer, "confirm", nil}, side{b.buyer, "confirm", nil}, side{b.buyer, "confirm", nil})
		race("rebuy and refund", "failed", side{b.buyer, "rebuy", nil}, side{b.buyer, "refund", nil})
		race("rebuy twice", "failed", side{b.buyer, "rebuy", nil}, side{b.buyer, "rebuy", nil})
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
		if n := count(t, s, "SELECT count(*) FROM orders WHERE replaces IS NOT NULL") - count(t, s, "SELECT count(*) FROM orders WHERE resolution = 'replaced'"); n != 0 {
			t.Errorf("%d more new orders than replaced ones", n)
		}
	})
}

// The buyer chooses at the moment at which the staff takes the failure back.
func TestUndoAgainstTheBuyersChoice(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		for range rounds {
			id := b.at("failed", 100000)
			o := &outcome{t: t, codes: "shop.order_wrong_state shop.nothing_to_undo"}
			together(func() { o.of(step(b.buyer, id, "refund", nil)) }, func() { o.of(step(b.staff, id, "undo", M{"reason": "A mistake."})) })
			refunded, reversed := strings.Contains(b.ledger(id), "refund:"), strings.Contains(b.ledger(id), "reversal:")
			if o.wins.Load() != 1 || refunded == reversed {
				t.Errorf("%d won: %s", o.wins.Load(), b.ledger(id))
			}
		}
	})
}

// One person withdraws from several orders at once, and places asks meanwhile.
// One withdrawal is allowed, and nobody waits in a circle.
func TestOneWithdrawalADay(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		for i := range rounds {
			var ids []int64
			for n := range 3 {
				b.p = b.sh.traded()
				ids = append(ids, b.matched(100000+int64(n)*1000))
			}
			o := &outcome{t: t, codes: "shop.withdrawal_used"}
			var fns []func()
			for _, id := range ids {
				fns = append(fns, func() { o.of(step(b.seller, id, "withdraw", nil)) })
			}
			fns = append(fns, func() {
				wantOneOf(t, b.seller.Post(product(b.p, "bids/?type=sales"), M{"price": 130000, "confirm": true}), 201)
			})
			together(fns...)
			if o.wins.Load() != 1 {
				t.Fatalf("round %d: %d of 3 withdrawals went through", i, o.wins.Load())
			}
			b.later(shop.GraceEvery + time.Second)
		}
	})
}

// A seller withdraws from orders of one book and asks in it at the same time.
// Both take the book before the person: PostgreSQL never has to break a circle.
func TestWithdrawingWhileAsking(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		for range rounds {
			id := b.matched(100000)
			ask(t, b.seller, b.p, 120000)
			together(
				func() { wantOneOf(t, step(b.seller, id, "withdraw", nil), 200) },
				func() {
					wantOneOf(t, b.seller.Post(product(b.p, "bids/?type=sales"), M{"price": 121000, "confirm": true}), 201)
				},
				func() {
					wantOneOf(t, b.seller.Post(product(b.p, "bids/?type=sales"), M{"price": 122000, "confirm": true}), 201)
				},
			)
			b.later(shop.GraceEvery + time.Second)
			for _, open := range apptest.Into[pageOf[bid]](t, b.seller.Get("/api/shop/salesbids/").Want(t, 200)).Results {
				b.seller.Delete(bidPath("sales", open.ID)).Want(t, 204)
			}
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

// The seller sends the parcel at the moment at which the time for it is over.
func TestShippingAtTheDeadline(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		for range rounds {
			id := b.matched(100000)
			b.later(shop.ShipWithin + time.Microsecond)
			o := &outcome{t: t, codes: "shop.order_wrong_state"}
			together(
				func() { o.of(step(b.seller, id, "ship", sentWith("TRACK-1"))) },
				func() {
					if err := s.Shop.MeetDeadlines(t.Context()); err != nil {
						t.Error(err)
					}
				},
				func() {
					if err := s.Shop.MeetDeadlines(t.Context()); err != nil {
						t.Error(err)
					}
				},
			)
			d, shipped := b.read(b.staff, id), o.wins.Load() == 1
			if len(d.Timeline) != 2 || shipped != (d.Status == "shipping") || !shipped != (d.Reason == "not_shipped") {
				t.Errorf("shipped: %v, and the order is %+v", shipped, d)
			}
			if shipped != (b.ledger(id) == "charge:buyer>escrow=101500") {
				t.Errorf("shipped: %v, posted %s", shipped, b.ledger(id))
			}
		}
	})
}

// Several nodes write at once: everybody gets one letter.
func TestLettersAreWrittenOnce(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		buyer, seller := emailOf(t, b.buyer), emailOf(t, b.seller)
		for range rounds {
			b.matched(100000)
		}
		var nodes []func()
		for range 4 {
			nodes = append(nodes, func() {
				if err := s.Teller.TellOrders(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		together(nodes...)
		b.tell()
		for who, address := range map[string]string{"buyer": buyer, "seller": seller} {
			if n := len(subjects(t, s, address)); n != rounds {
				t.Errorf("the %s got %d letters about %d orders", who, n, rounds)
			}
		}
	})
}

// While trades come and go at once the market says what stands.
func TestTheMarketWhileTradesAreCalledOff(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		people := s.People(4)
		var work []func()
		for n, c := range people {
			work = append(work, func() {
				for i := range 6 {
					price := 100000 + 1000*int64(n)
					b.seller.Post(product(b.p, "bids/?type=sales"), M{"price": price, "confirm": true})
					r := buy(c, b.p, nil)
					if r.Status != 201 {
						if r.Code() != "shop.no_counter_bid" {
							t.Errorf("%d %s", r.Status, r.Body)
						}
						continue
					}
					if i%2 == 0 {
						wantOneOf(t, step(b.staff, apptest.Into[idOf](t, r).ID, "cancel", M{"reason": "Called off."}), 200)
					}
				}
			})
		}
		together(work...)
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
		const stands = " FROM orders WHERE product_id = $1 AND status NOT IN ('cancelled', 'failed')"
		if day, standing := count(t, s, "SELECT coalesce(sum(volume), 0) FROM price_days WHERE product_id = $1", b.p), count(t, s, "SELECT count(*)"+stands, b.p); day != standing || standing == 0 {
			t.Errorf("the day has %d trades, %d stand", day, standing)
		}
		last := count(t, s, "SELECT price"+stands+" ORDER BY created_at DESC, id DESC LIMIT 1", b.p)
		if got := bookOf(t, b.buyer, b.p).LastTrade; got == nil || fmt.Sprint(got.Price) != fmt.Sprint(last) {
			t.Errorf("the book's last trade is %+v, %d stands", got, last)
		}
	})
}
