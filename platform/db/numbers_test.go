package db_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"rally/platform/db"
	"rally/platform/testkit"
)

func TestNumbersComeAsTheyAreInTheDatabase(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		read := func(rest string, args ...any) [][]int64 {
			var got [][]int64
			if err := db.Numbers(t.Context(), d, "a, CAST(b IS NOT NULL AS integer), a", rest, args, func(n []int64) {
				got = append(got, slices.Clone(n))
			}); err != nil {
				t.Fatal(err)
			}
			slices.SortFunc(got, slices.Compare)
			return got
		}
		from := " FROM (SELECT CAST($1 AS bigint) AS a, 1 AS b UNION ALL SELECT CAST($2 AS bigint), NULL UNION ALL SELECT 0, 0) x WHERE a < CAST($3 AS bigint)"
		all := [][]int64{{math.MinInt64, 1, math.MinInt64}, {0, 1, 0}, {math.MaxInt64 - 1, 0, math.MaxInt64 - 1}}
		if got := read(from, int64(math.MinInt64), int64(math.MaxInt64-1), int64(math.MaxInt64)); !reflect.DeepEqual(got, all) {
			t.Errorf("all: %v", got)
		}
		if got := read(from+" ORDER BY a LIMIT 2", int64(math.MinInt64), int64(math.MaxInt64-1), int64(math.MaxInt64)); !reflect.DeepEqual(got, all[:2]) {
			t.Errorf("the lowest two: %v", got)
		}
		if got := read(from, int64(3), int64(4), int64(math.MinInt64)); len(got) != 0 {
			t.Errorf("none: %v", got)
		}
		if err := db.Numbers(t.Context(), d, "a", " FROM (SELECT 'word' AS a) x", nil, func([]int64) {}); err == nil {
			t.Error("a word passed as a number")
		}
	})
}
