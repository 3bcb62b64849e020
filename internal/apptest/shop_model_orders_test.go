package apptest_test

import (
	"fmt"
	"slices"
	"time"

	"rally/modules/shop"
	"rally/platform/auth"
)

// modelOrder is an order. A seller of 0 is the store, a price of 0 makes a prize.
type modelOrder struct {
	id, product, buyer, seller int64
	taker                      shop.Side
	price                      int64
	fees                       modelFees
	status, reason, note       string
	made                       time.Time
	deadline                   *time.Time
	shipment, delivery         string // the numbers of the parcels
	resolution                 string
	replaces, replacedBy       int64
	steps                      []modelStep // without those that only say that the staff is late
}

type modelStep struct {
	action, status, actor, note string
	at                          time.Time
}

func (o *modelOrder) total() int64    { return o.price + part(o.price, o.fees.buyer) }
func (o *modelOrder) payout() int64   { return o.price - part(o.price, o.fees.seller) }
func (o *modelOrder) buyerOf() string { return fmt.Sprint("buyer ", o.buyer) }
func (o *modelOrder) prize() bool     { return o.price == 0 }
func (o *modelOrder) finished() bool {
	return o.status == "settled" || o.status == "cancelled" || o.resolution != ""
}
func (o *modelOrder) due(now time.Time) bool {
	return o.deadline != nil && !o.deadline.After(now) && !o.lateStaff()
}

func (o *modelOrder) sellerOf() string {
	if o.seller == 0 {
		return "store"
	}
	return fmt.Sprint("seller ", o.seller)
}

// lateStaff says whether the deadline is one of the staff, and decides nothing.
func (o *modelOrder) lateStaff() bool {
	return o.status == "inspecting" || o.status == "passed" || o.status == "matched" && o.seller == 0
}

// penalty is what the seller owes, and the buyer's part of it.
func (o *modelOrder) penalty() (whole, buyers int64) {
	switch {
	case o.status == "failed":
		whole = part(o.price, o.fees.fail)
	case o.reason == "not_shipped":
		whole = part(o.price, o.fees.penalty)
	}
	return whole, part(whole, o.fees.share)
}

// maxCorrections is how often a seller may say again how they sent the goods.
const maxCorrections = 10

// sent counts how often the seller said how they sent the goods.
func (o *modelOrder) sent() int {
	n := 0
	for _, s := range o.steps {
		if s.action == "ship" {
			n++
		}
	}
	return n
}

// dueFrom tells who has to act.
func (o *modelOrder) dueFrom() string {
	switch {
	case o.deadline == nil:
		return ""
	case o.lateStaff():
		return "staff"
	}
	return map[string]string{"matched": "seller", "shipping": "carrier", "delivering": "buyer", "failed": "buyer"}[o.status]
}

// way is one step that somebody can take.
type way struct{ action, who, from, to, kind string }

// machine is the table of the documents.
func machine() []way {
	return []way{
		{"withdraw", "buyer", "matched", "cancelled", "trade"},
		{"withdraw", "seller", "matched", "cancelled", "trade"},
		{"ship", "seller", "matched", "shipping", "trans"},
		{"ship", "seller", "shipping", "shipping", "trans"},
		{"receive", "staff", "shipping", "inspecting", "trans"},
		{"pass", "staff", "inspecting", "passed", "trans"},
		{"fail", "staff", "inspecting", "failed", "trans"},
		{"dispatch", "staff", "passed", "delivering", "trans"},
		{"dispatch", "staff", "matched", "delivering", "store"},
		{"confirm", "buyer", "delivering", "settled", "any"},
		{"refund", "buyer", "failed", "failed", "trans"},
		{"rebuy", "buyer", "failed", "failed", "trans"},
		{"cancel", "staff", "matched", "cancelled", "any"},
		{"cancel", "staff", "shipping", "cancelled", "any"},
		{"cancel", "staff", "inspecting", "cancelled", "any"},
		{"cancel", "staff", "passed", "cancelled", "any"},
	}
}

// actions are all that somebody could try, and whether it is the staff's alone.
func actions() map[string]bool {
	return map[string]bool{
		"withdraw": false, "ship": false, "confirm": false, "refund": false, "rebuy": false,
		"receive": true, "pass": true, "fail": true, "dispatch": true, "cancel": true, "undo": true,
	}
}

// partOf tells in which part a person meets an order; "" is none.
func (o *modelOrder) partOf(person int64, staff bool) string {
	switch {
	case person == o.buyer:
		return "buyer"
	case person == o.seller:
		return "seller"
	case staff:
		return "staff"
	}
	return ""
}

// may says to which status an action leads, or why it is refused.
func (m *model) may(o *modelOrder, action string, person int64, staff bool, now time.Time) (string, error) {
	who := o.partOf(person, staff)
	switch {
	case actions()[action] && !staff:
		return "", auth.ErrForbidden
	case who == "":
		return "", shop.ErrOrderNotFound
	case action == "undo":
		return m.mayUndo(o, who, now)
	}
	anybody := false
	for _, w := range machine() {
		if w.action != action || w.who != who {
			continue
		}
		anybody = true
		if w.from != o.status || o.resolution != "" || w.kind == "trans" && o.seller == 0 || w.kind == "store" && o.seller != 0 || w.kind == "trade" && o.prize() {
			continue
		}
		if action == "withdraw" {
			if now.Sub(o.made) > 15*time.Minute {
				return "", shop.ErrGraceOver
			}
			if last, ok := m.withdrew[person]; ok && now.Sub(last) < 24*time.Hour {
				return "", shop.ErrWithdrawalUsed
			}
		}
		return w.to, nil
	}
	if !anybody {
		return "", shop.ErrNotYourStep
	}
	return "", shop.ErrOrderWrongState.With("order_status", o.status)
}

func (m *model) mayUndo(o *modelOrder, who string, now time.Time) (string, error) {
	n := len(o.steps)
	switch {
	case who != "staff":
		return "", shop.ErrNotYourStep
	case o.resolution != "":
		return "", shop.ErrOrderWrongState.With("order_status", o.status)
	case n == 0 || !slices.Contains([]string{"receive", "pass", "fail", "dispatch"}, o.steps[n-1].action) || now.Sub(o.steps[n-1].at) > 24*time.Hour:
		return "", shop.ErrNothingToUndo
	case n == 1:
		return "matched", nil
	}
	return o.steps[n-2].status, nil
}

// allowed lists what a person may do.
func (m *model) allowed(o *modelOrder, person int64, staff bool, now time.Time) []string {
	list := []string{}
	for action := range actions() {
		if _, err := m.may(o, action, person, staff, now); err == nil {
			list = append(list, action)
		}
	}
	slices.Sort(list)
	return list
}

// enter writes a step down, and begins a status if it is another one.
func (o *modelOrder) enter(s modelStep) {
	o.steps = append(o.steps, s)
	if s.status == o.status && s.action != "undo" {
		return
	}
	o.status, o.deadline = s.status, nil
	days := map[string]int{"matched": 2, "shipping": 14, "inspecting": 3, "passed": 2, "delivering": 7, "failed": 2}
	if n, ok := days[s.status]; ok {
		at := s.at.Add(time.Duration(n) * 24 * time.Hour)
		o.deadline = &at
	}
}

// step is an agreed step of somebody, apart from a rebuy.
func (m *model) step(o *modelOrder, to string, s modelStep, person int64, number string) {
	before := o.status
	fine, credit := o.penalty() // what an undo takes back
	s.status = to
	o.enter(s)
	switch s.action {
	case "withdraw":
		m.withdrew[person] = s.at
		m.callOff(o, s.actor+"_withdrew")
	case "cancel":
		o.note = s.note
		m.callOff(o, "staff")
	case "ship":
		o.shipment = number
	case "dispatch":
		o.delivery = number
	case "fail":
		o.reason, o.note = "inspection_failed", s.note
		m.fine(o)
	case "undo":
		switch before {
		case "failed":
			o.reason, o.note = "", ""
			m.move("penalties", o.sellerOf(), fine)
			m.move(o.buyerOf(), "penalties", credit)
		case "delivering":
			o.delivery = ""
		}
	case "confirm":
		m.settle(o)
	case "refund":
		m.giveBack(o, "refunded")
	}
}

func (m *model) settle(o *modelOrder) {
	m.move("escrow", o.sellerOf(), o.payout())
	m.move("escrow", "fees", o.total()-o.payout())
}

func (m *model) callOff(o *modelOrder, reason string) {
	o.reason = reason
	m.move("escrow", o.buyerOf(), o.total())
	if o.seller == 0 {
		m.stock[o.product]++
	}
}

func (m *model) fine(o *modelOrder) {
	whole, buyers := o.penalty()
	m.move(o.sellerOf(), "penalties", whole)
	m.move("penalties", o.buyerOf(), buyers)
}

func (m *model) giveBack(o *modelOrder, resolution string) {
	o.resolution, o.deadline = resolution, nil
	m.move("escrow", o.buyerOf(), o.total())
}

// expire is what the passing of a deadline does.
func (m *model) expire(o *modelOrder, now time.Time) {
	s := modelStep{action: "expire", actor: "system", at: now}
	switch o.status {
	case "matched", "shipping":
		s.status, s.note = "cancelled", map[string]string{"matched": "not_shipped", "shipping": "lost"}[o.status]
		o.enter(s)
		m.callOff(o, s.note)
		m.fine(o)
	case "delivering":
		s.status = "settled"
		o.enter(s)
		m.settle(o)
	case "failed":
		s.status, s.note = "failed", "inspection_failed"
		o.enter(s)
		m.giveBack(o, "refunded")
	}
}
