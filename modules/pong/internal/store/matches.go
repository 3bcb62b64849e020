package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/pong"
	"rally/platform/db"
	"rally/platform/page"
)

type matchRow struct {
	ID          int64      `bun:"id"`
	Mode        string     `bun:"mode"`
	State       string     `bun:"state"`
	Reason      string     `bun:"reason"`
	Points      int        `bun:"points"`
	LeftID      int64      `bun:"left_id"`
	RightID     *int64     `bun:"right_id"`
	Difficulty  string     `bun:"difficulty"`
	Rated       bool       `bun:"rated"`
	Seed        int64      `bun:"seed"`
	ScoreLeft   int        `bun:"score_left"`
	ScoreRight  int        `bun:"score_right"`
	Winner      *int       `bun:"winner"`
	Season      int        `bun:"season"`
	CupID       *int64     `bun:"tournament_id"`
	Cup         *string    `bun:"tournament"`
	Round       int        `bun:"round"`
	Slot        int        `bun:"slot"`
	RematchOf   *int64     `bun:"rematch_of"`
	LeftBefore  *float64   `bun:"left_before"`
	LeftAfter   *float64   `bun:"left_after"`
	RightBefore *float64   `bun:"right_before"`
	RightAfter  *float64   `bun:"right_after"`
	CreatedAt   time.Time  `bun:"created_at"`
	RespondBy   *time.Time `bun:"respond_by"`
	ReadyBy     *time.Time `bun:"ready_by"`
	StartedAt   *time.Time `bun:"started_at"`
	EndedAt     *time.Time `bun:"ended_at"`
	HasReplay   bool       `bun:"has_replay"`
}

func (r matchRow) toDomain() pong.Match {
	m := pong.Match{
		ID: r.ID, Mode: pong.Mode(r.Mode), State: pong.MatchState(r.State), Reason: pong.Reason(r.Reason), Points: r.Points,
		Players: [2]int64{r.LeftID, idOf(r.RightID)}, Difficulty: pong.Level(r.Difficulty), Rated: r.Rated,
		Seed:  uint32(r.Seed), //nolint:gosec // it was one
		Score: [2]int{r.ScoreLeft, r.ScoreRight}, Season: r.Season, RematchOf: idOf(r.RematchOf),
		Before: [2]*float64{r.LeftBefore, r.RightBefore}, After: [2]*float64{r.LeftAfter, r.RightAfter},
		CreatedAt: r.CreatedAt.UTC(), RespondBy: db.UTC(r.RespondBy), ReadyBy: db.UTC(r.ReadyBy), StartedAt: db.UTC(r.StartedAt), EndedAt: db.UTC(r.EndedAt),
		HasReplay: r.HasReplay,
	}
	if r.Winner != nil {
		side := pong.Side(*r.Winner) //nolint:gosec // 0 or 1
		m.Winner = &side
	}
	if r.CupID != nil {
		m.Cup = &pong.CupRound{ID: *r.CupID, Round: r.Round, Slot: r.Slot}
		if r.Cup != nil {
			m.Cup.Name = *r.Cup
		}
	}
	return m
}

func idOf(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

func orNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// matchColumns are those of a match and of the names and numbers beside it.
const matchColumns = `m.id, m.mode, m.state, m.reason, m.points, m.left_id, m.right_id, m.difficulty, m.rated, m.seed, m.score_left, m.score_right, m.winner, m.season,
	m.tournament_id, t.name AS tournament, m.round, m.slot, m.rematch_of, m.left_before, m.left_after, m.right_before, m.right_after,
	m.created_at, m.respond_by, m.ready_by, m.started_at, m.ended_at, EXISTS (SELECT 1 FROM pong_replays r WHERE r.match_id = m.id) AS has_replay`

const (
	fromMatches   = " FROM pong_matches m LEFT JOIN pong_tournaments t ON t.id = m.tournament_id WHERE "
	selectMatches = "SELECT " + matchColumns + fromMatches
)

func toMatches(rows []matchRow) []pong.Match {
	list := make([]pong.Match, len(rows))
	for i, r := range rows {
		list[i] = r.toDomain()
	}
	return list
}

func (s *Store) matches(ctx context.Context, what, where string, args ...any) ([]pong.Match, error) {
	rows, err := db.Select[matchRow](ctx, s.db, selectMatches+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", what, err)
	}
	return toMatches(rows), nil
}

// InsertMatch implements pong.MatchStore.
func (s *Store) InsertMatch(ctx context.Context, m *pong.Match) error {
	var cup *int64
	round, slot := 0, 0
	if m.Cup != nil {
		cup, round, slot = &m.Cup.ID, m.Cup.Round, m.Cup.Slot
	}
	id, err := db.Get[int64](ctx, s.db, `INSERT INTO pong_matches (mode, state, points, left_id, right_id, difficulty, rated, seed, tournament_id, round, slot, rematch_of, created_at, respond_by, ready_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id`,
		string(m.Mode), string(m.State), m.Points, m.Players[0], orNull(m.Players[1]), string(m.Difficulty), m.Rated, int64(m.Seed), cup, round, slot,
		orNull(m.RematchOf), m.CreatedAt, m.RespondBy, m.ReadyBy)
	if m.RematchOf != 0 && db.IsUnique(err) {
		return pong.ErrNoRematch
	}
	m.ID = id
	return err
}

// Match implements pong.MatchStore.
func (s *Store) Match(ctx context.Context, id int64) (pong.Match, error) {
	row, err := db.Get[matchRow](ctx, s.db, selectMatches+"m.id = $1", id)
	if db.NotFound(err) {
		return pong.Match{}, pong.ErrMatchNotFound
	}
	return row.toDomain(), err
}

// HoldMatch implements pong.MatchStore. The row is read after it is locked, by
// another statement: see docs/architecture.md.
func (s *Store) HoldMatch(ctx context.Context, id int64) (pong.Match, error) {
	if err := db.LockRows(ctx, s.db, "SELECT id FROM pong_matches WHERE id = $1 FOR NO KEY UPDATE", id); err != nil {
		return pong.Match{}, fmt.Errorf("hold a match: %w", err)
	}
	return s.Match(ctx, id)
}

// HoldPlayers implements pong.MatchStore.
func (s *Store) HoldPlayers(ctx context.Context, userIDs ...int64) error {
	return db.LockKeys(ctx, s.db, playerSpace, userIDs...)
}

// UpdateMatch implements pong.MatchStore.
func (s *Store) UpdateMatch(ctx context.Context, m pong.Match) error {
	var winner *int
	if m.Winner != nil {
		side := int(*m.Winner)
		winner = &side
	}
	_, err := db.Exec(ctx, s.db, `UPDATE pong_matches SET state = $2, reason = $3, score_left = $4, score_right = $5, winner = $6, season = $7, rated = $8,
		left_before = $9, left_after = $10, right_before = $11, right_after = $12, ready_by = $13, ended_at = $14, left_id = $15, right_id = $16 WHERE id = $1`,
		m.ID, string(m.State), string(m.Reason), m.Score[0], m.Score[1], winner, m.Season, m.Rated,
		m.Before[0], m.After[0], m.Before[1], m.After[1], m.ReadyBy, m.EndedAt, m.Players[0], orNull(m.Players[1]))
	if err != nil {
		return fmt.Errorf("write a match: %w", err)
	}
	return nil
}

// BeginMatch implements pong.MatchStore.
func (s *Store) BeginMatch(ctx context.Context, id int64, at time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.db, "UPDATE pong_matches SET state = 'live', started_at = $2 WHERE id = $1 AND state = 'open'", id, at)
	return n > 0, err
}

// SaveReplay implements pong.MatchStore.
func (s *Store) SaveReplay(ctx context.Context, id int64, replay []byte) error {
	_, err := db.Exec(ctx, s.db, "INSERT INTO pong_replays (match_id, record) VALUES ($1, $2) ON CONFLICT (match_id) DO UPDATE SET record = excluded.record", id, replay)
	return err
}

// Replay implements pong.MatchStore.
func (s *Store) Replay(ctx context.Context, id int64) ([]byte, error) {
	type row struct {
		Record []byte `bun:"record"`
	}
	found, err := db.Get[row](ctx, s.db, "SELECT record FROM pong_replays WHERE match_id = $1", id)
	if db.NotFound(err) {
		return nil, pong.ErrNoReplay
	}
	return found.Record, err
}

// isGoing leads to the index of matches that are not done, which are few: both engines
// use it only where its own condition stands in a query.
const isGoing = "m.state IN ('invited', 'open', 'live') AND "

// either is the condition that somebody of a list plays.
func (s *Store) either(n int) string {
	return "(" + s.db.In("m.left_id", n) + " OR " + s.db.In("m.right_id", n) + ")"
}

// PlayingOf implements pong.MatchStore.
func (s *Store) PlayingOf(ctx context.Context, userIDs ...int64) ([]pong.Match, error) {
	return s.matches(ctx, "matches that are played", isGoing+s.either(1)+" AND (m.state = 'live' OR m.state = 'open' AND m.mode <> 'tournament') ORDER BY m.id", db.List(s.db, userIDs))
}

// CallsOf implements pong.MatchStore.
func (s *Store) CallsOf(ctx context.Context, userID int64) ([]pong.Match, error) {
	return s.matches(ctx, "calls", isGoing+"(m.left_id = $1 OR m.right_id = $1) AND m.state = 'open' AND m.mode = 'tournament' ORDER BY m.id", userID)
}

// InvitesOf implements pong.MatchStore.
func (s *Store) InvitesOf(ctx context.Context, userID int64) ([]pong.Match, error) {
	return s.matches(ctx, "invitations", isGoing+"(m.left_id = $1 OR m.right_id = $1) AND m.state = 'invited' ORDER BY m.id DESC", userID)
}

// MadeSince implements pong.MatchStore.
func (s *Store) MadeSince(ctx context.Context, userID int64, since time.Time, modes ...pong.Mode) (made int, first time.Time, err error) {
	type row struct {
		Made  int        `bun:"made"`
		First *time.Time `bun:"first"`
	}
	names := make([]string, len(modes))
	for i, m := range modes {
		names[i] = string(m)
	}
	// Of somebody's newest: their limits are far below that, and others' invitations are
	// not among them.
	of := " FROM (SELECT id, mode, created_at FROM pong_matches WHERE left_id = $1 ORDER BY id DESC LIMIT 500) m WHERE created_at > $2 AND " + s.db.In("mode", 3)
	found, err := db.Get[row](ctx, s.db, "SELECT (SELECT count(*)"+of+") AS made, (SELECT created_at"+of+" ORDER BY id LIMIT 1) AS first", userID, since, db.List(s.db, names))
	if found.First != nil {
		first = found.First.UTC()
	}
	return found.Made, first, err
}

// Matches implements pong.MatchStore.
func (s *Store) Matches(ctx context.Context, userID int64, r page.CursorRequest) ([]pong.Match, error) {
	if userID == 0 {
		beside, key := db.Past("m.id", r, 1)
		return s.matches(ctx, "matches", "m.state = 'over'"+beside+" LIMIT $2", key, r.Limit())
	}
	// Each side has an index of its own, in the list's order.
	beside, key := db.Past("m.id", r, 2)
	order := "SELECT m.id FROM pong_matches m WHERE m.%s = $1 AND m.state = 'over'" + beside + " LIMIT $3"
	ids := s.db.Pick("SELECT * FROM ("+order+") UNION ALL SELECT * FROM ("+order+")", "("+order+") UNION ALL ("+order+")")
	outer, _ := db.Past("m.id", r, 2)
	return s.matches(ctx, "somebody's matches", "m.id IN ("+fmt.Sprintf(ids, "left_id", "right_id")+")"+outer+" LIMIT $3", userID, key, r.Limit())
}

// LiveMatches implements pong.MatchStore.
func (s *Store) LiveMatches(ctx context.Context, limit int) ([]pong.Match, error) {
	// Their ids first, by the index: the rest is read of a page.
	return s.matches(ctx, "live matches", "m.id IN (SELECT id FROM pong_matches WHERE state IN ('invited', 'open', 'live') AND state = 'live' AND mode <> 'local' ORDER BY id DESC LIMIT $1) ORDER BY m.id DESC", limit)
}

// LiveIDs implements pong.MatchStore.
func (s *Store) LiveIDs(ctx context.Context) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "SELECT m.id FROM pong_matches m WHERE "+isGoing+"m.state = 'live' ORDER BY m.id")
}

// Due implements pong.MatchStore.
func (s *Store) Due(ctx context.Context, now, readyBefore time.Time, limit int) ([]pong.Match, error) {
	return s.matches(ctx, "matches whose time ran out",
		isGoing+"(m.state = 'invited' AND m.respond_by <= $1 OR m.state = 'open' AND m.ready_by <= $2) ORDER BY m.id LIMIT $3",
		now, readyBefore, limit)
}

// SaveCheckpoint implements pong.MatchStore.
func (s *Store) SaveCheckpoint(ctx context.Context, id int64, data []byte) error {
	_, err := db.Exec(ctx, s.db, "INSERT INTO pong_checkpoints (match_id, data) VALUES ($1, $2) ON CONFLICT (match_id) DO UPDATE SET data = excluded.data", id, data)
	return err
}

// HasCheckpoint implements pong.MatchStore.
func (s *Store) HasCheckpoint(ctx context.Context, id int64) (bool, error) {
	return db.Get[bool](ctx, s.db, "SELECT EXISTS (SELECT 1 FROM pong_checkpoints WHERE match_id = $1)", id)
}

// TakeCheckpoint implements pong.MatchStore.
func (s *Store) TakeCheckpoint(ctx context.Context, id int64) (data []byte, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		type row struct {
			Data []byte `bun:"data"`
		}
		data = nil
		taken, err := db.Get[row](ctx, s.db, "DELETE FROM pong_checkpoints WHERE match_id = $1 RETURNING data", id)
		if db.NotFound(err) {
			return nil
		}
		data = taken.Data
		return err
	})
	return data, err
}

// ExportMatches implements pong.Archive.
func (s *Store) ExportMatches(ctx context.Context, userID int64, limit int) ([]pong.Match, error) {
	return s.matches(ctx, "somebody's matches", "(m.left_id = $1 OR m.right_id = $1) ORDER BY m.id DESC LIMIT $2", userID, limit)
}
