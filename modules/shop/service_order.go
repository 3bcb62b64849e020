package shop

import (
	"context"

	"rally/platform/auth"
	"rally/platform/page"
)

// moved is what a step does besides changing the status.
type moved struct {
	note  string // of the event
	posts []Posting
	same  bool // nothing was asked for
}

// move runs one step of an order for the caller. Change gets the order, locked
// and in its new status, and says what else there is to do. Errors:
// ErrOrderNotFound, those of Order.StepFor.
func (s *Service) move(ctx context.Context, id int64, action string, change func(ctx context.Context, o *Order, as Actor) (moved, error)) (OrderView, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return OrderView{}, err
	}
	var o Order
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if o, err = s.store.LockOrder(ctx, id); err != nil {
			return err
		}
		as, err := o.partOf(caller)
		if err != nil {
			return err
		}
		before, now := o, s.now()
		status, err := o.StepFor(action, as, now)
		if err != nil {
			return err
		}
		if status != o.Status { // a corrected number, or a choice, begins no new one
			o.enter(status, now)
		}
		did, err := change(ctx, &o, as)
		if err != nil || did.same {
			return err
		}
		event := OrderEvent{OrderID: o.ID, Action: action, Status: o.Status, Actor: as, ActorID: &caller.UserID, Note: did.note, CreatedAt: now}
		if err := s.step(ctx, before, o, event, did.posts); err != nil {
			return err
		}
		if as != Staff {
			return nil
		}
		return s.audit.Record(ctx, "shop.order."+action, target("order", o.ID), did.note, auditedOrder(before), auditedOrder(o))
	})
	if err != nil {
		return OrderView{}, err
	}
	return s.viewOrder(ctx, o)
}

// partOf returns the caller's part in an order, or ErrOrderNotFound. Who is
// staff and takes part themselves acts as a member: nobody inspects their own.
func (o Order) partOf(caller auth.Identity) (Actor, error) {
	switch side, mine := o.SideOf(caller.UserID); {
	case mine && side == Purchase:
		return Buyer, nil
	case mine:
		return Seller, nil
	case caller.Staff:
		return Staff, nil
	}
	return "", ErrOrderNotFound
}

// step writes a moved order, its event and its postings, and corrects the
// market when the trade stands no longer, or again. A prize that is called off is
// the store's again.
func (s *Service) step(ctx context.Context, before, o Order, e OrderEvent, posts []Posting) error {
	if err := s.store.MoveOrder(ctx, o, e); err != nil {
		return err
	}
	if err := s.store.Post(ctx, posts); err != nil {
		return err
	}
	if before.Stands() != o.Stands() {
		if err := s.restate(ctx, o); err != nil {
			return err
		}
	}
	if o.Kind == KindPrize && o.Status == OrderCancelled {
		if err := s.returnPrize(ctx, o); err != nil {
			return err
		}
	}
	return s.events.Emit(ctx, OrderMoved{Order: o, Action: e.Action, Actor: e.Actor})
}

// restate works the market data of an order's day out anew.
func (s *Service) restate(ctx context.Context, o Order) error {
	locked, err := s.store.Lock(ctx, o.ProductID)
	if err != nil {
		return err
	}
	if o.Kind == KindStore && o.Status == OrderCancelled {
		if err := s.restock(ctx, locked); err != nil {
			return err
		}
	}
	if err := s.store.Restate(ctx, o.ProductID, o.CreatedAt); err != nil {
		return err
	}
	return s.events.Emit(ctx, bookOf(locked.ID, locked.AllID))
}

// restock puts a piece back whose book is held.
func (s *Service) restock(ctx context.Context, locked Locked) error {
	if err := s.store.ReturnStock(ctx, locked.ID); err != nil {
		return err
	}
	if !locked.Store || locked.PurchasePrice == nil {
		return nil
	}
	return s.reach(ctx, locked, *locked.PurchasePrice) // it may have been sold out
}

// callOff cancels an order that is in its new status, and refunds it.
func (o *Order) callOff(reason string) []Posting {
	o.Reason = reason
	return refunds(*o, o.StatusAt)
}

// Withdraw calls an order off right after the trade: within Grace, and once in
// GraceEvery by one person. Errors: those of move, ErrGraceOver,
// ErrWithdrawalUsed.
func (s *Service) Withdraw(ctx context.Context, id int64) (OrderView, error) {
	return s.move(ctx, id, ActWithdraw, func(ctx context.Context, o *Order, as Actor) (moved, error) {
		person, reason := o.BuyerID, ReasonBuyerWithdrew
		if as == Seller {
			person, reason = *o.SellerID, ReasonSellerWithdrew
		}
		// The book first, as whoever places a bid: the market is restated below.
		if _, err := s.store.Lock(ctx, o.ProductID); err != nil {
			return moved{}, err
		}
		if err := s.store.LockPerson(ctx, person); err != nil {
			return moved{}, err
		}
		used, err := s.store.WithdrewSince(ctx, person, o.StatusAt.Add(-GraceEvery))
		if err != nil {
			return moved{}, err
		}
		if used {
			return moved{}, ErrWithdrawalUsed
		}
		return moved{posts: o.callOff(reason)}, nil
	})
}

// Ship says that the seller has sent the goods, or corrects how. Errors: those
// of move, Parcel.Check, ErrShipmentFixed.
func (s *Service) Ship(ctx context.Context, id int64, p Parcel) (OrderView, error) {
	if err := p.Check(); err != nil {
		return OrderView{}, err
	}
	return s.move(ctx, id, ActShip, func(ctx context.Context, o *Order, _ Actor) (moved, error) {
		if o.Shipment == p {
			return moved{same: true}, nil
		}
		if o.Shipment != (Parcel{}) {
			events, err := s.store.OrderEvents(ctx, []int64{id})
			if err != nil {
				return moved{}, err
			}
			sent := 0
			for _, e := range events[id] {
				if e.Action == ActShip {
					sent++
				}
			}
			if sent > maxCorrections {
				return moved{}, ErrShipmentFixed
			}
		}
		o.Shipment = p
		return moved{}, nil
	})
}

// maxCorrections is how often a seller may correct how they sent the goods.
const maxCorrections = 10

func unchanged(context.Context, *Order, Actor) (moved, error) { return moved{}, nil }

// Receive says that the goods are at the inspection centre. Staff only.
func (s *Service) Receive(ctx context.Context, id int64) (OrderView, error) {
	return s.move(ctx, id, ActReceive, unchanged)
}

// Pass says that the goods passed the inspection. Staff only.
func (s *Service) Pass(ctx context.Context, id int64) (OrderView, error) {
	return s.move(ctx, id, ActPass, unchanged)
}

// Fail says that the goods did not pass, and why. The seller pays the penalty;
// the buyer chooses between the next-best ask and their money. Staff only.
func (s *Service) Fail(ctx context.Context, id int64, reason string) (OrderView, error) {
	if err := reasonOf(reason); err != nil {
		return OrderView{}, err
	}
	return s.move(ctx, id, ActFail, func(_ context.Context, o *Order, _ Actor) (moved, error) {
		o.Reason, o.Note = ReasonInspection, reason
		return moved{note: reason, posts: penalises(*o, o.StatusAt)}, nil
	})
}

// Dispatch says that the goods are on their way to the buyer. Staff only.
// Errors: those of move, Parcel.Check.
func (s *Service) Dispatch(ctx context.Context, id int64, p Parcel) (OrderView, error) {
	if err := p.Check(); err != nil {
		return OrderView{}, err
	}
	return s.move(ctx, id, ActDispatch, func(_ context.Context, o *Order, _ Actor) (moved, error) {
		o.Delivery = p
		return moved{}, nil
	})
}

// Confirm says that the buyer has the goods: the seller is paid.
func (s *Service) Confirm(ctx context.Context, id int64) (OrderView, error) {
	return s.move(ctx, id, ActConfirm, func(_ context.Context, o *Order, _ Actor) (moved, error) {
		return moved{posts: settles(*o, o.StatusAt)}, nil
	})
}

// Refund gives the buyer of a failed order their money back.
func (s *Service) Refund(ctx context.Context, id int64) (OrderView, error) {
	return s.move(ctx, id, ActRefund, func(_ context.Context, o *Order, _ Actor) (moved, error) {
		o.resolve(Refunded)
		return moved{posts: refunds(*o, s.now())}, nil
	})
}

// CancelOrder calls an order off, whatever the reason: the buyer gets
// everything back and nobody is punished. Staff only.
func (s *Service) CancelOrder(ctx context.Context, id int64, reason string) (OrderView, error) {
	if err := reasonOf(reason); err != nil {
		return OrderView{}, err
	}
	return s.move(ctx, id, ActCancel, func(_ context.Context, o *Order, _ Actor) (moved, error) {
		o.Note = reason
		return moved{note: reason, posts: o.callOff(ReasonStaff)}, nil
	})
}

// Rebuy takes the next-best ask instead of the money of a failed order, whose
// total goes into the new one. It returns the new order. Errors: those of move
// and of Trade.
func (s *Service) Rebuy(ctx context.Context, id int64, in TradeNow) (OrderView, error) {
	var replacement Order
	_, err := s.move(ctx, id, ActRebuy, func(ctx context.Context, o *Order, _ Actor) (moved, error) {
		in.ProductID, in.Side = o.ProductID, Purchase
		var err error
		if replacement, _, err = s.match(ctx, in, o.BuyerID, &o.ID); err != nil {
			return moved{}, err
		}
		o.resolve(Replaced)
		o.ReplacedBy = &replacement.ID
		return moved{posts: refunds(*o, replacement.CreatedAt)}, nil
	})
	if err != nil {
		return OrderView{}, err
	}
	return s.viewOrder(ctx, replacement)
}

// UndoStep takes the staff's own last step back: see Order.Undoable. Staff only.
func (s *Service) UndoStep(ctx context.Context, id int64, reason string) (OrderView, error) {
	caller, err := auth.RequireStaff(ctx)
	if err != nil {
		return OrderView{}, err
	}
	if err := reasonOf(reason); err != nil {
		return OrderView{}, err
	}
	var o Order
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if o, err = s.store.LockOrder(ctx, id); err != nil {
			return err
		}
		if as, err := o.partOf(caller); err != nil {
			return err
		} else if as != Staff { // their own order
			return ErrNotYourStep
		}
		events, err := s.store.OrderEvents(ctx, []int64{id})
		if err != nil {
			return err
		}
		before, now := o, s.now()
		status, err := o.Undoable(events[id], now)
		if err != nil {
			return err
		}
		var posts []Posting
		if o.Status == OrderFailed {
			if err := s.bothHere(ctx, o); err != nil {
				return err
			}
			posts = forgives(o, now)
			o.Reason, o.Note = "", ""
		}
		if o.Status == OrderDelivering {
			o.Delivery = Parcel{}
		}
		o.enter(status, now)
		event := OrderEvent{OrderID: id, Action: ActUndo, Status: status, Actor: Staff, ActorID: &caller.UserID, Note: reason, CreatedAt: now}
		if err := s.step(ctx, before, o, event, posts); err != nil {
			return err
		}
		return s.audit.Record(ctx, "shop.order.undo", target("order", id), reason, auditedOrder(before), auditedOrder(o))
	})
	if err != nil {
		return OrderView{}, err
	}
	return s.viewOrder(ctx, o)
}

// bothHere returns ErrNothingToUndo when one side of an order has left: a
// failure doesn't hold its seller back.
func (s *Service) bothHere(ctx context.Context, o Order) error {
	here, err := s.profiles.ProfilesOf(ctx, []int64{o.BuyerID, *o.SellerID})
	if err == nil && len(here) < 2 {
		err = ErrNothingToUndo
	}
	return err
}

// MyOrder returns an order of the caller; staff may see any.
func (s *Service) MyOrder(ctx context.Context, id int64) (OrderView, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return OrderView{}, err
	}
	o, err := s.store.Order(ctx, id)
	if err != nil {
		return OrderView{}, err
	}
	if _, err := o.partOf(caller); err != nil {
		return OrderView{}, err
	}
	return s.viewOrder(ctx, o)
}

// MyOrders lists the caller's orders, the newest first.
func (s *Service) MyOrders(ctx context.Context, f OrderFilter, p page.Request) (page.List[OrderView], error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return page.List[OrderView]{}, err
	}
	list, err := s.store.OrdersOf(ctx, caller.UserID, f, p)
	if err != nil {
		return page.List[OrderView]{}, err
	}
	return s.viewOrders(ctx, list)
}
