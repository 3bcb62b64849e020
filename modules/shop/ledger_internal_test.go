package shop

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// written writes postings as "reason from>to amount".
func written(rows []Posting) string {
	var lines []string
	name := func(a Account, user *int64) string {
		if user != nil {
			return fmt.Sprint(a, *user)
		}
		return string(a)
	}
	for _, p := range rows {
		lines = append(lines, fmt.Sprintf("%s %s>%s %d", p.Reason, name(p.Debit, p.DebitUser), name(p.Credit, p.CreditUser), p.Amount))
	}
	return strings.Join(lines, ", ")
}

// One order of 131,000 won at 1.5 and 3 %, by hand.
func TestWhatAnOrderPosts(t *testing.T) {
	seller, at := int64(8), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	o := Order{
		ID: 1, Kind: KindTrans, BuyerID: 7, SellerID: &seller, Price: 131_000, BuyerFee: 1965, SellerFee: 3930, CreatedAt: at,
		Terms: Terms{BuyerBps: 150, SellerBps: 300, PenaltyBps: 1000, FailPenaltyBps: 1550, CreditBps: 3333},
	}
	failed, late, lost, store := o, o, o, o
	prize := Order{ID: 1, Kind: KindPrize, BuyerID: 7, CreatedAt: at}
	failed.Status = OrderFailed
	late.Status, late.Reason = OrderCancelled, ReasonNotShipped
	lost.Status, lost.Reason = OrderCancelled, ReasonLost
	store.Kind, store.SellerID, store.BuyerFee, store.SellerFee = KindStore, nil, 0, 0
	for _, c := range []struct {
		what string
		got  []Posting
		want string
	}{
		{"a trade", []Posting{charge(o)}, "charge buyer7>escrow 132965"},
		{"settled", settles(o, at), "payout escrow>seller8 127070, fee escrow>fees 5895"},
		{"refunded", refunds(o, at), "refund escrow>buyer7 132965"},
		{"failed", penalises(failed, at), "penalty seller8>penalties 20305, credit penalties>buyer7 6767"},
		{"failed, and forgiven", forgives(failed, at), "reversal buyer7>penalties 6767, reversal penalties>seller8 20305"},
		{"not shipped", penalises(late, at), "penalty seller8>penalties 13100, credit penalties>buyer7 4366"},
		{"lost", penalises(lost, at), ""},
		{"under way", penalises(o, at), ""},
		{"a store good", []Posting{charge(store)}, "charge buyer7>escrow 131000"},
		{"a store good settled", settles(store, at), "payout escrow>store 131000"},
		{"a prize settled", settles(prize, at), ""},
		{"a prize called off", refunds(prize, at), ""},
	} {
		if got := written(c.got); got != c.want {
			t.Errorf("%s posts %q, want %q", c.what, got, c.want)
		}
		for _, p := range c.got {
			if p.OrderID != 1 || !p.CreatedAt.Equal(at) {
				t.Errorf("%s: %+v", c.what, p)
			}
		}
	}
}

func TestWhatTheBuyerGotBack(t *testing.T) {
	for _, c := range []struct {
		status, resolution string
		want               int64
	}{
		{OrderCancelled, "", 101}, {OrderFailed, Refunded, 101}, {OrderFailed, Replaced, 0}, {OrderFailed, "", 0}, {OrderSettled, "", 0}, {OrderMatched, "", 0},
	} {
		if got := (Order{Price: 100, BuyerFee: 1, Status: c.status, Resolution: c.resolution}).Refund(); got != c.want {
			t.Errorf("%s %s: %d, want %d", c.status, c.resolution, got, c.want)
		}
	}
}
