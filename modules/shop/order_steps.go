package shop

import (
	"slices"
	"time"

	"rally/platform/fault"
)

// The state machine of orders, without any input or output. docs/exchange.md
// has it as a picture and says where the times come from.

// Actor is in which part somebody moves an order.
type Actor string

// The actors.
const (
	Buyer  Actor = "buyer"
	Seller Actor = "seller"
	Staff  Actor = "staff" // inspects, and keeps the store
	System Actor = "system"
)

// The actions.
const (
	ActMatch    = "match" // the trade itself
	ActAward    = "award" // the same of a prize
	ActWithdraw = "withdraw"
	ActShip     = "ship"
	ActReceive  = "receive"
	ActPass     = "pass"
	ActFail     = "fail"
	ActDispatch = "dispatch"
	ActConfirm  = "confirm"
	ActRefund   = "refund"
	ActRebuy    = "rebuy"
	ActCancel   = "cancel"
	ActUndo     = "undo"
	ActExpire   = "expire"  // a deadline passed, and decided
	ActOverdue  = "overdue" // a deadline of the staff passed, which decides nothing
)

// How long each step may take, counted from the one before.
const (
	Grace         = 15 * time.Minute // to withdraw
	GraceEvery    = 24 * time.Hour   // once in this time, by one person
	ShipWithin    = 48 * time.Hour   // the seller, or the store
	ArriveWithin  = 14 * 24 * time.Hour
	InspectWithin = 72 * time.Hour
	SendWithin    = 48 * time.Hour // the staff, after it passed
	ConfirmWithin = 7 * 24 * time.Hour
	ChooseWithin  = 48 * time.Hour // the buyer, after it failed
	UndoWithin    = 24 * time.Hour // the staff, their own step
)

// deadlineOf returns how long an order may stay in a status; 0 is for ever.
func deadlineOf(status string) time.Duration {
	switch status {
	case OrderMatched:
		return ShipWithin
	case OrderShipping:
		return ArriveWithin
	case OrderInspecting:
		return InspectWithin
	case OrderPassed:
		return SendWithin
	case OrderDelivering:
		return ConfirmWithin
	case OrderFailed:
		return ChooseWithin
	}
	return 0
}

// DueFrom returns who has to act by the deadline, or "carrier", or "" when
// there is none.
func (o Order) DueFrom() string {
	if o.Deadline == nil {
		return ""
	}
	switch o.Status {
	case OrderMatched:
		if o.Kind != KindTrans {
			return string(Staff)
		}
		return string(Seller)
	case OrderShipping:
		return "carrier"
	case OrderInspecting, OrderPassed:
		return string(Staff)
	}
	return string(Buyer) // delivering, failed
}

// step is one way through the machine.
type step struct {
	action string
	by     []Actor
	from   []string
	to     string   // "" keeps the status
	kinds  []string // nil is all
}

// steps returns the machine. Undo is not among them: it goes back the way that
// was come; see Undoable.
func steps() []step {
	people, traded, store := []string{KindTrans}, []string{KindTrans, KindStore}, []string{KindStore, KindPrize}
	return []step{
		// A prize is no trade that somebody could regret: whoever doesn't want it tells
		// the staff, who cancel it.
		{action: ActWithdraw, by: []Actor{Buyer, Seller}, from: []string{OrderMatched}, to: OrderCancelled, kinds: traded},
		{action: ActShip, by: []Actor{Seller}, from: []string{OrderMatched, OrderShipping}, to: OrderShipping, kinds: people},
		{action: ActReceive, by: []Actor{Staff}, from: []string{OrderShipping}, to: OrderInspecting, kinds: people},
		{action: ActPass, by: []Actor{Staff}, from: []string{OrderInspecting}, to: OrderPassed, kinds: people},
		{action: ActFail, by: []Actor{Staff}, from: []string{OrderInspecting}, to: OrderFailed, kinds: people},
		{action: ActDispatch, by: []Actor{Staff}, from: []string{OrderPassed}, to: OrderDelivering, kinds: people},
		{action: ActDispatch, by: []Actor{Staff}, from: []string{OrderMatched}, to: OrderDelivering, kinds: store},
		{action: ActConfirm, by: []Actor{Buyer}, from: []string{OrderDelivering}, to: OrderSettled},
		{action: ActRefund, by: []Actor{Buyer}, from: []string{OrderFailed}, kinds: people},
		{action: ActRebuy, by: []Actor{Buyer}, from: []string{OrderFailed}, kinds: people},
		{action: ActCancel, by: []Actor{Staff}, from: []string{OrderMatched, OrderShipping, OrderInspecting, OrderPassed}, to: OrderCancelled},
	}
}

// StepFor returns the status to which an action of somebody in a part leads
// now. Errors: ErrNotYourStep, ErrOrderWrongState with order_status, ErrGraceOver.
func (o Order) StepFor(action string, as Actor, now time.Time) (string, error) {
	known := false
	for _, s := range steps() {
		if s.action != action || !slices.Contains(s.by, as) {
			continue
		}
		known = true
		if !slices.Contains(s.from, o.Status) || s.kinds != nil && !slices.Contains(s.kinds, o.Kind) || o.Resolution != "" {
			continue
		}
		if action == ActWithdraw && now.After(o.CreatedAt.Add(Grace)) {
			return "", ErrGraceOver
		}
		if s.to == "" {
			return o.Status, nil
		}
		return s.to, nil
	}
	if !known {
		return "", ErrNotYourStep
	}
	return "", ErrOrderWrongState.With("order_status", o.Status)
}

// ActionsFor returns what somebody in a part may do now, apart from undoing.
func (o Order) ActionsFor(as Actor, now time.Time) []string {
	var actions []string
	for _, s := range steps() {
		if slices.Contains(actions, s.action) {
			continue
		}
		if _, err := o.StepFor(s.action, as, now); err == nil {
			actions = append(actions, s.action)
		}
	}
	return actions
}

// enter moves the order into a status, with its time and deadline.
func (o *Order) enter(status string, now time.Time) {
	o.Status, o.StatusAt, o.OverdueAt, o.Deadline = status, now, nil, nil
	if d := deadlineOf(status); d > 0 {
		at := now.Add(d)
		o.Deadline = &at
	}
}

// resolve ends a failed order.
func (o *Order) resolve(resolution string) { o.Resolution, o.Deadline = resolution, nil }

// Undoable returns the status to which the staff may take an order back: the
// one before their own last step, within UndoWithin, while nobody acted on it.
// Events are the order's, oldest first.
func (o Order) Undoable(events []OrderEvent, now time.Time) (string, error) {
	if o.Resolution != "" {
		return "", ErrOrderWrongState.With("order_status", o.Status)
	}
	before, last := OrderMatched, -1
	for i, e := range events {
		if e.Action == ActOverdue {
			continue
		}
		if last >= 0 {
			before = events[last].Status
		}
		last = i
	}
	if last < 0 {
		return "", ErrNothingToUndo
	}
	e := events[last]
	if !slices.Contains([]string{ActReceive, ActPass, ActFail, ActDispatch}, e.Action) || e.Status != o.Status || now.After(e.CreatedAt.Add(UndoWithin)) {
		return "", ErrNothingToUndo
	}
	return before, nil
}

// expire is what the passing of a deadline does: the status that follows, and
// why. Where the staff is late, it decides nothing and returns "".
func (o Order) expire() (status, reason string) {
	switch o.Status {
	case OrderMatched:
		if o.Kind == KindTrans {
			return OrderCancelled, ReasonNotShipped
		}
	case OrderShipping:
		return OrderCancelled, ReasonLost
	case OrderDelivering:
		return OrderSettled, ""
	case OrderFailed:
		return OrderFailed, o.Reason
	}
	return "", ""
}

// Check refuses a parcel that no carrier would know.
func (p Parcel) Check() error {
	err := fault.ErrInvalid
	if !plainText(p.Carrier, 1, 40) {
		err = err.WithField("carrier", "must have 1 to 40 characters on one line")
	}
	if !plainText(p.Tracking, 4, 40) {
		err = err.WithField("tracking", "must have 4 to 40 characters on one line")
	}
	return refusal(err)
}
