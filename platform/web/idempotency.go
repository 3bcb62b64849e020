package web

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/fault"
)

// idempotencyLife is how long a reply is kept.
const idempotencyLife = 24 * time.Hour

// Faults of idempotency keys.
var (
	ErrKeyMismatch = fault.New(fault.Conflict, "idempotency.mismatch", "This Idempotency-Key was used for another request.")
	ErrKeyInFlight = fault.New(fault.Conflict, "idempotency.in_flight", "A request with this Idempotency-Key is still being answered.")
	errBadKey      = fault.ErrInvalid.WithField("Idempotency-Key", "must have at most 255 characters, all of them printable ASCII")
)

// IdempotencyHeader is embedded by the inputs of operations that move value.
type IdempotencyHeader struct {
	IdempotencyKey string `header:"Idempotency-Key" doc:"A fresh random string per intention. A repeated request with the same key and body gets the stored reply for 24 hours." example:"0f8fad5b-d9cb-469f-a165-70867728950e"`
}

func (h *IdempotencyHeader) key() string { return h.IdempotencyKey }

// Idempotency remembers the replies of requests that carried a key. The reply
// is stored in the transaction of the effect itself, so that neither can
// exist without the other, whenever the process dies.
type Idempotency struct {
	db    *db.DB
	clock func() time.Time

	mu       sync.Mutex
	inFlight map[flightKey]bool // of this process; others are seen by a database lock
}

type flightKey struct {
	userID int64
	key    string
}

// NewIdempotency returns a store of replies in d.
func NewIdempotency(d *db.DB, clock func() time.Time) *Idempotency {
	return &Idempotency{db: d, clock: clock, inFlight: map[flightKey]bool{}}
}

type idempotencyRow struct {
	bun.BaseModel `bun:"table:idempotency_keys"`

	UserID      int64     `bun:"user_id,pk"`
	Key         string    `bun:"key,pk"`
	RequestHash []byte    `bun:"request_hash"`
	Reply       string    `bun:"reply"`
	CreatedAt   time.Time `bun:"created_at"`
}

// Idempotent wraps the handler of an operation, named by op, that moves value.
// Only a reply of success is stored: a request that failed changed nothing,
// and may succeed when it is sent again.
func Idempotent[I, O any, PI interface {
	*I
	key() string
}](ids *Idempotency, op string, handler func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		key := PI(in).key()
		caller, loggedIn := auth.From(ctx)
		if key == "" || !loggedIn {
			return handler(ctx, in)
		}
		if !isKey(key) {
			return nil, errBadKey
		}
		body, err := json.Marshal(in)
		if err != nil {
			return nil, fmt.Errorf("encode the request for its key: %w", err)
		}
		hash := sha256.Sum256(append([]byte(op+"\n"), body...))
		flight := flightKey{caller.UserID, key}
		if !ids.take(flight) {
			return nil, ErrKeyInFlight
		}
		defer ids.release(flight)

		var out *O
		err = ids.db.InTx(ctx, func(ctx context.Context) error {
			out = nil
			stored, err := ids.find(ctx, flight)
			if err != nil {
				return err
			}
			if stored != nil {
				if string(stored.RequestHash) != string(hash[:]) {
					return ErrKeyMismatch
				}
				out = new(O)
				return json.Unmarshal([]byte(stored.Reply), out)
			}
			reply, err := handler(ctx, in)
			if err != nil {
				return err
			}
			out = reply
			return ids.store(ctx, flight, hash[:], reply)
		})
		if err != nil {
			return nil, err
		}
		return out, nil
	}
}

func isKey(key string) bool {
	for i := range len(key) {
		if key[i] < 0x21 || key[i] > 0x7e {
			return false
		}
	}
	return len(key) <= 255
}

func (s *Idempotency) take(k flightKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inFlight[k] {
		return false
	}
	s.inFlight[k] = true
	return true
}

func (s *Idempotency) release(k flightKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.inFlight, k)
}

// find returns the stored reply of a key, if it is not too old. On PostgreSQL
// it first takes the key's advisory lock, which another process may hold.
func (s *Idempotency) find(ctx context.Context, k flightKey) (*idempotencyRow, error) {
	if s.db.Dialect == db.Postgres {
		free, err := db.Get[bool](ctx, s.db, "SELECT pg_try_advisory_xact_lock(hashtextextended($1, $2))", k.key, k.userID)
		if err != nil {
			return nil, fmt.Errorf("lock the idempotency key: %w", err)
		}
		if !free {
			return nil, ErrKeyInFlight
		}
	}
	row, err := db.Get[idempotencyRow](ctx, s.db, "SELECT user_id, key, request_hash, reply, created_at FROM idempotency_keys WHERE user_id = $1 AND key = $2", k.userID, k.key)
	if db.NotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the idempotency key: %w", err)
	}
	if s.clock().Sub(row.CreatedAt) < idempotencyLife {
		return &row, nil
	}
	_, err = db.Exec(ctx, s.db, "DELETE FROM idempotency_keys WHERE user_id = $1 AND key = $2", k.userID, k.key)
	return nil, err
}

func (s *Idempotency) store(ctx context.Context, k flightKey, hash []byte, reply any) error {
	encoded, err := json.Marshal(reply)
	if err != nil {
		return fmt.Errorf("encode the reply for its key: %w", err)
	}
	_, err = db.Exec(ctx, s.db, "INSERT INTO idempotency_keys (user_id, key, request_hash, reply, created_at) VALUES ($1, $2, $3, $4, $5)",
		k.userID, k.key, hash, string(encoded), s.clock())
	if err != nil {
		return fmt.Errorf("store the reply of a key: %w", err)
	}
	return nil
}

// Purge deletes replies that are no longer honoured.
func (s *Idempotency) Purge(ctx context.Context) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, s.db, "DELETE FROM idempotency_keys WHERE created_at < $1", s.clock().Add(-idempotencyLife))
		return err
	})
}
