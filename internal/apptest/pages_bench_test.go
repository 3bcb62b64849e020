package apptest_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"rally/internal/apptest"
	"rally/platform/db"
	"rally/platform/testkit"
)

// seed is a statement that fills a table.
type seed struct {
	text string
	args []any
}

// fill runs statements, and lets the database count what is there now.
func fill(b *testing.B, s *apptest.Server, seeds []seed) {
	b.Helper()
	if err := s.DB.InTx(b.Context(), func(ctx context.Context) error {
		for _, one := range seeds {
			if _, err := db.Exec(ctx, s.DB, one.text, one.args...); err != nil {
				return fmt.Errorf("%.80s: %w", one.text, err)
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	if _, err := s.DB.Pool().ExecContext(b.Context(), "ANALYZE"); err != nil {
		b.Fatal(err)
	}
}

// shelfOf fills the shop with articles of ten sizes and two pictures each, and
// returns the first one's id and that of its size ALL.
func shelfOf(b *testing.B, s *apptest.Server, articles int) (info, all int64) {
	b.Helper()
	const sizes = 11 // with ALL
	const numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < CAST($1 AS integer)) "
	at := s.Clock.Now()
	fill(b, s, []seed{
		{"INSERT INTO brands (id, name, name_key, created_at) VALUES (1000, 'Solbit', 'solbit', $1)", []any{at}},
		{numbers + `INSERT INTO product_infos (id, brand_id, eng_name, kor_name, model_number, colorway, category, delivery_tag, retail_price, release_date, tick, wishes, created_at)
			SELECT 1000 + i, 1000, 'Measured Runner ' || i || ' Slate', '측정 러너 ' || i || ' 슬레이트', 'MR-' || i, 'Slate', 'shoes', 'immediate', 119000 + 1000 * i, '2026-03-01', 1000, i * 37 % 101, $2 FROM n`,
			[]any{articles, at}},
		{numbers + `INSERT INTO products (id, info_id, size, position, biddable, purchase_price, created_at)
			SELECT 1000 + i, 1000 + i / 11, CASE WHEN i % 11 = 0 THEN 'ALL' ELSE CAST(225 + 5 * (i % 11) AS text) END, i % 11, i % 11 > 0, CASE WHEN i % 11 > 0 THEN 100000 END, $2 FROM n`,
			[]any{articles * sizes, at}},
		{numbers + `INSERT INTO product_images (info_id, blob_key, width, height, created_at)
			SELECT 1000 + i / 2, 'shop/0123456789abcdef0123456789abcde' || i % 2 || '.jpg', 1600, 1067, $2 FROM n`, []any{articles * 2, at}},
		{numbers + `INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at)
			SELECT p.id, 1, CASE WHEN i < 20 THEN 'sales' ELSE 'purchase' END, CASE WHEN i < 20 THEN 100000 + 1000 * i ELSE 99000 - 1000 * (i - 20) END, i + 1, 'open', $2, $3
			FROM products p CROSS JOIN n WHERE p.biddable`, []any{30, at, at.AddDate(0, 0, 30)}},
		{numbers + `INSERT INTO bids (product_id, user_id, side, price, priority, status, created_at, expires_at, closed_at)
			SELECT p.id, 1, 'sales', 100000, 0, 'filled', $2, $2, $2 FROM products p CROSS JOIN n WHERE p.biddable`, []any{20, at}},
		{`INSERT INTO orders (kind, info_id, product_id, bid_id, buyer_id, seller_id, taker_side, price, buyer_fee, seller_fee, status, status_at, created_at)
			SELECT 'trans', p.info_id, p.id, d.id, 2, 1, 'purchase', d.price, 0, 0, 'settled', d.created_at, d.created_at FROM bids d JOIN products p ON p.id = d.product_id WHERE d.status = 'filled'`, nil},
	})
	return 1000, 1000
}

// nowhere is where answers go.
type nowhere struct {
	header http.Header
	status int
	bytes  int64
}

func (w *nowhere) Header() http.Header         { return w.header }
func (w *nowhere) WriteHeader(status int)      { w.status = status }
func (w *nowhere) Write(p []byte) (int, error) { w.bytes += int64(len(p)); return len(p), nil }

// BenchmarkPages tells what a page costs inside this process: the whole
// program without the network, and on PostgreSQL without the database.
func BenchmarkPages(b *testing.B) {
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		b.Run(string(dialect), func(b *testing.B) {
			s := apptest.Start(b, dialect, map[string]string{"RALLY_LOG_LEVEL": "warn"})
			info, all := shelfOf(b, s, 100)
			for _, page := range []struct{ name, path, packing string }{
				{"meta", "/api/meta/", ""},
				{"catalogue", "/api/shop/productinfos/?category=shoes&ordering=popular&page_size=40", ""},
				{"catalogue_gzip", "/api/shop/productinfos/?category=shoes&ordering=popular&page_size=40", "gzip"},
				{"article", fmt.Sprintf("/api/shop/productinfos/%d/products/ALL/", info), ""},
				{"book", fmt.Sprintf("/api/shop/products/%d/book/", all), ""},
				{"trades", fmt.Sprintf("/api/shop/products/%d/trades/", all), ""},
				{"chart", fmt.Sprintf("/api/shop/products/%d/chart/", all), ""},
				{"stats", fmt.Sprintf("/api/shop/products/%d/stats/", all), ""},
			} {
				b.Run(page.name, func(b *testing.B) {
					header := http.Header{}
					if page.packing != "" {
						header.Set("Accept-Encoding", page.packing)
					}
					measure(b, s, page.path, header)
				})
			}
		})
	}
}

// measure asks for a page over and over.
func measure(b *testing.B, s *apptest.Server, path string, header http.Header) {
	b.Helper()
	b.ReportAllocs()
	before, w := testkit.ProcessorTime(b), &nowhere{}
	for b.Loop() {
		r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, s.URL+path, http.NoBody)
		if err != nil {
			b.Fatal(err)
		}
		r.RemoteAddr, r.Header = "127.0.0.1:9", header.Clone()
		*w = nowhere{header: http.Header{}, status: http.StatusOK, bytes: 0}
		s.Web.ServeHTTP(w, r)
		if w.status != http.StatusOK {
			b.Fatal(w.status)
		}
	}
	b.ReportMetric(float64((testkit.ProcessorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
	b.ReportMetric(float64(w.bytes), "answer-B")
}
