package accounts_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"rally/modules/accounts"
)

// having is what an account has beside a linked login.
type having struct {
	password, passkey, step, otp bool

	proofs        []string
	untimed, anew error // what a provider's word is answered, without and with the time of the login
}

func havings() map[string]having {
	const pw, otp, key = accounts.MethodPassword, accounts.StepOTP, accounts.MethodPasskey
	no := accounts.ErrProviderRefused
	return map[string]having{
		"nothing":                            {proofs: []string{"google"}},
		"a password":                         {password: true, proofs: []string{pw}, untimed: no},
		"a passkey":                          {passkey: true, proofs: []string{key}, untimed: no},
		"a password and a passkey":           {password: true, passkey: true, proofs: []string{pw, key}, untimed: no},
		"codes":                              {otp: true, proofs: []string{otp}, untimed: no, anew: no},
		"a password and codes":               {password: true, otp: true, proofs: []string{pw, otp}, untimed: no, anew: no},
		"a passkey that is asked for":        {passkey: true, step: true, proofs: []string{key}, untimed: no, anew: no},
		"a password and a passkey asked for": {password: true, passkey: true, step: true, proofs: []string{key}, untimed: no, anew: no},
		"everything":                         {password: true, passkey: true, step: true, otp: true, proofs: []string{pw, otp, key}, untimed: no, anew: no},
	}
}

// prover is somebody who came through a provider, with what they have now.
type prover struct {
	*world
	sites
	ctx context.Context
	key *securityKey
	app otpApp
}

func (h having) build(t *testing.T, w *world, s sites) *prover {
	t.Helper()
	p := &prover{world: w, sites: s}
	_, p.ctx = s.enter(t, w, "google", person("g-1", mina))
	if h.password {
		if err := w.ChangePassword(p.ctx, change("", password)); err != nil {
			t.Fatal(err)
		}
	}
	if h.passkey {
		p.key, _ = w.addPasskey(p.ctx, t)
	}
	if h.step {
		if _, err := w.RequirePasskey(p.ctx, true, accounts.Client{}); err != nil {
			t.Fatal(err)
		}
	}
	if h.otp {
		p.app = w.otpOn(p.ctx, t)
	}
	w.clock.Advance(10 * time.Minute)
	return p
}

// takeRecent reports whether a proof counts, and takes it back.
func (p *prover) takeRecent(t *testing.T) bool {
	t.Helper()
	state, err := p.Security(p.ctx)
	if err != nil {
		t.Fatal(err)
	}
	execute(t, p.db, "UPDATE sessions SET authenticated_at = created_at")
	return !state.RecentUntil.IsZero()
}

// byProvider proves again by a login elsewhere.
func (p *prover) byProvider(t *testing.T, at time.Time) error {
	t.Helper()
	return second(p.travel(p.ctx, t, p.world, "google", accounts.TripReauth, accounts.External{Subject: "g-1", AuthTime: at}))
}

func TestAProviderProvesOnlyWhatNothingBetterCould(t *testing.T) {
	for name, h := range havings() {
		t.Run(name, func(t *testing.T) {
			eachSocial(t, func(t *testing.T, w *world, s sites) {
				p := h.build(t, w, s)
				if p.takeRecent(t) {
					t.Fatal("recent from the start")
				}
				for _, try := range []struct {
					name   string
					at     time.Time
					target error
				}{{"without a time", time.Time{}, h.untimed}, {"a minute old", w.clock.Now().Add(-time.Minute - time.Second), accounts.ErrProviderRefused}, {"fresh", w.clock.Now(), h.anew}} {
					want(t, try.name, p.byProvider(t, try.at), try.target)
					if got := p.takeRecent(t); got != (try.target == nil) {
						t.Errorf("%s: recent is %t", try.name, got)
					}
				}
			})
		})
	}
}

func TestTheListedProofsAreThoseThatWork(t *testing.T) {
	for name, h := range havings() {
		t.Run(name, func(t *testing.T) {
			eachSocial(t, func(t *testing.T, w *world, s sites) {
				p := h.build(t, w, s)
				state, err := w.Security(p.ctx)
				if err != nil || !slices.Equal(state.Proofs, h.proofs) {
					t.Fatalf("%q, %v, want %q", state.Proofs, err, h.proofs)
				}
				listed := func(proof string) bool { return slices.Contains(state.Proofs, proof) }
				word, code := "", accounts.SecondProof{}
				if listed(accounts.MethodPassword) {
					word = password
				}
				if listed(accounts.StepOTP) {
					code = p.app.proof(t)
				}
				_, err = w.Reauthenticate(p.ctx, word, code, accounts.Client{})
				if works := word != "" || code.Code != ""; works != (err == nil) || works != p.takeRecent(t) {
					t.Errorf("what is typed: %v", err)
				}
				_, err = w.BeginPasskeyReauth(p.ctx, baseURL)
				if listed(accounts.MethodPasskey) != (err == nil) {
					t.Errorf("a passkey: %v", err)
				}
				if err == nil {
					_, err = w.ReauthenticateWithPasskey(p.ctx, w.passkeyReauth(p.ctx, t, p.key))
					if err != nil || !p.takeRecent(t) {
						t.Errorf("a passkey: %v", err)
					}
				}
				// A provider that tells no time, which nobody knows before.
				if err := p.byProvider(t, time.Time{}); listed("google") != (err == nil) || listed("google") != p.takeRecent(t) {
					t.Errorf("a provider: %v", err)
				}

				// A provider that is no longer configured proves nothing.
				w.providers = nil
				state, err = w.node(t, testConfig(), w.store).Security(p.ctx)
				if err != nil || slices.Contains(state.Proofs, "google") || state.Proofs == nil {
					t.Errorf("%v, %v", state.Proofs, err)
				}
			})
		})
	}
}
