package accounts

import (
	"context"
	"crypto/sha256"
	"errors"
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// Limit is how many attempts there may be in a window, and how long there may
// be none after that.
type Limit struct {
	Attempts int
	Window   time.Duration
	Block    time.Duration
}

// What is limited. Each has counters of its own.
const (
	limitLogin    = "login"
	limitOTP      = "otp"
	limitReset    = "reset"
	limitRegister = "register"
	limitResend   = "resend"
	limitEmail    = "email"
	limitProvider = "provider"
	limitTrip     = "trip"
	limitPasskey  = "passkey"
	limitRename   = "rename"
)

// attemptKey names a counter. Only its hash is stored: the rows outlive the
// accounts that they speak of.
func attemptKey(what, kind, who string) []byte {
	sum := sha256.Sum256([]byte(what + "\x00" + kind + "\x00" + who))
	return sum[:]
}

func accountKey(what, account string) []byte { return attemptKey(what, "account", account) }

// who names the account that somebody means by an e-mail address. One that
// can't be one is nobody's, and still not everybody's who mistypes.
func who(rawEmail string) string {
	if email, ok := normalizeEmail(rawEmail); ok {
		return email
	}
	return "?" + strings.ToLower(strings.TrimSpace(rawEmail))
}

// addressKey counts an IPv6 network as one address: whoever has one address of
// a /64 has them all. However an address is written, it is the same one.
func addressKey(what, address string) []byte {
	if ip, err := netip.ParseAddr(address); err == nil {
		ip = ip.Unmap().WithZone("")
		address = ip.String()
		if network, err := ip.Prefix(64); err == nil && ip.Is6() {
			address = network.String()
		}
	}
	return attemptKey(what, "address", address)
}

func tooMany(until, now time.Time) error {
	return ErrTooManyAttempts.With("retry_after", max(1, int(math.Ceil(until.Sub(now).Seconds()))))
}

// spend counts an attempt that can't be right or wrong, such as a request for
// a mail, for the account and for the address. It is a transaction of its own,
// so that what follows can't undo it.
func (s *Service) spend(ctx context.Context, what, account string, client Client) error {
	return s.spendAll(ctx, s.limit, addressKey(what, client.Address), accountKey(what, account))
}

// spendBegin counts something that anybody may begin, and that leaves a row
// until it expires: logging in with a passkey or at a provider. People begin
// more often than they guess, and many share an address.
func (s *Service) spendBegin(ctx context.Context, what string, client Client) error {
	limit := s.limit
	limit.Attempts *= beginFactor
	return s.spendAll(ctx, limit, addressKey(what, client.Address))
}

const beginFactor = 20

func (s *Service) spendAll(ctx context.Context, limit Limit, keys ...[]byte) error {
	if err := s.unblocked(ctx, keys...); err != nil {
		return err
	}
	now := s.now()
	var refused error
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		refused = nil
		for _, key := range keys {
			count, until, err := s.store.CountAttempt(ctx, key, limit, now)
			if err != nil {
				return err
			}
			if count > limit.Attempts {
				refused = tooMany(until, now)
				return s.store.ReturnAttempt(ctx, key, limit)
			}
		}
		return nil
	})
	if err == nil {
		err = refused
	}
	return err
}

// unblocked refuses when any of the keys is blocked. It only reads, so that who
// is refused can't keep the writer of the database busy.
func (s *Service) unblocked(ctx context.Context, keys ...[]byte) error {
	now := s.now()
	until, err := s.store.Blocked(ctx, keys, now)
	if err == nil && !until.IsZero() {
		err = tooMany(until, now)
	}
	return err
}

// try runs a guess at a secret under the limits. A guess counts before it is
// looked at, so that many at once can't all pass; one that is right forgets
// the account's count. The address counts only wrong guesses, because many
// people may share it. What fails for another reason was no guess.
func (s *Service) try(ctx context.Context, what string, key []byte, client Client, wrong func(error) bool, guess func(ctx context.Context) error) error {
	now := s.now()
	address := addressKey(what, client.Address)
	if err := s.unblocked(ctx, address, key); err != nil {
		return err
	}
	if err := s.take(ctx, key, now); err != nil {
		return err
	}
	result := guess(ctx)
	// Whoever hangs up must not get a guess for nothing.
	ctx = context.WithoutCancel(ctx)
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		switch {
		case result == nil:
			return s.store.ForgetAttempts(ctx, key)
		case wrong(result):
			_, _, err := s.store.CountAttempt(ctx, address, s.limit, now)
			return err
		}
		return s.store.ReturnAttempt(ctx, key, s.limit)
	})
	if result != nil {
		return result // counting is second to it
	}
	return err
}

// take counts one guess, or refuses it. What is refused doesn't count: else a
// crowd of guesses that are given back, because nobody had time to look at
// them, would leave a block behind.
func (s *Service) take(ctx context.Context, key []byte, now time.Time) error {
	var count int
	var until time.Time
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		var err error
		if count, until, err = s.store.CountAttempt(ctx, key, s.limit, now); err == nil && count > s.limit.Attempts {
			err = s.store.ReturnAttempt(ctx, key, s.limit)
		}
		return err
	})
	if err == nil && count > s.limit.Attempts {
		err = tooMany(until, now)
	}
	return err
}

// wrongIs makes the wrong of try.
func wrongIs(targets ...error) func(error) bool {
	return func(err error) bool {
		return slices.ContainsFunc(targets, func(t error) bool { return errors.Is(err, t) })
	}
}
