package friends_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"rally/modules/friends"
	"rally/platform/testkit"
)

// walls are who doesn't see whom, as a circle reads it; asked are the reads.
type walls struct {
	unseen map[int64]friends.Unseen
	asked  []string
	during func()
}

func (w *walls) Ties(_ context.Context, userID int64) ([]int64, bool, error) {
	return []int64{userID + 1}, true, nil
}

func (w *walls) UnseenByEach(_ context.Context, ids []int64) (map[int64]friends.Unseen, error) {
	w.asked = append(w.asked, fmt.Sprint(ids))
	found := map[int64]friends.Unseen{}
	for _, id := range ids {
		if u, some := w.unseen[id]; some {
			found[id] = u
		}
	}
	if during := w.during; during != nil {
		w.during = nil
		during()
	}
	return found, nil
}

func (w *walls) read() (asked []string) {
	asked, w.asked = w.asked, nil
	return asked
}

func TestACircleRemembersWhoIsHidden(t *testing.T) {
	w := &walls{unseen: map[int64]friends.Unseen{1: {Blocked: []int64{2}, Muted: []int64{3}}}}
	clock := testkit.NewClock(time.Now())
	c := friends.NewCircle(w, clock.Now)
	want := func(what string, userID int64, hidden string, asked ...string) {
		t.Helper()
		got, err := c.Hidden(t.Context(), userID)
		if read := w.read(); err != nil || fmt.Sprint(got) != hidden || !slices.Equal(read, asked) {
			t.Errorf("%s: %v after reading %v (%v), want %s and %v", what, got, read, err, hidden, asked)
		}
	}
	want("at first", 1, "[2 3]", "[1]")
	want("again", 1, "[2 3]")
	want("who sees everybody", 5, "[]", "[5]")
	want("again", 5, "[]") // that is worth remembering, too
	want("nobody", 0, "[]")
	if u, err := c.UnseenBy(t.Context(), 1); err != nil || fmt.Sprint(u) != "{[2] [3]}" {
		t.Errorf("%+v, %v", u, err)
	}
	w.unseen[1], w.unseen[5] = friends.Unseen{Blocked: []int64{2}}, friends.Unseen{Muted: []int64{1}}
	c.Forget(1, 9)
	want("an unmute", 1, "[2]", "[1]")
	want("whom nobody told of", 5, "[]")
	clock.Advance(5 * time.Second)
	want("later", 5, "[1]", "[5]")

	// Of many at once nothing is remembered, and nothing of one used.
	each, err := c.HiddenFromEach(t.Context(), []int64{1, 5, 7})
	if read := w.read(); err != nil || fmt.Sprint(each) != "map[1:[2] 5:[1]]" || !slices.Equal(read, []string{"[1 5 7]"}) {
		t.Errorf("of each: %v after reading %v, %v", each, read, err)
	}
	if each, err := c.HiddenFromEach(t.Context(), nil); err != nil || len(each) != 0 || len(w.read()) != 0 {
		t.Errorf("of nobody: %v, %v", each, err)
	}
	if mates, err := c.FriendsOf(t.Context(), 7); err != nil || !slices.Equal(mates, []int64{8}) {
		t.Errorf("friends: %v, %v", mates, err)
	}
}

// Who blocks while they are being read hides all the same.
func TestABlockOvertakesWhoIsBeingRead(t *testing.T) {
	w := &walls{unseen: map[int64]friends.Unseen{}}
	c := friends.NewCircle(w, testkit.NewClock(time.Now()).Now)
	w.during = func() {
		w.unseen[1] = friends.Unseen{Blocked: []int64{2}}
		c.Forget(1, 2)
	}
	if u, err := c.UnseenBy(t.Context(), 1); err != nil || len(u.All()) != 0 {
		t.Fatalf("read before the block: %+v, %v", u, err)
	}
	if u, err := c.UnseenBy(t.Context(), 1); err != nil || fmt.Sprint(u.All()) != "[2]" {
		t.Errorf("read after the block: %+v, %v", u, err)
	}
}

// A list that is handed out to several is not written into.
func TestWhatIsUnseenIsNotShared(t *testing.T) {
	blocked := append(make([]int64, 0, 8), 2)
	u := friends.Unseen{Blocked: blocked, Muted: []int64{3}}
	one, two := u.All(), friends.Unseen{Blocked: blocked, Muted: []int64{4}}.All()
	if fmt.Sprint(one, two) != "[2 3] [2 4]" {
		t.Errorf("%v, %v", one, two)
	}
}
