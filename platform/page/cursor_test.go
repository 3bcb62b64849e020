package page_test

import (
	"cmp"
	"encoding/base64"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rally/platform/fault"
	"rally/platform/page"
)

type row struct{ rank, id int64 }

func rowKey(r row) []int64 { return []int64{r.rank, r.id} }

// table is a store: rows in the list's order, highest rank and id first.
type table []row

func inOrder(a, b row) int { return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(b.id, a.id)) }

func newTable(rows ...row) table {
	slices.SortFunc(rows, inOrder)
	return rows
}

// read does what a store's SQL does.
func (t table) read(r page.CursorRequest) page.Slice[row] {
	rows := slices.Clone(t)
	if r.Backward {
		slices.Reverse(rows)
	}
	if r.Key != nil {
		edge := row{r.Key[0], r.Key[1]}
		rows = slices.DeleteFunc(rows, func(x row) bool {
			c := inOrder(x, edge)
			return r.Backward && c >= 0 || !r.Backward && c <= 0
		})
	}
	return page.Keyset(r, rows[:min(len(rows), r.Limit())], rowKey)
}

func ranks() page.CursorList {
	return page.CursorList{Name: "test.ranks", Keys: 2, Filters: []string{"season=1"}}
}

func (t table) page(tb interface{ Fatal(...any) }, cursor string, size int) page.Slice[row] {
	r, err := ranks().Parse(cursor, size)
	if err != nil {
		tb.Fatal(err)
	}
	return t.read(r)
}

// last is the cursor of the last page.
func last(tb interface{ Fatal(...any) }) string {
	s := table{}.page(tb, table{{0, 2}, {0, 1}}.page(tb, "", 1).Next, 1)
	return s.Previous
}

func tenRows() table {
	var rows []row
	for id := range int64(10) {
		rows = append(rows, row{id % 3, id})
	}
	return newTable(rows...)
}

func TestWalksSeeEveryRowOnce(t *testing.T) {
	all := tenRows()
	for size := 1; size <= 11; size++ {
		var there, back []row
		for cursor, more := "", true; more; more = cursor != "" {
			s := all.page(t, cursor, size)
			if there == nil && s.Previous != "" {
				t.Error("a page before the first")
			}
			there, cursor = append(there, s.Rows...), s.Next
		}
		for cursor := last(t); cursor != ""; {
			s := all.page(t, cursor, size)
			if back == nil && s.Next != "" {
				t.Error("a page after the last")
			}
			back, cursor = append(slices.Clone(s.Rows), back...), s.Previous
		}
		if !slices.Equal(there, all) || !slices.Equal(back, all) {
			t.Errorf("size %d: %v and %v", size, there, back)
		}
	}
}

func TestPreviousIsTheWayBack(t *testing.T) {
	all := tenRows()
	first := all.page(t, "", 4)
	second := all.page(t, first.Next, 4)
	third := all.page(t, second.Next, 4)
	if len(third.Rows) != 2 || third.Next != "" {
		t.Fatalf("%+v", third)
	}
	if back := all.page(t, third.Previous, 4); !slices.Equal(back.Rows, second.Rows) || back.Next != second.Next || back.Previous != second.Previous {
		t.Errorf("%+v, want %+v", back, second)
	}
	if back := all.page(t, second.Previous, 4); !slices.Equal(back.Rows, first.Rows) || back.Next != first.Next || back.Previous != "" {
		t.Errorf("%+v, want %+v", back, first)
	}
}

// Rows that stay are seen exactly once, whatever comes above or goes anywhere
// between two pages.
func TestWalksBearChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.Custom(func(t *rapid.T) row {
			return row{rapid.Int64Range(0, 3).Draw(t, "rank"), rapid.Int64Range(0, 1000).Draw(t, "id")}
		})
		start := newTable(rapid.SliceOfNDistinct(keys, 0, 30, func(r row) row { return r }).Draw(t, "rows")...)
		size := rapid.IntRange(1, 7).Draw(t, "size")
		backward := rapid.Bool().Draw(t, "backward")
		now, cursor := slices.Clone(start), ""
		if backward {
			cursor = last(t)
		}
		var seen []row
		gone := map[row]bool{}
		for step := int64(0); ; step++ {
			s := now.page(t, cursor, size)
			if len(s.Rows) > size || !slices.IsSortedFunc(s.Rows, inOrder) {
				t.Fatalf("page %v", s.Rows)
			}
			seen = append(seen, s.Rows...)
			if cursor = s.Next; backward {
				cursor = s.Previous
			}
			if cursor == "" {
				break
			}
			if !backward { // going back one does meet what came above
				now = append(table{{5 + step, 2000 + step}}, now...)
			}
			for range rapid.IntRange(0, 3).Draw(t, "deletions") {
				if len(now) > 0 {
					i := rapid.IntRange(0, len(now)-1).Draw(t, "index")
					gone[now[i]] = true
					now = slices.Delete(slices.Clone(now), i, i+1)
				}
			}
		}
		count := map[row]int{}
		for _, r := range seen {
			if count[r]++; count[r] > 1 || !slices.Contains(start, r) {
				t.Fatalf("%v seen %d times", r, count[r])
			}
		}
		for _, r := range start {
			if count[r] == 0 && !gone[r] {
				t.Fatalf("%v not seen", r)
			}
		}
	})
}

func TestEmptyPagesLeadBack(t *testing.T) {
	all := tenRows()
	first := all.page(t, "", 4)
	second := all.page(t, first.Next, 4)

	shorter := all[:4] // the rest went between two pages
	s := shorter.page(t, first.Next, 4)
	if len(s.Rows) != 0 || s.Next != "" {
		t.Fatalf("%+v", s)
	}
	if back := shorter.page(t, s.Previous, 4); !slices.Equal(back.Rows, shorter) || back.Next != "" || back.Previous != "" {
		t.Errorf("the last page: %+v", back)
	}

	s = all[4:].page(t, second.Previous, 4) // the start went
	if len(s.Rows) != 0 || s.Previous != "" {
		t.Fatalf("%+v", s)
	}
	if forth := all[4:].page(t, s.Next, 4); !slices.Equal(forth.Rows, second.Rows) || forth.Previous != "" {
		t.Errorf("the first page: %+v", forth)
	}

	for _, cursor := range []string{"", last(t)} {
		if s := (table{}).page(t, cursor, 4); len(s.Rows) != 0 || s.Next != "" || s.Previous != "" {
			t.Errorf("an empty list: %+v", s)
		}
	}
	if s := all.page(t, "", 10); len(s.Rows) != 10 || s.Next != "" || s.Previous != "" {
		t.Errorf("a list of one full page: %+v", s)
	}
}

func TestKeysKeepTheirValue(t *testing.T) {
	for _, k := range []int64{0, 1, -1, math.MaxInt64, math.MinInt64, 1_700_000_000_000_000} {
		r, err := ranks().Parse(table{{k, -k}, {0, 0}}.page(t, "", 1).Next, 0)
		if err != nil || !slices.Equal(r.Key, []int64{k, -k}) || r.Size != page.DefaultCursorSize || r.Backward {
			t.Errorf("%d: %+v, %v", k, r, err)
		}
	}
}

func TestCursorSizes(t *testing.T) {
	for size, want := range map[int]int{0: 20, 1: 1, 100: 100, 101: 0, -1: 0} {
		r, err := ranks().Parse("", size)
		if r.Size != want || errors.Is(err, page.ErrBadPage) != (want == 0) {
			t.Errorf("%d: %+v, %v", size, r, err)
		}
		if want == 0 && fault.From(err).Fields["page_size"] == nil {
			t.Errorf("%d: %v", size, err)
		}
	}
}

func TestTamperedCursors(t *testing.T) {
	cursor := tenRows().page(t, "", 4).Next
	bad := func(text string) {
		t.Helper()
		if _, err := ranks().Parse(text, 4); !errors.Is(err, page.ErrBadCursor) || fault.From(err).Fields["cursor"] == nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		for bit := range 8 {
			changed := slices.Clone(raw)
			changed[i] ^= 1 << bit
			bad(base64.RawURLEncoding.EncodeToString(changed))
		}
		bad(base64.RawURLEncoding.EncodeToString(raw[:i])[:max(0, 4*i/3)] + "A")
	}
	for i := range cursor {
		for _, c := range "A_-=+/ \n\r\x00\xff" {
			if byte(c) != cursor[i] {
				bad(cursor[:i] + string(c) + cursor[i+1:])
			}
			bad(cursor[:i] + string(c) + cursor[i:])
		}
		if i > 0 {
			bad(cursor[:i])
		}
	}
	bad(cursor + "\n")
	bad(cursor + "=")
	bad(strings.Repeat("A", 1<<20))
	// The same bytes with other unused bits at the end.
	odd := table{{1, 1}, {0, 0}}.page(t, "", 1).Next // 26 bytes: 35 characters, two bits unused
	bad(odd[:len(odd)-1] + string(odd[len(odd)-1]+1))
}

func TestCursorsOfOtherLists(t *testing.T) {
	cursor := tenRows().page(t, "", 4).Next
	for _, other := range []page.CursorList{
		{},
		{Name: "test.ranks", Keys: 2},
		{Name: "test.ranks", Keys: 2, Filters: []string{"season=2"}},
		{Name: "test.ranks", Keys: 2, Filters: []string{"season=1", ""}},
		{Name: "test.ranks", Keys: 2, Filters: []string{"season", "=1"}},
		{Name: "test.ranksseason=1", Keys: 2},
		{Name: "test.rank", Keys: 2, Filters: []string{"sseason=1"}},
		{Name: "test.ranks", Keys: 1, Filters: []string{"season=1"}},
		{Name: "test.ranks", Keys: 3, Filters: []string{"season=1"}},
	} {
		if _, err := other.Parse(cursor, 4); !errors.Is(err, page.ErrBadCursor) {
			t.Errorf("%+v: %v", other, err)
		}
	}
}

func TestKeysetRefusesAnotherNumberOfKeys(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	r, err := page.CursorList{Name: "test.ids"}.Parse("", 1)
	if err != nil {
		t.Fatal(err)
	}
	page.Keyset(r, []row{{1, 1}, {0, 0}}, rowKey)
}

func TestMapSliceKeepsThePlaces(t *testing.T) {
	got := page.MapSlice(page.Slice[row]{Rows: []row{{1, 2}}, Next: "n", Previous: "p"}, func(r row) int64 { return r.id })
	if got.Rows[0] != 2 || got.Next != "n" || got.Previous != "p" {
		t.Fatalf("%+v", got)
	}
	if page.MapSlice(page.Slice[row]{}, func(r row) int64 { return r.id }).Rows == nil {
		t.Error("nil rows would become JSON's null")
	}
}

func FuzzParseCursor(f *testing.F) {
	first := tenRows().page(f, "", 4)
	f.Add(first.Next)
	f.Add(tenRows().page(f, first.Next, 4).Previous)
	f.Add(last(f))
	f.Add("")
	f.Add("AQA\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ranks().Parse(text, 4)
		if err != nil {
			if !errors.Is(err, page.ErrBadCursor) {
				t.Fatal(err)
			}
			return
		}
		if text == "" {
			return
		}
		// A page between two neighbours is bounded by cursors of their keys.
		var again string
		switch {
		case r.Key != nil && r.Backward:
			r.Backward = false
			again = page.Keyset(r, []row{{r.Key[0], r.Key[1]}}, rowKey).Previous
		case r.Key != nil:
			again = page.Keyset(r, make([]row, r.Limit()), func(row) []int64 { return r.Key }).Next
		case r.Backward:
			r.Key, r.Backward = []int64{0, 0}, false
			again = page.Keyset(r, []row{}, rowKey).Previous
		default:
			r.Key, r.Backward = []int64{0, 0}, true
			again = page.Keyset(r, []row{}, rowKey).Next
		}
		if again != text {
			t.Fatalf("%q is also %q", text, again)
		}
	})
}
