package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"rally/internal/pongtest"
)

const (
	// soakTables is how many matches are played at once.
	soakTables = 200
	// reachLeft and reachRight let rallies go on for a while, and matches end.
	reachLeft  = 1.0
	reachRight = 0.75
	// mostDrift is by how much the time of a match may differ from the clock's, once
	// the network's own unevenness is left out.
	mostDrift = 100 * time.Millisecond
)

// soakMatches lets so many matches be played for so long, one after the other by the
// same people, and compares what Rally holds before and after.
func (b *bench) soakMatches(ctx context.Context, engine string, d time.Duration) (err error) {
	fmt.Fprintf(b.out, "%s: building the world\n", engine)
	w, err := newWorld(ctx, engine, b.bin)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.end()) }()
	s := &matchSoak{soak: &soak{world: w, each: 1, tally: newTally()}}
	if s.key, err = tokenKey(); err != nil {
		return err
	}
	if s.throng, err = w.seedCrowd(ctx); err != nil {
		return err
	}
	if w.rally, err = startRally(ctx, b.bin, w.env); err != nil {
		return err
	}
	s.addr = w.rally.addr
	result := outcome{engine: engine, took: d, places: soakTables}
	result.before, result.after, err = s.around(ctx, b, d, "people play", s.play)
	log, stopped := s.stop()
	if warned := warnings(log); warned != "" {
		fmt.Fprintln(b.out, "the server warned:", warned)
	}
	problems := append(s.tally.problems(), loggedErrors(log)...)
	if err == nil {
		result.counts = s.tally.String()
		fmt.Fprintln(b.out, result.markdownOf(fmt.Sprintf("%s, %s: %d matches at once, one after the other. The time of a match and of the clock differed by %s at most",
			engine, d, soakTables, s.drift.Round(time.Millisecond))))
		problems = append(result.problems(), problems...)
		if s.drift > mostDrift {
			problems = append(problems, fmt.Sprintf("a match drifted by %s", s.drift))
		}
	}
	if len(problems) > 0 {
		err = errors.Join(err, errors.New("the soak failed:\n- "+strings.Join(problems, "\n- ")))
	}
	return errors.Join(err, stopped)
}

// matchSoak is a soak of matches.
type matchSoak struct {
	*soak
	mu    sync.Mutex
	drift time.Duration // the greatest
}

// play lets every pair play for so long. A match that is on at the end is given up.
func (s *matchSoak) play(ctx context.Context, b *bench, d time.Duration, _ bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	quit := make(chan struct{})
	var all sync.WaitGroup
	for n := range soakTables {
		all.Go(func() {
			for {
				select {
				case <-quit:
					return
				default:
				}
				if err := s.match(ctx, n, quit); err != nil {
					s.tally.wrong("matches", err)
					if pause(ctx, time.Second) != nil {
						return
					}
				}
			}
		})
	}
	err := s.watch(ctx, b, d)
	close(quit)
	all.Wait()
	return errors.Join(err, ctx.Err())
}

// match is one match of a pair: who was asked before asks now.
func (s *matchSoak) match(ctx context.Context, pair int, quit <-chan struct{}) error {
	pairs := [2]int{2 * pair, 2*pair + 1}
	if time.Now().UnixNano()%2 == 0 {
		pairs[0], pairs[1] = pairs[1], pairs[0]
	}
	var tokens [2]string
	for side, who := range pairs {
		var err error
		if tokens[side], err = s.throng.token(s.key, who, time.Now()); err != nil {
			return err
		}
	}
	body := fmt.Sprintf(`{"mode":"invite","opponent":%d,"points":3}`, s.throng.user+int64(pairs[1]))
	made, err := s.call(ctx, "POST", "/api/pong/matches/", body, tokens[0], http.StatusCreated)
	if err != nil {
		return err
	}
	var m struct{ ID int64 }
	if err := json.Unmarshal(made, &m); err != nil {
		return fmt.Errorf("read a match: %w", err)
	}
	path := "/api/pong/matches/" + strconv.FormatInt(m.ID, 10) + "/"
	if _, err := s.call(ctx, "POST", path+"accept/", "", tokens[1], http.StatusOK); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var players [2]*pongtest.Player
	for side, token := range tokens {
		if players[side], err = pongtest.Dial(ctx, "http://"+s.addr, m.ID, http.Header{"Authorization": {"Bearer " + token}}); err != nil {
			return err
		}
		defer players[side].Close()
		if err := players[side].Ready(); err != nil {
			return err
		}
	}
	d := &drifting{}
	players[0].OnFrame(d.note)
	var both sync.WaitGroup
	for side, reach := range []float64{reachLeft, reachRight} {
		both.Go(func() { _ = players[side].Play(ctx, side, reach) }) // how it ends is seen below
	}
	ended := make(chan struct{})
	go func() {
		both.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-quit:
		_ = players[0].Resign()
		<-ended
	}
	if players[0].Ended() == nil {
		return errors.New("a match did not end")
	}
	players[0].OnFrame(nil)
	s.tally.count("matches")
	s.mu.Lock()
	s.drift = max(s.drift, d.most())
	s.mu.Unlock()
	return nil
}

// drifting compares the time of a match with the clock: by the earliest frames of its
// beginning and of its end, which came without delay.
type drifting struct {
	began  time.Time
	first  float64 // the least of what frames came later than their ticks, in seconds
	frames int
	recent []float64
}

const drifted = 60 // frames that are looked at, two seconds

func (d *drifting) note(s pongtest.Snapshot) {
	if s.Phase != pongtest.Playing {
		return
	}
	if d.frames == 0 {
		d.began, d.first = time.Now(), math.Inf(1)
	}
	late := time.Since(d.began).Seconds() - float64(s.Tick)/60
	if d.frames++; d.frames <= drifted {
		d.first = min(d.first, late)
	}
	if d.recent = append(d.recent, late); len(d.recent) > drifted {
		d.recent = d.recent[1:]
	}
}

func (d *drifting) most() time.Duration {
	if d.frames < 2*drifted {
		return 0
	}
	last := math.Inf(1)
	for _, late := range d.recent {
		last = min(last, late)
	}
	return time.Duration(math.Abs(last-d.first) * float64(time.Second))
}
