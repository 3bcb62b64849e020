package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// The report keeps what stands between these lines; the rest of the file is
// written by hand.
const (
	reportBegin = "<!-- make bench writes from here -->"
	reportEnd   = "<!-- to here -->"
)

// machine is where and when the figures were taken.
type machine struct {
	at         time.Time
	took       time.Duration
	cores      int
	cpu        string
	memory     float64
	versions   []string
	flush      time.Duration // to make 4 KiB of a file durable
	load, last string        // of the whole machine, before and after
}

func describeMachine(context.Context) (machine, error) {
	m := machine{at: time.Now(), cores: runtime.NumCPU(), cpu: cpuModel(), load: loadAverage(), versions: []string{"Go " + strings.TrimPrefix(runtime.Version(), "go")}}
	var err error
	if m.memory, err = kibibytes("/proc/meminfo", "MemTotal"); err != nil {
		return m, err
	}
	m.flush, err = flushTime()
	return m, err
}

// describe adds the version of an engine.
func (m *machine) describe(ctx context.Context, w *world) error {
	query := "SELECT sqlite_version()"
	if w.engine == postgres {
		query = "SELECT split_part(current_setting('server_version'), ' ', 1)"
	}
	var version string
	if err := w.db.QueryRowContext(ctx, query).Scan(&version); err != nil {
		return fmt.Errorf("ask for the version: %w", err)
	}
	m.versions = append(m.versions, w.engine+" "+version)
	return nil
}

func (m *machine) finish() { m.took, m.last = time.Since(m.at), loadAverage() }

func cpuModel() string {
	data, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func loadAverage() string {
	data, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(data), " ")
	return first
}

// flushTime is the median time of a small durable write, on which the rate of
// trades on SQLite rests.
func flushTime() (_ time.Duration, err error) {
	dir, err := os.MkdirTemp("", "rally-bench-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	f, err := os.Create(filepath.Join(dir, "flush")) //nolint:gosec // our own folder
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var times []float64
	for range 50 {
		start := time.Now()
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			return 0, err
		}
		if err := f.Sync(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(start).Seconds())
	}
	return time.Duration(median(times) * float64(time.Second)), nil
}

// renderReport writes the machine and the table.
func renderReport(m machine, rows []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured on %s in %s on %d cores (%s) with %.0f GiB of memory; %s. A durable write of 4 KiB took %s.\n",
		m.at.UTC().Format("2 January 2006"), m.took.Round(time.Second), m.cores, m.cpu, m.memory/(1<<30), strings.Join(m.versions, ", "), m.flush.Round(time.Microsecond))
	fmt.Fprintf(&b, "Load average of the machine: %s before, %s after.\n\n", m.load, m.last)
	b.WriteString("| engine | what | unit | Rally | ceiling | ratio (lowest…highest) | target | met |\n|---|---|---|---:|---:|---|---|---|\n")
	var notes []string
	for _, r := range rows {
		b.WriteString(tableLine(r))
		if r.err == nil && r.note != "" {
			notes = append(notes, fmt.Sprintf("- %s, %s: %s.", r.engine, r.name, r.note))
		}
		if s := summarise(r.pairs); s.noisy {
			notes = append(notes, fmt.Sprintf("- %s, %s: noisy, the ratios of its %d pairs lie %.0f %% apart.", r.engine, r.name, len(r.pairs), 100*(s.high-s.low)/s.ratio))
		}
	}
	if len(notes) > 0 {
		b.WriteString("\n" + strings.Join(notes, "\n") + "\n")
	}
	return b.String()
}

func tableLine(r row) string {
	var rally string
	ceiling, ratio, target, met := "—", "—", "—", "—"
	switch {
	case r.err != nil:
		rally = "failed: " + strings.ReplaceAll(firstLine(r.err.Error()), "|", "/")
	case len(r.pairs) > 0:
		s := summarise(r.pairs)
		rally, ceiling, ratio = number(s.rally), number(s.ceiling), fmt.Sprintf("%.2f (%.2f…%.2f)", s.ratio, s.low, s.high)
		if r.target > 0 {
			target = fmt.Sprintf("≥ %.2f", r.target)
		}
	default:
		rally = number(median(r.alone))
		if r.target > 0 {
			target = "≤ " + number(r.target)
		}
	}
	if reached, wanted := r.met(); wanted {
		met = "no"
		if reached {
			met = "yes"
		}
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s | %s |\n", r.engine, r.name, r.unit, rally, ceiling, ratio, target, met)
}

// number shows three digits that matter, or all before the point.
func number(v float64) string {
	size := math.Abs(v)
	switch {
	case math.IsNaN(v):
		return "—"
	case v == math.Trunc(v) && size < 1000:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case size < 10:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case size < 100:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	digits := strconv.FormatFloat(math.Round(size), 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if v < 0 {
		return "-" + digits
	}
	return digits
}

// rewriteReport puts the text between the report's two lines.
func rewriteReport(file, text string) error {
	old, err := os.ReadFile(file) //nolint:gosec // named by who runs this
	if err != nil {
		return fmt.Errorf("read the report: %w", err)
	}
	report, err := replaceReport(string(old), text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, []byte(report), 0o644) //nolint:gosec // a document for everybody
}

func replaceReport(old, text string) (string, error) {
	before, rest, ok := strings.Cut(old, reportBegin+"\n")
	if !ok {
		return "", errors.New("no line says: " + reportBegin)
	}
	_, after, ok := strings.Cut(rest, reportEnd)
	if !ok {
		return "", errors.New("no line says: " + reportEnd)
	}
	return before + reportBegin + "\n\n" + text + "\n" + reportEnd + after, nil
}
