package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"regexp"
	"time"
)

// row is one line of the report: what was measured, and how it came out.
type row struct {
	engine string
	name   string
	unit   string
	// A row with a ceiling has pairs and wants a ratio of at least target. One
	// without has values and wants a median of at most target. 0 wants nothing.
	pairs  []pair
	alone  []float64
	target float64
	note   string
	err    error
}

// met reports whether the target is reached, and whether there is one.
func (r row) met() (reached, wanted bool) {
	switch {
	case r.target == 0:
		return false, false
	case r.err != nil:
		return false, true
	case len(r.pairs) > 0:
		return summarise(r.pairs).ratio >= r.target, true
	}
	return median(r.alone) <= r.target, true
}

// bench runs rows and keeps them.
type bench struct {
	bin   string
	pairs int
	slice time.Duration
	only  *regexp.Regexp // of "engine name"; nil runs all
	out   io.Writer      // tells a person how far it is
	rows  []row
}

// wants reports whether a row was asked for.
func (b *bench) wants(r row) bool { return b.only == nil || b.only.MatchString(r.engine+" "+r.name) }

// contest is a row with its two sides. before, if any, runs before each side:
// it puts both into the same state.
type contest struct {
	row
	before         func(ctx context.Context) error
	rally, ceiling func(ctx context.Context) (float64, error)
}

// compare measures both sides in turn. A row that fails is reported, and the
// others go on.
func (b *bench) compare(ctx context.Context, c contest) {
	if !b.wants(c.row) || ctx.Err() != nil {
		return
	}
	side := func(fn func(context.Context) (float64, error)) float64 {
		if c.err == nil && c.before != nil {
			c.err = c.before(ctx)
		}
		if c.err != nil {
			return math.NaN()
		}
		var rate float64
		rate, c.err = fn(ctx)
		return rate
	}
	for range b.pairs {
		p := pair{rally: side(c.rally)}
		if p.ceiling = side(c.ceiling); c.err != nil {
			break
		}
		c.pairs = append(c.pairs, p)
	}
	b.keep(c.row)
}

// observe measures something that has no ceiling.
func (b *bench) observe(ctx context.Context, r row, times int, fn func(ctx context.Context) (float64, error)) {
	if !b.wants(r) || ctx.Err() != nil {
		return
	}
	for range times {
		var v float64
		if v, r.err = fn(ctx); r.err != nil {
			break
		}
		r.alone = append(r.alone, v)
	}
	b.keep(r)
}

func (b *bench) keep(r row) {
	b.rows = append(b.rows, r)
	fmt.Fprintln(b.out, terminalLine(r))
}

func terminalLine(r row) string {
	switch {
	case r.err != nil:
		return fmt.Sprintf("%-10s  %-44s  FAILED: %v", r.engine, r.name, r.err)
	case len(r.pairs) > 0:
		s := summarise(r.pairs)
		return fmt.Sprintf("%-10s  %-44s  %10s / %-10s = %.2f (%.2f…%.2f)  want %.2f", r.engine, r.name, number(s.rally), number(s.ceiling), s.ratio, s.low, s.high, r.target)
	}
	return fmt.Sprintf("%-10s  %-44s  %10s %s  want %s", r.engine, r.name, number(median(r.alone)), r.unit, number(r.target))
}

// note adds a remark to the last row, if it is the one of that name.
func (b *bench) note(name, format string, args ...any) {
	if n := len(b.rows); n > 0 && b.rows[n-1].name == name {
		b.rows[n-1].note = fmt.Sprintf(format, args...)
	}
}
