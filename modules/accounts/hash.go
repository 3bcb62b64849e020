package accounts

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"
)

// What a stored hash may ask of this process. A row that asks for more is
// refused, not computed.
const (
	maxArgonMemory = 256 << 10 // KiB
	maxArgonPasses = 16
	maxArgonLanes  = 16

	saltLength = 16
	hashLength = 32
)

var errBadHash = errors.New("not an argon2id hash in PHC form")

// argonParams are the costs of one hash.
type argonParams struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

// argonHash is a parsed PHC string.
type argonHash struct {
	params     argonParams
	salt, hash []byte
}

// String returns the PHC form: $argon2id$v=19$m=…,t=…,p=…$salt$hash.
func (h argonHash) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.params.memory, h.params.passes, h.params.lanes, b64.EncodeToString(h.salt), b64.EncodeToString(h.hash))
}

func (h argonHash) matches(password string) bool {
	got := argon2.IDKey([]byte(password), h.salt, h.params.passes, h.params.memory, h.params.lanes, uint32(len(h.hash))) //nolint:gosec // at most 64
	return subtle.ConstantTimeCompare(got, h.hash) == 1
}

// parseHash reads a PHC string. It accepts only what String writes.
func parseHash(s string) (argonHash, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return argonHash{}, errBadHash
	}
	costs := strings.Split(parts[3], ",")
	if len(costs) != 3 {
		return argonHash{}, errBadHash
	}
	memory, okM := cost(costs[0], "m=", maxArgonMemory)
	passes, okT := cost(costs[1], "t=", maxArgonPasses)
	lanes, okP := cost(costs[2], "p=", maxArgonLanes)
	b64 := base64.RawStdEncoding.Strict()
	salt, errSalt := b64.DecodeString(parts[4])
	hash, errHash := b64.DecodeString(parts[5])
	switch {
	case !okM || !okT || !okP, errSalt != nil, errHash != nil,
		len(salt) < 8, len(salt) > 64, len(hash) < 16, len(hash) > 64:
		return argonHash{}, errBadHash
	}
	h := argonHash{params: argonParams{memory: memory, passes: passes, lanes: uint8(lanes)}, salt: salt, hash: hash} //nolint:gosec // at most 16
	if h.String() != s {
		return argonHash{}, errBadHash // leading zeros, signs, line breaks in the base64
	}
	return h, nil
}

func cost(s, prefix string, most uint64) (uint32, bool) {
	digits, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	return uint32(n), err == nil && n >= 1 && n <= most
}

// hasher makes and checks password hashes, as many at a time as there are
// cores: each takes megabytes, so a storm of logins must wait in line and not
// take all memory. The line is bounded too.
type hasher struct {
	params     argonParams
	random     io.Reader
	slots      *semaphore.Weighted
	waiting    atomic.Int64
	maxWaiting int64
	dummy      string // a hash that no password has
}

func newHasher(cfg Config, random io.Reader) (*hasher, error) {
	cores := int64(runtime.GOMAXPROCS(0))
	h := &hasher{
		params:     argonParams{memory: cfg.PasswordMemory, passes: cfg.PasswordPasses, lanes: 1},
		random:     random,
		slots:      semaphore.NewWeighted(cores),
		maxWaiting: cores * int64(cfg.PasswordQueue),
	}
	bytes := make([]byte, saltLength+hashLength)
	if err := fill(random, bytes); err != nil {
		return nil, err
	}
	h.dummy = argonHash{params: h.params, salt: bytes[:saltLength], hash: bytes[saltLength:]}.String()
	return h, nil
}

// acquire waits for a core, unless ctx has one already. It returns ErrBusy when
// too many wait, or when ctx ends first.
func (h *hasher) acquire(ctx context.Context) (release func(), err error) {
	if ctx.Value(turn{}) != nil {
		return func() {}, nil
	}
	if !h.slots.TryAcquire(1) {
		defer h.waiting.Add(-1)
		if h.waiting.Add(1) > h.maxWaiting {
			return nil, ErrBusy
		}
		if err := h.slots.Acquire(ctx, 1); err != nil {
			return nil, ErrBusy.WithCause(err)
		}
	}
	return func() { h.slots.Release(1) }, nil
}

type turn struct{}

// takeTurn waits for a core and keeps it: what is hashed under the returned
// context needs no other.
func (h *hasher) takeTurn(ctx context.Context) (held context.Context, release func(), err error) {
	release, err = h.acquire(ctx)
	return context.WithValue(ctx, turn{}, true), release, err
}

// hash returns the PHC string of a normalised password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	if err := fill(h.random, salt); err != nil {
		return "", err
	}
	release, err := h.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	sum := argon2.IDKey([]byte(password), salt, h.params.passes, h.params.memory, h.params.lanes, hashLength)
	return argonHash{params: h.params, salt: salt, hash: sum}.String(), nil
}

// verify reports whether password has the stored hash, and whether that hash
// was made with other costs than today's. An unreadable hash is an error.
func (h *hasher) verify(ctx context.Context, stored, password string) (match, outdated bool, err error) {
	parsed, err := parseHash(stored)
	if err != nil {
		return false, false, err
	}
	release, err := h.acquire(ctx)
	if err != nil {
		return false, false, err
	}
	defer release()
	return parsed.matches(password), parsed.params != h.params, nil
}
