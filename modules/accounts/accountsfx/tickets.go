package accountsfx

import (
	"context"
	"encoding/hex"
	"sync"
	"time"

	"rally/modules/accounts"
	"rally/platform/bus"
)

const (
	// ticketBucket is the name of the tickets' bucket.
	ticketBucket = "rally-tickets"
	// openWithin bounds how long whoever wants the first ticket waits.
	openWithin = 3 * time.Second
)

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
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	b, err := bus.OpenBucket[ticket](ctx, t.bus, ticketBucket, accounts.TicketTTL)
	if err != nil {
		return nil, tableAway(err)
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
	return tableAway(b.Put(ctx, hex.EncodeToString(hash), ticket{sessionID}))
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
		return 0, false, tableAway(err)
	}
	mine, err := b.Delete(ctx, key, rev)
	return kept.Session, mine, tableAway(err)
}

// tableAway says to the client that it may try again.
func tableAway(err error) error {
	if err == nil {
		return nil
	}
	return accounts.ErrTicketsAway.WithCause(err)
}
