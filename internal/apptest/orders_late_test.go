package apptest_test

import (
	"fmt"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
)

// Each deadline decides what it should, at its moment and not before it.
func TestDeadlines(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		for _, late := range []struct {
			at     string
			within time.Duration

			status, reason, resolution string
			refund, penalty, credit    string
			did                        string
			ledger                     []string
		}{
			{
				at: "matched", within: 48 * time.Hour, status: "cancelled", reason: "not_shipped", refund: "101500", penalty: "10000", credit: "5000", did: "expire",
				ledger: []string{"charge:buyer>escrow=101500", "refund:escrow>buyer=101500", "penalty:seller>penalties=10000", "credit:penalties>buyer=5000"},
			},
			{
				at: "shipping", within: 14 * 24 * time.Hour, status: "cancelled", reason: "lost", refund: "101500", penalty: "none", credit: "none", did: "expire",
				ledger: []string{"charge:buyer>escrow=101500", "refund:escrow>buyer=101500"},
			},
			{
				at: "delivering", within: 7 * 24 * time.Hour, status: "settled", refund: "none", penalty: "none", credit: "none", did: "expire",
				ledger: []string{"charge:buyer>escrow=101500", "payout:escrow>seller=97000", "fee:escrow>fees=4500"},
			},
			{
				at: "failed", within: 48 * time.Hour, status: "failed", reason: "inspection_failed", resolution: "refunded", refund: "101500", penalty: "15000", credit: "7500", did: "expire",
				ledger: []string{"charge:buyer>escrow=101500", "penalty:seller>penalties=15000", "credit:penalties>buyer=7500", "refund:escrow>buyer=101500"},
			},
			{at: "inspecting", within: 72 * time.Hour, status: "inspecting", refund: "none", penalty: "none", credit: "none", did: "overdue", ledger: []string{"charge:buyer>escrow=101500"}},
			{at: "passed", within: 48 * time.Hour, status: "passed", refund: "none", penalty: "none", credit: "none", did: "overdue", ledger: []string{"charge:buyer>escrow=101500"}},
		} {
			b := newBazaar(t, s)
			id := b.at(late.at, 100000)
			b.later(late.within - time.Microsecond)
			b.job()
			if d := b.read(b.staff, id); d.Status != late.at || d.Resolution != "" || d.Overdue || d.Timeline[len(d.Timeline)-1].Actor == "system" {
				t.Errorf("%s, a moment before its deadline: %+v", late.at, d)
			}
			b.later(2 * time.Microsecond)
			for range 2 { // once
				b.job()
			}
			buyer, seller := b.read(b.buyer, id), b.read(b.seller, id)
			if buyer.Status != late.status || buyer.Reason != late.reason || buyer.Resolution != late.resolution || num(buyer.Refund) != late.refund || num(buyer.Credit) != late.credit {
				t.Errorf("late while %s, the buyer: %+v", late.at, buyer)
			}
			if seller.Status != late.status || num(seller.Penalty) != late.penalty {
				t.Errorf("late while %s, the seller: %+v", late.at, seller)
			}
			decided, last := late.did == "expire", buyer.Timeline[len(buyer.Timeline)-1]
			if last.Actor != "system" || last.Action != late.did || decided == (buyer.Deadline != nil) || decided == buyer.Overdue {
				t.Errorf("late while %s: the deadline is %v, overdue %v, the last step %+v", late.at, buyer.Deadline, buyer.Overdue, last)
			}
			if n := count(t, s, "SELECT count(*) FROM order_events WHERE order_id = $1 AND actor = 'system'", id); n != 1 {
				t.Errorf("late while %s: the program took %d steps", late.at, n)
			}
			b.wantLedger(id, late.ledger...)
			stands := late.status != "cancelled" && late.status != "failed"
			if book := bookOf(t, b.buyer, b.p); (book.LastTrade != nil) != stands {
				t.Errorf("late while %s: the book's last trade is %+v", late.at, book.LastTrade)
			}
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

// Who is only late may still act: the staff's own lateness decides nothing.
func TestTheStaffMayStillActWhenLate(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		id := b.at("inspecting", 100000)
		b.later(shop.InspectWithin + time.Hour)
		b.job()
		type desk struct {
			Overdue int
			Orders  map[string]int
		}
		if d := apptest.Into[desk](t, b.staff.Get("/api/admin/shop/summary/").Want(t, 200)); d.Overdue != 1 || d.Orders["inspecting"] != 1 {
			t.Errorf("the desk counts %+v", d)
		}
		if list := apptest.Into[pageOf[deal]](t, b.staff.Get("/api/admin/shop/orders/?overdue=true").Want(t, 200)); list.Count != 1 || list.Results[0].ID != id || !list.Results[0].Overdue {
			t.Errorf("overdue: %+v", list)
		}
		d := apptest.Into[deal](t, step(b.staff, id, "pass", nil).Want(t, 200))
		if d.Overdue || !d.Deadline.Equal(s.Clock.Now().Add(shop.SendWithin)) {
			t.Errorf("passed at last: %+v", d)
		}
		if n := apptest.Into[pageOf[deal]](t, b.staff.Get("/api/admin/shop/orders/?overdue=true").Want(t, 200)).Count; n != 0 {
			t.Errorf("%d orders are overdue", n)
		}
		// Being marked late does not hide what the staff did before.
		other := b.at("inspecting", 101000)
		b.later(shop.UndoWithin - time.Hour)
		step(b.staff, other, "undo", M{"reason": "Another parcel."}).Want(t, 200)
	})
}

// A failed order: the buyer takes the next-best ask, or the money.
func TestAFailedInspection(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		id := b.matched(100000)
		ask(t, b.buyer, b.p, 90000) // their own is nothing they could take
		b.lead(id, "failed")
		until := s.Clock.Now().Add(shop.ChooseWithin)
		d := b.read(b.buyer, id)
		wantActions(t, "the buyer", d, "refund", "rebuy")
		if d.Note != "Glue marks." || d.Reason != "inspection_failed" || num(d.Credit) != "7500" || d.Refund != nil || d.Offer == nil {
			t.Fatalf("failed: %+v", d)
		}
		if d.Offer.Price != nil || d.Offer.Fee != nil || d.Offer.Total != nil || d.Offer.Difference != nil || !d.Offer.Until.Equal(until) {
			t.Errorf("nobody sells, and yet: %+v", d.Offer)
		}
		step(b.buyer, id, "rebuy", nil).WantCode(t, 400, "shop.no_counter_bid")
		if d := b.read(b.seller, id); d.Offer != nil || len(d.Actions) != 0 || num(d.Penalty) != "15000" {
			t.Errorf("the seller sees %+v", d)
		}
		if n := len(apptest.Into[[]M](t, s.Anonymous().Get(product(b.p, "trades/")).Want(t, 200))); n != 0 {
			t.Errorf("%d trades stand", n)
		}

		ask(t, b.bystander, b.p, 110000)
		d = b.read(b.buyer, id)
		if got := fmt.Sprint(num(d.Offer.Price), " ", num(d.Offer.Fee), " ", num(d.Offer.Total), " ", num(d.Offer.Difference)); got != "110000 1650 111650 10150" {
			t.Errorf("offered %s", got)
		}
		r := step(b.buyer, id, "rebuy", M{"expected_price": 105000}).WantCode(t, 409, "shop.price_moved")
		if p := apptest.Into[struct{ Price int64 }](t, r).Price; p != 110000 {
			t.Errorf("moved to %d", p)
		}
		r = step(b.buyer, id, "rebuy", M{"expected_price": 110000, "expected_fee": 1500}).WantCode(t, 409, "shop.fee_changed")
		if f := apptest.Into[struct{ Fee int64 }](t, r).Fee; f != 1650 {
			t.Errorf("the fee is %d", f)
		}
		b.wantLedger(id, "charge:buyer>escrow=101500", "penalty:seller>penalties=15000", "credit:penalties>buyer=7500")

		// With a key, twice is once.
		keyed := b.buyer.With("Idempotency-Key", "rebuy-1")
		first := step(keyed, id, "rebuy", M{"expected_price": 110000, "expected_fee": 1650}).Want(t, 200)
		again := step(keyed, id, "rebuy", M{"expected_price": 110000, "expected_fee": 1650}).Want(t, 200)
		if string(first.Body) != string(again.Body) {
			t.Errorf("answered %s, then %s", first.Body, again.Body)
		}
		fresh := apptest.Into[deal](t, first)
		if fresh.ID == id || fresh.Status != "matched" || fresh.Price != 110000 || num(fresh.Replaces) != fmt.Sprint(id) || num(fresh.Total) != "111650" {
			t.Errorf("bought again: %+v", fresh)
		}
		old := b.read(b.buyer, id)
		if old.Resolution != "replaced" || num(old.ReplacedBy) != fmt.Sprint(fresh.ID) || old.Refund != nil || old.Deadline != nil || len(old.Actions) != 0 || old.Offer != nil {
			t.Errorf("the old order: %+v", old)
		}
		for c, other := range map[*apptest.Client]int64{b.seller: id, b.bystander: fresh.ID} {
			if d := b.read(c, other); d.Replaces != nil || d.ReplacedBy != nil || d.Resolution != "" {
				t.Errorf("a seller is told what became of the money: %+v", d)
			}
		}
		b.wantLedger(id, "charge:buyer>escrow=101500", "penalty:seller>penalties=15000", "credit:penalties>buyer=7500", "refund:escrow>buyer=101500")
		b.wantLedger(fresh.ID, "charge:buyer>escrow=111650")
		step(b.buyer, id, "rebuy", nil).WantCode(t, 409, "shop.order_wrong_state")
		step(b.buyer, id, "refund", nil).WantCode(t, 409, "shop.order_wrong_state")
		step(b.staff, id, "undo", M{"reason": "Too late."}).WantCode(t, 409, "shop.order_wrong_state")
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

func TestTheMoneyOfAFailedOrder(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		id := b.at("failed", 100000)
		d := apptest.Into[deal](t, step(b.buyer, id, "refund", nil).Want(t, 200))
		if d.Status != "failed" || d.Resolution != "refunded" || num(d.Refund) != "101500" || num(d.Credit) != "7500" || d.Deadline != nil || len(d.Actions) != 0 {
			t.Errorf("refunded: %+v", d)
		}
		b.wantLedger(id, "charge:buyer>escrow=101500", "penalty:seller>penalties=15000", "credit:penalties>buyer=7500", "refund:escrow>buyer=101500")
		step(b.buyer, id, "refund", nil).WantCode(t, 409, "shop.order_wrong_state")

		// A price far from the last trade is asked about where the client says so.
		sold := b.at("settled", 100000)
		failed := b.at("failed", 101000)
		ask(t, b.seller, b.p, 103000)
		far := b.bystander.Post(product(b.p, "bids/?type=sales"), M{"price": 102000, "confirm": true}).Want(t, 201)
		b.bystander.Delete(bidPath("sales", apptest.Into[bid](t, far).ID)).Want(t, 204)
		b.seller.Delete(bidPath("sales", apptest.Into[pageOf[bid]](t, b.seller.Get("/api/shop/salesbids/").Want(t, 200)).Results[0].ID)).Want(t, 204)
		b.bystander.Post(product(b.p, "bids/?type=sales"), M{"price": 150000, "confirm": true}).Want(t, 201)
		r := step(b.buyer, failed, "rebuy", M{"confirm": false}).WantCode(t, 409, "shop.price_needs_confirmation")
		if last := apptest.Into[struct{ Price int64 }](t, r).Price; last != 100000 {
			t.Errorf("the last trade was order %d at 100000, not %d", sold, last)
		}
		if d := apptest.Into[deal](t, step(b.buyer, failed, "rebuy", M{"confirm": true}).Want(t, 200)); d.Price != 150000 {
			t.Errorf("bought again at %d", d.Price)
		}
	})
}

// What the staff did by mistake is taken back, with its money and its mark on
// the market.
func TestUndoing(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		back := func(id int64, status string) deal {
			t.Helper()
			d := apptest.Into[deal](t, step(b.staff, id, "undo", M{"reason": "A mistake."}).Want(t, 200))
			if last := d.Timeline[len(d.Timeline)-1]; d.Status != status || last.Action != "undo" || last.Actor != "staff" || last.Note != "A mistake." {
				t.Errorf("undone to %s: %+v", status, d)
			}
			step(b.staff, id, "undo", M{"reason": "Once more."}).WantCode(t, 409, "shop.nothing_to_undo")
			return d
		}
		received := b.at("inspecting", 100000)
		if d := back(received, "shipping"); !d.Deadline.Equal(s.Clock.Now().Add(shop.ArriveWithin)) {
			t.Errorf("due %v", d.Deadline)
		}
		step(b.staff, received, "receive", nil).Want(t, 200)

		passed := b.at("passed", 101000)
		back(passed, "inspecting")
		step(b.staff, passed, "fail", M{"reason": "On second thoughts."}).Want(t, 200)
		d := back(passed, "inspecting")
		if d.Reason != "" || d.Note != "" || d.Penalty != nil || d.Credit != nil {
			t.Errorf("a failure undone: %+v", d)
		}
		b.wantLedger(passed, "charge:buyer>escrow=102515", "penalty:seller>penalties=15150", "credit:penalties>buyer=7575", "reversal:buyer>penalties=7575", "reversal:penalties>seller=15150")
		if last := bookOf(t, b.buyer, b.p).LastTrade; last == nil || last.Price != 101000 {
			t.Errorf("the trade stands again, and the book says %+v", last)
		}
		if d := b.read(b.buyer, passed); d.Note != "" || d.Offer != nil || len(d.Actions) != 0 {
			t.Errorf("the buyer sees %+v", d)
		}

		sent := b.at("delivering", 102000)
		if d := back(sent, "passed"); d.Delivery != nil {
			t.Errorf("the parcel is still %+v", d.Delivery)
		}
		step(b.staff, sent, "dispatch", sentWith("TRACK-2")).Want(t, 200)
		step(b.buyer, sent, "confirm", nil).Want(t, 200)
		step(b.staff, sent, "undo", M{"reason": "Too late."}).WantCode(t, 409, "shop.nothing_to_undo")

		// A day later it stays done.
		old := b.at("passed", 103000)
		b.later(shop.UndoWithin + time.Microsecond)
		step(b.staff, old, "undo", M{"reason": "Too late."}).WantCode(t, 409, "shop.nothing_to_undo")
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

// Store goods need no inspection: the staff sends them at once.
func TestOrdersOfStoreGoods(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		info, good := b.sh.good(50000, 2)
		stock := func() int { return count(t, s, "SELECT stock FROM products WHERE id = $1", good) }
		purchase := func() int64 {
			t.Helper()
			return apptest.Into[deal](t, b.buyer.Post(product(good, "storeorders/"), M{"expected_price": 50000, "expected_fee": 0}).Want(t, 201)).ID
		}
		id := purchase()
		d := b.read(b.buyer, id)
		if d.Kind != "store" || *d.DeadlineFor != "staff" || !d.Deadline.Equal(s.Clock.Now().Add(shop.ShipWithin)) || num(d.Total) != "50000" {
			t.Errorf("ordered: %+v", d)
		}
		wantActions(t, "the buyer", d, "withdraw")
		wantActions(t, "the staff", b.read(b.staff, id), "dispatch", "cancel")
		for _, action := range []string{"receive", "pass"} {
			step(b.staff, id, action, nil).WantCode(t, 409, "shop.order_wrong_state")
		}
		step(b.buyer, id, "ship", sentWith("TRACK-1")).WantCode(t, 403, "shop.not_your_step")
		step(b.staff, id, "dispatch", sentWith("TRACK-1")).Want(t, 200)
		if d := apptest.Into[deal](t, step(b.staff, id, "undo", M{"reason": "The wrong box."}).Want(t, 200)); d.Status != "matched" || d.Delivery != nil {
			t.Errorf("undone: %+v", d)
		}
		step(b.staff, id, "dispatch", sentWith("TRACK-2")).Want(t, 200)
		step(b.staff, id, "cancel", M{"reason": "It is on its way."}).WantCode(t, 409, "shop.order_wrong_state")
		step(b.buyer, id, "confirm", nil).Want(t, 200)
		b.wantLedger(id, "charge:buyer>escrow=50000", "payout:escrow>store=50000")
		if stock() != 1 {
			t.Errorf("%d in stock", stock())
		}

		// Whoever withdraws, or is cancelled, gives the piece back.
		type listing struct {
			PurchasePrice *int64 `json:"purchase_price"`
			Stock         *int64
		}
		for action, c := range map[string]*apptest.Client{"withdraw": b.buyer, "cancel": b.staff} {
			id := purchase()
			if stock() != 0 {
				t.Errorf("%d in stock", stock())
			}
			d := apptest.Into[deal](t, step(c, id, action, M{"reason": "Damaged."}).Want(t, 200))
			if d.Status != "cancelled" || num(d.Refund) != "50000" {
				t.Errorf("%s: %+v", action, d)
			}
			b.wantLedger(id, "charge:buyer>escrow=50000", "refund:escrow>buyer=50000")
			if page := apptest.Into[listing](t, b.buyer.Get(infoPath(info, "products/M/")).Want(t, 200)); num(page.Stock) != "1" || num(page.PurchasePrice) != "50000" {
				t.Errorf("after %s: %+v", action, page)
			}
		}
		if n := len(apptest.Into[[]M](t, b.buyer.Get(product(good, "trades/")).Want(t, 200))); n != 1 {
			t.Errorf("%d trades stand", n)
		}

		// The staff is late: it is marked, and nothing else happens.
		late := purchase()
		b.later(shop.ShipWithin + time.Microsecond)
		b.job()
		if d := b.read(b.buyer, late); d.Status != "matched" || !d.Overdue || d.Refund != nil {
			t.Errorf("a late dispatch: %+v", d)
		}
		step(b.staff, late, "dispatch", sentWith("TRACK-3")).Want(t, 200)
	})
}
