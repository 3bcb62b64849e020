package shop

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// walk is one order on its way, with what it posted.
type walk struct {
	o      Order
	events []OrderEvent
	posted []Posting
	now    time.Time
}

func (w *walk) balance(a Account) (sum int64) {
	for _, p := range w.posted {
		if p.Credit == a {
			sum += p.Amount
		}
		if p.Debit == a {
			sum -= p.Amount
		}
	}
	return sum
}

func (w *walk) note(action string, as Actor) {
	w.events = append(w.events, OrderEvent{Action: action, Status: w.o.Status, Actor: as, CreatedAt: w.now})
}

// take does what the use cases do with a step.
func (w *walk) take(t *rapid.T, action string, as Actor) {
	status, err := w.o.StepFor(action, as, w.now)
	if err != nil {
		t.Fatalf("%s by the %s: %v", action, as, err)
	}
	if status != w.o.Status {
		w.o.enter(status, w.now)
	}
	switch action {
	case ActWithdraw, ActCancel:
		w.posted = append(w.posted, w.o.callOff(ReasonStaff)...)
	case ActFail:
		w.posted = append(w.posted, penalises(w.o, w.now)...)
	case ActConfirm:
		w.posted = append(w.posted, settles(w.o, w.now)...)
	case ActRefund, ActRebuy:
		w.o.resolve(map[string]string{ActRefund: Refunded, ActRebuy: Replaced}[action])
		w.posted = append(w.posted, refunds(w.o, w.now)...)
	}
	w.note(action, as)
}

// due meets the deadline, and reports whether that decided anything.
func (w *walk) due() bool {
	w.now = *w.o.Deadline
	status, reason := w.o.expire()
	switch status {
	case "":
		w.note(ActOverdue, System)
		return false
	case OrderFailed:
		w.o.resolve(Refunded)
		w.posted = append(w.posted, refunds(w.o, w.now)...)
	case OrderSettled:
		w.o.enter(status, w.now)
		w.posted = append(w.posted, settles(w.o, w.now)...)
	default:
		w.o.enter(status, w.now)
		w.posted = append(append(w.posted, w.o.callOff(reason)...), penalises(w.o, w.now)...)
	}
	w.note(ActExpire, System)
	return true
}

func (w *walk) undo(status string) {
	if w.o.Status == OrderFailed {
		w.posted = append(w.posted, forgives(w.o, w.now)...)
	}
	w.o.enter(status, w.now)
	w.note(ActUndo, Staff)
}

type choice struct {
	action string
	as     Actor
}

func (w *walk) choices() []choice {
	var list []choice
	for _, as := range []Actor{Buyer, Seller, Staff, System} {
		if as == Seller && w.o.SellerID == nil {
			continue
		}
		for _, action := range w.o.ActionsFor(as, w.now) {
			list = append(list, choice{action, as})
		}
	}
	return list
}

// check holds the ledger against the order.
func (w *walk) check(t *rapid.T) {
	o := w.o
	want := map[Account]int64{AccountBuyer: -o.Total(), AccountEscrow: o.Total()}
	switch {
	case o.Status == OrderSettled:
		want[AccountEscrow], want[AccountFees] = 0, o.BuyerFee+o.SellerFee
		if o.SellerID == nil {
			want[AccountStore] = o.Payout()
		} else {
			want[AccountSeller] = o.Payout()
		}
	case o.Status == OrderCancelled, o.Resolution != "":
		want[AccountBuyer], want[AccountEscrow] = 0, 0
	}
	want[AccountSeller] -= o.Penalty()
	want[AccountBuyer] += o.Credit()
	want[AccountPenalties] = o.Penalty() - o.Credit()
	sum := int64(0)
	for _, a := range []Account{AccountBuyer, AccountSeller, AccountEscrow, AccountFees, AccountPenalties, AccountStore} {
		if got := w.balance(a); got != want[a] {
			t.Fatalf("%s, %q: the account %s holds %d, want %d", o.Status, o.Reason, a, got, want[a])
		}
		sum += w.balance(a)
	}
	if sum != 0 {
		t.Fatalf("%d won appeared", sum)
	}
	if o.Finished() != (o.Deadline == nil) {
		t.Fatalf("%s, finished %t, has the deadline %v", o.Status, o.Finished(), o.Deadline)
	}
	if o.Finished() {
		if list := w.choices(); len(list) > 0 {
			t.Fatalf("a finished order may %v", list)
		}
		if back, err := o.Undoable(w.events, w.now); err == nil {
			t.Fatalf("%s goes back to %s", o.Status, back)
		}
	}
}

// Whatever people do, and whenever, money is neither made nor lost, the escrow
// holds what is undecided, an end is an end, and every order comes to one when
// deadlines are met and the staff does its part.
func TestEveryOrderEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		bps := rapid.Int64Range(0, maxFeeBps)
		terms := Terms{
			BuyerBps: bps.Draw(t, "buyer"), SellerBps: bps.Draw(t, "seller"), PenaltyBps: bps.Draw(t, "penalty"), FailPenaltyBps: bps.Draw(t, "fail"),
			CreditBps: rapid.Int64Range(0, 10_000).Draw(t, "credit"),
		}
		seller := int64(2)
		w := &walk{now: start, o: Order{ID: 1, Kind: KindStore, BuyerID: 1, Price: rapid.Int64Range(1, MaxPrice).Draw(t, "price"), CreatedAt: start}}
		switch rapid.SampledFrom([]string{KindTrans, KindStore, KindPrize}).Draw(t, "kind") {
		case KindTrans:
			w.o.Kind, w.o.SellerID, w.o.Terms = KindTrans, &seller, terms
			w.o.BuyerFee, w.o.SellerFee = terms.Fee(Purchase, w.o.Price), terms.Fee(Sales, w.o.Price)
		case KindPrize:
			w.o.Kind, w.o.Price = KindPrize, 0
		}
		w.o.enter(OrderMatched, start)
		if w.o.Kind != KindPrize {
			w.posted = []Posting{charge(w.o)}
		}
		w.check(t)
		for range rapid.IntRange(0, 15).Draw(t, "steps") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "hours")) * time.Hour)
			list := w.choices()
			if back, err := w.o.Undoable(w.events, w.now); err == nil && rapid.Bool().Draw(t, "undo") {
				w.undo(back)
			} else if d := w.o.Deadline; d != nil && !d.After(w.now) && rapid.Bool().Draw(t, "due") {
				w.due()
			} else if len(list) > 0 {
				c := rapid.SampledFrom(list).Draw(t, "choice")
				w.take(t, c.action, c.as)
			}
			w.check(t)
		}
		for steps := 0; !w.o.Finished(); steps++ {
			if steps == 5 {
				t.Fatalf("still %s after five deadlines", w.o.Status)
			}
			if !w.due() { // the staff comes, if late
				w.take(t, map[string]string{OrderInspecting: ActPass, OrderPassed: ActDispatch, OrderMatched: ActDispatch}[w.o.Status], Staff)
			}
			w.check(t)
		}
	})
}
