// Package store keeps the accounts in the database. But for lists of ids, its SQL is the same on
// both engines. Contended rows are changed by conditional updates whose
// affected rows decide who won.
package store

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"rally/modules/accounts"
	"rally/platform/auth"
	"rally/platform/db"
)

// chunk is how many rows one INSERT takes: SQLite has a limit on the size of
// a statement.
const chunk = 500

// Store implements accounts.Store. It is safe for concurrent use. Everything
// that writes must be called inside db.InTx.
type Store struct{ db *db.DB }

var _ accounts.Store = (*Store)(nil)

// New returns the store over an open, migrated database.
func New(d *db.DB) *Store { return &Store{db: d} }

var _ accounts.Tx = (*db.DB)(nil)

// nullTime stores the zero time as NULL.
func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// nullable stores the zero value as NULL.
func nullable[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// utc leaves the zero time alone, which a NULL becomes.
func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

func (s *Store) exec(ctx context.Context, doing, query string, args ...any) (int64, error) {
	n, err := db.Exec(ctx, s.db, query, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", doing, err)
	}
	return n, nil
}

// changed runs an update that at most one of many can win.
func (s *Store) changed(ctx context.Context, doing, query string, args ...any) (bool, error) {
	n, err := s.exec(ctx, doing, query, args...)
	return n > 0, err
}

// get returns one row, or missing.
func get[T any](ctx context.Context, s *Store, missing error, doing, query string, args ...any) (T, error) {
	row, err := db.Get[T](ctx, s.db, query, args...)
	switch {
	case db.NotFound(err):
		return row, missing
	case err != nil:
		return row, fmt.Errorf("%s: %w", doing, err)
	}
	return row, nil
}

// inserted returns the id that an INSERT … RETURNING id gave, or false when
// ON CONFLICT DO NOTHING did nothing.
func (s *Store) inserted(ctx context.Context, doing, query string, args ...any) (int64, bool, error) {
	ids, err := db.Select[int64](ctx, s.db, query, args...)
	if err != nil {
		return 0, false, fmt.Errorf("%s: %w", doing, err)
	}
	if len(ids) == 0 {
		return 0, false, nil
	}
	return ids[0], true, nil
}

// list returns rows as the module knows them; none is an empty list.
func list[R, T any](ctx context.Context, s *Store, doing string, convert func(R) T, query string, args ...any) ([]T, error) {
	rows, err := db.Select[R](ctx, s.db, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = convert(r)
	}
	return out, nil
}

type sessionRow struct {
	ID         int64     `bun:"id"`
	UserID     int64     `bun:"user_id"`
	IsStaff    bool      `bun:"is_staff"`
	Method     string    `bun:"method"`
	UserAgent  string    `bun:"user_agent"`
	Address    string    `bun:"address"`
	CreatedAt  time.Time `bun:"created_at"`
	LastSeenAt time.Time `bun:"last_seen_at"`
	ExpiresAt  time.Time `bun:"expires_at"`
	EndedAt    time.Time `bun:"ended_at,nullzero"`

	AuthenticatedAt time.Time `bun:"authenticated_at,nullzero"`
}

// sessionColumns are those of sessions s, users u.
const sessionColumns = `s.id, s.user_id, s.method, s.user_agent, s.address, s.created_at, s.last_seen_at, s.expires_at, s.authenticated_at,
	coalesce(s.ended_at, u.deactivated_at) AS ended_at, u.is_staff`

func (r sessionRow) session() accounts.Session {
	return accounts.Session{
		ID: r.ID, UserID: r.UserID, Staff: r.IsStaff, Method: r.Method, AuthenticatedAt: utc(r.AuthenticatedAt),
		Client:    accounts.Client{Address: r.Address, UserAgent: r.UserAgent},
		CreatedAt: utc(r.CreatedAt), LastSeenAt: utc(r.LastSeenAt), ExpiresAt: utc(r.ExpiresAt), EndedAt: utc(r.EndedAt),
	}
}

// InsertSession implements accounts.Sessions.
func (s *Store) InsertSession(ctx context.Context, n accounts.Session) (int64, error) {
	id, _, err := s.inserted(ctx, "insert a session",
		`INSERT INTO sessions (user_id, method, user_agent, address, created_at, last_seen_at, expires_at, authenticated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		n.UserID, n.Method, n.Client.UserAgent, n.Client.Address, n.CreatedAt, n.LastSeenAt, n.ExpiresAt, nullTime(n.AuthenticatedAt))
	return id, err
}

// Session implements accounts.Sessions.
func (s *Store) Session(ctx context.Context, id int64) (accounts.Session, error) {
	row, err := get[sessionRow](ctx, s, auth.ErrSessionEnded, "read a session",
		`SELECT `+sessionColumns+` FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1`, id)
	return row.session(), err
}

// StillLive implements accounts.Sessions.
func (s *Store) StillLive(ctx context.Context, ids []int64, now time.Time) ([]int64, error) {
	live, err := db.Select[int64](ctx, s.db, "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.ended_at IS NULL AND u.deactivated_at IS NULL AND s.expires_at > $1 AND "+s.db.In("s.id", 2), now, db.List(s.db, ids))
	if err != nil {
		return nil, fmt.Errorf("read which sessions live: %w", err)
	}
	return live, nil
}

// ExtendSession implements accounts.Sessions.
func (s *Store) ExtendSession(ctx context.Context, id int64, client accounts.Client, at, expires time.Time) (bool, error) {
	return s.changed(ctx, "extend a session",
		`UPDATE sessions SET user_agent = $1, address = $2, last_seen_at = $3, expires_at = $4 WHERE id = $5 AND ended_at IS NULL`,
		client.UserAgent, client.Address, at, expires, id)
}

// EndSession implements accounts.Sessions.
func (s *Store) EndSession(ctx context.Context, id int64, reason string, at time.Time) (bool, error) {
	return s.changed(ctx, "end a session",
		`UPDATE sessions SET ended_at = $1, end_reason = $2 WHERE id = $3 AND ended_at IS NULL`, at, reason, id)
}

// EndSessionsOf implements accounts.Sessions.
func (s *Store) EndSessionsOf(ctx context.Context, userID, but int64, reason string, at time.Time) ([]int64, error) {
	ids, err := db.Select[int64](ctx, s.db,
		`UPDATE sessions SET ended_at = $1, end_reason = $2 WHERE user_id = $3 AND id <> $4 AND ended_at IS NULL AND expires_at > $1 RETURNING id`, at, reason, userID, but)
	if err != nil {
		return nil, fmt.Errorf("end the sessions of a user: %w", err)
	}
	return ids, nil
}

// maxLiveSessions bounds the list of somebody's sessions. Who has more sees
// those that were used last.
const maxLiveSessions = 200

// LiveSessions implements accounts.Sessions.
func (s *Store) LiveSessions(ctx context.Context, userID int64, now time.Time) ([]accounts.Session, error) {
	return list(ctx, s, "read the sessions of a user", sessionRow.session,
		`SELECT `+sessionColumns+` FROM sessions s JOIN users u ON u.id = s.user_id
		WHERE s.user_id = $1 AND s.ended_at IS NULL AND u.deactivated_at IS NULL AND s.expires_at > $2
		ORDER BY s.last_seen_at DESC, s.id DESC LIMIT $3`, userID, now, maxLiveSessions)
}

// Authenticated implements accounts.Sessions.
func (s *Store) Authenticated(ctx context.Context, sessionID int64, at time.Time) error {
	_, err := s.exec(ctx, "mark a session as authenticated", `UPDATE sessions SET authenticated_at = $1 WHERE id = $2 AND ended_at IS NULL`, at, sessionID)
	return err
}

// MarkSeen implements accounts.Sessions.
func (s *Store) MarkSeen(ctx context.Context, sessionIDs []int64, at time.Time) error {
	_, err := s.db.Conn(ctx).NewUpdate().Table("sessions").Set("last_seen_at = ?", at).
		Where("id IN (?)", bun.List(sessionIDs)).Where("ended_at IS NULL").Where("last_seen_at < ?", at).Exec(ctx)
	if err != nil {
		return fmt.Errorf("mark sessions as seen: %w", err)
	}
	return nil
}

type refreshRow struct {
	TokenID      int64     `bun:"token_id"`
	TokenHash    []byte    `bun:"token_hash"`
	TokenCreated time.Time `bun:"token_created_at"`
	TokenExpires time.Time `bun:"token_expires_at"`
	RotatedAt    time.Time `bun:"rotated_at,nullzero"`

	sessionRow
}

// InsertRefreshToken implements accounts.RefreshTokens.
func (s *Store) InsertRefreshToken(ctx context.Context, t accounts.RefreshToken) error {
	_, err := s.exec(ctx, "insert a refresh token",
		`INSERT INTO refresh_tokens (session_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
		t.Session.ID, t.Hash, t.CreatedAt, t.ExpiresAt)
	return err
}

// RefreshToken implements accounts.RefreshTokens.
func (s *Store) RefreshToken(ctx context.Context, hash []byte) (accounts.RefreshToken, error) {
	r, err := get[refreshRow](ctx, s, accounts.ErrRefreshInvalid, "read a refresh token",
		`SELECT t.id AS token_id, t.token_hash, t.created_at AS token_created_at, t.expires_at AS token_expires_at, t.rotated_at,
			`+sessionColumns+`
		FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN users u ON u.id = s.user_id WHERE t.token_hash = $1`, hash)
	if err != nil {
		return accounts.RefreshToken{}, err
	}
	return accounts.RefreshToken{
		ID: r.TokenID, Hash: r.TokenHash, CreatedAt: utc(r.TokenCreated), ExpiresAt: utc(r.TokenExpires), RotatedAt: utc(r.RotatedAt),
		Session: r.session(),
	}, nil
}

// RotateRefreshToken implements accounts.RefreshTokens.
func (s *Store) RotateRefreshToken(ctx context.Context, id int64, at time.Time) (bool, error) {
	return s.changed(ctx, "rotate a refresh token",
		`UPDATE refresh_tokens SET rotated_at = $1 WHERE id = $2 AND rotated_at IS NULL`, at, id)
}
