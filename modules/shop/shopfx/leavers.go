package shopfx

import (
	"context"
	"time"

	"rally/modules/accounts"
	"rally/modules/shop"
	"rally/modules/shop/internal/api"
	"rally/modules/shop/internal/store"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
)

// lateAfter is how long after somebody left their bids are cancelled once
// more: longer than a request takes, and than another node needs to hear that
// their sessions are over.
const lateAfter = time.Minute

func newLeavers(d *db.DB, reviews shop.Reviews, clock func() time.Time) *shop.Leavers {
	return shop.NewLeavers(d, store.New(d), reviews, clock)
}

// lateCheck are the arguments of shop.cancel_bids_of_leaver.
type lateCheck struct {
	UserID int64 `json:"user_id"`
}

// Kind implements jobs.Args.
func (lateCheck) Kind() string { return "shop.cancel_bids_of_leaver" }

// letLeave cancels the bids of somebody who leaves, or holds them back.
func letLeave(leavers *shop.Leavers, signals bookSignals, client *jobs.Client, clock func() time.Time) event.Subscription {
	return event.On("shop.let_leave", func(ctx context.Context, e accounts.UserDeactivated) error {
		changes, err := leavers.Leave(ctx, e.UserID)
		if err != nil {
			return err
		}
		signals.afterCommit(ctx, changes...)
		// UTC matters: SQLite compares times as text.
		return client.Enqueue(ctx, lateCheck{e.UserID}, jobs.InsertOpts{ScheduledAt: clock().UTC().Add(lateAfter)})
	})
}

func cancelLateJob(leavers *shop.Leavers, s *shop.Service, signals bookSignals, people *accounts.Service) jobs.Job {
	return cancelLate(leavers, s, signals, people)
}

// cancelLate cancels what somebody who left has placed since, and calls off
// what they traded.
func cancelLate(leavers *shop.Leavers, s *shop.Service, signals bookSignals, people shop.People) jobs.Job {
	return jobs.Handle(func(ctx context.Context, a lateCheck) error {
		changes, gone, err := leavers.CancelLateBids(ctx, people, a.UserID)
		signals.afterCommit(ctx, changes...)
		if err != nil || !gone {
			return err
		}
		return s.CancelLateOrders(ctx, a.UserID)
	})
}

func forget(leavers *shop.Leavers) event.Subscription {
	return event.On("shop.forget", func(ctx context.Context, e accounts.UserErased) error { return leavers.Forget(ctx, e.UserID) })
}

func export(s *shop.Service) accounts.Export {
	return accounts.Export{Name: "shop", Of: func(ctx context.Context, userID int64) (any, error) {
		e, err := s.ExportOf(ctx, userID)
		if err != nil {
			return nil, err
		}
		return api.ToExport(e), nil
	}}
}
