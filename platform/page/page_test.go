package page_test

import (
	"errors"
	"strconv"
	"testing"

	"rally/platform/page"
)

func TestNew(t *testing.T) {
	cases := []struct {
		number, size int
		want         page.Request
		bad          bool
	}{
		{0, 0, page.Request{Number: 1, Size: page.DefaultSize}, false},
		{3, 100, page.Request{Number: 3, Size: 100}, false},
		{101, 100, page.Request{Number: 101, Size: 100}, false},
		{102, 100, page.Request{}, true},
		{1, 101, page.Request{}, true},
		{1, -1, page.Request{}, true},
		{-1, 10, page.Request{}, true},
	}
	for _, c := range cases {
		got, err := page.New(c.number, c.size)
		if errors.Is(err, page.ErrBadPage) != c.bad || got != c.want {
			t.Errorf("New(%d, %d) = %+v, %v", c.number, c.size, got, err)
		}
	}
}

func TestEndsOfTheList(t *testing.T) {
	list := page.List[int]{Rows: make([]int, 40), Count: 90, Page: page.Request{Number: 1, Size: 40}}
	if !list.HasNext() || list.HasPrevious() {
		t.Fatal("first page of three")
	}
	list.Page.Number, list.Rows = 3, make([]int, 10)
	if list.HasNext() || !list.HasPrevious() {
		t.Fatal("last page of three")
	}
}

func TestMapKeepsCountAndPage(t *testing.T) {
	got := page.Map(page.List[int]{Rows: []int{1, 2}, Count: 9, Page: page.Request{Number: 2, Size: 2}}, strconv.Itoa)
	if got.Rows[1] != "2" || got.Count != 9 || got.Page.Number != 2 {
		t.Fatalf("%+v", got)
	}
}
