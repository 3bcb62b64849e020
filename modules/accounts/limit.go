package accounts

import (
	"context"
	"crypto/sha256"
	"errors"
	"math"
	"net/netip"
	"slices"
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
)

// attemptKey names a counter. Only its hash is stored: the rows outlive the
// accounts that they speak of.
func attemptKey(what, kind, who string) []byte {
	sum := sha256.Sum256([]byte(what + "\x00" + kind + "\x00" + who))
	return sum[:]
}

func accountKey(what, account string) []byte { return attemptKey(what, "account", account) }

// addressKey counts an IPv6 network as one address: whoever has one address of
// a /64 has them all.
func addressKey(what, address string) []byte {
	if ip, err := netip.ParseAddr(address); err == nil {
		if ip = ip.Unmap().WithZone(""); ip.Is6() {
			if network, err := ip.Prefix(64); err == nil {
				return attemptKey(what, "address", network.String())
			}
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
	now := s.now()
	var refused error
	err := s.tx.InTx(ctx, func(ctx context.Context) error {
		refused = nil
		for _, key := range [][]byte{addressKey(what, client.Address), accountKey(what, account)} {
			count, until, err := s.store.CountAttempt(ctx, key, s.limit, now)
			if err != nil {
				return err
			}
			if count > s.limit.Attempts {
				refused = tooMany(until, now)
				return s.store.ReturnAttempt(ctx, key, s.limit)
			}
		}
		return nil
	})
	if err == nil {
		err = refused
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
	until, err := s.store.Blocked(ctx, [][]byte{address}, now)
	if err != nil {
		return err
	}
	if !until.IsZero() {
		return tooMany(until, now)
	}
	if err := s.take(ctx, key, now); err != nil {
		return err
	}
	result := guess(ctx)
	// Whoever hangs up must not get a guess for nothing.
	ctx = context.WithoutCancel(ctx)
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
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
