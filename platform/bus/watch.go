package bus

import (
	"context"
	"encoding/json"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"rally/platform/log"
)

// Watch calls fn with everything that the bucket holds, in the order in which
// it was written, then with every change, one call at a time. Gone is a key that
// was deleted or forgotten. It returns when the first part is done. When the
// servers were away, both parts begin again, and what was lost meanwhile is gone;
// that comes after the functions that OnReconnect had before.
func (b *Bucket[T]) Watch(ctx context.Context, fn func(key string, v T, gone bool)) (stop func(), err error) {
	w := &watch[T]{
		bucket: b, fn: fn, known: map[string]struct{}{},
		again: make(chan struct{}, 1), ready: make(chan struct{}), done: make(chan struct{}),
	}
	var cancel context.CancelFunc
	w.ctx, cancel = context.WithCancel(b.bus.ctx)
	first, err := b.kv.WatchAll(w.ctx)
	if err != nil {
		cancel()
		return nil, b.explain("watch", "*", err)
	}
	b.bus.OnReconnect(func(context.Context) {
		select {
		case w.again <- struct{}{}:
		default:
		}
	})
	go w.run(first)
	stop = func() {
		cancel() // also what it asks servers that are away
		<-w.done
	}
	select {
	case <-w.ready:
		return stop, nil
	case <-w.done:
		cancel()
		return nil, b.explain("watch", "*", nats.ErrConnectionClosed)
	case <-ctx.Done():
		stop()
		return nil, b.explain("watch", "*", ctx.Err())
	}
}

// watch is one caller of Watch. Its goroutine owns known.
type watch[T any] struct {
	ctx    context.Context //nolint:containedctx // of its goroutine; ends with stop, or with the bus
	bucket *Bucket[T]
	fn     func(key string, v T, gone bool)
	known  map[string]struct{} // keys that fn was told of, and not that they are gone
	whole  bool                // fn was told everything once
	again  chan struct{}       // the servers are back
	ready  chan struct{}       // closed once fn was told everything
	done   chan struct{}       // closed at the end
}

func (w *watch[T]) run(keys jetstream.KeyWatcher) {
	defer close(w.done)
	for {
		more := w.follow(keys)
		_ = keys.Stop()            // fails only when the consumer is gone already
		for range keys.Updates() { // it blocks until somebody took what it has
		}
		if !more {
			return
		}
		if keys = w.open(); keys == nil {
			return
		}
	}
}

// open begins to watch again, as soon as the bucket answers. It returns nil at
// the end.
func (w *watch[T]) open() jetstream.KeyWatcher {
	for {
		keys, err := w.bucket.kv.WatchAll(w.ctx)
		if err == nil {
			return keys
		}
		select {
		case <-w.ctx.Done():
			return nil
		case <-w.again:
		case <-time.After(w.bucket.bus.cfg.ReconnectWait):
		}
	}
}

// follow passes on what comes. It returns true when the watching has to begin
// again.
func (w *watch[T]) follow(keys jetstream.KeyWatcher) (more bool) {
	held, begun := map[string]struct{}{}, false
	for {
		select {
		case <-w.ctx.Done():
			return false
		case <-w.again:
			return true
		case entry, open := <-keys.Updates():
			switch {
			case !open:
				return w.whole && !w.bucket.bus.conn.IsClosed() && w.ctx.Err() == nil
			case entry != nil:
				w.pass(entry)
				if !begun {
					held[entry.Key()] = struct{}{}
				}
			case !begun:
				begun = true
				w.forget(held)
			}
		}
	}
}

// forget ends the first part: what was known and is not held is gone.
func (w *watch[T]) forget(held map[string]struct{}) {
	for key := range w.known {
		if _, there := held[key]; !there {
			delete(w.known, key)
			w.tell(key, *new(T), true)
		}
	}
	if !w.whole {
		w.whole = true
		close(w.ready)
	}
}

func (w *watch[T]) pass(entry jetstream.KeyValueEntry) {
	if entry.Operation() != jetstream.KeyValuePut {
		delete(w.known, entry.Key())
		w.tell(entry.Key(), *new(T), true)
		return
	}
	var v T
	if err := json.Unmarshal(entry.Value(), &v); err != nil {
		w.bucket.bus.log.Warn("malformed value ignored", zap.String("rally.bus.subject", w.bucket.name), log.Err(err))
		return
	}
	w.known[entry.Key()] = struct{}{}
	w.tell(entry.Key(), v, false)
}

func (w *watch[T]) tell(key string, v T, gone bool) {
	defer w.bucket.bus.survive(w.bucket.name)
	w.fn(key, v, gone)
}
