package shop

import (
	"context"
	"slices"
	"sync"
	"time"

	"rally/platform/auth"
	"rally/platform/page"
)

// How orders are shown to the people who take part, and to the staff.

func orderProduct(o Order) int64 { return o.ProductID }

// viewOrder shows one order to the caller, with its offer if there is one.
func (s *Service) viewOrder(ctx context.Context, o Order) (OrderView, error) {
	list, err := s.viewOrders(ctx, page.List[Order]{Rows: []Order{o}})
	if err != nil {
		return OrderView{}, err
	}
	view := list.Rows[0]
	if slices.Contains(view.Actions, ActRebuy) {
		view.Offer, err = s.offerFor(ctx, o)
	}
	return view, err
}

// viewOrders shows orders to the caller, in a number of statements that doesn't
// depend on theirs.
func (s *Service) viewOrders(ctx context.Context, list page.List[Order]) (page.List[OrderView], error) {
	none := page.List[OrderView]{}
	placed, err := withArticles(ctx, s.store, list, orderProduct)
	if err != nil {
		return none, err
	}
	ids := make([]int64, len(list.Rows))
	for i, o := range list.Rows {
		ids[i] = o.ID
	}
	events, err := s.store.OrderEvents(ctx, ids)
	if err != nil {
		return none, err
	}
	caller, _ := auth.From(ctx)
	now := s.now()
	withdrew := sync.OnceValues(func() (bool, error) { return s.store.WithdrewSince(ctx, caller.UserID, now.Add(-GraceEvery)) })
	views := make([]OrderView, len(placed.Rows))
	for i, p := range placed.Rows {
		if views[i], err = viewOf(p, events[p.Row.ID], caller, now, withdrew); err != nil {
			return none, err
		}
	}
	return page.List[OrderView]{Rows: views, Count: list.Count, Page: list.Page}, nil
}

// viewOf shows an order and its steps to somebody. Withdrew tells whether they
// withdrew from one within GraceEvery; it is asked only where that matters.
func viewOf(p Placed[Order], steps []OrderEvent, caller auth.Identity, now time.Time, withdrew func() (bool, error)) (OrderView, error) {
	view := OrderView{Placed: p, Events: steps, Overdue: p.Row.Deadline != nil && p.Row.Deadline.Before(now)}
	as, err := p.Row.partOf(caller)
	if err == nil {
		view.Actions = p.Row.ActionsFor(as, now)
	}
	if slices.Contains(view.Actions, ActWithdraw) {
		used, err := withdrew()
		if err != nil {
			return OrderView{}, err
		}
		if used {
			view.Actions = slices.DeleteFunc(view.Actions, func(a string) bool { return a == ActWithdraw })
		} else {
			until := p.Row.CreatedAt.Add(Grace)
			view.WithdrawUntil = &until
		}
	}
	if as == Staff {
		if _, err := p.Row.Undoable(view.Events, now); err == nil {
			view.Actions = append(view.Actions, ActUndo)
		}
	}
	return view, nil
}

// offerFor returns what the buyer of a failed order can have instead.
func (s *Service) offerFor(ctx context.Context, o Order) (*Offer, error) {
	offer := &Offer{}
	if o.Deadline != nil {
		offer.Until = *o.Deadline
	}
	now := s.now()
	best, ok, err := s.store.BestBid(ctx, o.ProductID, Sales, now, o.BuyerID)
	if err != nil || !ok {
		return offer, err
	}
	terms, err := s.termsAt(ctx, now)
	if err != nil {
		return nil, err
	}
	fee := terms.Fee(Purchase, best.Price)
	total := best.Price + fee
	difference := total - o.Total()
	offer.Price, offer.Fee, offer.Total, offer.Difference = &best.Price, &fee, &total, &difference
	return offer, nil
}
