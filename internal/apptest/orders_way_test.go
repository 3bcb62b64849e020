package apptest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/modules/shop"
)

// An order from the trade to the payout: each step has its actor, its time, its
// deadline and its posting, and each side sees its own part of it.
func TestTheWholeWayOfAnOrder(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		id := b.matched(100000)
		all := map[string]*apptest.Client{"buyer": b.buyer, "seller": b.seller, "staff": b.staff}
		want := func(status, due string, within time.Duration, actions map[string]string) {
			t.Helper()
			now := s.Clock.Now()
			for who, c := range all {
				d := b.read(c, id)
				if d.Status != status || d.Overdue || d.Reason != "" || d.Resolution != "" || d.Refund != nil || d.Penalty != nil || d.Credit != nil || d.Offer != nil {
					t.Errorf("%s sees %+v at %s", who, d, status)
				}
				if due == "" && (d.Deadline != nil || d.DeadlineFor != nil) {
					t.Errorf("%s at %s: a deadline %v", who, status, d.Deadline)
				}
				if due != "" && (d.Deadline == nil || !d.Deadline.Equal(now.Add(within)) || d.DeadlineFor == nil || *d.DeadlineFor != due) {
					t.Errorf("%s at %s: the deadline is %v for %v, want %v for %s", who, status, d.Deadline, d.DeadlineFor, now.Add(within), due)
				}
				wantActions(t, who+" at "+status, d, strings.Fields(actions[who])...)
				last := d.Timeline[len(d.Timeline)-1]
				if last.Status != status || !last.At.Equal(now) {
					t.Errorf("%s at %s: the last step is %+v", who, status, last)
				}
			}
		}
		want("matched", "seller", shop.ShipWithin, map[string]string{"buyer": "withdraw", "seller": "withdraw ship", "staff": "cancel"})
		for who, c := range map[string]*apptest.Client{"buyer": b.buyer, "seller": b.seller} {
			if d := b.read(c, id); d.WithdrawUntil == nil || !d.WithdrawUntil.Equal(d.CreatedAt.Add(15*time.Minute)) {
				t.Errorf("%s may withdraw until %v", who, d.WithdrawUntil)
			}
		}
		if d := b.read(b.staff, id); d.WithdrawUntil != nil || len(d.Terms) != 5 || d.Terms["buyer_bps"] != 150 || d.Terms["fail_penalty_bps"] != 1500 {
			t.Errorf("the staff sees %+v", d)
		}
		b.later(time.Hour)
		step(b.seller, id, "ship", sentWith("WRONG-1")).Want(t, 200)
		want("shipping", "carrier", shop.ArriveWithin, map[string]string{"seller": "ship", "staff": "receive cancel"})
		due := *b.read(b.seller, id).Deadline
		b.later(time.Hour)
		if d := apptest.Into[deal](t, step(b.seller, id, "ship", sentWith("TRACK-IN")).Want(t, 200)); !d.Deadline.Equal(due) || *d.Shipment != (parcel{"CJ대한통운", "TRACK-IN"}) {
			t.Errorf("a corrected number: %+v", d)
		}
		for _, next := range []struct {
			action, status, due string
			by                  *apptest.Client
			body                M
			within              time.Duration
			actions             map[string]string
		}{
			{"receive", "inspecting", "staff", b.staff, nil, shop.InspectWithin, map[string]string{"staff": "pass fail cancel undo"}},
			{"pass", "passed", "staff", b.staff, nil, shop.SendWithin, map[string]string{"staff": "dispatch cancel undo"}},
			{"dispatch", "delivering", "buyer", b.staff, sentWith("TRACK-OUT"), shop.ConfirmWithin, map[string]string{"buyer": "confirm", "staff": "undo"}},
			{"confirm", "settled", "", b.buyer, nil, 0, nil},
		} {
			b.later(time.Hour)
			r := step(next.by, id, next.action, next.body).Want(t, 200)
			if d := apptest.Into[deal](t, r); d.Status != next.status {
				t.Errorf("%s answers %s", next.action, d.Status)
			}
			want(next.status, next.due, next.within, next.actions)
		}
		b.wantLedger(id, "charge:buyer>escrow=101500", "payout:escrow>seller=97000", "fee:escrow>fees=4500")
		for who, c := range all {
			if did := b.read(c, id).did(); did != "buyer:match seller:ship seller:ship staff:receive staff:pass staff:dispatch buyer:confirm" {
				t.Errorf("%s reads %s", who, did)
			}
		}
		apptest.WantConsistent(t, s.DB, s.Clock.Now())
	})
}

// A timeline may not grow for ever. What the staff did and took back meanwhile
// is nothing that the seller corrected.
func TestANumberIsCorrectedTenTimes(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		id := b.matched(100000)
		for i := range 11 {
			step(b.seller, id, "ship", sentWith(fmt.Sprintf("TRACK-%d", i))).Want(t, 200)
			if i == 5 {
				step(b.staff, id, "receive", nil).Want(t, 200)
				step(b.staff, id, "undo", M{"reason": "the wrong parcel"}).Want(t, 200)
			}
		}
		step(b.seller, id, "ship", sentWith("TRACK-11")).WantCode(t, 409, "shop.shipment_fixed")
		step(b.seller, id, "ship", sentWith("TRACK-10")).Want(t, 200) // says nothing new
		if d := b.read(b.seller, id); d.Shipment.Tracking != "TRACK-10" {
			t.Errorf("sent with %+v", d.Shipment)
		}
	})
}

// What one side is told is not the other's to know: who they are, how their
// parcel travels, what they pay.
func TestEachSideSeesItsOwnPart(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		delivered, failed := b.at("delivering", 100000), b.at("failed", 110000)
		lists := func(c *apptest.Client, path string) map[int64]deal {
			t.Helper()
			found := map[int64]deal{}
			for _, d := range apptest.Into[pageOf[deal]](t, c.Get(path).Want(t, 200)).Results {
				found[d.ID] = d
			}
			return found
		}
		for _, id := range []int64{delivered, failed} {
			for where, d := range map[string]deal{"page": b.read(b.buyer, id), "list": lists(b.buyer, "/api/shop/orders/")[id]} {
				if num(d.Buyer) != fmt.Sprint(b.buyer.UserID) || d.Seller != nil || d.Shipment != nil || d.Penalty != nil || d.Payout != nil || d.Type != "purchase" {
					t.Errorf("the buyer's %s: %+v", where, d)
				}
				if (id == failed) != (d.Credit != nil) || (id == delivered) != (d.Delivery != nil) {
					t.Errorf("the buyer's %s: credit %v, delivery %v", where, d.Credit, d.Delivery)
				}
			}
			for where, d := range map[string]deal{"page": b.read(b.seller, id), "list": lists(b.seller, "/api/shop/orders/")[id]} {
				if num(d.Seller) != fmt.Sprint(b.seller.UserID) || d.Buyer != nil || d.Delivery != nil || d.Credit != nil || d.Refund != nil || d.Total != nil || d.Offer != nil || d.Type != "sales" {
					t.Errorf("the seller's %s: %+v", where, d)
				}
				if *d.Shipment != (parcel{"CJ대한통운", "TRACK-IN"}) || id == failed && num(d.Penalty) != "16500" {
					t.Errorf("the seller's %s: %+v, penalty %s", where, d.Shipment, num(d.Penalty))
				}
			}
			for where, d := range map[string]deal{"page": b.read(b.staff, id), "list": lists(b.staff, "/api/admin/shop/orders/")[id]} {
				if num(d.Seller) != fmt.Sprint(b.seller.UserID) || num(d.Buyer) != fmt.Sprint(b.buyer.UserID) || d.Shipment == nil || d.Total == nil || d.Payout == nil {
					t.Errorf("the staff's %s: %+v", where, d)
				}
				if id == failed && (num(d.Penalty) != "16500" || num(d.Credit) != "8250") || id == delivered && d.Delivery == nil {
					t.Errorf("the staff's %s: penalty %s, credit %s, delivery %v", where, num(d.Penalty), num(d.Credit), d.Delivery)
				}
			}
		}
		// Word for word: what is the other's is nowhere in the text.
		for c, words := range map[*apptest.Client][]string{b.buyer: {"TRACK-IN", "16500"}, b.seller: {"TRACK-OUT", "8250"}} {
			for _, path := range []string{orderPath(delivered, ""), orderPath(failed, ""), "/api/shop/orders/", base + "export/"} {
				text := string(c.Get(path).Want(t, 200).Body)
				for _, word := range words {
					if strings.Contains(text, word) {
						t.Errorf("%s tells the wrong side %q: %s", path, word, text)
					}
				}
			}
		}
		for query, want := range map[string]string{
			"status=failed": fmt.Sprint(failed), "status=failed&status=delivering": fmt.Sprint(failed, " ", delivered), "active=true": fmt.Sprint(failed, " ", delivered),
			"status=settled": "", "type=sales": "",
		} {
			list := apptest.Into[pageOf[deal]](t, b.buyer.Get("/api/shop/orders/?"+query).Want(t, 200))
			var ids []string
			for _, d := range list.Results {
				ids = append(ids, fmt.Sprint(d.ID))
			}
			if strings.Join(ids, " ") != want || list.Count != len(ids) {
				t.Errorf("%s: %v of %d, want %s", query, ids, list.Count, want)
			}
		}
		if list := apptest.Into[pageOf[deal]](t, b.seller.Get("/api/shop/orders/?active=true").Want(t, 200)); list.Count != 1 || list.Results[0].ID != delivered {
			t.Errorf("the seller has %d orders under way", list.Count) // a failed one is over for them
		}
		wantField(t, b.buyer.Get("/api/shop/orders/?status=lost"), "status")
		wantField(t, b.staff.Get("/api/admin/shop/orders/?status=lost"), "status")
	})
}

// Whoever may not take a step, or not now, is told so, and nothing happens.
func TestStepsOutOfTurn(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		bodies := map[string]M{"ship": sentWith("TRACK-1"), "dispatch": sentWith("TRACK-2"), "fail": {"reason": "Worn."}, "cancel": {"reason": "Why not."}, "undo": {"reason": "Oh."}}
		may := map[string]string{
			"withdraw": "buyer seller", "ship": "seller", "confirm": "buyer", "refund": "buyer", "rebuy": "buyer",
			"receive": "staff", "pass": "staff", "fail": "staff", "dispatch": "staff", "cancel": "staff", "undo": "staff",
		}
		from := map[string]string{
			"withdraw": "matched", "ship": "matched shipping", "receive": "shipping", "pass": "inspecting", "fail": "inspecting", "dispatch": "passed",
			"confirm": "delivering", "refund": "failed", "rebuy": "failed", "cancel": "matched shipping inspecting passed", "undo": "inspecting passed delivering failed",
		}
		people := map[string]*apptest.Client{"buyer": b.buyer, "seller": b.seller, "staff": b.staff, "stranger": b.bystander}
		price := int64(100000)
		for _, status := range shop.OrderStatuses() {
			price += 1000
			id := b.at(status, price)
			before := contents(t, s)
			for action, by := range may {
				for who, c := range people {
					allowed := strings.Contains(by, who)
					if allowed && strings.Contains(from[action], status) {
						continue
					}
					r := step(c, id, action, bodies[action])
					switch {
					case who != "staff" && by == "staff":
						r.WantCode(t, 403, "auth.forbidden")
					case who == "stranger":
						r.WantCode(t, 404, "shop.order_not_found")
					case !allowed:
						r.WantCode(t, 403, "shop.not_your_step")
					case action == "undo":
						r.WantCode(t, 409, "shop.nothing_to_undo")
					default:
						r.WantCode(t, 409, "shop.order_wrong_state")
						if got := apptest.Into[struct {
							Status string `json:"order_status"`
						}](t, r).Status; got != status {
							t.Errorf("%s of a %s order names %q: %s", action, status, got, r.Body)
						}
					}
				}
				step(s.Anonymous(), id, action, bodies[action]).WantCode(t, 401, "auth.required")
				step(b.staff, 999999, action, bodies[action]).WantCode(t, 404, "shop.order_not_found")
			}
			wantUnchanged(t, s, "what was out of turn at "+status, before)
		}
	})
}

func TestWhatAStepMustSay(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		matched, inspecting, passed := b.at("matched", 100000), b.at("inspecting", 101000), b.at("passed", 102000)
		long := strings.Repeat("가", 301)
		for _, parcels := range []struct {
			c  *apptest.Client
			id int64
			to string
		}{{b.seller, matched, "ship"}, {b.staff, passed, "dispatch"}} {
			wantField(t, step(parcels.c, parcels.id, parcels.to, M{"tracking": "1234"}), "carrier")
			wantField(t, step(parcels.c, parcels.id, parcels.to, M{"carrier": "CJ"}), "tracking")
			for _, tracking := range []string{"", "123", strings.Repeat("1", 41), "12\n34", "  "} {
				wantField(t, step(parcels.c, parcels.id, parcels.to, M{"carrier": "CJ", "tracking": tracking}), "tracking")
			}
			for _, carrier := range []string{"", strings.Repeat("a", 41), "C\tJ"} {
				wantField(t, step(parcels.c, parcels.id, parcels.to, M{"carrier": carrier, "tracking": "1234"}), "carrier")
			}
			step(parcels.c, parcels.id, parcels.to, sentWith("1234")).Want(t, 200)
		}
		for _, reason := range []string{"", "   ", long} {
			for action, id := range map[string]int64{"fail": inspecting, "cancel": inspecting, "undo": inspecting} {
				wantField(t, step(b.staff, id, action, M{"reason": reason}), "reason")
			}
		}
		if d := b.read(b.staff, inspecting); d.Status != "inspecting" {
			t.Errorf("an order failed without a reason: %+v", d)
		}
		wantField(t, b.staff.Get("/api/admin/shop/orders/?search="+strings.Repeat("a", 101)), "search")
	})
}

// Nobody inspects, sends or cancels what they trade themselves.
func TestTheStaffsOwnOrders(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		colleague := s.Staff()
		ask(t, b.staff, b.p, 100000)
		id := apptest.Into[deal](t, buy(colleague, b.p, nil).Want(t, 201)).ID
		step(b.staff, id, "cancel", M{"reason": "Mine."}).WantCode(t, 403, "shop.not_your_step")
		step(colleague, id, "cancel", M{"reason": "Mine."}).WantCode(t, 403, "shop.not_your_step")
		step(b.staff, id, "ship", sentWith("TRACK-1")).Want(t, 200)
		step(colleague, id, "receive", nil).WantCode(t, 403, "shop.not_your_step")
		neutral := s.Staff()
		step(neutral, id, "receive", nil).Want(t, 200)
		for _, c := range []*apptest.Client{b.staff, colleague} {
			step(c, id, "pass", nil).WantCode(t, 403, "shop.not_your_step")
			step(c, id, "fail", M{"reason": "Mine."}).WantCode(t, 403, "shop.not_your_step")
			step(c, id, "undo", M{"reason": "Mine."}).WantCode(t, 403, "shop.not_your_step")
			wantActions(t, "the staff with its own order", b.read(c, id))
		}
		wantActions(t, "neutral staff", b.read(neutral, id), "pass", "fail", "cancel", "undo")
		if n := count(t, s, "SELECT count(*) FROM audit_log WHERE target = $1", fmt.Sprintf("order:%d", id)); n != 1 {
			t.Errorf("%d rows of audit: only receive was the staff's", n)
		}
	})
}

func TestWithdrawing(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		first := b.matched(100000)
		d := apptest.Into[deal](t, step(b.buyer, first, "withdraw", nil).Want(t, 200))
		if d.Status != "cancelled" || d.Reason != "buyer_withdrew" || num(d.Refund) != "101500" || d.Deadline != nil || d.Credit != nil || len(d.Actions) != 0 {
			t.Errorf("withdrawn: %+v", d)
		}
		if d := b.read(b.seller, first); d.Penalty != nil || d.Reason != "buyer_withdrew" || d.Refund != nil {
			t.Errorf("the seller sees %+v", d)
		}
		b.wantLedger(first, "charge:buyer>escrow=101500", "refund:escrow>buyer=101500")
		if book := bookOf(t, b.buyer, b.p); book.LastTrade != nil || book.PurchasePrice != nil {
			t.Errorf("the book shows what nobody paid: %+v", book)
		}

		// Once in 24 hours, for each person by themselves.
		second := b.matched(101000)
		if d := b.read(b.buyer, second); d.WithdrawUntil != nil || strings.Contains(fmt.Sprint(d.Actions), "withdraw") {
			t.Errorf("offered again: %+v", d)
		}
		step(b.buyer, second, "withdraw", nil).WantCode(t, 409, "shop.withdrawal_used")
		if d := apptest.Into[deal](t, step(b.seller, second, "withdraw", nil).Want(t, 200)); d.Reason != "seller_withdrew" || d.Penalty != nil {
			t.Errorf("the seller withdrew: %+v", d)
		}
		b.wantLedger(second, "charge:buyer>escrow=102515", "refund:escrow>buyer=102515")

		// To the last moment of the grace, and not a moment longer.
		b.later(24*time.Hour - time.Minute)
		third := b.matched(102000)
		step(b.buyer, third, "withdraw", nil).WantCode(t, 409, "shop.withdrawal_used")
		b.later(time.Minute)
		b.later(14 * time.Minute)
		fourth := b.matched(103000)
		step(b.buyer, third, "withdraw", nil).Want(t, 200)
		b.later(15*time.Minute + time.Microsecond)
		for _, c := range []*apptest.Client{b.seller, b.buyer} {
			step(c, fourth, "withdraw", nil).WantCode(t, 409, "shop.grace_over")
			if d := b.read(c, fourth); d.WithdrawUntil != nil || strings.Contains(fmt.Sprint(d.Actions), "withdraw") {
				t.Errorf("offered too late: %+v", d)
			}
		}
	})
}
