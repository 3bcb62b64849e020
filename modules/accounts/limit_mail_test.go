package accounts_test

import (
	"context"
	"fmt"
	"testing"

	"rally/modules/accounts"
)

// What sends a mail is limited whether anything was right or wrong.
func TestRequestsForMailsAreLimited(t *testing.T) {
	type request struct {
		name string
		ask  func(t *testing.T, w *world, callers []context.Context, who int, client accounts.Client) error
	}
	email := func(who int) string { return fmt.Sprintf("someone%d@rally.example", who) }
	for _, r := range []request{
		{"reset", func(t *testing.T, w *world, _ []context.Context, who int, client accounts.Client) error {
			t.Helper()
			return w.AskReset(t.Context(), email(who), baseURL, client)
		}},
		{"resend", func(t *testing.T, w *world, _ []context.Context, who int, client accounts.Client) error {
			t.Helper()
			return w.ResendVerification(t.Context(), email(who), baseURL, client)
		}},
		{"registration", func(t *testing.T, w *world, _ []context.Context, who int, client accounts.Client) error {
			t.Helper()
			in := form(email(who))
			in.Client = client
			return w.Register(t.Context(), in)
		}},
		{"change of address", func(t *testing.T, w *world, callers []context.Context, who int, client accounts.Client) error {
			t.Helper()
			return w.AskEmailChange(callers[who], "new@rally.example", baseURL, client)
		}},
	} {
		t.Run(r.name, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				var callers []context.Context
				if r.name == "change of address" {
					for who := range limitAttempts + 2 {
						callers = append(callers, w.signedIn(t, email(who)))
					}
				}
				w.Service = w.limited(t, w.store)
				client := elsewhere()
				sent := func() int { return len(w.mail.Take()) + len(w.tasks.Take()) }
				sent()
				for range limitAttempts {
					want(t, "one account", r.ask(t, w, callers, 0, client()), nil)
				}
				if sent() < limitAttempts {
					t.Error("nothing was sent")
				}
				blocked(t, "the sixth", r.ask(t, w, callers, 0, client()), limitBlock)
				if n := sent(); n != 0 {
					t.Errorf("%d were sent all the same", n)
				}
				for who := range limitAttempts {
					want(t, "one address", r.ask(t, w, callers, who+1, from(1)), nil)
				}
				blocked(t, "the sixth from there", r.ask(t, w, callers, limitAttempts+1, from(1)), limitBlock)
				want(t, "from elsewhere", r.ask(t, w, callers, limitAttempts+1, from(2)), nil)
				w.clock.Advance(limitBlock)
				want(t, "that account, afterwards", r.ask(t, w, callers, 0, client()), nil)
				want(t, "that address, afterwards", r.ask(t, w, callers, 1, from(1)), nil)
			})
		})
	}
}

func TestOfManyRequestsForMailsFiveAreSent(t *testing.T) {
	const many = 60
	eachLimited(t, func(t *testing.T, w *world) {
		client := elsewhere()
		let := together(t, many, func(int) error { return w.AskReset(t.Context(), mina, baseURL, client()) }, accounts.ErrTooManyAttempts)
		if n := len(w.tasks.Take()); n != limitAttempts || let != limitAttempts {
			t.Errorf("%d were let, %d are sent", let, n)
		}
		let = together(t, many, func(i int) error {
			return w.AskReset(t.Context(), fmt.Sprintf("someone%d@rally.example", i), baseURL, from(1))
		}, accounts.ErrTooManyAttempts)
		if let != limitAttempts {
			t.Errorf("%d were let from one address", let)
		}
		// Each limit counts for itself.
		want(t, "a login", attempt(t.Context(), w.Service, mina, password, from(1)), nil)
		want(t, "another mail", w.ResendVerification(t.Context(), mina, baseURL, from(1)), nil)
	})
}
