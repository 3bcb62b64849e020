package pongfx

import (
	"context"

	"rally/modules/accounts"
	"rally/modules/pong"
	"rally/modules/pong/internal/api"
	"rally/modules/pong/internal/store"
	"rally/platform/event"
	"rally/platform/jobs"
)

// departure ends what somebody plays who left Rally. It is a job, for it tells others,
// which what hears of leaving can't.
type departure struct {
	UserID int64 `json:"user_id"`
}

// Kind implements jobs.Args.
func (departure) Kind() string { return "pong.depart" }

func depart(s *pong.Service) jobs.Job {
	return jobs.Handle(func(ctx context.Context, d departure) error { return s.Depart(ctx, d.UserID) })
}

// subscriptions are about people who leave.
func subscriptions(s *store.Store, client *jobs.Client) []event.Subscription {
	return []event.Subscription{
		event.On("pong.leave", func(ctx context.Context, e accounts.UserDeactivated) error {
			if err := s.MarkAbsent(ctx, e.UserID, true); err != nil {
				return err
			}
			return client.Enqueue(ctx, departure{e.UserID})
		}),
		event.On("pong.return", func(ctx context.Context, e accounts.UserReactivated) error { return s.MarkAbsent(ctx, e.UserID, false) }),
		event.On("pong.forget", func(ctx context.Context, e accounts.UserErased) error {
			if err := s.ForgetStandings(ctx, e.UserID); err != nil {
				return err
			}
			if err := s.ForgetEntries(ctx, e.UserID); err != nil {
				return err
			}
			_, err := s.Dequeue(ctx, e.UserID)
			return err
		}),
	}
}

// export needs no Service: that needs the accounts, which need the export.
func export(s *store.Store) accounts.Export {
	return accounts.Export{Name: "pong", Of: func(ctx context.Context, userID int64) (any, error) {
		e, err := pong.ExportOf(ctx, s, userID)
		if err != nil {
			return nil, err
		}
		return api.ToExport(e), nil
	}}
}
