package store

import (
	"context"
	"time"

	"rally/modules/accounts"
)

type passkeyRow struct {
	ID           int64     `bun:"id"`
	UserID       int64     `bun:"user_id"`
	CredentialID []byte    `bun:"credential_id"`
	Credential   []byte    `bun:"credential"`
	Name         string    `bun:"name"`
	CreatedAt    time.Time `bun:"created_at"`
	LastUsedAt   time.Time `bun:"last_used_at,nullzero"`
}

const passkeyColumns = `id, user_id, credential_id, credential, name, created_at, last_used_at`

func (r passkeyRow) passkey() accounts.Passkey {
	return accounts.Passkey{
		ID: r.ID, UserID: r.UserID, CredentialID: r.CredentialID, Credential: r.Credential, Name: r.Name,
		CreatedAt: utc(r.CreatedAt), LastUsedAt: utc(r.LastUsedAt),
	}
}

// PasskeyHandle implements accounts.Passkeys.
func (s *Store) PasskeyHandle(ctx context.Context, userID int64, fresh []byte) ([]byte, error) {
	return get[[]byte](ctx, s, accounts.ErrUserNotFound, "read a passkey handle",
		`UPDATE users SET passkey_handle = coalesce(passkey_handle, $1) WHERE id = $2 RETURNING passkey_handle`, fresh, userID)
}

// UserOfHandle implements accounts.Passkeys.
func (s *Store) UserOfHandle(ctx context.Context, handle []byte) (accounts.User, error) {
	row, err := get[userRow](ctx, s, accounts.ErrUserNotFound, "read the user of a handle",
		`SELECT `+userColumns+` FROM users WHERE passkey_handle = $1`, handle)
	return row.user(), err
}

// PasskeysOf implements accounts.Passkeys. Their number is bounded where they
// are added.
func (s *Store) PasskeysOf(ctx context.Context, userID int64) ([]accounts.Passkey, error) {
	return list(ctx, s, "read the passkeys of a user", passkeyRow.passkey,
		`SELECT `+passkeyColumns+` FROM passkeys WHERE user_id = $1 ORDER BY id`, userID)
}

// InsertPasskey implements accounts.Passkeys.
func (s *Store) InsertPasskey(ctx context.Context, p accounts.Passkey) (int64, bool, error) {
	return s.inserted(ctx, "insert a passkey",
		`INSERT INTO passkeys (user_id, credential_id, credential, name, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (credential_id) DO NOTHING RETURNING id`, p.UserID, p.CredentialID, p.Credential, p.Name, p.CreatedAt)
}

// UsePasskey implements accounts.Passkeys.
func (s *Store) UsePasskey(ctx context.Context, userID int64, credentialID, credential []byte, at time.Time) error {
	found, err := s.changed(ctx, "use a passkey",
		`UPDATE passkeys SET credential = $1, last_used_at = $2 WHERE user_id = $3 AND credential_id = $4`, credential, at, userID, credentialID)
	if err == nil && !found {
		err = accounts.ErrPasskeyNotFound
	}
	return err
}

// RenamePasskey implements accounts.Passkeys.
func (s *Store) RenamePasskey(ctx context.Context, userID, id int64, name string) (accounts.Passkey, error) {
	row, err := get[passkeyRow](ctx, s, accounts.ErrPasskeyNotFound, "rename a passkey",
		`UPDATE passkeys SET name = $1 WHERE id = $2 AND user_id = $3 RETURNING `+passkeyColumns, name, id, userID)
	return row.passkey(), err
}

// DeletePasskey implements accounts.Passkeys.
func (s *Store) DeletePasskey(ctx context.Context, userID, id int64) error {
	found, err := s.changed(ctx, "delete a passkey", `DELETE FROM passkeys WHERE id = $1 AND user_id = $2`, id, userID)
	if err == nil && !found {
		err = accounts.ErrPasskeyNotFound
	}
	return err
}

// SetPasskeyStep implements accounts.Passkeys.
func (s *Store) SetPasskeyStep(ctx context.Context, userID int64, on bool) error {
	_, err := s.exec(ctx, "set the passkey step", `UPDATE users SET passkey_second_step = $1 WHERE id = $2`, on, userID)
	return err
}

type ceremonyRow struct {
	TokenHash []byte    `bun:"token_hash"`
	Purpose   string    `bun:"purpose"`
	UserID    int64     `bun:"user_id,nullzero"`
	State     []byte    `bun:"state"`
	CreatedAt time.Time `bun:"created_at"`
	ExpiresAt time.Time `bun:"expires_at"`
}

// InsertCeremony implements accounts.Passkeys.
func (s *Store) InsertCeremony(ctx context.Context, c accounts.StoredCeremony) error {
	_, err := s.exec(ctx, "insert a ceremony",
		`INSERT INTO passkey_ceremonies (token_hash, purpose, user_id, state, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.Hash, c.Purpose, nullable(c.UserID), c.State, c.CreatedAt, c.ExpiresAt)
	return err
}

// TakeCeremony implements accounts.Passkeys.
func (s *Store) TakeCeremony(ctx context.Context, hash []byte, purpose string) (accounts.StoredCeremony, error) {
	r, err := get[ceremonyRow](ctx, s, accounts.ErrPasskeyInvalid, "take a ceremony",
		`DELETE FROM passkey_ceremonies WHERE token_hash = $1 AND purpose = $2 RETURNING token_hash, purpose, user_id, state, created_at, expires_at`, hash, purpose)
	return accounts.StoredCeremony{
		Hash: r.TokenHash, Purpose: r.Purpose, UserID: r.UserID, State: r.State, CreatedAt: utc(r.CreatedAt), ExpiresAt: utc(r.ExpiresAt),
	}, err
}
