package apptest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"rally/internal/apptest"
)

const feesPath = "/api/admin/shop/fees/"

type schedule struct {
	ID            int64
	EffectiveFrom time.Time `json:"effective_from"`
	BuyerBps      int64     `json:"buyer_bps"`
	SellerBps     int64     `json:"seller_bps"`
	CreatedBy     int64     `json:"created_by"`
	InForce       bool      `json:"in_force"`
}

func feesFrom(at time.Time, buyer, seller int64) M {
	return M{"effective_from": at, "buyer_bps": buyer, "seller_bps": seller, "penalty_bps": 1000, "fail_penalty_bps": 2000, "credit_bps": 10000}
}

type shown struct {
	FeeBps        int64 `json:"fee_bps"`
	Fee           int64
	Total, Payout *int64
}

// A schedule changes what is quoted and charged at its moment; whoever bid
// before pays what they were shown.
func TestFeesChangeAtTheirTime(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		at := s.Clock.Now().Add(2 * time.Hour).Truncate(time.Second)
		b.staff.Post(feesPath, feesFrom(at, 200, 500)).Want(t, 201)
		quoted := func(side string, want string) {
			t.Helper()
			q := apptest.Into[shown](t, b.bystander.Get(product(b.p, "quote/?price=100000&type="+side)).Want(t, 200))
			if got := fmt.Sprint(q.FeeBps, " ", q.Fee, " ", num(q.Total), " ", num(q.Payout)); got != want {
				t.Errorf("a %s is quoted %s, want %s", side, got, want)
			}
		}
		placed := func(c *apptest.Client, side string, price int64) shown {
			t.Helper()
			return apptest.Into[shown](t, c.Post(product(b.p, "bids/?type="+side), M{"price": price, "confirm": true}).Want(t, 201))
		}
		quoted("purchase", "150 1500 101500 none")
		quoted("sales", "300 3000 none 97000")
		if a := placed(b.seller, "sales", 110000); a.Fee != 3300 || num(a.Payout) != "106700" || a.Total != nil {
			t.Errorf("the ask: %+v", a)
		}
		if a := placed(b.bystander, "purchase", 90000); a.Fee != 1350 || num(a.Total) != "91350" || a.Payout != nil {
			t.Errorf("the bid: %+v", a)
		}
		b.later(at.Sub(s.Clock.Now()) - time.Microsecond)
		quoted("purchase", "150 1500 101500 none")
		b.later(time.Microsecond)
		quoted("purchase", "200 2000 102000 none")
		quoted("sales", "500 5000 none 95000")

		// The taker sees the new fee, and is asked when they saw another one.
		r := buy(b.buyer, b.p, M{"expected_price": 110000, "expected_fee": 1650}).WantCode(t, 409, "shop.fee_changed")
		if got := apptest.Into[shown](t, r).Fee; got != 2200 {
			t.Errorf("the fee is %d now", got)
		}
		o := apptest.Into[deal](t, buy(b.buyer, b.p, M{"expected_price": 110000, "expected_fee": 2200}).Want(t, 201))
		if o.Fee != 2200 || num(o.Total) != "112200" || o.Terms["buyer_bps"] != 200 || o.Terms["seller_bps"] != 300 || o.Terms["fail_penalty_bps"] != 2000 {
			t.Errorf("bought: %+v", o)
		}
		if d := b.read(b.seller, o.ID); d.Fee != 3300 || num(d.Payout) != "106700" {
			t.Errorf("the seller, who asked before: %+v", d)
		}
		sale := apptest.Into[deal](t, sell(b.seller, b.p, M{"expected_fee": 4500}).Want(t, 201))
		if d := b.read(b.bystander, sale.ID); sale.Fee != 4500 || d.Fee != 1350 || num(d.Total) != "91350" {
			t.Errorf("the seller pays %d, the bidder %d", sale.Fee, d.Fee)
		}
		b.wantLedger(sale.ID, "charge:buyer>escrow=91350")
		// The whole penalty is the buyer's now.
		b.lead(o.ID, "failed")
		if d := b.read(b.buyer, o.ID); num(d.Credit) != "22000" {
			t.Errorf("the credit is %s", num(d.Credit))
		}

		// A bid that is changed takes the fee of the day, and says so; one that is
		// left alone doesn't.
		type mine struct {
			ID int64
			shown
		}
		id := apptest.Into[mine](t, b.seller.Post(product(b.p, "bids/?type=sales"), M{"price": 120000, "confirm": true}).Want(t, 201)).ID
		b.staff.Post(feesPath, feesFrom(s.Clock.Now().Add(time.Hour), 0, 100)).Want(t, 201)
		b.later(time.Hour)
		if m := apptest.Into[mine](t, b.seller.Patch(bidPath("sales", id), M{"price": 120000}).Want(t, 200)); m.Fee != 6000 {
			t.Errorf("left alone: %+v", m)
		}
		if m := apptest.Into[mine](t, b.seller.Patch(bidPath("sales", id), M{"price": 121000, "confirm": true}).Want(t, 200)); m.Fee != 1210 || num(m.Payout) != "119790" {
			t.Errorf("changed: %+v", m)
		}
	})
}

// What somebody is shown before, at any price, is what both sides are charged.
func TestWhatIsShownIsCharged(t *testing.T) {
	apptest.Each(t, patient("RALLY_SHOP_BUYER_FEE_BPS", "333", "RALLY_SHOP_SELLER_FEE_BPS", "777"), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		for _, price := range []int64{1, 29, 30, 301, 9_999, 123_457, 999_999_999, 1_000_000_000} {
			p := b.sh.size(b.sh.info(M{"tick": 1}), "260") // no last trade, no band
			for taker, side := range map[*apptest.Client]string{b.buyer: "sales", b.seller: "purchase"} {
				rests, c := b.seller, b.seller
				if side == "purchase" {
					rests, c = b.buyer, b.buyer
				}
				preview := apptest.Into[shown](t, rests.Get(product(p, fmt.Sprintf("quote/?type=%s&price=%d", side, price))).Want(t, 200))
				resting := apptest.Into[shown](t, c.Post(product(p, "bids/?type="+side), M{"price": price, "confirm": true}).Want(t, 201))
				if preview.Fee != resting.Fee || num(preview.Total) != num(resting.Total) || num(preview.Payout) != num(resting.Payout) {
					t.Errorf("%d, %s: previewed %+v, placed %+v", price, side, preview, resting)
				}
				other := map[string]string{"sales": "purchase", "purchase": "sales"}[side]
				now := apptest.Into[shown](t, taker.Get(product(p, "quote/?type="+other)).Want(t, 200))
				made := apptest.Into[deal](t, taker.Post(product(p, "transorders/?type="+other), M{"expected_price": price, "expected_fee": now.Fee}).Want(t, 201))
				if made.Fee != now.Fee || num(made.Total) != num(now.Total) || num(made.Payout) != num(now.Payout) {
					t.Errorf("%d, %s: quoted %+v, charged %+v", price, other, now, made)
				}
				rested := b.read(rests, made.ID)
				if rested.Fee != resting.Fee || num(rested.Total) != num(resting.Total) || num(rested.Payout) != num(resting.Payout) {
					t.Errorf("%d, %s: placed %+v, charged %+v", price, side, resting, rested)
				}
			}
		}
	})
}

type feePage struct {
	Count   int
	Next    *string
	Results []schedule
	Now     map[string]int64
}

func TestFeeSchedules(t *testing.T) {
	apptest.Each(t, patient(), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		now := s.Clock.Now()
		for field, body := range map[string]M{
			"effective_from": feesFrom(now.Add(59*time.Minute), 100, 100), "buyer_bps": feesFrom(now.Add(2*time.Hour), 5001, 100), "seller_bps": feesFrom(now.Add(2*time.Hour), 100, -1),
		} {
			wantField(t, b.staff.Post(feesPath, body), field)
		}
		wrong := feesFrom(now.Add(2*time.Hour), 1, 1)
		wrong["credit_bps"] = 10001
		wantField(t, b.staff.Post(feesPath, wrong), "credit_bps")

		// Before the first, the settings hold, and are shown.
		if got := apptest.Into[feePage](t, b.staff.Get(feesPath).Want(t, 200)); got.Count != 0 || got.Results == nil || fmt.Sprint(got.Now) != "map[buyer_bps:150 credit_bps:5000 fail_penalty_bps:1500 penalty_bps:1000 seller_bps:300]" {
			t.Errorf("at first: %+v", got)
		}
		b.staff.Get(feesPath+"?page_size=101").Want(t, 400)
		add := func(in time.Duration, buyer int64) schedule {
			t.Helper()
			return apptest.Into[schedule](t, b.staff.Post(feesPath, feesFrom(now.Add(in), buyer, 100)).Want(t, 201))
		}
		later, soon := add(10*time.Hour, 30), add(2*time.Hour, 20)
		b.staff.Post(feesPath, feesFrom(now.Add(2*time.Hour), 40, 100)).WantCode(t, 409, "shop.fees_taken")
		list := func() string {
			t.Helper()
			text := ""
			for at := feesPath + "?page_size=1"; at != ""; {
				found := apptest.Into[feePage](t, b.staff.Get(at).Want(t, 200))
				for _, f := range found.Results {
					if f.CreatedBy != b.staff.UserID {
						t.Errorf("%+v", f)
					}
					text += fmt.Sprint(f.BuyerBps, map[bool]string{true: "!", false: ""}[f.InForce], " ")
				}
				if at = ""; found.Next != nil {
					at = strings.TrimPrefix(*found.Next, s.URL)
				} else {
					text += fmt.Sprintf("of %d, now %d and %d", found.Count, found.Now["buyer_bps"], found.Now["seller_bps"])
				}
			}
			return text
		}
		if got := list(); got != "30 20 of 2, now 150 and 300" { // the settings'

			t.Errorf("listed %s", got)
		}
		path := func(id int64) string { return fmt.Sprintf("%s%d/", feesPath, id) }
		b.later(110*time.Minute + time.Second)
		b.staff.Delete(path(soon.ID)).WantCode(t, 409, "shop.fees_fixed")
		b.later(10 * time.Minute)
		if got := list(); got != "30 20! of 2, now 20 and 100" {
			t.Errorf("listed %s", got)
		}
		b.staff.Delete(path(soon.ID)).WantCode(t, 409, "shop.fees_fixed")
		b.staff.Delete(path(later.ID)).Want(t, 204)
		b.staff.Delete(path(later.ID)).WantCode(t, 404, "shop.fees_not_found")
		b.later(10 * time.Hour)
		if got := list(); got != "20! of 1, now 20 and 100" {
			t.Errorf("listed %s", got)
		}
		if q := apptest.Into[shown](t, b.buyer.Get(product(b.p, "quote/?type=purchase&price=100000")).Want(t, 200)); q.FeeBps != 20 {
			t.Errorf("quoted %+v", q)
		}
	})
}

// A new seller has three asks and unfinished sales at most.
func TestNewSellersAreCapped(t *testing.T) {
	settings := patient("RALLY_SHOP_NEW_SELLER_CAP", "3", "RALLY_SHOP_NEW_SELLER_SALES", "2")
	apptest.Each(t, settings, func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		full := func(when string) {
			t.Helper()
			r := b.seller.Post(product(b.p, "bids/?type=sales"), M{"price": 130000, "confirm": true}).WantCode(t, 409, "shop.pending_sales_cap")
			if limit := apptest.Into[struct{ Limit int }](t, r).Limit; limit != 3 {
				t.Errorf("%s: the limit is %d", when, limit)
			}
			sell(b.seller, b.p, nil).WantCode(t, 409, "shop.pending_sales_cap")
		}
		offer(t, b.bystander, b.p, 50000)
		first, second, third := ask(t, b.seller, b.p, 100000), ask(t, b.seller, b.p, 101000), ask(t, b.seller, b.p, 102000)
		full("three asks")
		b.seller.Patch(bidPath("sales", first), M{"price": 99000}).Want(t, 200) // no more than before
		b.seller.Delete(bidPath("sales", third)).Want(t, 204)
		ask(t, b.seller, b.p, 102000)
		id := apptest.Into[deal](t, buy(b.buyer, b.p, nil).Want(t, 201)).ID
		full("a sale and two asks")
		step(b.staff, id, "cancel", M{"reason": "Called off."}).Want(t, 200)
		b.seller.Delete(bidPath("sales", second)).Want(t, 204)
		// Expired asks don't count, nor do purchases.
		ask(t, b.buyer, b.p, 98000)
		buy(b.seller, b.p, nil).Want(t, 201)
		b.seller.Post(product(b.p, "bids/?type=purchase"), M{"price": 60000, "confirm": true}).Want(t, 201)
		b.seller.Post(product(b.p, "bids/?type=sales"), M{"price": 103000, "expires_in_days": 1}).Want(t, 201)
		ask(t, b.seller, b.p, 104000)
		full("three asks again")
		b.later(25 * time.Hour)
		ask(t, b.seller, b.p, 105000)
		full("one expired, one new")

		// After two settled sales there is no cap.
		for range 2 {
			id := apptest.Into[deal](t, buy(b.buyer, b.p, nil).Want(t, 201)).ID
			full("a sale under way")
			b.lead(id, "settled")
			b.seller.Post(product(b.p, "bids/?type=sales"), M{"price": 110000, "confirm": true}).Want(t, 201)
		}
		for range 5 {
			ask(t, b.seller, b.p, 110000)
		}
	})
}

// One seller asks everywhere at once, and never has more than the cap.
func TestTheCapHoldsInARace(t *testing.T) {
	apptest.Each(t, patient("RALLY_SHOP_NEW_SELLER_CAP", "3"), func(t *testing.T, s *apptest.Server) {
		b := newBazaar(t, s)
		for i := range 4 {
			seller := s.Person()
			o := &outcome{t: t, codes: "shop.pending_sales_cap"}
			var work []func()
			for n := range 8 {
				p := b.sh.traded()
				if n%2 == 0 {
					offer(t, b.bystander, p, 90000)
					work = append(work, func() { o.of(sell(seller, p, nil)) })
				} else {
					work = append(work, func() { o.of(seller.Post(product(p, "bids/?type=sales"), M{"price": 100000})) })
				}
			}
			together(work...)
			if o.wins.Load() != 3 {
				t.Errorf("round %d: %d asks and sales of a new seller", i, o.wins.Load())
			}
		}
	})
}
