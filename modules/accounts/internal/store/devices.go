package store

import (
	"context"
	"time"

	"rally/modules/accounts"
)

type deviceRow struct {
	ID           int64     `bun:"id"`
	UserID       int64     `bun:"user_id"`
	TokenHash    []byte    `bun:"token_hash"`
	UserAgent    string    `bun:"user_agent"`
	Address      string    `bun:"address"`
	CreatedAt    time.Time `bun:"created_at"`
	LastUsedAt   time.Time `bun:"last_used_at"`
	ExpiresAt    time.Time `bun:"expires_at"`
	TrustedUntil time.Time `bun:"trusted_until,nullzero"`
}

const deviceColumns = `id, user_id, token_hash, user_agent, address, created_at, last_used_at, expires_at, trusted_until`

func (r deviceRow) device() accounts.Device {
	return accounts.Device{
		ID: r.ID, UserID: r.UserID, Hash: r.TokenHash, Client: accounts.Client{Address: r.Address, UserAgent: r.UserAgent},
		CreatedAt: utc(r.CreatedAt), LastUsedAt: utc(r.LastUsedAt), ExpiresAt: utc(r.ExpiresAt), TrustedUntil: utc(r.TrustedUntil),
	}
}

// InsertDevice implements accounts.Devices.
func (s *Store) InsertDevice(ctx context.Context, d accounts.Device) (int64, error) {
	// Whoever keeps no cookies is a new device each time: the oldest make room.
	_, err := s.exec(ctx, "make room for a device",
		`DELETE FROM devices WHERE user_id = $1 AND id IN (SELECT id FROM devices WHERE user_id = $1 ORDER BY last_used_at DESC, id DESC LIMIT 1000 OFFSET $2)`,
		d.UserID, maxDevices-1)
	if err != nil {
		return 0, err
	}
	id, _, err := s.inserted(ctx, "insert a device",
		`INSERT INTO devices (user_id, token_hash, user_agent, address, created_at, last_used_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		d.UserID, d.Hash, d.Client.UserAgent, d.Client.Address, d.CreatedAt, d.LastUsedAt, d.ExpiresAt)
	return id, err
}

// Device implements accounts.Devices.
func (s *Store) Device(ctx context.Context, userID int64, hash []byte) (accounts.Device, error) {
	row, err := get[deviceRow](ctx, s, accounts.ErrDeviceNotFound, "read a device",
		`SELECT `+deviceColumns+` FROM devices WHERE token_hash = $1 AND user_id = $2`, hash, userID)
	return row.device(), err
}

// UseDevice implements accounts.Devices.
func (s *Store) UseDevice(ctx context.Context, id int64, client accounts.Client, at, expires time.Time) error {
	_, err := s.exec(ctx, "use a device",
		`UPDATE devices SET user_agent = $1, address = $2, last_used_at = $3, expires_at = $4 WHERE id = $5`,
		client.UserAgent, client.Address, at, expires, id)
	return err
}

// DeviceSignedIn implements accounts.Devices.
func (s *Store) DeviceSignedIn(ctx context.Context, email string, hash []byte, now time.Time) (bool, error) {
	return get[bool](ctx, s, errNoRow, "look for a device",
		`SELECT EXISTS (SELECT 1 FROM devices d JOIN users u ON u.id = d.user_id WHERE d.token_hash = $1 AND u.email = $2 AND d.expires_at > $3)`, hash, email, now)
}

// WasHere implements accounts.Devices.
func (s *Store) WasHere(ctx context.Context, userID, sessionID int64) (bool, error) {
	return get[bool](ctx, s, errNoRow, "look for an earlier login",
		`SELECT EXISTS (SELECT 1 FROM devices WHERE user_id = $1) OR EXISTS (SELECT 1 FROM sessions WHERE user_id = $1 AND id <> $2)`, userID, sessionID)
}

// TrustDevice implements accounts.Devices.
func (s *Store) TrustDevice(ctx context.Context, id int64, until time.Time) error {
	_, err := s.exec(ctx, "trust a device", `UPDATE devices SET trusted_until = $1 WHERE id = $2`, until, id)
	return err
}

// maxDevices is how many devices of one user are remembered.
const maxDevices = 100

// DevicesOf implements accounts.Devices.
func (s *Store) DevicesOf(ctx context.Context, userID int64) ([]accounts.Device, error) {
	return list(ctx, s, "read the devices of a user", deviceRow.device,
		`SELECT `+deviceColumns+` FROM devices WHERE user_id = $1 ORDER BY last_used_at DESC, id DESC LIMIT $2`, userID, maxDevices)
}

// TrustedDevices implements accounts.Devices.
func (s *Store) TrustedDevices(ctx context.Context, userID int64, now time.Time) ([]accounts.Device, error) {
	return list(ctx, s, "read the trusted devices of a user", deviceRow.device,
		`SELECT `+deviceColumns+` FROM devices WHERE user_id = $1 AND trusted_until > $2 ORDER BY last_used_at DESC, id DESC LIMIT $3`, userID, now, maxDevices)
}

// DistrustDevice implements accounts.Devices.
func (s *Store) DistrustDevice(ctx context.Context, userID, id int64) (bool, error) {
	return s.changed(ctx, "distrust a device",
		`UPDATE devices SET trusted_until = NULL WHERE id = $1 AND user_id = $2 AND trusted_until IS NOT NULL`, id, userID)
}

// DistrustDevices implements accounts.Devices.
func (s *Store) DistrustDevices(ctx context.Context, userID int64) error {
	_, err := s.exec(ctx, "distrust the devices of a user", `UPDATE devices SET trusted_until = NULL WHERE user_id = $1 AND trusted_until IS NOT NULL`, userID)
	return err
}

type pendingRow struct {
	ID        int64     `bun:"id"`
	UserID    int64     `bun:"user_id"`
	TokenHash []byte    `bun:"token_hash"`
	Method    string    `bun:"method"`
	CreatedAt time.Time `bun:"created_at"`
	ExpiresAt time.Time `bun:"expires_at"`
}

// InsertPendingLogin implements accounts.PendingLogins.
func (s *Store) InsertPendingLogin(ctx context.Context, p accounts.PendingLogin) error {
	_, err := s.exec(ctx, "insert a waiting login",
		`INSERT INTO pending_logins (user_id, token_hash, method, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		p.UserID, p.Hash, p.Method, p.CreatedAt, p.ExpiresAt)
	return err
}

// PendingLogin implements accounts.PendingLogins.
func (s *Store) PendingLogin(ctx context.Context, hash []byte) (accounts.PendingLogin, error) {
	r, err := get[pendingRow](ctx, s, accounts.ErrPendingRequired, "read a waiting login",
		`SELECT id, user_id, token_hash, method, created_at, expires_at FROM pending_logins WHERE token_hash = $1`, hash)
	return accounts.PendingLogin{ID: r.ID, UserID: r.UserID, Hash: r.TokenHash, Method: r.Method, CreatedAt: utc(r.CreatedAt), ExpiresAt: utc(r.ExpiresAt)}, err
}

// EndPendingLogin implements accounts.PendingLogins.
func (s *Store) EndPendingLogin(ctx context.Context, id int64) (bool, error) {
	return s.changed(ctx, "end a waiting login", `DELETE FROM pending_logins WHERE id = $1`, id)
}

// EndPendingLoginsOf implements accounts.PendingLogins.
func (s *Store) EndPendingLoginsOf(ctx context.Context, userID int64) error {
	_, err := s.exec(ctx, "end the waiting logins of a user", `DELETE FROM pending_logins WHERE user_id = $1`, userID)
	return err
}

type otpRow struct {
	UserID      int64     `bun:"user_id"`
	Secret      []byte    `bun:"secret"`
	LastStep    int64     `bun:"last_step"`
	CreatedAt   time.Time `bun:"created_at"`
	ConfirmedAt time.Time `bun:"confirmed_at,nullzero"`
}

// OTPSecret implements accounts.OTPSecrets.
func (s *Store) OTPSecret(ctx context.Context, userID int64) (accounts.OTPSecret, error) {
	r, err := get[otpRow](ctx, s, accounts.ErrOTPDisabled, "read an OTP secret",
		`SELECT user_id, secret, last_step, created_at, confirmed_at FROM otp_secrets WHERE user_id = $1`, userID)
	return accounts.OTPSecret{UserID: r.UserID, Sealed: r.Secret, LastStep: r.LastStep, CreatedAt: utc(r.CreatedAt), ConfirmedAt: utc(r.ConfirmedAt)}, err
}

// SetOTPSecret implements accounts.OTPSecrets.
func (s *Store) SetOTPSecret(ctx context.Context, o accounts.OTPSecret) (bool, error) {
	return s.changed(ctx, "set an OTP secret",
		`INSERT INTO otp_secrets (user_id, secret, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at, last_step = 0
		WHERE otp_secrets.confirmed_at IS NULL`, o.UserID, o.Sealed, o.CreatedAt)
}

// ConfirmOTPSecret implements accounts.OTPSecrets.
func (s *Store) ConfirmOTPSecret(ctx context.Context, userID int64, at time.Time) error {
	_, err := s.exec(ctx, "confirm an OTP secret", `UPDATE otp_secrets SET confirmed_at = $1 WHERE user_id = $2`, at, userID)
	return err
}

// UseOTPStep implements accounts.OTPSecrets.
func (s *Store) UseOTPStep(ctx context.Context, userID, step int64) (bool, error) {
	return s.changed(ctx, "use a one-time code", `UPDATE otp_secrets SET last_step = $1 WHERE user_id = $2 AND last_step < $1`, step, userID)
}

// DeleteOTPSecret implements accounts.OTPSecrets.
func (s *Store) DeleteOTPSecret(ctx context.Context, userID int64) error {
	_, err := s.exec(ctx, "delete an OTP secret", `DELETE FROM otp_secrets WHERE user_id = $1`, userID)
	return err
}

// ReplaceRecoveryCodes implements accounts.RecoveryCodes.
func (s *Store) ReplaceRecoveryCodes(ctx context.Context, userID int64, hashes [][]byte) error {
	if _, err := s.exec(ctx, "delete recovery codes", `DELETE FROM recovery_codes WHERE user_id = $1`, userID); err != nil {
		return err
	}
	for _, hash := range hashes {
		if _, err := s.exec(ctx, "insert a recovery code", `INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)`, userID, hash); err != nil {
			return err
		}
	}
	return nil
}

// UseRecoveryCode implements accounts.RecoveryCodes.
func (s *Store) UseRecoveryCode(ctx context.Context, userID int64, hash []byte, at time.Time) (bool, error) {
	return s.changed(ctx, "use a recovery code",
		`UPDATE recovery_codes SET used_at = $1 WHERE user_id = $2 AND code_hash = $3 AND used_at IS NULL`, at, userID, hash)
}

// CountRecoveryCodes implements accounts.RecoveryCodes.
func (s *Store) CountRecoveryCodes(ctx context.Context, userID int64) (int, error) {
	return get[int](ctx, s, errNoRow, "count recovery codes", `SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL`, userID)
}
