package main

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	// secret is the program's RALLY_SECRET.
	secret = "a secret of benchmarks, long enough to be one"

	crowdPeople  = 10_000
	crowdFriends = 10    // that each of the crowd has, in a ring
	stars        = 20    // of the crowd, evenly spread, have many friends
	starFriends  = 1_000 // that a star has in all
	starEvery    = crowdPeople / stars
	tokenLife    = 10 * time.Minute
)

// throng is a crowd of people who are logged in: person i has the user id
// user+i and the session session+i.
type throng struct{ user, session int64 }

// seedCrowd adds people with sessions and friends, set-wise. To log ten
// thousand people in by their passwords would take minutes of hashing.
func (w *world) seedCrowd(ctx context.Context) (throng, error) {
	var c throng
	var err error
	if c.user, err = w.int(ctx, "SELECT max(id) + 1 FROM users"); err != nil {
		return c, err
	}
	if c.session, err = w.int(ctx, "SELECT coalesce(max(id), 0) + 1 FROM sessions"); err != nil {
		return c, err
	}
	at := now()
	for _, s := range []struct {
		text string
		args []any
	}{
		{`INSERT INTO users (id, email, password_hash, is_staff, email_verified_at, created_at)
			SELECT $2 + i, 'crowd' || i || '@rally.example', '', false, $3, $3 FROM n`, []any{crowdPeople, c.user, at}},
		{`INSERT INTO profiles (user_id, user_name, profile_name, profile_name_key, created_at)
			SELECT $2 + i, 'crowd' || i, 'crowd_' || i, 'crowd_' || i, $3 FROM n`, []any{crowdPeople, c.user, at}},
		{`INSERT INTO sessions (id, user_id, user_agent, address, created_at, last_seen_at, expires_at)
			SELECT $3 + i, $2 + i, 'bench', '127.0.0.1', $4, $4, $5 FROM n`, []any{crowdPeople, c.user, c.session, at, at.AddDate(0, 0, 1)}},
		{`INSERT INTO friends (user_id, friend_id, created_at)
			SELECT $3 + i, $3 + (i + d.step + $1) % $1, $4 FROM n CROSS JOIN (SELECT i AS step FROM (SELECT 1 AS i UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5
			UNION SELECT -1 UNION SELECT -2 UNION SELECT -3 UNION SELECT -4 UNION SELECT -5) u) d WHERE $2 > 0`, []any{crowdPeople, crowdFriends, c.user, at}},
	} {
		if err := w.exec(ctx, numbers+s.text, s.args...); err != nil {
			return c, err
		}
	}
	if w.engine == postgres {
		return c, w.exec(ctx, "VACUUM ANALYZE users, profiles, sessions, friends")
	}
	return c, w.exec(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
}

// seedSessions logs everybody in on more devices, so that each has so many
// sessions.
func (w *world) seedSessions(ctx context.Context, c throng, each int) error {
	at := now()
	return w.exec(ctx, numbers+`INSERT INTO sessions (id, user_id, user_agent, address, created_at, last_seen_at, expires_at)
		SELECT $3 + i, $2 + i % $6, 'bench', '127.0.0.1', $4, $4, $5 FROM n WHERE i >= $6`,
		crowdPeople*each, c.user, c.session, at, at.AddDate(0, 0, 1), crowdPeople)
}

// sessions returns the first so many sessions of person i.
func (c throng) sessions(i, each int) []int64 {
	list := make([]int64, each)
	for k := range list {
		list[k] = c.session + int64(i+k*crowdPeople)
	}
	return list
}

// seedStars gives many friends to some of the crowd.
func (w *world) seedStars(ctx context.Context, c throng) error {
	return w.exec(ctx, numbers+`INSERT INTO friends (user_id, friend_id, created_at)
		SELECT CASE way WHEN 0 THEN star ELSE fan END, CASE way WHEN 0 THEN fan ELSE star END, created_at FROM (
		SELECT u.id AS star, $2 + (u.id - $2 + i + 6) % $3 AS fan, u.created_at FROM n JOIN users u ON u.id >= $2 AND (u.id - $2) % $4 = 0) s
		CROSS JOIN (SELECT 0 AS way UNION SELECT 1) w`,
		starFriends-crowdFriends-1, c.user, crowdPeople, starEvery) // the star before is a friend, too
}

// token signs an access token of a person's first session as the program does.
func (c throng) token(key []byte, i int, at time.Time) (string, error) {
	return c.tokenOf(key, i, c.session+int64(i), at)
}

func (c throng) tokenOf(key []byte, i int, session int64, at time.Time) (string, error) {
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"iss": "rally", "aud": []string{"rally/api"}, "sub": strconv.FormatInt(c.user+int64(i), 10), "sid": strconv.FormatInt(session, 10),
		"jti": strconv.Itoa(i), "iat": at.Unix(), "exp": at.Add(tokenLife).Unix(),
	}).SignedString(key)
}

func tokenKey() ([]byte, error) {
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "rally accounts access token v1", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("derive the key of tokens: %w", err)
	}
	return key, nil
}
