package accountsfx

import (
	"context"
	"encoding/hex"
	"sync"

	"rally/modules/accounts"
	"rally/platform/bus"
)

// ticketBucket is the name of the tickets' bucket.
const ticketBucket = "rally-tickets"

// tickets keeps tickets where all nodes see them, and nowhere for long. The
// bucket is opened by the first of them: few programs ever sell one.
type tickets struct {
	bus *bus.Bus

	mu     sync.Mutex
	bucket *bus.Bucket[ticket]
}

type ticket struct {
	Session int64 `json:"session"`
}

var _ accounts.Tickets = (*tickets)(nil)

func (t *tickets) open(ctx context.Context) (*bus.Bucket[ticket], error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bucket != nil {
		return t.bucket, nil
	}
	b, err := bus.OpenBucket[ticket](ctx, t.bus, ticketBucket, accounts.TicketTTL)
	if err != nil {
		return nil, err
	}
	t.bucket = b
	return b, nil
}

// Keep implements accounts.Tickets.
func (t *tickets) Keep(ctx context.Context, hash []byte, sessionID int64) error {
	b, err := t.open(ctx)
	if err != nil {
		return err
	}
	return b.Put(ctx, hex.EncodeToString(hash), ticket{sessionID})
}

// Take implements accounts.Tickets.
func (t *tickets) Take(ctx context.Context, hash []byte) (int64, bool, error) {
	b, err := t.open(ctx)
	if err != nil {
		return 0, false, err
	}
	key := hex.EncodeToString(hash)
	kept, rev, found, err := b.Get(ctx, key)
	if err != nil || !found {
		return 0, false, err
	}
	mine, err := b.Delete(ctx, key, rev)
	return kept.Session, mine, err
}
