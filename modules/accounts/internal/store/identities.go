package store

import (
	"context"
	"time"

	"rally/modules/accounts"
)

type identityRow struct {
	ID         int64     `bun:"id"`
	UserID     int64     `bun:"user_id"`
	Provider   string    `bun:"provider"`
	Subject    string    `bun:"subject"`
	Email      string    `bun:"email"`
	CreatedAt  time.Time `bun:"created_at"`
	LastUsedAt time.Time `bun:"last_used_at"`
}

const identityColumns = `id, user_id, provider, subject, email, created_at, last_used_at`

func (r identityRow) identity() accounts.Identity {
	return accounts.Identity{
		ID: r.ID, UserID: r.UserID, Provider: r.Provider, Subject: r.Subject, Email: r.Email, CreatedAt: utc(r.CreatedAt), LastUsedAt: utc(r.LastUsedAt),
	}
}

// InsertIdentity implements accounts.Identities.
func (s *Store) InsertIdentity(ctx context.Context, i accounts.Identity) (bool, error) {
	return s.changed(ctx, "insert an identity",
		`INSERT INTO identities (user_id, provider, subject, email, created_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		i.UserID, i.Provider, i.Subject, i.Email, i.CreatedAt, i.LastUsedAt)
}

// Identity implements accounts.Identities.
func (s *Store) Identity(ctx context.Context, provider, subject string) (accounts.Identity, error) {
	row, err := get[identityRow](ctx, s, accounts.ErrIdentityNotFound, "read an identity",
		`SELECT `+identityColumns+` FROM identities WHERE provider = $1 AND subject = $2`, provider, subject)
	return row.identity(), err
}

// IdentitiesOf implements accounts.Identities. There is at most one a provider.
func (s *Store) IdentitiesOf(ctx context.Context, userID int64) ([]accounts.Identity, error) {
	return list(ctx, s, "read the identities of a user", identityRow.identity,
		`SELECT `+identityColumns+` FROM identities WHERE user_id = $1 ORDER BY provider`, userID)
}

// UseIdentity implements accounts.Identities.
func (s *Store) UseIdentity(ctx context.Context, id int64, email string, at time.Time) error {
	_, err := s.exec(ctx, "use an identity", `UPDATE identities SET email = $1, last_used_at = $2 WHERE id = $3`, email, at, id)
	return err
}

// DeleteIdentity implements accounts.Identities.
func (s *Store) DeleteIdentity(ctx context.Context, userID, id int64) (string, error) {
	return get[string](ctx, s, accounts.ErrIdentityNotFound, "delete an identity",
		`DELETE FROM identities WHERE id = $1 AND user_id = $2 RETURNING provider`, id, userID)
}

type tripRow struct {
	StateHash   []byte    `bun:"state_hash"`
	BrowserHash []byte    `bun:"browser_hash"`
	Provider    string    `bun:"provider"`
	Purpose     string    `bun:"purpose"`
	SessionID   int64     `bun:"session_id,nullzero"`
	Verifier    string    `bun:"verifier"`
	Nonce       string    `bun:"nonce"`
	RedirectURI string    `bun:"redirect_uri"`
	NextPath    string    `bun:"next_path"`
	CreatedAt   time.Time `bun:"created_at"`
	ExpiresAt   time.Time `bun:"expires_at"`
}

const tripColumns = `state_hash, browser_hash, provider, purpose, session_id, verifier, nonce, redirect_uri, next_path, created_at, expires_at`

// InsertOAuthTrip implements accounts.OAuthTrips.
func (s *Store) InsertOAuthTrip(ctx context.Context, t accounts.OAuthTrip) error {
	_, err := s.exec(ctx, "insert a trip", `INSERT INTO oauth_trips (`+tripColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		t.StateHash, t.BrowserHash, t.Provider, t.Purpose, nullable(t.SessionID), t.Verifier, t.Nonce, t.RedirectURI, t.Next, t.CreatedAt, t.ExpiresAt)
	return err
}

// TakeOAuthTrip implements accounts.OAuthTrips.
func (s *Store) TakeOAuthTrip(ctx context.Context, stateHash []byte) (accounts.OAuthTrip, error) {
	r, err := get[tripRow](ctx, s, accounts.ErrOAuthState, "take a trip", `DELETE FROM oauth_trips WHERE state_hash = $1 RETURNING `+tripColumns, stateHash)
	return accounts.OAuthTrip{
		StateHash: r.StateHash, BrowserHash: r.BrowserHash, Provider: r.Provider, Purpose: r.Purpose, SessionID: r.SessionID,
		Verifier: r.Verifier, Nonce: r.Nonce, RedirectURI: r.RedirectURI, Next: r.NextPath, CreatedAt: utc(r.CreatedAt), ExpiresAt: utc(r.ExpiresAt),
	}, err
}
