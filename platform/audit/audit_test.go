package audit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"rally/platform/audit"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/fault"
	"rally/platform/page"
	"rally/platform/testkit"
)

func staff(t *testing.T, id int64) context.Context {
	return auth.With(t.Context(), auth.Identity{UserID: id, SessionID: 1, Staff: true})
}

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func list(t *testing.T, l *audit.Log, f audit.Filter) []audit.Entry {
	t.Helper()
	found, err := l.List(staff(t, 1), f, page.CursorRequest{Size: 50})
	if err != nil {
		t.Fatal(err)
	}
	return found.Rows
}

func record(t *testing.T, l *audit.Log, actor int64, action, target string) {
	t.Helper()
	if err := l.Record(staff(t, actor), action, target, "", nil, map[string]any{"n": 1}); err != nil {
		t.Fatal(err)
	}
}

func TestAnEntryKeepsWhatWasSaid(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		l := audit.New(d, noon)
		before, after := map[string]any{"name": `솔빛 "A"`}, map[string]any{"name": "Solbit", "tags": []string{"x"}}
		if err := l.Record(staff(t, 7), "shop.brand.change", "brand:3", "A typo.", before, after); err != nil {
			t.Fatal(err)
		}
		rows := list(t, l, audit.Filter{})
		if len(rows) != 1 {
			t.Fatalf("%d rows", len(rows))
		}
		e := rows[0]
		if e.ActorID != 7 || e.Action != "shop.brand.change" || e.Target != "brand:3" || e.Reason != "A typo." || !e.CreatedAt.Equal(noon()) || e.CreatedAt.Location() != time.UTC {
			t.Errorf("%+v", e)
		}
		if string(e.Before) != `{"name":"솔빛 \"A\""}` || string(e.After) != `{"name":"Solbit","tags":["x"]}` {
			t.Errorf("%s, %s", e.Before, e.After)
		}
		record(t, l, 7, "shop.brand.create", "brand:4")
		if e := list(t, l, audit.Filter{Target: "brand:4"})[0]; e.Before != nil {
			t.Errorf("what was nothing is %s", e.Before)
		}
	})
}

// An entry comes and goes with the write that it tells of.
func TestAnEntryIsPartOfItsTransaction(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		l, undone := audit.New(d, noon), errors.New("undone")
		for _, outcome := range []error{undone, nil} {
			err := d.InTx(staff(t, 7), func(ctx context.Context) error {
				if err := l.Record(ctx, "shop.brand.create", "brand:3", "", nil, map[string]any{}); err != nil {
					return err
				}
				return outcome
			})
			if !errors.Is(err, outcome) {
				t.Fatal(err)
			}
			if n := len(list(t, l, audit.Filter{})); (n == 1) != (outcome == nil) {
				t.Errorf("after %v: %d rows", outcome, n)
			}
		}
	})
}

// A write that nobody answers for must not happen.
func TestNobodyRecordsNothing(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		l := audit.New(d, noon)
		if err := l.Record(t.Context(), "shop.brand.create", "brand:3", "", nil, nil); !errors.Is(err, auth.ErrRequired) {
			t.Errorf("recorded: %v", err)
		}
		if err := l.Record(staff(t, 7), "shop.brand.create", "brand:3", "", nil, func() {}); err == nil {
			t.Error("what has no JSON form was recorded")
		}
		if n := len(list(t, l, audit.Filter{})); n != 0 {
			t.Errorf("%d rows", n)
		}
		for want, ctx := range map[error]context.Context{auth.ErrRequired: t.Context(), auth.ErrForbidden: auth.With(t.Context(), auth.Identity{UserID: 7})} {
			if _, err := l.List(ctx, audit.Filter{}, page.CursorRequest{Size: 5}); !errors.Is(err, want) {
				t.Errorf("read: %v, want %v", err, want)
			}
		}
	})
}

func TestFiltersOfTheLog(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		l := audit.New(d, noon)
		record(t, l, 7, "shop.brand.create", "brand:3")
		record(t, l, 8, "shop.brand.change", "brand:3")
		record(t, l, 8, "shop.order.pass", "order:3")
		record(t, l, 8, "shop.order.passport", "order:33")
		record(t, l, 8, "style.post.delete", "post:3")
		for f, want := range map[audit.Filter]string{
			{}:                                     "style.post.delete shop.order.passport shop.order.pass shop.brand.change shop.brand.create ",
			{ActorID: 7}:                           "shop.brand.create ",
			{Action: "shop"}:                       "shop.order.passport shop.order.pass shop.brand.change shop.brand.create ",
			{Action: "shop.order.pass"}:            "shop.order.passport shop.order.pass ",
			{Action: "shop.order.passp"}:           "shop.order.passport ",
			{Action: "SHOP"}:                       "",
			{Action: "%"}:                          "",
			{Action: "shop_"}:                      "",
			{Target: "order:3"}:                    "shop.order.pass ",
			{Target: "brand:3", ActorID: 8}:        "shop.brand.change ",
			{Target: "brand:3", Action: "style"}:   "",
			{Action: "shop.brand.create' OR '1=1"}: "",
		} {
			got := ""
			for _, e := range list(t, l, f) {
				got += e.Action + " "
			}
			if got != want {
				t.Errorf("%+v chooses %q, want %q", f, got, want)
			}
		}
		long := fmt.Sprintf("%101d", 1)
		for field, f := range map[string]audit.Filter{"action": {Action: long}, "target": {Target: long}} {
			_, err := l.List(staff(t, 1), f, page.CursorRequest{Size: 5})
			if len(fault.From(err).Fields[field]) != 1 {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}
