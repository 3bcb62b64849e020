package store

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"rally/modules/accounts"
	"rally/platform/db"
	"rally/platform/page"
)

type userRow struct {
	bun.BaseModel `bun:"table:users"`

	ID            int64     `bun:"id,pk,autoincrement"`
	Email         string    `bun:"email"`
	PasswordHash  string    `bun:"password_hash"`
	IsStaff       bool      `bun:"is_staff"`
	ShoeSize      int       `bun:"shoe_size,nullzero"`
	PhoneNumber   string    `bun:"phone_number,nullzero"`
	VerifiedAt    time.Time `bun:"email_verified_at,nullzero"`
	CreatedAt     time.Time `bun:"created_at"`
	DeactivatedAt time.Time `bun:"deactivated_at,nullzero"`
	ErasedAt      time.Time `bun:"erased_at,nullzero"`
	PasskeyStep   bool      `bun:"passkey_second_step"`
	OTP           bool      `bun:"otp,scanonly"`
}

const userColumns = `id, email, password_hash, is_staff, shoe_size, phone_number, email_verified_at, created_at, deactivated_at,
	erased_at, passkey_second_step,
	EXISTS (SELECT 1 FROM otp_secrets o WHERE o.user_id = users.id AND o.confirmed_at IS NOT NULL) AS otp`

func (r userRow) user() accounts.User {
	return accounts.User{
		ID: r.ID, Email: r.Email, Staff: r.IsStaff, ShoeSize: r.ShoeSize, PhoneNumber: r.PhoneNumber,
		VerifiedAt: utc(r.VerifiedAt), CreatedAt: utc(r.CreatedAt), DeactivatedAt: utc(r.DeactivatedAt), ErasedAt: utc(r.ErasedAt),
		OTP: r.OTP, PasskeyStep: r.PasskeyStep,
	}
}

func rowOf(u accounts.NewUser) userRow {
	return userRow{
		Email: u.Email, PasswordHash: u.PasswordHash, IsStaff: u.Staff, ShoeSize: u.ShoeSize, PhoneNumber: u.PhoneNumber,
		VerifiedAt: u.VerifiedAt, CreatedAt: u.CreatedAt,
	}
}

// InsertUser implements accounts.Users.
func (s *Store) InsertUser(ctx context.Context, u accounts.NewUser) (int64, bool, error) {
	return s.inserted(ctx, "insert a user",
		`INSERT INTO users (email, password_hash, is_staff, shoe_size, phone_number, email_verified_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (email) DO NOTHING RETURNING id`,
		u.Email, u.PasswordHash, u.Staff, nullable(u.ShoeSize), nullable(u.PhoneNumber), nullTime(u.VerifiedAt), u.CreatedAt)
}

// InsertUsers implements accounts.Users.
func (s *Store) InsertUsers(ctx context.Context, users []accounts.NewUser) ([]int64, error) {
	idOf := make(map[string]int64, len(users))
	for start := 0; start < len(users); start += chunk {
		part := users[start:min(start+chunk, len(users))]
		rows := make([]userRow, len(part))
		for i, u := range part {
			rows[i] = rowOf(u)
		}
		// The order of RETURNING is not promised, so the address tells who is who.
		var back []userRow
		_, err := s.db.Conn(ctx).NewInsert().Model(&rows).ExcludeColumn("id").Returning("id, email").Exec(ctx, &back)
		if err != nil {
			return nil, fmt.Errorf("insert %d users: %w", len(part), err)
		}
		for _, r := range back {
			idOf[r.Email] = r.ID
		}
	}
	ids := make([]int64, len(users))
	for i, u := range users {
		ids[i] = idOf[u.Email]
	}
	return ids, nil
}

// User implements accounts.Users.
func (s *Store) User(ctx context.Context, id int64) (accounts.User, error) {
	row, err := get[userRow](ctx, s, accounts.ErrUserNotFound, "read a user", `SELECT `+userColumns+` FROM users WHERE id = $1`, id)
	return row.user(), err
}

// UpdateUser implements accounts.Users. Fields that are not set stay, also
// when somebody else changes them at the same time.
func (s *Store) UpdateUser(ctx context.Context, id int64, change accounts.UserChange) error {
	q := s.db.Conn(ctx).NewUpdate().Table("users").Where("id = ?", id)
	if change.ShoeSize.Set {
		q = q.Set("shoe_size = ?", nullable(change.ShoeSize.Value))
	}
	if change.PhoneNumber.Set {
		q = q.Set("phone_number = ?", nullable(change.PhoneNumber.Value))
	}
	result, err := q.Exec(ctx)
	if err != nil {
		return fmt.Errorf("update a user: %w", err)
	}
	if n, err := result.RowsAffected(); err == nil && n == 0 {
		return accounts.ErrUserNotFound
	}
	return nil
}

// CountUsers implements accounts.Users.
func (s *Store) CountUsers(ctx context.Context) (int, error) {
	return get[int](ctx, s, accounts.ErrUserNotFound, "count the users", `SELECT count(*) FROM users`)
}

type credentialsRow struct {
	userRow

	Decoy string `bun:"decoy"`
}

// Credentials implements accounts.Passwords.
func (s *Store) Credentials(ctx context.Context, email string) (accounts.Credentials, error) {
	row, err := get[credentialsRow](ctx, s, accounts.ErrUserNotFound, "read credentials",
		`SELECT `+userColumns+`, coalesce((SELECT d.password_hash FROM decoys d WHERE d.user_id = users.id), '') AS decoy FROM users WHERE email = $1`, email)
	if err != nil {
		return accounts.Credentials{}, err
	}
	return accounts.Credentials{User: row.user(), PasswordHash: row.PasswordHash, Decoy: row.Decoy}, nil
}

// LockUser implements accounts.Passwords. An update takes the lock of the row
// on both engines, also when it writes what stands there. The row is read in a
// statement of its own: one that had to wait would see the user as they are
// now, and their one-time codes as they were before (PostgreSQL manual, 13.2.1).
func (s *Store) LockUser(ctx context.Context, userID int64) (accounts.Credentials, error) {
	if _, err := s.exec(ctx, "lock a user", `UPDATE users SET email = email WHERE id = $1`, userID); err != nil {
		return accounts.Credentials{}, err
	}
	row, err := get[userRow](ctx, s, accounts.ErrUserNotFound, "read a locked user", `SELECT `+userColumns+` FROM users WHERE id = $1`, userID)
	if err != nil {
		return accounts.Credentials{}, err
	}
	return accounts.Credentials{User: row.user(), PasswordHash: row.PasswordHash}, nil
}

// SetPassword implements accounts.Passwords.
func (s *Store) SetPassword(ctx context.Context, userID int64, hash string) error {
	_, err := s.exec(ctx, "set a password", `UPDATE users SET password_hash = $1 WHERE id = $2`, hash, userID)
	return err
}

// SetDecoy implements accounts.Passwords.
func (s *Store) SetDecoy(ctx context.Context, userID int64, hash string, expires time.Time) error {
	_, err := s.exec(ctx, "set a decoy",
		`INSERT INTO decoys (user_id, password_hash, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, expires_at = excluded.expires_at`, userID, hash, expires)
	return err
}

// waysIn are the tables of what opens an account beside its password.
func waysIn() []string {
	return []string{"identities", "passkeys", "otp_secrets", "recovery_codes", "password_resets", "email_changes", "passkey_ceremonies"}
}

// ForgetWaysIn implements accounts.Passwords.
func (s *Store) ForgetWaysIn(ctx context.Context, userID int64) error {
	for _, table := range waysIn() {
		if _, err := s.exec(ctx, "forget "+table, `DELETE FROM `+table+` WHERE user_id = $1`, userID); err != nil {
			return err
		}
	}
	return s.SetPasskeyStep(ctx, userID, false)
}

// SetEmail implements accounts.Passwords. The address is looked for first: in
// PostgreSQL a unique key that is hurt ends the transaction.
func (s *Store) SetEmail(ctx context.Context, userID int64, email string, at time.Time) (bool, error) {
	if _, err := s.exec(ctx, "free an e-mail address", `DELETE FROM users WHERE email = $1 AND id <> $2 AND email_verified_at IS NULL`, email, userID); err != nil {
		return false, err
	}
	free, err := s.changed(ctx, "set an e-mail address",
		`UPDATE users SET email = $1, email_verified_at = $2 WHERE id = $3 AND NOT EXISTS (SELECT 1 FROM users taken WHERE taken.email = $1)`,
		email, at, userID)
	if db.IsUnique(err) { // it was taken at the same moment
		return false, accounts.ErrKeyInvalid.WithCause(err)
	}
	return free, err
}

// Promote implements accounts.Passwords.
func (s *Store) Promote(ctx context.Context, userID int64, hash string, at time.Time) error {
	_, err := s.exec(ctx, "promote a user",
		`UPDATE users SET is_staff = true, password_hash = $1, email_verified_at = coalesce(email_verified_at, $2) WHERE id = $3`, hash, at, userID)
	return err
}

type profileRow struct {
	bun.BaseModel `bun:"table:profiles"`

	UserID       int64     `bun:"user_id,pk"`
	UserName     string    `bun:"user_name"`
	ProfileName  string    `bun:"profile_name"`
	NameKey      string    `bun:"profile_name_key"`
	Introduction string    `bun:"introduction"`
	Image        string    `bun:"image"`
	CreatedAt    time.Time `bun:"created_at"`
}

// InsertProfile implements accounts.Profiles.
func (s *Store) InsertProfile(ctx context.Context, p accounts.Profile, at time.Time) (bool, error) {
	return s.changed(ctx, "insert a profile",
		`INSERT INTO profiles (user_id, user_name, profile_name, profile_name_key, introduction, image, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		p.UserID, p.UserName, p.ProfileName, p.NameKey(), p.Introduction, p.Image, at)
}

// InsertProfiles implements accounts.Profiles.
func (s *Store) InsertProfiles(ctx context.Context, list []accounts.Profile, at []time.Time) error {
	for start := 0; start < len(list); start += chunk {
		part := list[start:min(start+chunk, len(list))]
		rows := make([]profileRow, len(part))
		for i, p := range part {
			rows[i] = profileRow{
				UserID: p.UserID, UserName: p.UserName, ProfileName: p.ProfileName, NameKey: p.NameKey(),
				Introduction: p.Introduction, Image: p.Image, CreatedAt: at[start+i],
			}
		}
		if _, err := s.db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx); err != nil {
			return fmt.Errorf("insert %d profiles: %w", len(part), err)
		}
	}
	return nil
}

// errNoProfile is a broken promise of ours, and so no fault of the caller.
var errNoProfile = errors.New("a user has no profile")

// Profile implements accounts.Profiles.
func (s *Store) Profile(ctx context.Context, userID int64) (accounts.Profile, error) {
	r, err := get[profileRow](ctx, s, errNoProfile, "read a profile",
		`SELECT user_id, user_name, profile_name, introduction, image FROM profiles WHERE user_id = $1`, userID)
	return r.profile(), err
}

func (r profileRow) profile() accounts.Profile {
	return accounts.Profile{UserID: r.UserID, UserName: r.UserName, ProfileName: r.ProfileName, Introduction: r.Introduction, Image: r.Image}
}

// stillHere are the conditions of a user who has not left.
const stillHere = "u.deactivated_at IS NULL AND u.erased_at IS NULL"

// ActiveProfiles implements accounts.Profiles.
func (s *Store) ActiveProfiles(ctx context.Context, userIDs []int64) ([]accounts.Profile, error) {
	return s.profiles(ctx, s.db.In("p.user_id", 1), db.List(s.db, userIDs))
}

// NamedProfile implements accounts.Profiles.
func (s *Store) NamedProfile(ctx context.Context, nameKey string) (accounts.Profile, error) {
	list, err := s.profiles(ctx, "p.profile_name_key = $1", nameKey)
	if err != nil {
		return accounts.Profile{}, err
	}
	if len(list) == 0 {
		return accounts.Profile{}, accounts.ErrUserNotFound
	}
	return list[0], nil
}

// ProfilesNamed implements accounts.Profiles.
func (s *Store) ProfilesNamed(ctx context.Context, nameKeys []string) ([]accounts.Profile, error) {
	return s.profiles(ctx, s.db.In("p.profile_name_key", 1), db.List(s.db, nameKeys))
}

// ProfilesBegin implements accounts.Profiles. The names that begin so are a
// stretch of the index, which sorts by code points on both engines.
func (s *Store) ProfilesBegin(ctx context.Context, prefix string, without []int64, limit int) ([]accounts.Profile, error) {
	key := s.db.Pick("p.profile_name_key", `p.profile_name_key COLLATE "C"`)
	return s.profiles(ctx, key+" >= $1 AND "+key+" < $2 AND NOT ("+s.db.In("p.user_id", 3)+") AND u.email_verified_at IS NOT NULL ORDER BY "+key+" LIMIT $4",
		prefix, prefix+string(utf8.MaxRune), db.List(s.db, without), limit)
}

func (s *Store) profiles(ctx context.Context, where string, args ...any) ([]accounts.Profile, error) {
	rows, err := db.Select[profileRow](ctx, s.db,
		"SELECT p.user_id, p.user_name, p.profile_name, p.introduction, p.image FROM profiles p JOIN users u ON u.id = p.user_id WHERE "+stillHere+" AND "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read profiles: %w", err)
	}
	list := make([]accounts.Profile, len(rows))
	for i, r := range rows {
		list[i] = r.profile()
	}
	return list, nil
}

// UpdateProfile implements accounts.Profiles.
func (s *Store) UpdateProfile(ctx context.Context, p accounts.Profile) (bool, error) {
	taken, err := db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM profiles WHERE profile_name_key = $1 AND user_id <> $2)", p.NameKey(), p.UserID)
	if err != nil || taken {
		return false, err
	}
	_, err = db.Exec(ctx, s.db, "UPDATE profiles SET profile_name = $2, profile_name_key = $3, introduction = $4, image = $5 WHERE user_id = $1", p.UserID, p.ProfileName, p.NameKey(), p.Introduction, p.Image)
	if db.IsUnique(err) { // somebody took the name at the same moment
		return false, nil
	}
	return err == nil, err
}

// AllProfiles implements accounts.Profiles.
func (s *Store) AllProfiles(ctx context.Context, prefix string, r page.CursorRequest) ([]accounts.Profile, error) {
	beside, start := db.Past("p.user_id", r, 3)
	key := s.db.Pick("p.profile_name_key", `p.profile_name_key COLLATE "C"`)
	return s.profiles(ctx, key+" >= $1 AND "+key+" < $2"+beside+" LIMIT $4", prefix, prefix+string(utf8.MaxRune), start, r.Limit())
}

// PicturesInUse returns which of some pictures a profile shows.
func (s *Store) PicturesInUse(ctx context.Context, keys []string) (map[string]bool, error) {
	return db.Present(ctx, s.db, "profiles", "image", keys)
}

// ActiveAddresses implements accounts.Profiles.
func (s *Store) ActiveAddresses(ctx context.Context, userIDs []int64) (map[int64]string, error) {
	type addressRow struct {
		ID    int64  `bun:"id"`
		Email string `bun:"email"`
	}
	rows, err := db.Select[addressRow](ctx, s.db, `SELECT u.id, u.email FROM users u WHERE u.email_verified_at IS NOT NULL AND `+stillHere+` AND `+s.db.In("u.id", 1), db.List(s.db, userIDs))
	if err != nil {
		return nil, fmt.Errorf("read %d addresses: %w", len(userIDs), err)
	}
	found := make(map[int64]string, len(rows))
	for _, r := range rows {
		found[r.ID] = r.Email
	}
	return found, nil
}

type claimRow struct {
	PasswordHash string `bun:"password_hash"`
	ShoeSize     int    `bun:"shoe_size,nullzero"`
	PhoneNumber  string `bun:"phone_number,nullzero"`
}

func (r claimRow) claim() accounts.Claim { return accounts.Claim(r) }

type emailKeyRow struct {
	ID      int64  `bun:"id"`
	UserID  int64  `bun:"user_id"`
	KeyHash []byte `bun:"key_hash"`
	claimRow
	CreatedAt time.Time `bun:"created_at"`
	ExpiresAt time.Time `bun:"expires_at"`
	UsedAt    time.Time `bun:"used_at,nullzero"`
}

// InsertEmailKey implements accounts.EmailKeys.
func (s *Store) InsertEmailKey(ctx context.Context, k accounts.EmailKey) error {
	_, err := s.exec(ctx, "insert an e-mail key",
		`INSERT INTO email_keys (user_id, key_hash, password_hash, shoe_size, phone_number, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		k.UserID, k.Hash, k.Claim.PasswordHash, nullable(k.Claim.ShoeSize), nullable(k.Claim.PhoneNumber), k.CreatedAt, k.ExpiresAt)
	return err
}

// EmailKey implements accounts.EmailKeys.
func (s *Store) EmailKey(ctx context.Context, hash []byte) (accounts.EmailKey, error) {
	r, err := get[emailKeyRow](ctx, s, accounts.ErrKeyInvalid, "read an e-mail key",
		`SELECT id, user_id, key_hash, password_hash, shoe_size, phone_number, created_at, expires_at, used_at FROM email_keys WHERE key_hash = $1`, hash)
	if err != nil {
		return accounts.EmailKey{}, err
	}
	return accounts.EmailKey{
		ID: r.ID, UserID: r.UserID, Hash: r.KeyHash, Claim: r.claim(), CreatedAt: utc(r.CreatedAt), ExpiresAt: utc(r.ExpiresAt), UsedAt: utc(r.UsedAt),
	}, nil
}

// UseEmailKey implements accounts.EmailKeys.
func (s *Store) UseEmailKey(ctx context.Context, id int64, at time.Time) (bool, error) {
	return s.changed(ctx, "use an e-mail key", `UPDATE email_keys SET used_at = $1 WHERE id = $2 AND used_at IS NULL`, at, id)
}

// Claims implements accounts.EmailKeys. Every registration has a salt, and so
// a hash, of its own.
func (s *Store) Claims(ctx context.Context, userID int64) ([]accounts.Claim, error) {
	rows, err := db.Select[claimRow](ctx, s.db,
		`SELECT password_hash, shoe_size, phone_number FROM email_keys WHERE user_id = $1
		GROUP BY password_hash, shoe_size, phone_number LIMIT 2`, userID)
	if err != nil {
		return nil, fmt.Errorf("read the claims on an address: %w", err)
	}
	claims := make([]accounts.Claim, len(rows))
	for i, r := range rows {
		claims[i] = r.claim()
	}
	return claims, nil
}

// Claim implements accounts.EmailKeys.
func (s *Store) Claim(ctx context.Context, userID int64, c accounts.Claim, verified time.Time) error {
	_, err := s.exec(ctx, "claim an address",
		`UPDATE users SET password_hash = $1, shoe_size = $2, phone_number = $3, email_verified_at = $4 WHERE id = $5 AND email_verified_at IS NULL`,
		c.PasswordHash, nullable(c.ShoeSize), nullable(c.PhoneNumber), nullTime(verified), userID)
	return err
}

// ForgetClaims implements accounts.EmailKeys.
func (s *Store) ForgetClaims(ctx context.Context, userID int64) error {
	_, err := s.exec(ctx, "forget the claims on an address",
		`UPDATE email_keys SET password_hash = '', shoe_size = NULL, phone_number = NULL WHERE user_id = $1`, userID)
	return err
}
