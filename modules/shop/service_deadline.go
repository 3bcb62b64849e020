package shop

import "context"

// dueBatch bounds how many orders one run of a job visits; the next one takes
// the rest.
const dueBatch = 500

// MeetDeadlines does what is due on orders whose deadline has passed, one
// transaction an order: a seller who didn't ship is cancelled and punished, a
// parcel that never came is called off, a delivery is taken for received, a
// failed order is refunded, and what the staff is late with is marked. It is
// idempotent.
func (s *Service) MeetDeadlines(ctx context.Context) error {
	due, err := s.store.OrdersDue(ctx, s.now(), dueBatch)
	if err != nil {
		return err
	}
	return each(ctx, s.tx, due, s.meetDeadline)
}

func (s *Service) meetDeadline(ctx context.Context, id int64) error {
	o, err := s.store.LockOrder(ctx, id)
	if err != nil {
		return err
	}
	now := s.now()
	if o.Deadline == nil || o.Deadline.After(now) || o.OverdueAt != nil {
		return nil // somebody acted meanwhile
	}
	before := o
	status, reason := o.expire()
	e := OrderEvent{OrderID: id, Action: ActExpire, Status: status, Actor: System, CreatedAt: now}
	if status == "" {
		o.OverdueAt, e.Action, e.Status = &now, ActOverdue, o.Status
		return s.step(ctx, before, o, e, nil)
	}
	var posts []Posting
	switch status {
	case OrderFailed:
		o.resolve(Refunded)
		posts = refunds(o, now)
	case OrderSettled:
		o.enter(status, now)
		posts = settles(o, now)
	default:
		o.enter(status, now)
		posts = append(o.callOff(reason), penalises(o, now)...)
	}
	e.Note = reason
	return s.step(ctx, before, o, e, posts)
}

// CancelLateOrders calls off what somebody traded at the very moment in which
// they left Rally, while nothing was sent: nobody would ever see to it. Nobody
// is punished. Whoever asks has made sure that they left. It is idempotent.
func (s *Service) CancelLateOrders(ctx context.Context, userID int64) error {
	ids, err := s.store.OrdersSince(ctx, userID, s.now().Add(-lateOrders))
	if err != nil {
		return err
	}
	return each(ctx, s.tx, ids, func(ctx context.Context, id int64) error {
		o, err := s.store.LockOrder(ctx, id)
		if err != nil || o.Status != OrderMatched {
			return err
		}
		before, now := o, s.now()
		o.enter(OrderCancelled, now)
		posts := o.callOff(ReasonLeft)
		return s.step(ctx, before, o, OrderEvent{OrderID: id, Action: ActCancel, Status: o.Status, Actor: System, Note: ReasonLeft, CreatedAt: now}, posts)
	})
}

// lateOrders is how far back CancelLateOrders looks: a request takes seconds.
const lateOrders = GraceEvery
