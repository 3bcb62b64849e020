package main

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		value float64
		want  string
	}{
		{0.4567, "0.46"}, {-2.974, "-2.97"}, {7, "7"}, {45.67, "45.7"}, {100, "100"}, {999.6, "1,000"},
		{12_345.6, "12,346"}, {1_234_567, "1,234,567"}, {-1500, "-1,500"}, {median(nil), "—"},
	} {
		if got := number(c.value); got != c.want {
			t.Errorf("number(%v) = %q, want %q", c.value, got, c.want)
		}
	}
}

func TestTargets(t *testing.T) {
	half := []pair{{50, 100}}
	for _, c := range []struct {
		name            string
		row             row
		reached, wanted bool
	}{
		{"a ratio that suffices", row{pairs: half, target: 0.5}, true, true},
		{"a ratio too low", row{pairs: half, target: 0.6}, false, true},
		{"a value within its limit", row{alone: []float64{80}, target: 90}, true, true},
		{"a value beyond it", row{alone: []float64{91}, target: 90}, false, true},
		{"no target", row{pairs: half}, false, false},
		{"a failure", row{target: 0.5, err: errors.New("no")}, false, true},
	} {
		if reached, wanted := c.row.met(); reached != c.reached || wanted != c.wanted {
			t.Errorf("%s: met() = %v, %v, want %v, %v", c.name, reached, wanted, c.reached, c.wanted)
		}
	}
}

func TestRenderReport(t *testing.T) {
	got := renderReport(machine{at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), cores: 2, versions: []string{"Go 1.26"}}, []row{
		{engine: postgres, name: "trade", unit: "trades/s", target: 0.5, pairs: []pair{{900, 1500}, {1000, 2000}, {1100, 1000}}},
		{engine: sqlite, name: "memory", unit: "MiB", target: 90, alone: []float64{72.6}, note: "a remark"},
		{engine: sqlite, name: "broken", unit: "x", target: 1, err: errors.New("a | b\nmore")},
	})
	for _, want := range []string{
		"1 March 2026", "Go 1.26",
		"| PostgreSQL | trade | trades/s | 1,000 | 1,500 | 0.60 (0.50…1.10) | ≥ 0.50 | yes |\n",
		"| SQLite | memory | MiB | 72.6 | — | — | ≤ 90 | yes |\n",
		"| SQLite | broken | x | failed: a / b | — | — | — | no |\n",
		"- SQLite, memory: a remark.\n",
		"- PostgreSQL, trade: noisy, the ratios of its 3 pairs lie 100 % apart.\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q:\n%s", want, got)
		}
	}
}

func TestReplaceReport(t *testing.T) {
	old := "by hand\n" + reportBegin + "\nold figures\n" + reportEnd + "\nby hand too\n"
	got, err := replaceReport(old, "new figures\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := "by hand\n" + reportBegin + "\n\nnew figures\n\n" + reportEnd + "\nby hand too\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if again, err := replaceReport(got, "new figures\n"); err != nil || again != got {
		t.Errorf("a second time: %q, %v", again, err)
	}
	for _, damaged := range []string{"", reportBegin + "\n", reportEnd + "\n"} {
		if _, err := replaceReport(damaged, "x"); err == nil {
			t.Errorf("replaced in %q", damaged)
		}
	}
}
