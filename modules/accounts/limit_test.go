package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/fault"
)

const (
	limitAttempts = 5
	limitWindow   = 2 * time.Minute
	limitBlock    = 5 * time.Minute
)

// limited is a node with the limits of the shipped configuration.
func (w *world) limited(t *testing.T, s accounts.Store) *accounts.Service {
	t.Helper()
	cfg := testConfig()
	cfg.LimitAttempts = limitAttempts
	return w.node(t, cfg, s)
}

// eachLimited is eachWorld with limits, in which mina is a member.
func eachLimited(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		w.Service = w.limited(t, w.store)
		fn(t, w)
	})
}

// from is a client at the nth of many addresses.
func from(n int) accounts.Client { return accounts.Client{Address: fmt.Sprintf("198.51.100.%d", n)} }

// elsewhere makes clients that share no address with each other.
func elsewhere() func() accounts.Client {
	var n atomic.Int64
	return func() accounts.Client { return accounts.Client{Address: fmt.Sprintf("2001:db8:%x::1", n.Add(1))} }
}

func attempt(ctx context.Context, node *accounts.Service, email, word string, client accounts.Client) error {
	return second(node.Login(ctx, accounts.LoginForm{Email: email, Password: word, Client: client}))
}

// guess shows wrong passwords.
func guess(t *testing.T, node *accounts.Service, times int, email string, client func() accounts.Client) {
	t.Helper()
	for i := range times {
		want(t, fmt.Sprintf("wrong guess %d", i+1), attempt(t.Context(), node, email, "wrong-password", client()), accounts.ErrBadCredentials)
	}
}

// blocked checks a refusal and how long it tells to wait.
func blocked(t *testing.T, doing string, err error, wait time.Duration) {
	t.Helper()
	if !errors.Is(err, accounts.ErrTooManyAttempts) {
		t.Errorf("%s: %v, want too many attempts", doing, err)
		return
	}
	if got := fault.From(err).Meta["retry_after"]; got != int(wait.Seconds()) {
		t.Errorf("%s: retry after %v seconds, want %v", doing, got, wait.Seconds())
	}
}

func TestTheSixthGuessIsRefusedEvenWhenItIsRight(t *testing.T) {
	// An address that nobody has is limited exactly like one that somebody has.
	for name, who := range map[string]struct {
		email string
		after error
	}{"known": {mina, nil}, "unknown": {"nobody@rally.example", accounts.ErrBadCredentials}, "no address": {"no address", accounts.ErrBadCredentials}} {
		t.Run(name, func(t *testing.T) {
			eachLimited(t, func(t *testing.T, w *world) {
				client := elsewhere()
				guess(t, w.Service, limitAttempts, who.email, client)
				blocked(t, "the right one", attempt(t.Context(), w.Service, who.email, password, client()), limitBlock)
				blocked(t, "in capitals", attempt(t.Context(), w.Service, strings.ToUpper(who.email), password, client()), limitBlock)
				w.clock.Advance(limitBlock - time.Microsecond) // refusals don't prolong it
				blocked(t, "to the last moment", attempt(t.Context(), w.Service, who.email, password, client()), time.Second)
				w.clock.Advance(time.Microsecond)
				want(t, "afterwards", attempt(t.Context(), w.Service, who.email, password, client()), who.after)
				guess(t, w.Service, limitAttempts-1, who.email, client)
				if who.after == nil {
					want(t, "afterwards", attempt(t.Context(), w.Service, who.email, password, client()), nil)
				}
			})
		})
	}
}

func TestARightGuessForgetsTheWrongOnes(t *testing.T) {
	eachLimited(t, func(t *testing.T, w *world) {
		client := elsewhere()
		for range 3 {
			guess(t, w.Service, limitAttempts-1, mina, client)
			if err := attempt(t.Context(), w.Service, mina, password, client()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestGuessesAreCountedForTwoMinutes(t *testing.T) {
	eachLimited(t, func(t *testing.T, w *world) {
		client := elsewhere()
		guess(t, w.Service, limitAttempts-1, mina, client)
		w.clock.Advance(limitWindow)
		guess(t, w.Service, limitAttempts-1, mina, client)
		w.clock.Advance(limitWindow - time.Microsecond)
		guess(t, w.Service, 1, mina, client)
		blocked(t, "the fifth within the window", attempt(t.Context(), w.Service, mina, password, client()), limitBlock)
	})
}

func TestOfManyGuessesAtOnceFiveAreLookedAt(t *testing.T) {
	const many = 200
	eachLimited(t, func(t *testing.T, w *world) {
		nodes := []*accounts.Service{w.Service, w.limited(t, w.store)}
		client := elsewhere()
		var looked atomic.Int64
		together(t, many, func(i int) error {
			err := attempt(t.Context(), nodes[i%2], mina, "wrong-password", client())
			if errors.Is(err, accounts.ErrBadCredentials) {
				looked.Add(1)
			}
			return err
		}, accounts.ErrBadCredentials, accounts.ErrTooManyAttempts, accounts.ErrBusy) // the line for cores has an end
		if looked.Load() != limitAttempts {
			t.Errorf("%d were looked at", looked.Load())
		}
		for _, node := range append(nodes, w.limited(t, w.store)) { // a restart doesn't help
			blocked(t, "the right one", attempt(t.Context(), node, mina, password, client()), limitBlock)
		}
	})
}

func TestAnAddressGuessesFiveTimesWhoeverItTries(t *testing.T) {
	eachLimited(t, func(t *testing.T, w *world) {
		for i := range limitAttempts {
			guess(t, w.Service, 1, fmt.Sprintf("someone%d@rally.example", i), func() accounts.Client { return from(1) })
		}
		blocked(t, "a right one", attempt(t.Context(), w.Service, mina, password, from(1)), limitBlock)
		blocked(t, "on another node", attempt(t.Context(), w.limited(t, w.store), mina, password, from(1)), limitBlock)
		want(t, "elsewhere", attempt(t.Context(), w.Service, mina, password, from(2)), nil)
		w.clock.Advance(limitBlock)
		// Many people may share an address: what is right doesn't count.
		for range 4 * limitAttempts {
			want(t, "afterwards", attempt(t.Context(), w.Service, mina, password, from(1)), nil)
		}
	})
}

func TestAnAddressIsANetwork(t *testing.T) {
	for name, c := range map[string]struct {
		guesses     []string
		same, other []string
	}{
		"IPv6 /64": {
			[]string{"2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::", "2001:DB8:1:2:0:0:0:9", "2001:db8:1:2::1"},
			[]string{"2001:db8:1:2:3:4:5:6"}, []string{"2001:db8:1:3::1", "2001:db8:1:1::1"},
		},
		"IPv4": {
			[]string{"192.0.2.7", "::ffff:192.0.2.7", "::ffff:c000:207", "192.0.2.7", "::ffff:192.0.2.7"},
			[]string{"192.0.2.7", "::ffff:192.0.2.7"}, []string{"192.0.2.8", "::ffff:192.0.2.8"},
		},
		"link-local": {
			[]string{"fe80::1%eth0", "fe80::1%eth1", "fe80::2", "fe80::3%a", "fe80::4%b"}, []string{"fe80::5%c"}, []string{"fe80:0:0:1::1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachLimited(t, func(t *testing.T, w *world) {
				for i, address := range c.guesses {
					guess(t, w.Service, 1, fmt.Sprintf("someone%d@rally.example", i), func() accounts.Client { return accounts.Client{Address: address} })
				}
				for _, address := range c.same {
					blocked(t, address, attempt(t.Context(), w.Service, mina, password, accounts.Client{Address: address}), limitBlock)
				}
				for _, address := range c.other {
					want(t, address, attempt(t.Context(), w.Service, mina, password, accounts.Client{Address: address}), nil)
				}
			})
		})
	}
}

func TestStrangersLockNobodyOutOfAKnownDevice(t *testing.T) {
	eachLimited(t, func(t *testing.T, w *world) {
		tokens, _ := w.login(t, mina)
		ctx := w.as(t, tokens)
		known := w.knock(t, mina, from(1)).Device.Value
		client := elsewhere()
		onDevice := func() accounts.Client {
			c := client()
			c.Device = known
			return c
		}
		guess(t, w.Service, limitAttempts, mina, client)
		blocked(t, "an unknown device", attempt(t.Context(), w.Service, mina, password, client()), limitBlock)
		want(t, "the known device", attempt(t.Context(), w.Service, mina, password, onDevice()), nil)
		want(t, "a proof of who calls", second(w.Reauthenticate(ctx, password, accounts.SecondProof{}, client())), nil)

		// The device and the session have limits of their own.
		guess(t, w.Service, limitAttempts, mina, onDevice)
		blocked(t, "the known device", attempt(t.Context(), w.Service, mina, password, onDevice()), limitBlock)
		for range limitAttempts {
			want(t, "a wrong proof", second(w.Reauthenticate(ctx, "wrong-password", accounts.SecondProof{}, client())), accounts.ErrBadCredentials)
		}
		blocked(t, "a proof of who calls", second(w.Reauthenticate(ctx, password, accounts.SecondProof{}, client())), limitBlock)
		// Nor is it good for another account.
		guess(t, w.Service, limitAttempts, "nobody@rally.example", onDevice)
		blocked(t, "another account", attempt(t.Context(), w.Service, "nobody@rally.example", password, onDevice()), limitBlock)
	})
}

func TestWhatNobodyLookedAtIsNoGuess(t *testing.T) {
	eachLimited(t, func(t *testing.T, w *world) {
		client := elsewhere()
		gone, hangUp := context.WithCancel(t.Context())
		hangUp()
		for range 2 * limitAttempts {
			if err := attempt(gone, w.Service, mina, password, client()); err == nil || errors.Is(err, accounts.ErrTooManyAttempts) {
				t.Errorf("nobody waits for it: %v", err)
			}
		}
		node := w.limited(t, w.store)
		release := accounts.HoldHashing(node)
		for range 2 * limitAttempts {
			want(t, "no core is free", attempt(t.Context(), node, mina, password, client()), accounts.ErrBusy)
		}
		// A crowd that is turned away leaves nothing behind either.
		together(t, 8*limitAttempts, func(int) error { return attempt(t.Context(), node, mina, password, client()) },
			accounts.ErrBusy, accounts.ErrTooManyAttempts)
		release()
		guess(t, node, limitAttempts-1, mina, client)
		want(t, "the right one", attempt(t.Context(), node, mina, password, client()), nil)
	})
}

// hangUpStore lets the client go when their guess is about to be looked at.
type hangUpStore struct {
	accounts.Store
	hangUp func()
}

func (s *hangUpStore) Credentials(ctx context.Context, email string) (accounts.Credentials, error) {
	found, err := s.Store.Credentials(ctx, email)
	if s.hangUp != nil {
		s.hangUp()
	}
	return found, err
}

func TestWhoHangsUpAfterAGuessHasGuessed(t *testing.T) {
	eachLimited(t, func(t *testing.T, w *world) {
		line := &hangUpStore{Store: w.store}
		node := w.limited(t, line)
		for i := range limitAttempts {
			ctx, hangUp := context.WithCancel(t.Context())
			line.hangUp = hangUp
			email := mina
			if i > 0 {
				email = fmt.Sprintf("someone%d@rally.example", i)
			}
			if err := attempt(ctx, node, email, "wrong-password", from(1)); err == nil {
				t.Fatal("a wrong password is right")
			}
			if ctx.Err() == nil {
				t.Fatal("it has not hung up")
			}
		}
		line.hangUp = nil
		blocked(t, "the right one from there", attempt(t.Context(), node, mina, password, from(1)), limitBlock)
		client := elsewhere()
		guess(t, node, limitAttempts-1, mina, client)
		blocked(t, "the right one from elsewhere", attempt(t.Context(), node, mina, password, client()), limitBlock)
	})
}

func TestGuessesAtCodesCountAcrossLogins(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		app := w.memberWithOTP(t, mina)
		other := w.memberWithOTP(t, "jun@rally.example")
		w.Service = w.limited(t, w.store)
		client := elsewhere()
		try := func(pending string, proof accounts.SecondProof) error {
			return second(w.FinishLogin(t.Context(), pending, proof, false, client()))
		}
		for _, proof := range []accounts.SecondProof{{Code: app.wrong(t)}, {RecoveryCode: "AAAA-AAAA-AAAA"}, {Code: "1"}, {RecoveryCode: "1"}} {
			want(t, "a wrong code", try(w.pending(t, mina), proof), accounts.ErrCodeInvalid)
		}
		if err := try(w.pending(t, mina), app.proof(t)); err != nil {
			t.Fatalf("the fifth, which is right: %v", err)
		}
		w.clock.Advance(otpStep)
		var pendings [60]string
		for i := range pendings {
			pendings[i] = w.pending(t, mina)
		}
		wrong, looked := app.wrong(t), atomic.Int64{}
		together(t, len(pendings), func(i int) error {
			err := try(pendings[i], accounts.SecondProof{Code: wrong})
			if errors.Is(err, accounts.ErrCodeInvalid) {
				looked.Add(1)
			}
			return err
		}, accounts.ErrCodeInvalid, accounts.ErrTooManyAttempts)
		if looked.Load() != limitAttempts {
			t.Errorf("%d were looked at", looked.Load())
		}
		blocked(t, "the right code", try(pendings[0], app.proof(t)), limitBlock)
		blocked(t, "a recovery code", try(w.pending(t, mina), accounts.SecondProof{RecoveryCode: app.recovery[0]}), limitBlock)
		want(t, "another user", try(w.pending(t, "jun@rally.example"), other.proof(t)), nil)
		w.clock.Advance(limitBlock)
		want(t, "afterwards", try(pendings[0], app.proof(t)), nil)
	})
}

func TestAnAddressGuessesCodesFiveTimes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var pendings [limitAttempts + 1]string
		var app otpApp
		for i := range pendings {
			email := fmt.Sprintf("someone%d@rally.example", i)
			app = w.memberWithOTP(t, email)
			pendings[i] = w.pending(t, email)
		}
		w.Service = w.limited(t, w.store)
		for _, pending := range pendings[:limitAttempts] {
			want(t, "a wrong code", second(w.FinishLogin(t.Context(), pending, accounts.SecondProof{Code: "1"}, false, from(1))), accounts.ErrCodeInvalid)
		}
		last := pendings[limitAttempts]
		blocked(t, "the right code of another", second(w.FinishLogin(t.Context(), last, app.proof(t), false, from(1))), limitBlock)
		want(t, "from elsewhere", second(w.FinishLogin(t.Context(), last, app.proof(t), false, from(2))), nil)
	})
}

func TestGuessesAtPasskeysAreLimited(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := w.signedIn(t, mina)
		w.otpOn(ctx, t)
		key, _ := w.addPasskey(ctx, t)
		w.Service = w.limited(t, w.store)
		client := elsewhere()
		pending := w.pending(t, mina)
		show := func(key *securityKey) error {
			answer := w.passkeyStep(t, key, pending)
			answer.Client = client()
			return second(w.FinishLoginWithPasskey(t.Context(), pending, false, answer))
		}
		for range limitAttempts {
			want(t, "another key", show(newSecurityKey()), accounts.ErrPasskeyInvalid)
		}
		blocked(t, "the right key", show(key), limitBlock)
		w.clock.Advance(limitBlock)
		want(t, "afterwards", show(key), nil)

		alone := func(key *securityKey, client accounts.Client) error {
			answer := w.passkeyLogin(t, key)
			answer.Client = client
			return second(w.LoginWithPasskey(t.Context(), answer))
		}
		for range limitAttempts {
			want(t, "another key, alone", alone(newSecurityKey(), from(1)), accounts.ErrPasskeyInvalid)
		}
		blocked(t, "the right key, alone", alone(key, from(1)), limitBlock)
		want(t, "from elsewhere", alone(key, from(2)), nil)
	})
}
