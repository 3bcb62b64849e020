package store

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"rally/modules/pong"
	"rally/platform/db"
	"rally/platform/page"
)

var _ pong.StandingStore = (*Store)(nil)

const (
	standingColumns = "season, user_id, rating, deviation, volatility, wins, losses, streak, best_streak, form, provisional, absent, last_at"
	selectStandings = "SELECT " + standingColumns + " FROM pong_standings WHERE "
)

type standingRow struct {
	Season      int       `bun:"season"`
	UserID      int64     `bun:"user_id"`
	Rating      float64   `bun:"rating"`
	Deviation   float64   `bun:"deviation"`
	Volatility  float64   `bun:"volatility"`
	Wins        int       `bun:"wins"`
	Losses      int       `bun:"losses"`
	Streak      int       `bun:"streak"`
	BestStreak  int       `bun:"best_streak"`
	Form        string    `bun:"form"`
	Provisional bool      `bun:"provisional"`
	Absent      bool      `bun:"absent"`
	LastAt      time.Time `bun:"last_at"`
}

func (r standingRow) toDomain() pong.Standing {
	return pong.Standing{
		Season: r.Season, UserID: r.UserID, Rating: pong.Rating{Rating: r.Rating, Deviation: r.Deviation, Volatility: r.Volatility},
		Wins: r.Wins, Losses: r.Losses, Streak: r.Streak, BestStreak: r.BestStreak, Form: r.Form,
		Provisional: r.Provisional, Absent: r.Absent, LastAt: r.LastAt.UTC(),
	}
}

func (s *Store) standings(ctx context.Context, query string, args ...any) ([]pong.Standing, error) {
	rows, err := db.Select[standingRow](ctx, s.db, selectStandings+query, args...)
	if err != nil {
		return nil, fmt.Errorf("read standings: %w", err)
	}
	list := make([]pong.Standing, len(rows))
	for i, r := range rows {
		list[i] = r.toDomain()
	}
	return list, nil
}

// Standings implements pong.StandingStore.
func (s *Store) Standings(ctx context.Context, season int, userIDs ...int64) ([]pong.Standing, error) {
	return s.standings(ctx, "season IN (0, $1) AND "+s.db.In("user_id", 2), season, db.List(s.db, userIDs))
}

// SaveStandings implements pong.StandingStore. There is a text for each length of
// the list; a match has one.
func (s *Store) SaveStandings(ctx context.Context, list ...pong.Standing) error {
	var values []string
	var args []any
	for _, st := range list {
		row := []any{
			st.Season, st.UserID, st.Rating.Rating, st.Deviation, st.Volatility, st.Wins, st.Losses, st.Streak, st.BestStreak, st.Form,
			st.Provisional, st.Absent, st.LastAt, st.Place(), st.FadesAt(),
		}
		numbers := make([]string, len(row))
		for i := range row {
			numbers[i] = "$" + strconv.Itoa(len(args)+i+1)
		}
		values, args = append(values, "("+strings.Join(numbers, ", ")+")"), append(args, row...)
	}
	_, err := db.Exec(ctx, s.db, "INSERT INTO pong_standings ("+standingColumns+", place, fades_at) VALUES "+strings.Join(values, ", ")+`
		ON CONFLICT (season, user_id) DO UPDATE SET rating = excluded.rating, deviation = excluded.deviation, volatility = excluded.volatility,
		wins = excluded.wins, losses = excluded.losses, streak = excluded.streak, best_streak = excluded.best_streak, form = excluded.form,
		provisional = excluded.provisional, last_at = excluded.last_at, place = excluded.place, fades_at = excluded.fades_at`, args...)
	if err != nil {
		return fmt.Errorf("save standings: %w", err)
	}
	return nil
}

// Leaderboard implements pong.StandingStore.
func (s *Store) Leaderboard(ctx context.Context, season int, r page.CursorRequest) ([]pong.Standing, error) {
	query, args := leaderboard(season, r)
	return s.standings(ctx, query, args...)
}

func leaderboard(season int, r page.CursorRequest) (query string, args []any) {
	beside, place, userID := "(place, user_id) > ($2, $3) ORDER BY place, user_id", int64(math.MinInt64), int64(math.MinInt64)
	if r.Backward {
		beside, place, userID = "(place, user_id) < ($2, $3) ORDER BY place DESC, user_id DESC", math.MaxInt64, math.MaxInt64
	}
	if r.Key != nil {
		place, userID = r.Key[0], r.Key[1]
	}
	return "season = $1 AND NOT absent AND " + beside + " LIMIT $4", []any{season, place, userID, r.Limit()}
}

const countBefore = "SELECT count(*) FROM pong_standings WHERE season = $1 AND NOT absent AND (place, user_id) < ($2, $3)"

// CountBefore implements pong.StandingStore.
func (s *Store) CountBefore(ctx context.Context, st pong.Standing) (int, error) {
	return db.Get[int](ctx, s.db, countBefore, st.Season, st.Place(), st.UserID)
}

// FirstSeason implements pong.StandingStore.
func (s *Store) FirstSeason(ctx context.Context) (int, error) {
	return db.Get[int](ctx, s.db, "SELECT coalesce(min(season), 0) FROM pong_standings WHERE season > 0")
}

// Fade implements pong.StandingStore. It passes over those whose match is being
// counted, and so waits for nobody.
func (s *Store) Fade(ctx context.Context, now time.Time) error {
	if _, err := db.Exec(ctx, s.db, s.fade(), now, int64(pong.ProvisionalPlace)); err != nil {
		return fmt.Errorf("fade ratings: %w", err)
	}
	return nil
}

func (s *Store) fade() string {
	due := "season = 0 AND NOT provisional AND fades_at <= $1"
	if s.db.Dialect == db.Postgres {
		due = "season = 0 AND user_id IN (SELECT user_id FROM pong_standings WHERE " + due + " FOR UPDATE SKIP LOCKED)"
	}
	return "UPDATE pong_standings SET provisional = true, place = place + $2 WHERE " + due
}

// CountRivals implements pong.StandingStore.
func (s *Store) CountRivals(ctx context.Context, winner, loser, matchID int64, at time.Time) error {
	_, err := db.Exec(ctx, s.db, `INSERT INTO pong_rivals (user_id, other_id, wins, losses, last_at, last_match) VALUES ($1, $2, 1, 0, $3, $4), ($2, $1, 0, 1, $3, $4)
		ON CONFLICT (user_id, other_id) DO UPDATE SET wins = pong_rivals.wins + excluded.wins, losses = pong_rivals.losses + excluded.losses,
		last_at = excluded.last_at, last_match = excluded.last_match`, winner, loser, at, matchID)
	if err != nil {
		return fmt.Errorf("count rivals: %w", err)
	}
	return nil
}

type rivalRow struct {
	UserID    int64     `bun:"user_id"`
	OtherID   int64     `bun:"other_id"`
	Wins      int       `bun:"wins"`
	Losses    int       `bun:"losses"`
	LastAt    time.Time `bun:"last_at"`
	LastMatch int64     `bun:"last_match"`
}

func (r rivalRow) toDomain() pong.Rival {
	return pong.Rival{UserID: r.UserID, OtherID: r.OtherID, Wins: r.Wins, Losses: r.Losses, LastAt: r.LastAt.UTC(), LastMatch: r.LastMatch}
}

const selectRivals = "SELECT user_id, other_id, wins, losses, last_at, last_match FROM pong_rivals r WHERE user_id = $1 AND "

func (s *Store) rivals(ctx context.Context, query string, args ...any) ([]pong.Rival, error) {
	rows, err := db.Select[rivalRow](ctx, s.db, selectRivals+query, args...)
	if err != nil {
		return nil, fmt.Errorf("read rivals: %w", err)
	}
	list := make([]pong.Rival, len(rows))
	for i, r := range rows {
		list[i] = r.toDomain()
	}
	return list, nil
}

// RivalOf implements pong.StandingStore.
func (s *Store) RivalOf(ctx context.Context, userID, otherID int64) (pong.Rival, bool, error) {
	list, err := s.rivals(ctx, "other_id = $2", userID, otherID)
	if err != nil || len(list) == 0 {
		return pong.Rival{}, false, err
	}
	return list[0], true, nil
}

// RivalsOf implements pong.StandingStore.
func (s *Store) RivalsOf(ctx context.Context, userID int64, without []int64, r page.CursorRequest) ([]pong.Rival, error) {
	beside, key := db.Past("last_match", r, 3)
	return s.rivals(ctx, "NOT ("+s.db.In("other_id", 2)+") AND NOT coalesce((SELECT o.absent FROM pong_standings o WHERE o.season = 0 AND o.user_id = r.other_id), false)"+
		beside+" LIMIT $4", userID, db.List(s.db, without), key, r.Limit())
}

// MarkAbsent implements pong.StandingStore. It waits for a match of theirs that is
// being counted.
func (s *Store) MarkAbsent(ctx context.Context, userID int64, absent bool) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.HoldPlayers(ctx, userID); err != nil {
			return err
		}
		_, err := db.Exec(ctx, s.db, "UPDATE pong_standings SET absent = $2 WHERE user_id = $1", userID, absent)
		return err
	})
}

// ForgetStandings implements pong.StandingStore.
func (s *Store) ForgetStandings(ctx context.Context, userID int64) error {
	return s.db.InTx(ctx, func(ctx context.Context) error {
		if err := s.HoldPlayers(ctx, userID); err != nil {
			return err
		}
		for _, statement := range []string{
			"DELETE FROM pong_rivals WHERE other_id = $1 AND user_id IN (SELECT other_id FROM pong_rivals WHERE user_id = $1)",
			"DELETE FROM pong_rivals WHERE user_id = $1",
			"DELETE FROM pong_standings WHERE user_id = $1",
		} {
			if _, err := db.Exec(ctx, s.db, statement, userID); err != nil {
				return fmt.Errorf("forget somebody's standings: %w", err)
			}
		}
		return nil
	})
}

// ExportStandings implements pong.StandingStore.
func (s *Store) ExportStandings(ctx context.Context, userID int64, limit int) (pong.StandingExport, error) {
	var e pong.StandingExport
	var err error
	if e.Standings, err = s.standings(ctx, "user_id = $1 ORDER BY season", userID); err != nil {
		return e, err
	}
	e.Rivals, err = s.rivals(ctx, "true ORDER BY last_match DESC LIMIT $2", userID, limit)
	return e, err
}
