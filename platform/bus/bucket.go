package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"rally/platform/log"
)

const (
	// clusterReplicas is how many servers of a cluster hold a bucket.
	clusterReplicas = 3
	// markerLife is how long a bucket tells watchers of a key that is gone.
	markerLife = time.Minute
	// createAttempts bounds how often a bucket is asked for while a cluster
	// still elects who leads it.
	createAttempts = 20
)

// Bucket is soft state that all nodes share: values by key, in the memory of
// the NATS servers, three of them where they are a cluster. It outlives a node
// and not the servers: when those come back without it, it is there again, and
// empty. Values are JSON. It is safe for concurrent use. While the servers are
// away, every call returns an error at once.
type Bucket[T any] struct {
	bus  *Bus
	kv   jetstream.KeyValue
	name string
}

// OpenBucket returns the bucket of a name (letters, digits, dashes), and makes
// it where there is none yet. A value that isn't written again within ttl is
// forgotten; 0 keeps it. All nodes must agree on it.
func OpenBucket[T any](ctx context.Context, b *Bus, name string, ttl time.Duration) (*Bucket[T], error) {
	bucket := &Bucket[T]{bus: b, name: name}
	if err := bucket.away(); err != nil { // each attempt would wait for its time
		return nil, err
	}
	js, err := jetstream.New(b.conn)
	if err != nil {
		return nil, fmt.Errorf("bus: bucket %s: %w", name, err)
	}
	config := jetstream.KeyValueConfig{Bucket: name, TTL: ttl, Storage: jetstream.MemoryStorage, LimitMarkerTTL: markerLife, Replicas: 1}
	if b.clustered() {
		config.Replicas = clusterReplicas
	}
	if bucket.kv, err = createBucket(ctx, js, config, b.cfg.ReconnectWait); err != nil {
		return nil, fmt.Errorf("bus: bucket %s: %w", name, err)
	}
	b.OnReconnect(func(ctx context.Context) {
		for ctx.Err() == nil && b.conn.IsConnected() { // else the next connection tries again
			if _, err := createBucket(ctx, js, config, b.cfg.ReconnectWait); err == nil {
				return
			} else if ctx.Err() == nil {
				b.log.Warn("a bucket is not back yet", zap.String("rally.bus.subject", name), log.Err(err))
			}
		}
	})
	return bucket, nil
}

// away returns an error while the servers are.
func (b *Bucket[T]) away() error {
	if b.bus.conn.IsConnected() {
		return nil
	}
	return fmt.Errorf("bus: %s: %w", b.name, nats.ErrConnectionReconnecting)
}

// Shared reports whether the servers are other programs' too: else this node is
// alone.
func (b *Bus) Shared() bool { return b.server == nil }

// clustered reports whether the servers are several.
func (b *Bus) clustered() bool { return b.server == nil && b.conn.ConnectedClusterName() != "" }

func createBucket(ctx context.Context, js jetstream.JetStream, config jetstream.KeyValueConfig, pause time.Duration) (jetstream.KeyValue, error) {
	for attempt := 1; ; attempt++ {
		kv, err := js.CreateOrUpdateKeyValue(ctx, config)
		if err == nil || attempt == createAttempts || ctx.Err() != nil {
			return kv, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pause):
		}
	}
}

// Create writes a key that there is not. It returns false when there is.
func (b *Bucket[T]) Create(ctx context.Context, key string, v T) (rev uint64, created bool, err error) {
	data, err := b.encode(key, v)
	if err != nil {
		return 0, false, err
	}
	err = b.write(ctx, func() error { rev, err = b.kv.Create(ctx, key, data); return err })
	if errors.Is(err, jetstream.ErrKeyExists) {
		return 0, false, nil
	}
	return rev, err == nil, b.explain("create", key, err)
}

// Get reads a key. Right after a write by another node it may still return
// what was before; Update then finds out.
func (b *Bucket[T]) Get(ctx context.Context, key string) (v T, rev uint64, found bool, err error) {
	if err := b.away(); err != nil {
		return v, 0, false, err
	}
	entry, err := b.kv.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return v, 0, false, nil
	}
	if err != nil {
		return v, 0, false, b.explain("read", key, err)
	}
	err = json.Unmarshal(entry.Value(), &v)
	return v, entry.Revision(), err == nil, b.explain("decode", key, err)
}

// Update writes a key that still has the revision. It returns false when
// somebody else wrote it since.
func (b *Bucket[T]) Update(ctx context.Context, key string, v T, rev uint64) (newRev uint64, updated bool, err error) {
	data, err := b.encode(key, v)
	if err != nil {
		return 0, false, err
	}
	err = b.write(ctx, func() error { newRev, err = b.kv.Update(ctx, key, data, rev); return err })
	if errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return 0, false, nil
	}
	return newRev, err == nil, b.explain("update", key, err)
}

// Put writes a key whatever it held.
func (b *Bucket[T]) Put(ctx context.Context, key string, v T) error {
	data, err := b.encode(key, v)
	if err != nil {
		return err
	}
	err = b.write(ctx, func() error { _, err := b.kv.Put(ctx, key, data); return err })
	return b.explain("write", key, err)
}

// Delete removes a key that still has the revision; 0 is any. It returns false
// when somebody else wrote it since.
func (b *Bucket[T]) Delete(ctx context.Context, key string, rev uint64) (deleted bool, err error) {
	if err := b.away(); err != nil {
		return false, err
	}
	options := []jetstream.KVDeleteOpt{jetstream.PurgeTTL(markerLife)}
	if rev > 0 {
		options = append(options, jetstream.LastRevision(rev))
	}
	err = b.write(ctx, func() error { return b.kv.Purge(ctx, key, options...) })
	if errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return false, nil
	}
	return err == nil, b.explain("delete", key, err)
}

// write tries again for as long as no server has taken it: a cluster that
// chooses who leads a bucket takes no writes.
func (b *Bucket[T]) write(ctx context.Context, try func() error) error {
	for attempt := 1; ; attempt++ {
		err := try()
		if !errors.Is(err, jetstream.ErrNoStreamResponse) || attempt == createAttempts || b.away() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(b.bus.cfg.ReconnectWait):
		}
	}
}

// encode is the beginning of every write.
func (b *Bucket[T]) encode(key string, v T) ([]byte, error) {
	if err := b.away(); err != nil {
		return nil, err
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("bus: encode %s.%s: %w", b.name, key, err)
	}
	return data, nil
}

func (b *Bucket[T]) explain(doing, key string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("bus: %s %s.%s: %w", doing, b.name, key, err)
}
