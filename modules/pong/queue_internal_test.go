package pong

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func waits(user int64, rating float64, since time.Duration) Waiting {
	return Waiting{UserID: user, Rating: rating, JoinedAt: noon.Add(-since), SeenAt: noon}
}

func pairsOf(apart func(a, b int64) bool, list ...Waiting) [][2]int64 {
	var ids [][2]int64
	for _, p := range pairOff(list, noon, apart) {
		ids = append(ids, [2]int64{p[0].UserID, p[1].UserID})
	}
	return ids
}

func together(int64, int64) bool { return false }

func TestPairing(t *testing.T) {
	strangers := func(a, b int64) bool { return a+b == 3 } // 1 and 2
	for name, c := range map[string]struct {
		list  []Waiting
		apart func(a, b int64) bool
		want  [][2]int64
	}{
		"nobody":                       {nil, together, nil},
		"one":                          {[]Waiting{waits(1, 1500, time.Hour)}, together, nil},
		"close ones at once":           {[]Waiting{waits(1, 1500, 0), waits(2, 1600, 0)}, together, [][2]int64{{1, 2}}},
		"far ones not yet":             {[]Waiting{waits(1, 1500, 0), waits(2, 1601, 0)}, together, nil},
		"both windows count":           {[]Waiting{waits(1, 1500, 9*time.Second), waits(2, 1700, time.Second)}, together, nil},
		"both have grown":              {[]Waiting{waits(1, 1500, 2*time.Second), waits(2, 1700, 2*time.Second)}, together, [][2]int64{{1, 2}}},
		"patience takes anybody":       {[]Waiting{waits(1, 800, patience), waits(2, 2900, 0)}, together, [][2]int64{{1, 2}}},
		"the closest":                  {[]Waiting{waits(1, 1500, 2*time.Millisecond), waits(2, 1590, time.Millisecond), waits(3, 1450, 0)}, together, [][2]int64{{1, 3}}},
		"who has waited longest first": {[]Waiting{waits(3, 1500, 0), waits(2, 1500, 2), waits(1, 1500, 1)}, together, [][2]int64{{2, 1}}},
		"who may not meet":             {[]Waiting{waits(1, 1500, time.Minute), waits(2, 1500, time.Minute)}, strangers, nil},
		"around who may not meet":      {[]Waiting{waits(1, 1500, 2), waits(2, 1500, 1), waits(3, 1590, 0)}, strangers, [][2]int64{{1, 3}}},
	} {
		if got := pairsOf(c.apart, c.list...); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestWindowsGrow(t *testing.T) {
	for since, want := range map[time.Duration]float64{
		-time.Second: 100, 0: 100, time.Second: 150, 4 * time.Second: 300, 9500 * time.Millisecond: 575, patience: -1, time.Hour: -1,
	} {
		if got := waits(1, 1500, since).Window(noon); got != want {
			t.Errorf("after %s: %g, want %g", since, got, want)
		}
	}
}

// Whoever waits: nobody is in two pairs, nobody meets whom they may not or whom a
// window keeps from them, and of two who may meet, one of whom has waited for long
// enough, one at least is paired.
func TestPairingLeavesNobodyWaitingWhoMayPlay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "people")
		list := make([]Waiting, n)
		for i := range list {
			list[i] = waits(int64(i+1), rapid.Float64Range(0, 3500).Draw(t, "rating"), time.Duration(rapid.IntRange(0, 15_000).Draw(t, "waited"))*time.Millisecond)
		}
		enemies := map[[2]int64]bool{}
		for range rapid.IntRange(0, 3*n).Draw(t, "blocks") {
			a, b := rapid.Int64Range(1, 40).Draw(t, "a"), rapid.Int64Range(1, 40).Draw(t, "b")
			enemies[[2]int64{a, b}], enemies[[2]int64{b, a}] = true, true
		}
		apart := func(a, b int64) bool { return enemies[[2]int64{a, b}] }
		before := slices.Clone(list)
		paired := map[int64]bool{}
		for _, p := range pairOff(list, noon, apart) {
			a, b := p[0], p[1]
			if a.UserID == b.UserID || paired[a.UserID] || paired[b.UserID] || apart(a.UserID, b.UserID) {
				t.Fatalf("%d and %d are paired", a.UserID, b.UserID)
			}
			gap := max(a.Rating-b.Rating, b.Rating-a.Rating)
			wide := a.Window(noon) < 0 || b.Window(noon) < 0
			if !wide && (gap > a.Window(noon) || gap > b.Window(noon)) {
				t.Fatalf("%+v and %+v are too far apart", a, b)
			}
			paired[a.UserID], paired[b.UserID] = true, true
		}
		if !slices.Equal(list, before) {
			t.Fatal("the list was changed")
		}
		for i, a := range list {
			for _, b := range list[i+1:] {
				if !paired[a.UserID] && !paired[b.UserID] && !apart(a.UserID, b.UserID) && (a.Window(noon) < 0 || b.Window(noon) < 0) {
					t.Fatalf("%+v and %+v both wait on", a, b)
				}
			}
		}
	})
}
