package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rally/modules/accounts"
	"rally/platform/db"
	"rally/platform/page"
)

var errNoRow = errors.New("a statement that always gives a row gave none")

type mailedKeyRow struct {
	ID        int64     `bun:"id"`
	UserID    int64     `bun:"user_id"`
	KeyHash   []byte    `bun:"key_hash"`
	NewEmail  string    `bun:"new_email"`
	CreatedAt time.Time `bun:"created_at"`
	ExpiresAt time.Time `bun:"expires_at"`
}

func (r mailedKeyRow) key() accounts.MailedKey {
	return accounts.MailedKey{ID: r.ID, UserID: r.UserID, Hash: r.KeyHash, NewEmail: r.NewEmail, CreatedAt: utc(r.CreatedAt), ExpiresAt: utc(r.ExpiresAt)}
}

// InsertReset implements accounts.MailedKeys.
func (s *Store) InsertReset(ctx context.Context, k accounts.MailedKey) error {
	_, err := s.exec(ctx, "insert a reset key",
		`INSERT INTO password_resets (user_id, key_hash, created_at, expires_at) VALUES ($1, $2, $3, $4)`, k.UserID, k.Hash, k.CreatedAt, k.ExpiresAt)
	return err
}

// Reset implements accounts.MailedKeys.
func (s *Store) Reset(ctx context.Context, hash []byte) (accounts.MailedKey, error) {
	row, err := get[mailedKeyRow](ctx, s, accounts.ErrResetInvalid, "read a reset key",
		`SELECT id, user_id, key_hash, created_at, expires_at FROM password_resets WHERE key_hash = $1`, hash)
	return row.key(), err
}

// DeleteResets implements accounts.MailedKeys.
func (s *Store) DeleteResets(ctx context.Context, userID int64) error {
	_, err := s.exec(ctx, "delete reset keys", `DELETE FROM password_resets WHERE user_id = $1`, userID)
	return err
}

// InsertEmailChange implements accounts.MailedKeys.
func (s *Store) InsertEmailChange(ctx context.Context, k accounts.MailedKey) error {
	_, err := s.exec(ctx, "insert an e-mail change",
		`INSERT INTO email_changes (user_id, new_email, key_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		k.UserID, k.NewEmail, k.Hash, k.CreatedAt, k.ExpiresAt)
	return err
}

// EmailChange implements accounts.MailedKeys.
func (s *Store) EmailChange(ctx context.Context, hash []byte) (accounts.MailedKey, error) {
	row, err := get[mailedKeyRow](ctx, s, accounts.ErrKeyInvalid, "read an e-mail change",
		`SELECT id, user_id, new_email, key_hash, created_at, expires_at FROM email_changes WHERE key_hash = $1`, hash)
	return row.key(), err
}

// DeleteEmailChanges implements accounts.MailedKeys.
func (s *Store) DeleteEmailChanges(ctx context.Context, userID int64) error {
	_, err := s.exec(ctx, "delete e-mail changes", `DELETE FROM email_changes WHERE user_id = $1`, userID)
	return err
}

type eventRow struct {
	ID        int64     `bun:"id"`
	UserID    int64     `bun:"user_id"`
	Kind      string    `bun:"kind"`
	Provider  string    `bun:"provider"`
	UserAgent string    `bun:"user_agent"`
	Address   string    `bun:"address"`
	CreatedAt time.Time `bun:"created_at"`
}

func (r eventRow) event() accounts.SecurityEvent {
	return accounts.SecurityEvent{
		ID: r.ID, UserID: r.UserID, Kind: r.Kind, Provider: r.Provider, Client: accounts.Client{Address: r.Address, UserAgent: r.UserAgent}, At: utc(r.CreatedAt),
	}
}

// InsertSecurityEvent implements accounts.SecurityEvents.
func (s *Store) InsertSecurityEvent(ctx context.Context, e accounts.SecurityEvent) error {
	_, err := s.exec(ctx, "insert a security event",
		`INSERT INTO security_events (user_id, kind, provider, user_agent, address, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		e.UserID, e.Kind, e.Provider, e.Client.UserAgent, e.Client.Address, e.At)
	return err
}

// SecurityEvents implements accounts.SecurityEvents.
func (s *Store) SecurityEvents(ctx context.Context, userID int64, r page.CursorRequest) ([]accounts.SecurityEvent, error) {
	where, order, args := `user_id = $1`, `DESC`, []any{userID, r.Limit()}
	if r.Key != nil {
		where, args = where+` AND id < $3`, append(args, r.Key[0])
	}
	if r.Backward {
		order = `ASC`
		if r.Key != nil {
			where = `user_id = $1 AND id > $3`
		}
	}
	return list(ctx, s, "read security events", eventRow.event,
		`SELECT id, user_id, kind, provider, user_agent, address, created_at FROM security_events WHERE `+where+` ORDER BY id `+order+` LIMIT $2`, args...)
}

// Deactivate implements accounts.Leavers.
func (s *Store) Deactivate(ctx context.Context, userID int64, at time.Time) (bool, error) {
	return s.changed(ctx, "deactivate a user", `UPDATE users SET deactivated_at = $1 WHERE id = $2 AND deactivated_at IS NULL`, at, userID)
}

// Reactivate implements accounts.Leavers.
func (s *Store) Reactivate(ctx context.Context, userID int64) error {
	_, err := s.exec(ctx, "reactivate a user", `UPDATE users SET deactivated_at = NULL WHERE id = $1 AND erased_at IS NULL`, userID)
	return err
}

// LeaversBefore implements accounts.Leavers.
func (s *Store) LeaversBefore(ctx context.Context, before time.Time, limit int) ([]int64, error) {
	ids, err := db.Select[int64](ctx, s.db,
		`SELECT id FROM users WHERE deactivated_at <= $1 AND erased_at IS NULL ORDER BY deactivated_at, id LIMIT $2`, before, limit)
	if err != nil {
		return nil, fmt.Errorf("read who left: %w", err)
	}
	return ids, nil
}

// personal are the tables whose rows belong to one user and to nobody else.
// Tokens go with their sessions, and so do trips.
func personal() []string {
	return append(waysIn(), "sessions", "email_keys", "devices", "pending_logins", "decoys", "security_events")
}

// Erase implements accounts.Leavers.
func (s *Store) Erase(ctx context.Context, userID int64, email, profileName string, at time.Time) (string, error) {
	for _, table := range personal() {
		if _, err := s.exec(ctx, "erase "+table, `DELETE FROM `+table+` WHERE user_id = $1`, userID); err != nil {
			return "", err
		}
	}
	_, err := s.exec(ctx, "erase a user",
		`UPDATE users SET email = $1, password_hash = '', is_staff = false, shoe_size = NULL, phone_number = NULL, passkey_handle = NULL,
			passkey_second_step = false, erased_at = $2 WHERE id = $3`, email, at, userID)
	if err != nil {
		return "", err
	}
	old, err := s.Profile(ctx, userID)
	if err != nil {
		return "", err
	}
	gone := accounts.Profile{UserID: userID, ProfileName: profileName}
	_, err = s.exec(ctx, "erase a profile",
		`UPDATE profiles SET user_name = '', profile_name = $1, profile_name_key = $2, introduction = '', image = '' WHERE user_id = $3`,
		gone.ProfileName, gone.NameKey(), userID)
	if err != nil || old.Image == "" {
		return "", err
	}
	shared, err := get[bool](ctx, s, errNoRow, "look for a shared picture", `SELECT EXISTS (SELECT 1 FROM profiles WHERE image = $1)`, old.Image)
	if shared {
		return "", err
	}
	return old.Image, err
}

// purgeChunk is how many rows one DELETE takes, so that no other writer waits
// for long.
const purgeChunk = 1000

// Purge implements accounts.Leavers. Each statement is a transaction of its
// own: what a crash leaves, the next run takes.
func (s *Store) Purge(ctx context.Context, p accounts.PurgeLimits) error {
	for _, part := range []struct {
		table, key, where string
		before            time.Time
	}{
		{"sessions", "id", "expires_at <= $1", p.EndedSessions},
		{"sessions", "id", "ended_at <= $1", p.EndedSessions},
		{"refresh_tokens", "id", "expires_at <= $1", p.ExpiredKeys},
		{"email_keys", "id", "expires_at <= $1", p.ExpiredKeys},
		{"password_resets", "id", "expires_at <= $1", p.ExpiredKeys},
		{"email_changes", "id", "expires_at <= $1", p.ExpiredKeys},
		{"oauth_trips", "id", "expires_at <= $1", p.Now},
		{"pending_logins", "id", "expires_at <= $1", p.Now},
		{"passkey_ceremonies", "id", "expires_at <= $1", p.Now},
		{"otp_secrets", "user_id", "confirmed_at IS NULL AND created_at <= $1", p.ExpiredKeys},
		{"devices", "id", "expires_at <= $1", p.Now},
		{"decoys", "user_id", "expires_at <= $1", p.Now},
		{"users", "id", "email_verified_at IS NULL AND created_at <= $1 AND NOT EXISTS (SELECT 1 FROM email_keys k WHERE k.user_id = users.id)", p.Unproved},
		{"security_events", "id", "created_at <= $1", p.Events},
		{"attempts", "key", "window_start <= $1 AND (blocked_until IS NULL OR blocked_until <= $1)", p.Attempts},
	} {
		for {
			var n int64
			err := s.db.InTx(ctx, func(ctx context.Context) error {
				var err error
				n, err = s.exec(ctx, "purge "+part.table,
					`DELETE FROM `+part.table+` WHERE `+part.key+` IN (SELECT `+part.key+` FROM `+part.table+` WHERE `+part.where+` LIMIT $2)`, part.before, purgeChunk)
				return err
			})
			if err != nil {
				return err
			}
			if n < purgeChunk {
				break
			}
		}
	}
	return nil
}
