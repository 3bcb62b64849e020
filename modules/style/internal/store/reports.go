package store

import (
	"context"
	"fmt"
	"time"

	"rally/modules/style"
	"rally/platform/db"
	"rally/platform/page"
)

type caseRow struct {
	ID         int64     `bun:"id"`
	ObjectType string    `bun:"object_type"`
	ObjectID   int64     `bun:"object_id"`
	State      string    `bun:"state"`
	CreatedAt  time.Time `bun:"created_at"`
	UpdatedAt  time.Time `bun:"updated_at"`
}

const caseColumns = "id, object_type, object_id, state, created_at, updated_at"

// AddReport implements style.ReportStore. The case is held from its first
// statement on.
func (s *Store) AddReport(ctx context.Context, object style.ObjectType, id int64, r style.Report) (bool, error) {
	row, err := db.Get[caseRow](ctx, s.db, `INSERT INTO report_cases (object_type, object_id, state, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (object_type, object_id) DO UPDATE SET object_id = excluded.object_id RETURNING `+caseColumns,
		string(object), id, string(style.CaseOpen), r.CreatedAt)
	if err != nil {
		return false, fmt.Errorf("open a case: %w", err)
	}
	n, err := db.Exec(ctx, s.db, "INSERT INTO reports (case_id, user_id, reason, note, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (case_id, user_id) DO NOTHING",
		row.ID, r.UserID, r.Reason, r.Note, r.CreatedAt)
	if err != nil || n == 0 {
		return false, err
	}
	state := style.CaseState(row.State)
	if state == style.CaseDismissed {
		state = style.CaseOpen
	}
	return true, s.SetCase(ctx, row.ID, state, r.CreatedAt)
}

// Cases implements style.ReportStore.
func (s *Store) Cases(ctx context.Context, state style.CaseState, notes int, r page.CursorRequest) ([]style.Case, error) {
	beside, key := db.Past("id", r, 2)
	rows, err := db.Select[caseRow](ctx, s.db, "SELECT "+caseColumns+" FROM report_cases WHERE state = $1"+beside+" LIMIT $3", string(state), key, r.Limit())
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	return s.withReports(ctx, rows, notes)
}

// HoldCase implements style.ReportStore.
func (s *Store) HoldCase(ctx context.Context, id int64, notes int) (style.Case, error) {
	if err := db.LockRows(ctx, s.db, "SELECT id FROM report_cases WHERE id = $1 FOR UPDATE", id); err != nil {
		return style.Case{}, err
	}
	rows, err := db.Select[caseRow](ctx, s.db, "SELECT "+caseColumns+" FROM report_cases WHERE id = $1", id)
	if err != nil {
		return style.Case{}, fmt.Errorf("read a case: %w", err)
	}
	if len(rows) == 0 {
		return style.Case{}, style.ErrReportNotFound
	}
	cases, err := s.withReports(ctx, rows, notes)
	if err != nil {
		return style.Case{}, err
	}
	return cases[0], nil
}

// withReports adds why and how often things were reported, and the newest words.
func (s *Store) withReports(ctx context.Context, rows []caseRow, notes int) ([]style.Case, error) {
	type reasonRow struct {
		CaseID int64  `bun:"case_id"`
		Reason string `bun:"reason"`
		Count  int64  `bun:"n"`
	}
	type noteRow struct {
		CaseID int64  `bun:"case_id"`
		Note   string `bun:"note"`
	}
	cases := make([]style.Case, len(rows))
	if len(rows) == 0 {
		return cases, nil
	}
	ids, at := make([]int64, len(rows)), make(map[int64]*style.Case, len(rows))
	for i, r := range rows {
		cases[i] = style.Case{
			ID: r.ID, ObjectType: style.ObjectType(r.ObjectType), ObjectID: r.ObjectID, State: style.CaseState(r.State),
			CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), Reasons: map[string]int64{},
		}
		ids[i], at[r.ID] = r.ID, &cases[i]
	}
	reasons, err := db.Select[reasonRow](ctx, s.db, "SELECT case_id, reason, count(*) AS n FROM reports WHERE "+s.db.In("case_id", 1)+" GROUP BY case_id, reason", db.List(s.db, ids))
	if err != nil {
		return nil, fmt.Errorf("count reports: %w", err)
	}
	for _, r := range reasons {
		at[r.CaseID].Reasons[r.Reason] = r.Count
		at[r.CaseID].Count += r.Count
	}
	words, err := db.Select[noteRow](ctx, s.db, `SELECT case_id, note FROM (SELECT case_id, note, created_at, user_id,
		row_number() OVER (PARTITION BY case_id ORDER BY created_at DESC, user_id DESC) AS place FROM reports WHERE note <> '' AND `+s.db.In("case_id", 1)+`) n
		WHERE place <= $2 ORDER BY case_id, place`, db.List(s.db, ids), notes)
	if err != nil {
		return nil, fmt.Errorf("read reports: %w", err)
	}
	for _, w := range words {
		at[w.CaseID].Notes = append(at[w.CaseID].Notes, w.Note)
	}
	return cases, nil
}

// SetCase implements style.ReportStore.
func (s *Store) SetCase(ctx context.Context, id int64, state style.CaseState, at time.Time) error {
	_, err := db.Exec(ctx, s.db, "UPDATE report_cases SET state = $2, updated_at = $3 WHERE id = $1", id, string(state), at)
	return err
}
