package shopfx

import (
	"context"
	"errors"
	"time"

	"rally/modules/accounts"
	"rally/modules/shop"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/mail"
	"rally/platform/web"
)

// dueEvery is how often deadlines are met and people written to.
const dueEvery = 15 * time.Second

func newTeller(s *shop.Service, people *accounts.Directory, queue *mail.Queue, cfg web.Config) *shop.Teller {
	return shop.NewTeller(s, people, mailer{queue}, cfg.Origin())
}

type mailer struct{ queue *mail.Queue }

func (m mailer) Send(ctx context.Context, to, subject, body string) error {
	return m.queue.Send(ctx, mail.Message{To: to, Subject: subject, Body: body})
}

func meetDeadlines(s *shop.Service) jobs.Job {
	return jobs.Periodic("shop.meet_deadlines", dueEvery, s.MeetDeadlines)
}

func tellOrders(t *shop.Teller) jobs.Job {
	return jobs.Periodic("shop.tell_orders", dueEvery, t.TellOrders)
}

// tellTargets are the arguments of shop.tell_targets.
type tellTargets struct {
	ProductID int64 `json:"product_id"`
}

// Kind implements jobs.Args.
func (tellTargets) Kind() string { return "shop.tell_targets" }

// findTargets leaves it to a job who waits for a price.
func findTargets(client *jobs.Client) event.Subscription {
	return event.On("shop.find_targets", func(ctx context.Context, e shop.TargetsReachable) error {
		return client.Enqueue(ctx, tellTargets{e.ProductID})
	})
}

func tellTargetsJob(t *shop.Teller) jobs.Job {
	return jobs.Handle(func(ctx context.Context, a tellTargets) error {
		err := t.TellTargets(ctx, a.ProductID)
		if errors.Is(err, shop.ErrProductNotFound) {
			return nil // deleted meanwhile
		}
		return err
	})
}
