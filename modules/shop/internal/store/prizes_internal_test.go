package store

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"rally/migrations"
	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/testkit"
)

// before returns the migrations up to one.
func before(t *testing.T, last string) fs.FS {
	t.Helper()
	some := fstest.MapFS{}
	for _, dialect := range []string{"sqlite", "postgres"} {
		names, err := fs.Glob(migrations.Files, dialect+"/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if filepath.Base(name) >= last {
				continue
			}
			data, err := fs.ReadFile(migrations.Files, name)
			if err != nil {
				t.Fatal(err)
			}
			some[name] = &fstest.MapFile{Data: data}
		}
	}
	return some
}

// bare opens an empty database without any tables.
func bare(t *testing.T, dialect db.Dialect) *db.DB {
	t.Helper()
	url := "sqlite:" + filepath.Join(t.TempDir(), "rally.db")
	if dialect == db.Postgres {
		url = testkit.Postgres(t, testkit.Template{})
	}
	d, err := db.Open(t.Context(), db.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func migrator(t *testing.T, d *db.DB, files fs.FS) *db.Migrator {
	t.Helper()
	m, err := db.NewMigrator(d, files)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func run(t *testing.T, d *db.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.Exec(t.Context(), d, statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func texts(t *testing.T, d *db.DB, query string) []string {
	t.Helper()
	list, err := db.Select[string](t.Context(), d, query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return list
}

// guards are what a schema holds besides tables and columns: indexes, triggers and
// constraints of the orders and of what refers to them.
func guards(t *testing.T, d *db.DB) []string {
	t.Helper()
	if d.Dialect == db.Postgres {
		return texts(t, d, `SELECT indexdef FROM pg_indexes WHERE tablename IN ('orders', 'order_events', 'ledger')
			UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid IN ('ledger'::regclass, 'orders'::regclass, 'order_events'::regclass) AND NOT tgisinternal
			UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN ('ledger'::regclass, 'orders'::regclass, 'order_events'::regclass)
				AND conname NOT IN ('orders_kind_check', 'orders_price_check') ORDER BY 1`)
	}
	return texts(t, d, `SELECT sql FROM sqlite_schema WHERE tbl_name IN ('orders', 'order_events', 'ledger') AND sql IS NOT NULL AND name <> 'orders'
		UNION ALL SELECT "table" || ' ' || "from" || ' ' || "to" || ' ' || on_delete FROM pragma_foreign_key_list('orders')
		UNION ALL SELECT 'next ' || seq FROM sqlite_sequence WHERE name = 'orders' ORDER BY 1`)
}

const plainOrder = `INSERT INTO orders (id, kind, info_id, product_id, buyer_id, taker_side, price, buyer_fee, seller_fee, status, status_at, created_at)
	VALUES ($1, $2, $3, $4, 7, 'purchase', $5, 0, 0, 'settled', $6, $6)`

// A database with orders of before learns of prizes, loses nothing, and goes back.
func TestOrdersLearnOfPrizes(t *testing.T) {
	t.Parallel()
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			d, at := bare(t, dialect), time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)
			old := before(t, "00014")
			if _, err := migrator(t, d, old).Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			run(t, d, "INSERT INTO brands (id, name, name_key, created_at) VALUES (1, 'Solbit', 'solbit', $1)", at)
			run(t, d, "INSERT INTO product_infos (id, brand_id, eng_name, kor_name, category, delivery_tag, created_at) VALUES (5, 1, 'Court 84', '코트 84', 'shoes', 'brand', $1)", at)
			run(t, d, "INSERT INTO products (id, info_id, size, purchase_price, stock, created_at) VALUES (9, 5, 'ALL', 1000, 3, $1)", at)
			for id, price := range []int64{1000, 2000, 3000} {
				run(t, d, plainOrder, id+1, "store", 5, 9, price, at)
			}
			run(t, d, "INSERT INTO order_events (order_id, action, status, actor, actor_id, created_at) VALUES (2, 'dispatch', 'delivering', 'staff', 1, $1)", at)
			run(t, d, "INSERT INTO ledger (order_id, reason, debit, debit_user, credit, amount, created_at) VALUES (2, 'charge', 'buyer', 7, 'escrow', 2000, $1)", at)
			if dialect == db.SQLite { // orders are never deleted, but their numbers are to go on all the same
				run(t, d, "UPDATE sqlite_sequence SET seq = 40 WHERE name = 'orders'")
			}
			const rows = "SELECT id || ' ' || kind || ' ' || price || ' ' || status || ' ' || buyer_id FROM orders ORDER BY id"
			wasRows, wasGuards := texts(t, d, rows), guards(t, d)

			check := func(when string, prizes bool) {
				t.Helper()
				if got := texts(t, d, rows); !slices.Equal(got, wasRows) {
					t.Errorf("%s the orders are %v, were %v", when, got, wasRows)
				}
				if got := guards(t, d); !slices.Equal(got, wasGuards) {
					t.Errorf("%s the schema is\n%s\nwas\n%s", when, strings.Join(got, "\n"), strings.Join(wasGuards, "\n"))
				}
				for _, c := range []struct {
					kind  string
					price int64
					want  bool
				}{{"prize", 0, prizes}, {"prize", -1, false}, {"store", 0, false}, {"store", -1, false}, {"gift", 1, false}, {"store", 1, true}} {
					if _, err := db.Exec(t.Context(), d, plainOrder, 30, c.kind, 5, 9, c.price, at); (err == nil) != c.want {
						t.Errorf("%s a %s at %d: %v", when, c.kind, c.price, err)
					}
					run(t, d, "DELETE FROM orders WHERE id = 30")
				}
				for what, statement := range map[string]string{
					"an order of no product":      fmt.Sprintf("UPDATE orders SET product_id = 77 WHERE id = %d", 1),
					"an order with steps deleted": "DELETE FROM orders WHERE id = 2",
					"a posting changed":           "UPDATE ledger SET amount = 1",
					"a posting deleted":           "DELETE FROM ledger",
				} {
					if _, err := db.Exec(t.Context(), d, statement); err == nil {
						t.Errorf("%s: %s is accepted", when, what)
					}
				}
				if dialect == db.SQLite {
					if got := texts(t, d, "PRAGMA integrity_check"); !slices.Equal(got, []string{"ok"}) {
						t.Errorf("%s: %v", when, got)
					}
					if got := texts(t, d, `SELECT "table" FROM pragma_foreign_key_check`); len(got) > 0 {
						t.Errorf("%s, broken references: %v", when, got)
					}
				}
			}
			check("before", false)
			m := migrator(t, d, migrations.Files)
			if _, err := m.Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			check("afterwards", true)
			if dialect == db.SQLite {
				run(t, d, plainOrder, nil, "store", 5, 9, 1, at)
				if last := texts(t, d, "SELECT max(id) || '' FROM orders"); !slices.Equal(last, []string{"41"}) {
					t.Errorf("the next order is %v", last)
				}
				run(t, d, "DELETE FROM orders WHERE id = 41")
				run(t, d, "UPDATE sqlite_sequence SET seq = 40 WHERE name = 'orders'")
			}

			// A database that came this way is the same as a new one.
			if got, want := testkit.Schema(t, d), testkit.Schema(t, testkit.OpenDB(t, dialect)); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("the schema is %v, a new one is %v", got, want)
			}
			if dialect == db.SQLite {
				const all = "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name"
				if got, want := texts(t, d, all), texts(t, testkit.OpenDB(t, dialect), all); !slices.Equal(got, want) {
					t.Errorf("the schema is\n%v\na new one is\n%v", got, want)
				}
			}

			// Back, prizes go: nothing of before knows them.
			run(t, d, plainOrder, 35, shop.KindPrize, 5, 9, 0, at)
			run(t, d, "INSERT INTO order_events (order_id, action, status, actor, actor_id, created_at) VALUES (35, 'dispatch', 'delivering', 'staff', 1, $1)", at)
			run(t, d, "INSERT INTO shop_prizes (product_id, info_id, stocked, state, order_id, created_at, ended_at) VALUES (9, 5, true, 'awarded', 35, $1, $1)", at)
			for {
				version, err := m.Down(t.Context())
				if err != nil || version == 0 {
					t.Fatalf("down at %d: %v", version, err)
				}
				if version == 15 {
					break
				}
			}
			check("taken back", false)
			if _, err := m.Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			check("once more", true)
		})
	}
}
