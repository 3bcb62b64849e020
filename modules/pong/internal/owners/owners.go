// Package owners keeps which node plays which match, in a bucket that all nodes
// share, and carries what lines say and hear between them.
package owners

import (
	"bytes"
	"context"
	"strconv"

	"go.uber.org/zap"

	"rally/modules/pong"
	"rally/platform/bus"
	"rally/platform/log"
)

const (
	bucketName = "rally-matches"
	// subject of what one node tells another, before the name of that.
	subject = "pong.node."
)

// Table implements pong.Owners and pong.Bridge.
type Table struct {
	bus     *bus.Bus
	entries *bus.Bucket[pong.Checkpoint]
	log     *zap.Logger
	outbox  chan parcel
}

// parcel is something on its way to a node.
type parcel struct {
	node string
	what pong.Relayed
}

// outboxSize is how much waits for a stalled line to the servers; more is lost, as it
// may be.
const outboxSize = 4096

var (
	_ pong.Owners = (*Table)(nil)
	_ pong.Bridge = (*Table)(nil)
)

// Open returns the table that the nodes of a bus share.
func Open(ctx context.Context, b *bus.Bus, logger *zap.Logger) (*Table, error) {
	entries, err := bus.OpenBucket[pong.Checkpoint](ctx, b, bucketName, 0)
	return &Table{b, entries, logger, make(chan parcel, outboxSize)}, err
}

func key(id int64) string { return strconv.FormatInt(id, 10) }

// Claim implements pong.Owners.
func (t *Table) Claim(ctx context.Context, id int64, c pong.Checkpoint) (uint64, bool, error) {
	return t.entries.Create(ctx, key(id), c)
}

// Owner implements pong.Owners.
func (t *Table) Owner(ctx context.Context, id int64) (pong.Checkpoint, uint64, bool, error) {
	return t.entries.Get(ctx, key(id))
}

// Write implements pong.Owners.
func (t *Table) Write(ctx context.Context, id int64, c pong.Checkpoint, rev uint64) (uint64, bool, error) {
	return t.entries.Update(ctx, key(id), c, rev)
}

// Drop implements pong.Owners.
func (t *Table) Drop(ctx context.Context, id int64, node string) error {
	c, rev, found, err := t.entries.Get(ctx, key(id))
	if err != nil || !found || c.Node != node {
		return err
	}
	_, err = t.entries.Delete(ctx, key(id), rev)
	return err
}

// Send implements pong.Bridge. It never waits: a lane of matches calls it.
func (t *Table) Send(node string, r pong.Relayed) {
	r.Data = bytes.Clone(r.Data)
	select {
	case t.outbox <- parcel{node, r}:
	default:
		t.log.Debug("a frame for another node was lost: the line to the servers is full")
	}
}

// carry publishes what is sent, until quit is closed and all of it is gone.
func (t *Table) carry(quit <-chan struct{}) {
	for {
		select {
		case p := <-t.outbox:
			t.publish(p)
			continue
		default:
		}
		select {
		case <-quit:
			return
		case p := <-t.outbox:
			t.publish(p)
		}
	}
}

func (t *Table) publish(p parcel) {
	if err := t.bus.Publish(subject+p.node, p.what); err != nil {
		t.log.Debug("a frame for another node was lost", log.Err(err))
	}
}

// Follow keeps an arena up to date with what other nodes do and say. When it returns,
// the arena knows all that the table held.
func (t *Table) Follow(ctx context.Context, node string, a *pong.Arena) (stop func(), err error) {
	stopHearing, err := bus.Subscribe(t.bus, subject+node, func(_ context.Context, r pong.Relayed) { a.Relay(r) })
	if err != nil {
		return nil, err
	}
	stopWatching, err := t.entries.Watch(ctx, func(name string, c pong.Checkpoint, gone bool) {
		if id, err := strconv.ParseInt(name, 10, 64); err == nil {
			a.Heard(id, c, gone)
		}
	})
	if err != nil {
		stopHearing()
		return nil, err
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		t.carry(quit)
	}()
	return func() {
		stopWatching()
		stopHearing()
		close(quit)
		<-done
	}, nil
}
