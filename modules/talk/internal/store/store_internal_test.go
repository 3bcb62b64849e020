package store

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"rally/migrations"
	"rally/modules/talk"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

var at = time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC)

func execute(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(t.Context(), d, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
}

func scalar[T any](t *testing.T, d *db.DB, query string) T {
	t.Helper()
	got, err := db.Get[T](t.Context(), d, query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return got
}

// What was said before there were rooms stays, with its likes and its numbers; and
// back again.
func TestRemarksMoveIntoARoom(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		m, err := db.NewMigrator(d, migrations.Files)
		if err != nil {
			t.Fatal(err)
		}
		down := func() {
			t.Helper()
			for {
				version, err := m.Down(t.Context())
				if err != nil || version == 0 {
					t.Fatalf("down at %d: %v", version, err)
				}
				if version == 12 {
					return
				}
			}
		}
		up := func() {
			t.Helper()
			if _, err := m.Up(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		down()
		execute(t, d, "INSERT INTO brands (name, name_key, created_at) VALUES ('Solbit', 'solbit', $1)", at)
		brand := scalar[int64](t, d, "SELECT id FROM brands")
		execute(t, d, "INSERT INTO product_infos (id, brand_id, eng_name, kor_name, category, delivery_tag, comments, created_at) VALUES (5, $1, 'Court 84', '코트 84', 'shoes', 'immediate', 3, $2)", brand, at)
		for _, row := range [][]any{{"a comment", nil, nil}, {"another", nil, nil}, {"a reply", 1, 8}, {"gone", 2, 8}} {
			execute(t, d, "INSERT INTO remarks (info_id, user_id, content, comment_id, to_user_id, num_likes, created_at, edited_at) VALUES (5, 8, $1, $2, $3, 1, $4, $4)", row[0], row[1], row[2], at)
		}
		for id := range 4 {
			execute(t, d, "INSERT INTO remark_likes (remark_id, user_id, created_at) VALUES ($1, 9, $2)", id+1, at)
		}
		execute(t, d, "DELETE FROM remarks WHERE id = 4") // takes its like along

		up()
		s, hall := New(d), &talk.Room{Kind: "info", Faults: talk.Faults{}}
		check := func(when string) {
			t.Helper()
			list, err := s.RemarksOf(t.Context(), hall, 8, page.Request{Number: 1, Size: 10})
			if err != nil || len(list.Rows) != 3 {
				t.Fatalf("%s: %+v, %v", when, list, err)
			}
			for i, want := range []talk.Remark{{ID: 3, CommentID: 1, ToUserID: 8, Content: "a reply"}, {ID: 2, Content: "another"}, {ID: 1, Content: "a comment"}} {
				want.PlaceID, want.UserID, want.NumLikes, want.CreatedAt, want.EditedAt = 5, 8, 1, at, &at
				got := list.Rows[i]
				if got.EditedAt == nil || !got.EditedAt.Equal(at) {
					t.Errorf("%s: edited %v", when, got.EditedAt)
				}
				got.EditedAt = want.EditedAt
				if got != want {
					t.Errorf("%s: %+v, want %+v", when, got, want)
				}
			}
			if n := scalar[int64](t, d, "SELECT count(*) FROM remark_likes WHERE user_id = 9 AND remark_id IN (1, 2, 3)"); n != 3 {
				t.Errorf("%s: %d likes", when, n)
			}
		}
		check("moved")
		say := func(want int64) {
			t.Helper()
			r := talk.Remark{PlaceID: 77, UserID: 8, Content: "elsewhere", CreatedAt: at}
			err := d.InTx(t.Context(), func(ctx context.Context) error { return s.InsertRemark(ctx, &talk.Room{Kind: "post"}, &r) })
			if err != nil || r.ID != want {
				t.Fatalf("the next has the number %d, %v", r.ID, err)
			}
		}
		say(5)
		execute(t, d, "UPDATE remarks SET hidden_at = $1 WHERE id = 1", at)
		execute(t, d, "UPDATE product_infos SET comments = 1")

		down()
		if n := scalar[int64](t, d, "SELECT count(*) FROM remarks WHERE info_id = 5"); n != 3 {
			t.Errorf("moved back: %d remarks", n)
		}
		if n := scalar[int64](t, d, "SELECT comments FROM product_infos"); n != 3 {
			t.Errorf("the article counts %d", n)
		}
		up()
		check("moved again")
		say(6)
		// Replies and likes still go with what they belong to.
		execute(t, d, "DELETE FROM remarks WHERE id = 1")
		if n := scalar[int64](t, d, "SELECT count(*) FROM remarks WHERE id IN (1, 3)") + scalar[int64](t, d, "SELECT count(*) FROM remark_likes WHERE remark_id <> 2"); n != 0 {
			t.Errorf("%d rows hang on nothing", n)
		}
	})
}

// A page of comments is read by its index, however much is said elsewhere.
func TestCommentsAreReadByTheirIndex(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := New(d)
		execute(t, d, `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
			INSERT INTO remarks (room, place_id, user_id, content, comment_id, to_user_id, created_at)
			SELECT CASE WHEN i % 2 = 0 THEN 'info' ELSE 'post' END, i % 50, i, 'x', CASE WHEN i > 500 THEN i % 500 + 1 END, CASE WHEN i > 500 THEN 1 END, $1 FROM n`, at)
		execute(t, d, "ANALYZE")
		for _, by := range []talk.Viewer{{}, {UserID: 7, Hidden: []int64{3, 4}}, {UserID: 9, Staff: true}} {
			query, args := s.comments(&talk.Room{Kind: "info"}, 6, by, page.CursorRequest{Size: 20})
			got := testkit.Plan(t, d, query, args...)
			if !strings.Contains(got, "remarks_comments_idx") || strings.Contains(got, "Seq Scan on remarks r") || slices.Contains(strings.Split(got, "\n"), "SCAN r") {
				t.Errorf("%+v reads comments so:\n%s", by, got)
			}
		}
	})
}
