// Command bench measures Rally against its ceilings and writes the figures to
// docs/performance.md. `make bench` runs it.
//
// Absolute figures drift from machine to machine and from hour to hour. So each
// row measures Rally and its ceiling in turn, several times, and reports the
// ratio. A ceiling is the least that must be done: the page's own SQL under
// pgbench, the bare password hash, gin that sends finished bytes.
//
// The load comes from this process, Rally runs in one of its own, as do the
// bare servers; all share the machine's cores over loopback.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1) // stop was called
	}
}

func run(ctx context.Context) error {
	bare := flag.String("bare", "", "serve bare answers at this address; the benchmark runs itself so")
	page := flag.String("page", "", "with -bare: the file behind /")
	version := flag.String("version", "", "with -bare: the version in /api/meta/")
	quick := flag.Bool("quick", false, "two short pairs a row, shown but not written to the report")
	pairs := flag.Int("pairs", 5, "how often each row is measured")
	slice := flag.Duration("slice", 2*time.Second, "length of one measurement, in whole seconds")
	only := flag.String("only", "", "run the rows whose engine and name match this expression, without writing the report")
	engines := flag.String("engines", "", "which engines, comma separated; by default SQLite,PostgreSQL, with -soak SQLite")
	report := flag.String("report", "docs/performance.md", "the report to rewrite")
	soak := flag.Duration("soak", 0, "instead of measuring, let people come and go for so long and see that the server holds no more afterwards")
	matches := flag.Bool("matches", false, "with -soak: people play matches instead")
	sockets := flag.Int("sockets", soakSockets, "with -soak: how many places people connect from")
	flag.Parse()
	if *bare != "" {
		return serveBare(ctx, *bare, *page, *version)
	}
	b := &bench{bin: os.Getenv("RALLY_BIN"), pairs: *pairs, slice: *slice, out: os.Stdout}
	if b.bin == "" {
		return errors.New("RALLY_BIN must name the program to measure; scripts/bench.sh builds it")
	}
	if *soak > 0 {
		return b.soaks(ctx, *engines, func(ctx context.Context, engine string) error {
			if *matches {
				return b.soakMatches(ctx, engine, *soak)
			}
			return b.soakTest(ctx, engine, *soak, *sockets)
		})
	}
	if *quick {
		b.pairs, b.slice = 2, time.Second
	}
	if b.pairs < 1 || b.slice < time.Second {
		return errors.New("-pairs must be at least 1, -slice at least 1s")
	}
	if *only != "" {
		var err error
		if b.only, err = regexp.Compile(*only); err != nil {
			return fmt.Errorf("-only: %w", err)
		}
	}
	about, err := describeMachine(ctx)
	if err != nil {
		return err
	}
	for _, engine := range strings.Split(cmp.Or(*engines, sqlite+","+postgres), ",") {
		if err := b.engine(ctx, engine, &about); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	about.finish()
	if *quick || *only != "" {
		fmt.Println(renderReport(about, b.rows))
	} else if err := rewriteReport(*report, renderReport(about, b.rows)); err != nil {
		return err
	}
	for _, r := range b.rows {
		if r.err != nil {
			return fmt.Errorf("%s, %s: %w", r.engine, r.name, r.err)
		}
	}
	return nil
}

// soaks runs a soak on each engine.
func (b *bench) soaks(ctx context.Context, engines string, soak func(ctx context.Context, engine string) error) error {
	for _, engine := range strings.Split(cmp.Or(engines, sqlite), ",") {
		if err := soak(ctx, engine); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	return nil
}

// engine runs every row of one engine.
func (b *bench) engine(ctx context.Context, name string, about *machine) (err error) {
	fmt.Fprintf(b.out, "%s: building the world\n", name)
	w, err := newWorld(ctx, name, b.bin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	if err := about.describe(ctx, w); err != nil {
		return err
	}
	b.rest(ctx, w)
	if err := w.serve(ctx, b.bin); err != nil {
		return err
	}
	if name == sqlite {
		if err := b.bare(ctx, w); err != nil { // no database has a part in it
			return err
		}
		if err := b.pong(ctx, w); err != nil { // nor here
			return err
		}
	}
	if err := b.reads(ctx, w); err != nil {
		return err
	}
	b.logins(ctx, w)
	if err := b.trades(ctx, w); err != nil {
		return err
	}
	b.live(ctx, w)
	if err := b.feed(ctx, w); err != nil {
		return err
	}
	if err := b.growth(ctx, w); err != nil {
		return err
	}
	if err := b.presence(ctx, w); err != nil {
		return err
	}
	return ctx.Err()
}
