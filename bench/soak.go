package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"rally/modules/friends"
)

const (
	soakSeed    = 5
	soakSockets = 1_600
	// warmSoak is the churn before the first reading. It fills what is kept on
	// purpose: sessions, profiles, connections to the database, buffers.
	warmSoak = 2 * time.Minute
	// rampUp is the time over which the places begin.
	rampUp    = 20 * time.Second
	lookEvery = 10 * time.Second
	// bidEvery changes a book that some follow.
	bidEvery = 300 * time.Millisecond
	bidders  = 10 // the last of the crowd, who never connect
)

// soak is a crowd that comes and goes.
type soak struct {
	*world
	addr     string
	throng   throng
	each     int // sessions of a person
	key      []byte
	dialer   *websocket.Dialer
	tally    *tally
	opened   atomic.Int64
	readers  sync.WaitGroup
	homes    []*home
	headline sync.Once
}

// soakTest lets people come and go for so long, and compares what Rally holds
// before and after. It returns an error when that is more than before, or when
// anything was answered that should not have been.
func (b *bench) soakTest(ctx context.Context, engine string, d time.Duration, sockets int) (err error) {
	if sockets < 1 || sockets > (crowdPeople-bidders)/homePeople {
		return fmt.Errorf("-sockets must be from 1 to %d", (crowdPeople-bidders)/homePeople)
	}
	fmt.Fprintf(b.out, "%s: building the world\n", engine)
	w, err := newWorld(ctx, engine, b.bin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	s := &soak{world: w, each: 4 + int(d/(10*time.Minute)), dialer: crowdDialer(), tally: newTally()}
	if s.key, err = tokenKey(); err != nil {
		return err
	}
	if s.throng, err = w.seedCrowd(ctx); err != nil {
		return err
	}
	if err := w.seedSessions(ctx, s.throng, s.each); err != nil {
		return err
	}
	if w.rally, err = startRally(ctx, b.bin, w.env); err != nil {
		return err
	}
	s.addr = w.rally.addr
	for n := range sockets {
		s.homes = append(s.homes, newHome(s, n, sockets))
	}
	result := outcome{engine: engine, took: d, places: sockets}
	result.before, result.after, err = s.run(ctx, b, d)
	log, stopped := s.stop()
	if warned := warnings(log); warned != "" {
		fmt.Fprintln(b.out, "the server warned:", warned)
	}
	problems := slices.Concat(s.tally.problems(), loggedErrors(log))
	if err == nil {
		result.sockets, result.counts = s.opened.Load(), s.tally.String()
		fmt.Fprintln(b.out, result.markdown())
		problems = append(result.problems(), problems...)
	}
	if len(problems) > 0 {
		err = errors.Join(err, errors.New("the soak failed:\n- "+strings.Join(problems, "\n- ")))
	}
	return errors.Join(err, stopped)
}

// stop ends the server, and returns what it has logged.
func (s *soak) stop() (log string, err error) {
	p := s.rally
	s.rally = nil
	err = p.stop()
	return p.log.String(), err
}

// run is the soak itself: a warm-up, a reading, the churn, another reading.
func (s *soak) run(ctx context.Context, b *bench, d time.Duration) (before, after reading, err error) {
	return s.around(ctx, b, d, "people come and go", s.churn)
}

// around reads what the server holds before and after people do something for a while,
// and did the same in a shorter warm-up.
func (s *soak) around(ctx context.Context, b *bench, d time.Duration, what string, do func(ctx context.Context, b *bench, d time.Duration, warm bool) error) (before, after reading, err error) {
	fmt.Fprintf(b.out, "warming up for %s\n", warmSoak)
	if err := do(ctx, b, warmSoak, true); err != nil {
		return before, after, err
	}
	if before, err = s.rest(ctx, b); err != nil {
		return before, after, err
	}
	s.opened.Store(0)
	s.tally.restart()
	cpu, err := s.rally.cpu()
	if err != nil {
		return before, after, err
	}
	fmt.Fprintf(b.out, "%s for %s\n", what, d)
	if err := do(ctx, b, d, false); err != nil {
		return before, after, err
	}
	spent, err := s.rally.cpu()
	if err != nil {
		return before, after, err
	}
	fmt.Fprintf(b.out, "the server used %.0f %% of a core\n", 100*(spent-cpu).Seconds()/d.Seconds())
	after, err = s.rest(ctx, b)
	return before, after, err
}

// churn lets people come and go, and looks after the server meanwhile. When it
// returns, everybody has left.
func (s *soak) churn(ctx context.Context, b *bench, d time.Duration, called bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	quit := make(chan struct{})
	var all sync.WaitGroup
	for _, h := range s.homes {
		all.Go(func() { h.live(ctx, quit, called) })
	}
	all.Go(func() { s.trade(ctx, quit) })
	err := s.watch(ctx, b, d)
	close(quit)
	all.Wait()
	s.readers.Wait()
	return errors.Join(err, ctx.Err())
}

// trade changes the books that people follow.
func (s *soak) trade(ctx context.Context, quit <-chan struct{}) {
	random := rand.New(rand.NewPCG(soakSeed, soakSeed)) //nolint:gosec // a load, not a secret
	tick := time.NewTicker(bidEvery)
	defer tick.Stop()
	for {
		select {
		case <-quit:
			return
		case <-tick.C:
		}
		i := crowdPeople - 1 - random.IntN(bidders)
		path := "/api/shop/products/" + strconv.FormatInt(s.goods.size(random.IntN(soakBooks)), 10) + "/bids/?type=purchase"
		token, err := s.throng.token(s.key, i, time.Now())
		if err == nil {
			_, err = s.call(ctx, "POST", path, `{"price":`+strconv.FormatInt(bidPrice(random), 10)+"}", token, http.StatusCreated)
		}
		if err != nil {
			s.tally.wrong("bids", err)
			continue
		}
		s.tally.count("bids")
	}
}

// watch prints a line about the server again and again, until d is over.
func (s *soak) watch(ctx context.Context, b *bench, d time.Duration) error {
	s.headline.Do(func() {
		fmt.Fprintln(b.out, "   time  sockets   people  goroutines    files   RSS MiB  heap MiB   opened  failures")
	})
	start := time.Now()
	for time.Since(start) < d {
		if err := pause(ctx, min(lookEvery, d-time.Since(start))); err != nil {
			return err
		}
		r, err := s.look(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(b.out, "%7s %8.0f %8.0f %11.0f %8.0f %9.1f %9.1f %8d %9d\n", time.Since(start).Round(time.Second), r.sockets, r.people, r.goroutines, r.files,
			r.resident/mebibyte, r.heap/mebibyte, s.opened.Load(), s.tally.failures())
		for _, text := range s.tally.unsaid() {
			fmt.Fprintln(b.out, "unexpected:", text)
		}
	}
	return nil
}

// rest waits until the server knows of nobody and has collected its heap, and
// returns the least that it held meanwhile: what is at work for a moment only adds
// to that, and what leaks never goes.
func (s *soak) rest(ctx context.Context, b *bench) (reading, error) {
	fmt.Fprintf(b.out, "everybody has left; settling for %s\n", settle)
	if err := pause(ctx, friends.Debounce); err != nil {
		return reading{}, err
	}
	start := time.Now()
	var least reading
	for n := 0; ; n++ {
		r, err := s.look(ctx)
		if err != nil {
			return reading{}, err
		}
		if n == 0 {
			least = r
		}
		least = least.least(r)
		switch quiet := time.Since(start); {
		case quiet >= settle && r.collected.After(start):
			return least, nil
		case quiet >= 2*settle:
			return reading{}, errors.New("the server did not collect its heap")
		}
		if err := pause(ctx, 2*time.Second); err != nil {
			return reading{}, err
		}
	}
}
