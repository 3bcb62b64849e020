package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"github.com/nats-io/nats.go"
	"go.uber.org/zap"

	"rally/platform/log"
)

// Subscribe calls fn for each signal on subject, one at a time and in the
// order of their sender. Subject may hold the wildcards * and >. When
// Subscribe returns without an error, the server knows of it.
//
// A payload that is no T is logged and ignored. When fn is slower than its
// signals, new ones are dropped past the configured limits, and that is
// logged. The context given to fn ends when Close loses patience.
//
// After stop returns, no new call of fn begins; one that runs may still be
// running. Stop may be called twice, also by fn. Errors: a bad subject, or a
// closed bus.
func Subscribe[T any](b *Bus, subject string, fn func(context.Context, T)) (stop func(), err error) {
	return b.subscribe(subject, func(ctx context.Context, data []byte) error {
		var v T
		if err := json.Unmarshal(data, &v); err != nil {
			return err
		}
		fn(ctx, v)
		return nil
	})
}

func (b *Bus) subscribe(subject string, handle func(context.Context, []byte) error) (func(), error) {
	var stopped atomic.Bool
	sub, err := b.conn.Subscribe(subject, func(m *nats.Msg) {
		if stopped.Load() || b.ctx.Err() != nil {
			return
		}
		defer b.survive(m.Subject)
		if err := handle(b.ctx, m.Data); err != nil {
			// Not the payload: it may be personal.
			b.log.Warn("malformed signal ignored", zap.String("rally.bus.subject", m.Subject), log.Err(err))
		}
	})
	if err != nil {
		return nil, fmt.Errorf("bus: subscribe %q: %w", subject, err)
	}
	if err := sub.SetPendingLimits(b.cfg.PendingMessages, b.cfg.PendingBytes); err != nil {
		_ = sub.Unsubscribe()
		return nil, fmt.Errorf("bus: subscribe %q: %w", subject, err)
	}
	// Without a round trip, a signal sent right after this call by another
	// node could still be missed. Away from the server there is nothing to
	// wait for: the subscription is made when it is back.
	if b.conn.IsConnected() {
		if err := b.conn.FlushTimeout(b.cfg.ConnectTimeout); err != nil {
			b.log.Warn("subscription not confirmed yet", zap.String("rally.bus.subject", subject), log.Err(err))
		}
	}
	return func() {
		if !stopped.Swap(true) {
			_ = sub.Unsubscribe() // fails only when the bus is closed, which ends it too
		}
	}, nil
}

// survive keeps one handler's panic from ending the program.
func (b *Bus) survive(subject string) {
	if r := recover(); r != nil {
		b.log.Error("signal handler panicked", zap.String("rally.bus.subject", subject),
			log.Err(fmt.Errorf("panic: %v", r)), zap.ByteString("error.stack_trace", debug.Stack()))
	}
}
