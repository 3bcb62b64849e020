package main

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// steady is a server that holds as much after a soak as before.
func steady() outcome {
	r := reading{goroutines: 60, files: 30, resident: 200 * mebibyte, heap: 30 * mebibyte}
	return outcome{engine: sqlite, took: 10 * time.Minute, places: 2000, sockets: 40_000, before: r, after: r}
}

func TestASoakThatHoldsNoMoreHasNoProblems(t *testing.T) {
	for name, change := range map[string]func(*outcome){
		"the same":        func(*outcome) {},
		"less":            func(o *outcome) { o.after.goroutines, o.after.heap, o.after.files = 1, 1, 1 },
		"up to the slack": func(o *outcome) { o.after.goroutines, o.after.heap = 70, 38*mebibyte },
		"5xx before it":   func(o *outcome) { o.before.broken, o.after.broken = 3, 3 },
	} {
		o := steady()
		change(&o)
		if list := o.problems(); len(list) > 0 {
			t.Errorf("%s: %q", name, list)
		}
	}
}

func TestASoakThatLeaksFails(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(*outcome)
		says   string
	}{
		{"goroutines", func(o *outcome) { o.after.goroutines = 71 }, "goroutines: 71 after, 60 before; at most 10 more are allowed"},
		{"open files", func(o *outcome) { o.after.files = 41 }, "open files: 41 after, 30 before"},
		{"a KiB a connection", func(o *outcome) { o.after.heap += kibibyte * float64(o.sockets) }, "MiB of live heap: 69.1 after, 30 before; at most 8 more are allowed"},
		{"beside the heap", func(o *outcome) { o.after.resident += 65 * mebibyte }, "MiB of resident memory: 265 after, 200 before"},
		{"a socket", func(o *outcome) { o.after.sockets = 1 }, "sockets: 1 after, 0 before; at most 0 more"},
		{"a subscription", func(o *outcome) { o.after.subscriptions = 1 }, "subscriptions: 1 after"},
		{"somebody of this node", func(o *outcome) { o.after.people = 1 }, "people of this node: 1 after"},
		{"a seat", func(o *outcome) { o.after.seats = 1 }, "seats: 1 after"},
		{"a seat before as well", func(o *outcome) { o.before.seats, o.after.seats = 1, 1 }, "seats: 1 after"},
		{"an answer of 5xx", func(o *outcome) { o.before.broken, o.after.broken = 2, 3 }, "answers of 5xx: 3 after, 2 before"},
		{"no number", func(o *outcome) { o.after.heap = math.NaN() }, "MiB of live heap: —"},
	} {
		o := steady()
		c.change(&o)
		if list := o.problems(); len(list) != 1 || !strings.HasPrefix(list[0], c.says) {
			t.Errorf("%s: %q, want one that says %q", c.what, list, c.says)
		}
	}
}

func TestTheSoakShowsWhatWasHeld(t *testing.T) {
	o := steady()
	o.after.goroutines, o.after.slow, o.counts = 63, 7, "12 takeovers"
	for _, want := range []string{
		"SQLite, 10m0s of churn: 40,000 sockets opened from 2000 places, each for 1 to 60 seconds, by 10,000 people.",
		"| goroutines | 60 | 63 | 10 |", "| live heap, MiB | 30 | 30 | 8 |", "What happened: 12 takeovers. Sockets closed as too slow: 7.",
	} {
		if text := strings.ReplaceAll(o.markdown(), "2,000", "2000"); !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

const someMetrics = `# HELP go_goroutines Number of goroutines that currently exist.
# TYPE go_goroutines gauge
go_goroutines 61
go_memstats_heap_alloc_bytes 3.1457280e+07
go_memstats_last_gc_time_seconds 1.7e+09
rally_http_requests_total{method="GET",route="/readyz",status="200"} 4
rally_http_requests_total{method="GET",route="/readyz",status="503"} 2
rally_http_requests_total{method="POST",route="/api/friends/requests/",status="500"} 1
rally_http_request_duration_seconds_bucket{route="/5",le="+Inf"} 9
rally_presence_all 12
rally_presence_here 11
rally_ws_slow_closes_total 3
rally_ws_sockets 14
rally_ws_subscriptions 40
`

func TestMetricsAreRead(t *testing.T) {
	got, err := parseReading([]byte(someMetrics))
	want := reading{goroutines: 61, heap: 30 * mebibyte, sockets: 14, subscriptions: 40, people: 11, seats: 12, slow: 3, broken: 3, collected: time.Unix(1_700_000_000, 0)}
	if err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	for _, bad := range []string{"", strings.Replace(someMetrics, "rally_presence_all 12\n", "", 1), strings.Replace(someMetrics, "go_goroutines 61", "go_goroutines many", 1)} {
		if got, err := parseReading([]byte(bad)); err == nil {
			t.Errorf("of %d bytes: %+v", len(bad), got)
		}
	}
}

func TestTheLeastOfTwoReadings(t *testing.T) {
	first := reading{goroutines: 5, files: 9, resident: 30, heap: 40, sockets: 0, seats: 0, broken: 1}
	later := reading{goroutines: 7, files: 3, resident: 20, heap: 50, sockets: 2, seats: 1, broken: 2}
	want := reading{goroutines: 5, files: 3, resident: 20, heap: 40, sockets: 2, seats: 1, broken: 2}
	if got := first.least(later); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestVisitsComeAsOftenAsTheirShare(t *testing.T) {
	all, n := visits(), map[string]int{}
	sum := 0
	for _, v := range all {
		sum += v.share
	}
	random := rand.New(rand.NewPCG(1, 2))
	const draws = 100_000
	for range draws {
		n[choose(all, random).name]++
	}
	for _, v := range all {
		want := float64(draws*v.share) / float64(sum)
		if got := float64(n[v.name]); math.Abs(got-want) > 5*math.Sqrt(want) {
			t.Errorf("%s: %v of %d, want about %.0f", v.name, got, draws, want)
		}
	}
}

func TestHomesShareNobody(t *testing.T) {
	s, seen := &soak{each: 3, throng: throng{user: 100, session: 5000}}, map[int]bool{}
	const homes = 40
	for n := range homes {
		h := newHome(s, n, homes)
		for _, p := range h.people {
			if seen[p.i] {
				t.Fatalf("person %d has two homes", p.i)
			}
			seen[p.i] = true
			if want := []int64{5000 + int64(p.i), 15000 + int64(p.i), 25000 + int64(p.i)}; !slices.Equal(p.sessions, want) {
				t.Fatalf("the sessions of %d are %v, want %v", p.i, p.sessions, want)
			}
		}
	}
	if len(seen) != homes*homePeople {
		t.Errorf("%d people have a home", len(seen))
	}
}

func TestTheTallyKeepsWhatWentWrong(t *testing.T) {
	tally := newTally()
	tally.count("visits")
	for i := range mostShown + 3 {
		tally.wrong("renames", fmt.Errorf("answered %d", 500+i))
	}
	if got := tally.unsaid(); len(got) != mostShown || got[0] != "renames: answered 500" {
		t.Errorf("unsaid: %q", got)
	}
	tally.wrong("bids", errors.New("late")) // is shown, whatever came before
	if got := tally.unsaid(); !slices.Equal(got, []string{"bids: late"}) {
		t.Errorf("unsaid: %q", got)
	}
	tally.restart()
	tally.count("takeovers")
	if list := tally.problems(); tally.failures() != mostShown+4 || len(list) != mostShown+3 || list[1] != `6 × unexpected in "renames"` {
		t.Errorf("%d failures: %q", tally.failures(), list)
	}
	if got := tally.String(); got != "1 takeovers" || len(tally.unsaid()) != 0 {
		t.Errorf("counted %q", got)
	}
}

func TestLoggedErrorsAreFound(t *testing.T) {
	got := loggedErrors(`{"log.level":"warn","message":"panic: no"}
{"log.level":"error","message":"broken"}
panic: runtime error

goroutine 1 [running]:
WARNING: DATA RACE
`)
	want := []string{`the server logged {"log.level":"error","message":"broken"}`, "the server logged panic: runtime error", "the server logged WARNING: DATA RACE"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestFramesAreRead(t *testing.T) {
	seven := int64(7)
	for text, want := range map[string]news{
		`{"t":"session","d":{"state":"elsewhere","device":"x"}}`:           {topic: "session", State: "elsewhere"},
		`{"t":"friends","d":{"event":"renamed","user_id":7,"new":"mina"}}`: {topic: "friends", Event: "renamed", New: "mina", User: &seven},
		`{"t":"inbox","d":{"unread":3,"last":57}}`:                         {topic: "inbox", Last: 57},
		`{"t":"shop.book:12","d":{"last":{"price":1}}}`:                    {topic: "shop.book:12"},
	} {
		got, err := parseNews([]byte(text))
		if (got.User == nil) != (want.User == nil) || got.User != nil && *got.User != *want.User {
			t.Errorf("%s: the user is another one", text)
		}
		got.User, want.User = nil, nil
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %+v, %v, want %+v", text, got, err, want)
		}
	}
	for _, bad := range []string{"", "[]", `{"t":"inbox","d":[]}`} {
		if got, err := parseNews([]byte(bad)); err == nil {
			t.Errorf("%q: %+v", bad, got)
		}
	}
}

func TestTheEndOfALineIsTold(t *testing.T) {
	if got := closing(&websocket.CloseError{Code: 4002, Text: "taken over"}); got != "4002 taken over" {
		t.Errorf("%q", got)
	}
	if got := closing(errors.New("odd")); got != "odd" {
		t.Errorf("%q", got)
	}
}
