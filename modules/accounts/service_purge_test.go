package accounts_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/db"
)

// expiring is a kind of rows, how one gets into the database, and how long it
// is kept after the time $1. USER and SESSION are ids, $2 is something unique.
type expiring struct {
	name, table, insert string
	kept                time.Duration
}

func expirings() []expiring {
	const day, never = 24 * time.Hour, "'9999-01-01 00:00:00+00:00'"
	byExpiry := func(kept time.Duration, table, columns, values string) expiring {
		return expiring{table, table, "INSERT INTO " + table + " (" + columns + ", created_at, expires_at) VALUES (" + values + ", $1, $1)", kept}
	}
	session := func(name, expires, ended string) expiring {
		return expiring{name, "sessions", `INSERT INTO sessions (user_id, user_agent, address, created_at, last_seen_at, expires_at, ended_at)
			VALUES (USER, '', '', $1, $1, ` + expires + `, ` + ended + `)`, 30 * day}
	}
	return []expiring{
		session("expired sessions", "$1", "NULL"),
		session("ended sessions", never, "$1"),
		byExpiry(day, "refresh_tokens", "session_id, token_hash", "SESSION, $2"),
		byExpiry(day, "email_keys", "user_id, password_hash, key_hash", "USER, '', $2"),
		byExpiry(day, "password_resets", "user_id, key_hash", "USER, $2"),
		byExpiry(day, "email_changes", "user_id, new_email, key_hash", "USER, 'x', $2"),
		byExpiry(0, "oauth_trips", "session_id, state_hash, browser_hash, provider, purpose, verifier, nonce, redirect_uri, next_path", "SESSION, $2, $2, '', '', '', '', '', ''"),
		byExpiry(0, "pending_logins", "user_id, method, token_hash", "USER, '', $2"),
		byExpiry(0, "passkey_ceremonies", "user_id, purpose, state, token_hash", "USER, '', $2, $2"),
		{"devices", "devices", "INSERT INTO devices (user_id, token_hash, user_agent, address, created_at, last_used_at, expires_at) VALUES (USER, $2, '', '', $1, $1, $1)", 0},
		{"security events", "security_events", "INSERT INTO security_events (user_id, kind, user_agent, address, created_at) VALUES (USER, '', '', '', $1)", 2 * 365 * day},
		{"attempts", "attempts", "INSERT INTO attempts (key, failures, window_start) VALUES ($2, 1, $1)", 5 * time.Minute},
		{"blocks", "attempts", "INSERT INTO attempts (key, failures, window_start, blocked_until) VALUES ($2, 1, $1, $1)", 5 * time.Minute},
	}
}

func TestPurgeTakesWhatHasExpired(t *testing.T) {
	for _, kind := range expirings() {
		t.Run(kind.name, func(t *testing.T) {
			eachWorld(t, func(t *testing.T, w *world) {
				w.member(t, mina)
				tokens, account := w.login(t, mina)
				session := scalar[int64](t, w.db, "SELECT id FROM sessions")
				execute(t, w.db, "DELETE FROM refresh_tokens")
				count := func() int { return scalar[int](t, w.db, "SELECT count(*) FROM "+kind.table) }
				base := count()
				last := w.clock.Now().Add(-kind.kept)
				insert := strings.NewReplacer("USER", strconv.FormatInt(account.User.ID, 10), "SESSION", strconv.FormatInt(session, 10)).Replace(kind.insert)
				add := func(from, n int, at time.Time) {
					t.Helper()
					if err := w.db.InTx(t.Context(), func(ctx context.Context) error {
						for i := range n {
							args := []any{at, fmt.Appendf(nil, "unique-%d", from+i)}
							if !strings.Contains(insert, "$2") {
								args = args[:1]
							}
							if _, err := db.Exec(ctx, w.db, insert, args...); err != nil {
								return err
							}
						}
						return nil
					}); err != nil {
						t.Fatal(err)
					}
				}
				add(0, 1, last.Add(time.Microsecond)) // stays
				add(1, 2, w.clock.Now().Add(time.Hour))
				add(3, 1, last) // goes
				add(4, 1, last.Add(-month))
				if n := count(); n != base+5 {
					t.Fatalf("%d rows of 5", n-base)
				}
				if err := w.Purge(t.Context()); err != nil {
					t.Fatal(err)
				}
				if n := count(); n != base+3 {
					t.Errorf("%d of 3 stay", n-base)
				}
				lives(t, w.Service, tokens)
			})
		})
	}
}

func TestPurgeTakesMoreThanOneChunk(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		if err := w.db.InTx(t.Context(), func(ctx context.Context) error {
			for i := range 2001 {
				if _, err := db.Exec(ctx, w.db, "INSERT INTO attempts (key, failures, window_start) VALUES ($1, 1, $2)", fmt.Appendf(nil, "%d", i), w.clock.Now().Add(-month)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := w.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM attempts"); n != 0 {
			t.Errorf("%d rows stay", n)
		}
	})
}

// A block outlives the window in which it began.
func TestPurgeKeepsABlockThatHolds(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		execute(t, w.db, "INSERT INTO attempts (key, failures, window_start, blocked_until) VALUES ($1, 9, $2, $3)",
			[]byte("x"), w.clock.Now().Add(-month), w.clock.Now().Add(time.Minute))
		if err := w.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := scalar[int](t, w.db, "SELECT count(*) FROM attempts"); n != 1 {
			t.Error("the block is over")
		}
	})
}

func TestPurgeTakesSecretsThatWereNeverConfirmed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ids, err := w.Import(t.Context(), []accounts.ImportedUser{
			{Email: "old@rally.example", Password: password}, {Email: "young@rally.example", Password: password}, {Email: "on@rally.example", Password: password},
		})
		if err != nil {
			t.Fatal(err)
		}
		last := w.clock.Now().Add(-24 * time.Hour)
		const insert = "INSERT INTO otp_secrets (user_id, secret, created_at, confirmed_at) VALUES ($1, $2, $3, $4)"
		execute(t, w.db, insert, ids[0], []byte("x"), last, nil)
		execute(t, w.db, insert, ids[1], []byte("x"), last.Add(time.Microsecond), nil)
		execute(t, w.db, insert, ids[2], []byte("x"), last.Add(-month), last)
		if err := w.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, old := scalar[int](t, w.db, "SELECT count(*) FROM otp_secrets"), scalar[int](t, w.db, "SELECT count(*) FROM otp_secrets WHERE user_id = $1", ids[0]); n != 2 || old != 0 {
			t.Errorf("%d secrets, %d old ones", n, old)
		}
	})
}

// A rotated token stays as long as it could be sent again.
func TestPurgeDoesNotForgetThatATokenWasUsed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		w.member(t, mina)
		tokens, _ := w.login(t, mina)
		next, err := w.Refresh(t.Context(), tokens.Refresh, accounts.Client{})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(29 * 24 * time.Hour)
		if err := w.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.forgetNews()
		_, err = w.Refresh(t.Context(), tokens.Refresh, accounts.Client{})
		want(t, "the used token", err, accounts.ErrRefreshInvalid)
		w.tellsOwner(t, accounts.EventRefreshReused, mina)
		_, err = w.Refresh(t.Context(), next.Refresh, accounts.Client{})
		want(t, "its family", err, accounts.ErrRefreshInvalid)
	})
}
