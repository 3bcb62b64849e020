package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
	"rally/platform/testkit"
)

// The sizes of an article have one chart: whoever traded last says the close,
// whatever it was.
func TestTheDaysOfAllSizesTogether(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		at := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
		if err := d.InTx(t.Context(), func(ctx context.Context) error {
			for _, statement := range []string{
				"INSERT INTO brands (id, name, name_key, created_at) VALUES (1, 'Solbit', 'solbit', $1)",
				"INSERT INTO product_infos (id, brand_id, eng_name, kor_name, category, delivery_tag, created_at) VALUES (1, 1, 'Court', 'Court', 'shoes', 'immediate', $1)",
				"INSERT INTO products (id, info_id, size, created_at) VALUES (1, 1, 'ALL', $1), (2, 1, '260', $1), (3, 1, '270', $1)",
			} {
				if _, err := db.Exec(ctx, d, statement, at); err != nil {
					return err
				}
			}
			_, err := db.Exec(ctx, d, insertDay+`VALUES (2, '2026-03-01', 12, 9, 10, 2, 21, 41), (3, '2026-03-01', 1000000000, 7, 1000000000, 1, 1000000000, 43),
				(2, '2026-03-04', 5, 5, 5, 1, 5, 50), (3, '2026-02-01', 3, 3, 3, 1, 3, 7)`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		s := New(d)
		for product, want := range map[int64][]shop.PriceDay{
			1: {{Day: "2026-03-01", High: 1_000_000_000, Low: 7, Close: 1_000_000_000, Volume: 3, Total: 1_000_000_021}, {Day: "2026-03-04", High: 5, Low: 5, Close: 5, Volume: 1, Total: 5}},
			2: {{Day: "2026-03-01", High: 12, Low: 9, Close: 10, Volume: 2, Total: 21}, {Day: "2026-03-04", High: 5, Low: 5, Close: 5, Volume: 1, Total: 5}},
		} {
			got, err := s.PriceDays(t.Context(), product, "2026-03-01")
			if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("product %d: %+v, %v", product, got, err)
			}
		}
	})
}
