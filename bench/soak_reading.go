package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"
)

// How much more a server may hold after the soak than before. Work that comes by
// itself has some goroutines and files at any moment. The heap may grow by what is
// kept on purpose: the memory of sessions has room for 16,384, and ten minutes
// bring thousands of new ones. A leak of one KiB a connection would be some 40 MiB.
const (
	slackGoroutines = 10
	slackFiles      = 10
	slackHeap       = 8 * mebibyte
	// slackResident is wider: the runtime gives memory back when it likes to. It
	// finds what leaks beside the heap, in SQLite.
	slackResident = 64 * mebibyte
)

// reading is what a server holds at a moment.
type reading struct {
	goroutines, files      float64
	resident, heap         float64 // bytes
	sockets, subscriptions float64
	people, seats          float64 // of this node, and of all
	slow, broken           float64 // sockets closed as too slow, and answers of 5xx, since the start
	collected              time.Time
}

// look reads the server's own metrics and what the kernel knows of it.
func (s *soak) look(ctx context.Context) (reading, error) {
	body, err := get(ctx, s.addr, "/metrics")
	if err != nil {
		return reading{}, fmt.Errorf("read the metrics: %w", err)
	}
	r, err := parseReading(body)
	if err != nil {
		return reading{}, err
	}
	if r.resident, err = s.rally.status("VmRSS"); err != nil {
		return reading{}, err
	}
	files, err := os.ReadDir(s.rally.proc("fd"))
	r.files = float64(len(files))
	return r, err
}

// parseReading reads the text of /metrics.
func parseReading(body []byte) (reading, error) {
	var r reading
	var collected float64
	wanted := map[string]*float64{
		"go_goroutines": &r.goroutines, "go_memstats_heap_alloc_bytes": &r.heap, "go_memstats_last_gc_time_seconds": &collected,
		"rally_ws_sockets": &r.sockets, "rally_ws_subscriptions": &r.subscriptions, "rally_ws_slow_closes_total": &r.slow,
		"rally_presence_here": &r.people, "rally_presence_all": &r.seats,
	}
	for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan(); {
		at := strings.LastIndexByte(lines.Text(), ' ')
		if at < 0 || strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		name := lines.Text()[:at]
		value, err := strconv.ParseFloat(lines.Text()[at+1:], 64)
		if err != nil {
			return r, fmt.Errorf("a metric is no number: %s", lines.Text())
		}
		if field, ok := wanted[name]; ok {
			*field = value
			delete(wanted, name)
		}
		if strings.HasPrefix(name, "rally_http_requests_total{") && strings.Contains(name, `status="5`) {
			r.broken += value
		}
	}
	for name := range wanted {
		return r, fmt.Errorf("there is no metric %s", name)
	}
	seconds, part := math.Modf(collected)
	r.collected = time.Unix(int64(seconds), int64(part*1e9))
	return r, nil
}

// least is the less of each, of two readings in a time when nobody is there. What
// must be nothing in the end is the later one's.
func (r reading) least(later reading) reading {
	later.goroutines, later.files = min(r.goroutines, later.goroutines), min(r.files, later.files)
	later.resident, later.heap = min(r.resident, later.resident), min(r.heap, later.heap)
	return later
}

// outcome is a soak that is over.
type outcome struct {
	engine        string
	took          time.Duration
	places        int
	sockets       int64 // that were opened
	before, after reading
	counts        string
}

// problems says what did not come back to where it started; none when all did.
func (o outcome) problems() []string {
	var list []string
	for _, c := range []struct {
		what                 string
		before, after, slack float64
		unit                 float64
	}{
		{"goroutines", o.before.goroutines, o.after.goroutines, slackGoroutines, 1},
		{"open files", o.before.files, o.after.files, slackFiles, 1},
		{"MiB of live heap", o.before.heap, o.after.heap, slackHeap, mebibyte},
		{"MiB of resident memory", o.before.resident, o.after.resident, slackResident, mebibyte},
		{"sockets", 0, o.after.sockets, 0, 1},
		{"subscriptions", 0, o.after.subscriptions, 0, 1},
		{"people of this node", 0, o.after.people, 0, 1},
		{"seats", 0, o.after.seats, 0, 1},
		{"answers of 5xx", o.before.broken, o.after.broken, 0, 1},
	} {
		if !(c.after <= c.before+c.slack) { // so that NaN is a problem
			list = append(list, fmt.Sprintf("%s: %s after, %s before; at most %s more are allowed", c.what, number(c.after/c.unit), number(c.before/c.unit), number(c.slack/c.unit)))
		}
	}
	return list
}

// markdown shows the soak as a table for docs/performance.md.
func (o outcome) markdown() string {
	return o.markdownOf(fmt.Sprintf("%s, %s of churn: %s sockets opened from %s places, each for 1 to %.0f seconds, by %s people", o.engine, o.took, number(float64(o.sockets)),
		number(float64(o.places)), longestStay.Seconds(), number(float64(o.places*homePeople))))
}

func (o outcome) markdownOf(title string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s.\n\n", title)
	b.WriteString("| held by the server | before | after | may grow by |\n|---|---:|---:|---:|\n")
	row := func(what string, before, after, slack float64) {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", what, number(before), number(after), number(slack))
	}
	row("goroutines", o.before.goroutines, o.after.goroutines, slackGoroutines)
	row("open files", o.before.files, o.after.files, slackFiles)
	row("live heap, MiB", o.before.heap/mebibyte, o.after.heap/mebibyte, slackHeap/mebibyte)
	row("resident memory, MiB", o.before.resident/mebibyte, o.after.resident/mebibyte, slackResident/mebibyte)
	row("sockets", o.before.sockets, o.after.sockets, 0)
	row("people and seats", o.before.people+o.before.seats, o.after.people+o.after.seats, 0)
	fmt.Fprintf(&b, "\nWhat happened: %s. Sockets closed as too slow: %s.\n", o.counts, number(o.after.slow-o.before.slow))
	return b.String()
}
