// Package audit keeps what the staff writes: who did what to which thing, when,
// why, and what it changed. A row commits with the write that it tells of, or
// not at all, and is never changed afterwards.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/fault"
	"rally/platform/page"
)

// Entry is one write of the staff.
type Entry struct {
	ID            int64
	ActorID       int64
	Action        string // module.thing.verb
	Target        string // thing:id
	Reason        string
	Before, After json.RawMessage // objects, or nil
	CreatedAt     time.Time
}

// Filter chooses entries. The zero one chooses all.
type Filter struct {
	ActorID int64
	Action  string // or its beginning, such as shop.order
	Target  string
}

// maxFilter is the longest action or target that can be asked for.
const maxFilter = 100

// Log is the audit log. It is safe for concurrent use.
type Log struct {
	d   *db.DB
	now func() time.Time
}

// New returns the log of a database. The clock returns UTC.
func New(d *db.DB, clock func() time.Time) *Log { return &Log{d, clock} }

// Record stores what an action of the caller made of a target, in the
// transaction of ctx. Before and after become JSON; nil is nothing. It returns
// auth.ErrRequired when nobody is logged in: a write that nobody answers for
// must not happen.
func (l *Log) Record(ctx context.Context, action, target, reason string, before, after any) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	texts := [2]string{}
	for i, v := range []any{before, after} {
		if v == nil {
			continue
		}
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("audit: write %s of %s: %w", action, target, err)
		}
		texts[i] = string(b)
	}
	return l.d.InTx(ctx, func(ctx context.Context) error {
		_, err := db.Exec(ctx, l.d, "INSERT INTO audit_log (actor_id, action, target, reason, before, after, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			caller.UserID, action, target, reason, texts[0], texts[1], l.now())
		return err
	})
}

type row struct {
	ID        int64     `bun:"id"`
	ActorID   int64     `bun:"actor_id"`
	Action    string    `bun:"action"`
	Target    string    `bun:"target"`
	Reason    string    `bun:"reason"`
	Before    string    `bun:"before"`
	After     string    `bun:"after"`
	CreatedAt time.Time `bun:"created_at"`
}

// List names the list of a filter's entries for its cursors.
func (f Filter) List() page.CursorList {
	return page.CursorList{Name: "audit", Filters: []string{strconv.FormatInt(f.ActorID, 10), f.Action, f.Target}}
}

// List returns entries, the newest first. Staff only.
func (l *Log) List(ctx context.Context, f Filter, r page.CursorRequest) (page.Slice[Entry], error) {
	none := page.Slice[Entry]{}
	if _, err := auth.RequireStaff(ctx); err != nil {
		return none, err
	}
	for field, text := range map[string]string{"action": f.Action, "target": f.Target} {
		if utf8.RuneCountInString(text) > maxFilter {
			return none, fault.ErrInvalid.WithField(field, "must have at most 100 characters")
		}
	}
	query := "SELECT id, actor_id, action, target, reason, before, after, created_at FROM audit_log WHERE 1 = 1"
	var args []any
	add := func(condition string, arg any) {
		args = append(args, arg)
		query += fmt.Sprintf(condition, len(args))
	}
	if f.ActorID != 0 {
		add(" AND actor_id = $%d", f.ActorID)
	}
	if f.Action != "" {
		add(" AND action >= $%d", f.Action)
		add(" AND action < $%d", f.Action+"\U0010FFFF")
	}
	if f.Target != "" {
		add(" AND target = $%d", f.Target)
	}
	order := "DESC"
	if r.Backward {
		order = "ASC"
	}
	if r.Key != nil {
		add(map[string]string{"DESC": " AND id < $%d", "ASC": " AND id > $%d"}[order], r.Key[0])
	}
	add(" ORDER BY id "+order+" LIMIT $%d", r.Limit())
	rows, err := db.Select[row](ctx, l.d, query, args...)
	if err != nil {
		return none, fmt.Errorf("audit: list: %w", err)
	}
	entries := make([]Entry, len(rows))
	for i, e := range rows {
		entries[i] = Entry{ID: e.ID, ActorID: e.ActorID, Action: e.Action, Target: e.Target, Reason: e.Reason, Before: raw(e.Before), After: raw(e.After), CreatedAt: e.CreatedAt.UTC()}
	}
	return page.Keyset(r, entries, func(e Entry) []int64 { return []int64{e.ID} }), nil
}

func raw(text string) json.RawMessage {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}
