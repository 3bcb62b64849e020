package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rally/modules/pong"
	"rally/platform/db"
	"rally/platform/page"
)

type cupRow struct {
	ID        int64      `bun:"id"`
	Name      string     `bun:"name"`
	Size      int        `bun:"size"`
	Points    int        `bun:"points"`
	State     string     `bun:"state"`
	CreatedBy int64      `bun:"created_by"`
	Entries   int        `bun:"entries"`
	Champion  *int64     `bun:"champion_id"`
	Bracket   *string    `bun:"bracket"`
	DueAt     *time.Time `bun:"due_at"`
	Prize     *string    `bun:"prize"`
	Version   int        `bun:"version"`
	CreatedAt time.Time  `bun:"created_at"`
	StartedAt *time.Time `bun:"started_at"`
	EndedAt   *time.Time `bun:"ended_at"`
	Joined    bool       `bun:"joined"`
}

const (
	cupColumns = "t.id, t.name, t.size, t.points, t.state, t.created_by, t.entries, t.champion_id, t.due_at, t.prize, t.version, t.created_at, t.started_at, t.ended_at"
	selectCup  = "SELECT " + cupColumns + ", t.bracket FROM pong_tournaments t WHERE t.id = $1"
	// selectCups reads tournaments for the viewer of parameter $1: one look into a
	// unique key for each.
	selectCups = "SELECT " + cupColumns + ", coalesce((SELECT true FROM pong_entries e WHERE e.tournament_id = t.id AND e.user_id = $1 AND e.withdrawn_at IS NULL), false) AS joined FROM pong_tournaments t WHERE "
)

// toDomain fails for a row that this program did not write.
func (r cupRow) toDomain() (pong.ListedCup, error) {
	c := pong.Cup{
		ID: r.ID, Name: r.Name, Size: r.Size, Points: r.Points, State: pong.CupState(r.State), CreatedBy: r.CreatedBy, Entries: r.Entries, Champion: idOf(r.Champion),
		DueAt: db.UTC(r.DueAt), Version: r.Version, CreatedAt: r.CreatedAt.UTC(), StartedAt: db.UTC(r.StartedAt), EndedAt: db.UTC(r.EndedAt),
	}
	var err error
	if c.Bracket, err = decode[pong.Bracket](r.Bracket); err != nil {
		return pong.ListedCup{}, fmt.Errorf("the bracket of tournament %d: %w", r.ID, err)
	}
	if c.Prize, err = decode[pong.Prize](r.Prize); err != nil {
		return pong.ListedCup{}, fmt.Errorf("the prize of tournament %d: %w", r.ID, err)
	}
	return pong.ListedCup{Cup: c, Joined: r.Joined}, nil
}

func decode[T any](text *string) (*T, error) {
	if text == nil {
		return nil, nil
	}
	v := new(T)
	return v, json.Unmarshal([]byte(*text), v)
}

func encode[T any](v *T) (*string, error) {
	if v == nil {
		return nil, nil
	}
	b, err := json.Marshal(v)
	text := string(b)
	return &text, err
}

// InsertCup implements pong.CupStore.
func (s *Store) InsertCup(ctx context.Context, c *pong.Cup) error {
	id, err := db.Get[int64](ctx, s.db, `INSERT INTO pong_tournaments (name, size, points, state, created_by, entries, due_at, version, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`,
		c.Name, c.Size, c.Points, string(c.State), c.CreatedBy, c.Entries, c.DueAt, c.Version, c.CreatedAt)
	c.ID = id
	return err
}

// Cup implements pong.CupStore.
func (s *Store) Cup(ctx context.Context, id int64) (pong.Cup, error) {
	row, err := db.Get[cupRow](ctx, s.db, selectCup, id)
	if db.NotFound(err) {
		return pong.Cup{}, pong.ErrCupNotFound
	}
	if err != nil {
		return pong.Cup{}, fmt.Errorf("read a tournament: %w", err)
	}
	c, err := row.toDomain()
	return c.Cup, err
}

// HoldCup implements pong.CupStore. The row is read after it is locked, by another
// statement.
func (s *Store) HoldCup(ctx context.Context, id int64) (pong.Cup, error) {
	if err := db.LockRows(ctx, s.db, "SELECT id FROM pong_tournaments WHERE id = $1 FOR NO KEY UPDATE", id); err != nil {
		return pong.Cup{}, fmt.Errorf("hold a tournament: %w", err)
	}
	return s.Cup(ctx, id)
}

// SaveCup implements pong.CupStore.
func (s *Store) SaveCup(ctx context.Context, c pong.Cup) error {
	bracket, err := encode(c.Bracket)
	if err != nil {
		return fmt.Errorf("write the bracket of tournament %d: %w", c.ID, err)
	}
	prize, err := encode(c.Prize)
	if err != nil {
		return fmt.Errorf("write the prize of tournament %d: %w", c.ID, err)
	}
	_, err = db.Exec(ctx, s.db, `UPDATE pong_tournaments SET state = $2, entries = $3, champion_id = $4, bracket = $5, due_at = $6, prize = $7, version = $8, started_at = $9, ended_at = $10 WHERE id = $1`,
		c.ID, string(c.State), c.Entries, orNull(c.Champion), bracket, c.DueAt, prize, c.Version, c.StartedAt, c.EndedAt)
	if err != nil {
		return fmt.Errorf("write a tournament: %w", err)
	}
	return nil
}

// PostponeCup implements pong.CupStore.
func (s *Store) PostponeCup(ctx context.Context, id int64, now, dueAt time.Time) error {
	_, err := db.Exec(ctx, s.db, "UPDATE pong_tournaments SET due_at = $3 WHERE id = $1 AND due_at <= $2", id, now, dueAt)
	return err
}

// CountOpenCups implements pong.CupStore.
func (s *Store) CountOpenCups(ctx context.Context, userID int64) (int, error) {
	return db.Get[int](ctx, s.db, "SELECT count(*) FROM pong_tournaments WHERE created_by = $1 AND state = 'open'", userID)
}

// Cups implements pong.CupStore.
func (s *Store) Cups(ctx context.Context, viewer int64, state pong.CupState, r page.CursorRequest) ([]pong.ListedCup, error) {
	if state == "" {
		beside, key := db.Past("t.id", r, 2)
		return s.cups(ctx, "true"+beside+" LIMIT $3", viewer, key, r.Limit())
	}
	beside, key := db.Past("t.id", r, 3)
	return s.cups(ctx, "t.state = $2"+beside+" LIMIT $4", viewer, string(state), key, r.Limit())
}

// GoingCups implements pong.CupStore.
func (s *Store) GoingCups(ctx context.Context, viewer int64, limit int) ([]pong.ListedCup, error) {
	return s.cups(ctx, "t.state IN ('open', 'running') ORDER BY t.id DESC LIMIT $2", viewer, limit)
}

func (s *Store) cups(ctx context.Context, where string, args ...any) ([]pong.ListedCup, error) {
	rows, err := db.Select[cupRow](ctx, s.db, selectCups+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list tournaments: %w", err)
	}
	list := make([]pong.ListedCup, len(rows))
	for i, r := range rows {
		if list[i], err = r.toDomain(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// DueCups implements pong.CupStore.
func (s *Store) DueCups(ctx context.Context, now time.Time, limit int) ([]int64, error) {
	return db.Select[int64](ctx, s.db, "SELECT id FROM pong_tournaments WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2", now, limit)
}

// CupsOf implements pong.CupStore.
func (s *Store) CupsOf(ctx context.Context, userID int64) ([]int64, error) {
	return db.Select[int64](ctx, s.db, `SELECT t.id FROM pong_entries e JOIN pong_tournaments t ON t.id = e.tournament_id
		WHERE e.user_id = $1 AND t.state IN ('open', 'running') ORDER BY t.id`, userID)
}

type entryRow struct {
	UserID      int64      `bun:"user_id"`
	Rating      float64    `bun:"rating"`
	Seed        int        `bun:"seed"`
	JoinedAt    time.Time  `bun:"joined_at"`
	WithdrawnAt *time.Time `bun:"withdrawn_at"`
	Place       *int       `bun:"place"`
}

// Entries implements pong.CupStore.
func (s *Store) Entries(ctx context.Context, cupID int64) ([]pong.Entry, error) {
	rows, err := db.Select[entryRow](ctx, s.db, "SELECT user_id, rating, seed, joined_at, withdrawn_at, place FROM pong_entries WHERE tournament_id = $1 ORDER BY seed, joined_at, user_id", cupID)
	if err != nil {
		return nil, fmt.Errorf("list who is in a tournament: %w", err)
	}
	list := make([]pong.Entry, len(rows))
	for i, r := range rows {
		list[i] = pong.Entry{UserID: r.UserID, Rating: r.Rating, Seed: r.Seed, JoinedAt: r.JoinedAt.UTC(), WithdrawnAt: db.UTC(r.WithdrawnAt)}
		if r.Place != nil {
			list[i].Place = *r.Place
		}
	}
	return list, nil
}

// AddEntry implements pong.CupStore.
func (s *Store) AddEntry(ctx context.Context, cupID, userID int64, at time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.db, "INSERT INTO pong_entries (tournament_id, user_id, joined_at) VALUES ($1, $2, $3) ON CONFLICT (tournament_id, user_id) DO NOTHING", cupID, userID, at)
	return n > 0, err
}

// RemoveEntry implements pong.CupStore.
func (s *Store) RemoveEntry(ctx context.Context, cupID, userID int64) (bool, error) {
	n, err := db.Exec(ctx, s.db, "DELETE FROM pong_entries WHERE tournament_id = $1 AND user_id = $2", cupID, userID)
	return n > 0, err
}

type entryJSON struct {
	UserID int64   `json:"user_id"`
	Rating float64 `json:"rating"`
	Seed   int     `json:"seed"`
	Place  *int    `json:"place"`
}

// SaveEntries implements pong.CupStore, in one statement.
func (s *Store) SaveEntries(ctx context.Context, cupID int64, list []pong.Entry) error {
	rows := make([]entryJSON, len(list))
	for i, e := range list {
		rows[i] = entryJSON{UserID: e.UserID, Rating: e.Rating, Seed: e.Seed}
		if e.Place != 0 {
			rows[i].Place = &list[i].Place
		}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("write who is in a tournament: %w", err)
	}
	from := s.db.Pick("(SELECT value ->> 'user_id' AS user_id, value ->> 'rating' AS rating, value ->> 'seed' AS seed, value ->> 'place' AS place FROM json_each($2)) x",
		"json_to_recordset($2::text::json) AS x (user_id bigint, rating double precision, seed integer, place integer)")
	_, err = db.Exec(ctx, s.db, "UPDATE pong_entries SET rating = x.rating, seed = x.seed, place = x.place FROM "+from+
		" WHERE pong_entries.tournament_id = $1 AND pong_entries.user_id = x.user_id", cupID, string(text))
	if err != nil {
		return fmt.Errorf("write who is in a tournament: %w", err)
	}
	return nil
}

// WithdrawEntry implements pong.CupStore.
func (s *Store) WithdrawEntry(ctx context.Context, cupID, userID int64, at time.Time) (bool, error) {
	n, err := db.Exec(ctx, s.db, "UPDATE pong_entries SET withdrawn_at = $3 WHERE tournament_id = $1 AND user_id = $2 AND withdrawn_at IS NULL", cupID, userID, at)
	return n > 0, err
}

// ForgetEntries implements pong.CupStore. What was played is also the others'.
func (s *Store) ForgetEntries(ctx context.Context, userID int64) error {
	for _, statement := range []string{
		"DELETE FROM pong_entries WHERE user_id = $1 AND tournament_id IN (SELECT id FROM pong_tournaments WHERE state = 'cancelled')",
		"UPDATE pong_entries SET rating = 0 WHERE user_id = $1",
	} {
		if _, err := db.Exec(ctx, s.db, statement, userID); err != nil {
			return fmt.Errorf("forget somebody's entries: %w", err)
		}
	}
	return nil
}

// CupMatches implements pong.CupStore.
func (s *Store) CupMatches(ctx context.Context, cupID int64, ids []int64) ([]pong.Match, error) {
	return s.matches(ctx, "matches of a tournament", "m.tournament_id = $1 AND (m.state IN ('open', 'live') OR "+s.db.In("m.id", 2)+") ORDER BY m.id", cupID, db.List(s.db, ids))
}

// Engaged implements pong.CupStore. The states are written as the index of what goes
// on has them: SQLite uses it for nothing else.
func (s *Store) Engaged(ctx context.Context, userIDs []int64) ([]int64, error) {
	const on = " FROM pong_matches WHERE state IN ('invited', 'open', 'live') AND state <> 'invited' AND right_id IS NOT NULL AND "
	return db.Select[int64](ctx, s.db, "SELECT left_id"+on+s.db.In("left_id", 1)+" UNION SELECT right_id"+on+s.db.In("right_id", 1), db.List(s.db, userIDs))
}
