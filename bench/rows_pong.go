package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rally/internal/pongtest"
)

const (
	tableCount = 500 // matches at once, two connections each
	frameSize  = 64
	frameTick  = time.Second / 30

	mostLateP50 = 1.1
	mostLateP99 = 8
	tickTime    = time.Second / 60
)

// pong measures matches on one core. No database has a part in it.
func (b *bench) pong(ctx context.Context, w *world) (err error) {
	frames := row{engine: "none", name: "match: frames of 64 bytes to 1,000 sockets", unit: "frames/s of one core", target: 1 / 1.3}
	late := [...]row{
		{engine: "none", name: "500 matches on one core: a tick's lateness, median, × idle", unit: "×", target: mostLateP50},
		{engine: "none", name: "500 matches on one core: a tick's lateness, 99th percentile, × idle", unit: "×", target: mostLateP99},
		{engine: "none", name: "500 matches on one core: a tick's lateness, 99th percentile", unit: "ms", target: float64(tickTime.Microseconds()) / 1000},
	}
	if !b.wants(frames) && !slices.ContainsFunc(late[:], b.wants) {
		return nil
	}
	if err := w.rally.stop(); err != nil {
		return err
	}
	w.rally = nil
	people, err := w.crowd(ctx)
	if err != nil {
		return err
	}
	if w.rally, err = startRally(ctx, b.bin, append(slices.Clone(w.env), "GOMAXPROCS=1")); err != nil {
		return err
	}
	idle := &playground{world: w, people: people, first: 2 * tableCount}
	defer idle.end()
	if err := idle.begin(ctx, 1); err != nil {
		return err
	}
	floor, err := idle.lateness(ctx, b.slice*time.Duration(b.pairs))
	if err != nil {
		return err
	}
	full := &playground{world: w, people: people}
	defer full.end()
	if err := full.begin(ctx, tableCount); err != nil {
		return err
	}
	b.compare(ctx, contest{row: frames, rally: full.frameRate(b.slice), ceiling: bareFrames(b.slice)})
	loaded, err := full.lateness(ctx, b.slice*time.Duration(b.pairs))
	if err != nil {
		return err
	}
	for i, v := range []float64{loaded.p50 / floor.p50, loaded.p99 / floor.p99, loaded.p99 * 1000} {
		late[i].alone = []float64{v}
		late[i].note = fmt.Sprintf("one match: median %.2f ms, 99th percentile %.2f ms; 500 matches: %.2f and %.2f ms; %d and %d ticks of lanes, the clients on the other core",
			1000*floor.p50, 1000*floor.p99, 1000*loaded.p50, 1000*loaded.p99, floor.count, loaded.count)
		if b.wants(late[i]) {
			b.keep(late[i])
		}
	}
	return nil
}

// crowd is the crowd, which is seeded once.
func (w *world) crowd(ctx context.Context) (throng, error) {
	if w.people.user != 0 {
		return w.people, nil
	}
	var err error
	w.people, err = w.seedCrowd(ctx)
	return w.people, err
}

// playground is matches of two of the crowd each, who play until the end.
type playground struct {
	*world
	people  throng
	first   int // of the people
	players []*pongtest.Player
	frames  atomic.Int64
	cancel  context.CancelFunc
	running sync.WaitGroup
}

func (p *playground) end() {
	if p.cancel != nil {
		p.cancel()
	}
	for _, player := range p.players {
		player.Close()
	}
	p.running.Wait()
}

// begin lets so many matches be played.
func (p *playground) begin(ctx context.Context, matches int) error {
	first, err := p.int(ctx, "SELECT coalesce(max(id), 0) + 1 FROM pong_matches")
	if err != nil {
		return err
	}
	at := now()
	err = p.exec(ctx, numbers+`INSERT INTO pong_matches (id, mode, state, points, left_id, right_id, rated, seed, created_at, ready_by)
		SELECT $2 + i, 'invite', 'open', 11, $3 + 2 * i, $3 + 2 * i + 1, false, i + 1, $4, $5 FROM n`, matches, first, p.people.user+int64(p.first), at, at.Add(time.Hour))
	if err != nil {
		return err
	}
	key, err := tokenKey()
	if err != nil {
		return err
	}
	ctx, p.cancel = context.WithCancel(ctx)
	for i := range 2 * matches {
		token, err := p.people.token(key, p.first+i, time.Now())
		if err != nil {
			return err
		}
		player, err := pongtest.Dial(ctx, "http://"+p.rally.addr, first+int64(i/2), http.Header{"Authorization": {"Bearer " + token}})
		if err != nil {
			return err
		}
		p.players = append(p.players, player)
		player.OnFrame(func(pongtest.Snapshot) { p.frames.Add(1) })
		if err := player.Ready(); err != nil {
			return err
		}
	}
	for i, player := range p.players {
		err := player.Await(ctx, func(_ *pongtest.Welcome, s pongtest.Snapshot, _ *pongtest.Ended) bool {
			return s.Phase == pongtest.Playing
		})
		if err != nil {
			return fmt.Errorf("begin a match: %w", err)
		}
		p.running.Go(func() { _ = player.Play(ctx, i%2, 1) }) // its end is that of the playground
	}
	return nil
}

// frameRate counts the frames that arrive for each second of Rally's processor time.
func (p *playground) frameRate(slice time.Duration) func(ctx context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		before, err := p.rally.cpu()
		if err != nil {
			return 0, err
		}
		p.frames.Store(0)
		if err := pause(ctx, slice); err != nil {
			return 0, err
		}
		frames := p.frames.Load()
		after, err := p.rally.cpu()
		return float64(frames) / (after - before).Seconds(), err
	}
}

// bareFrames is the ceiling: the same frames, as often, written as they are to the
// connections of gorilla, in one loop of a process with one core.
func bareFrames(slice time.Duration) func(ctx context.Context) (float64, error) {
	rounds := int(slice / frameTick)
	return func(ctx context.Context) (float64, error) {
		return bareLoop(ctx, []string{"GOMAXPROCS=1"}, 2*tableCount, rounds, fmt.Sprintf("/frames?size=%d&count=%d&every=%s", frameSize, rounds, frameTick))
	}
}

// late is how late ticks were, in seconds.
type late struct {
	p50, p99 float64
	count    int64
}

// lateness reads the program's own histogram before and after a while.
func (p *playground) lateness(ctx context.Context, d time.Duration) (late, error) {
	before, err := p.buckets(ctx)
	if err != nil {
		return late{}, err
	}
	if err := pause(ctx, d); err != nil {
		return late{}, err
	}
	after, err := p.buckets(ctx)
	if err != nil {
		return late{}, err
	}
	for i := range after {
		after[i].count -= before[i].count
	}
	n := after[len(after)-1].count
	return late{quantileOf(after, 0.5), quantileOf(after, 0.99), int64(n)}, nil
}

// bucket is how many were not more than a bound.
type bucket struct{ bound, count float64 }

func (p *playground) buckets(ctx context.Context) ([]bucket, error) {
	body, err := get(ctx, p.rally.addr, "/metrics")
	if err != nil {
		return nil, err
	}
	var list []bucket
	for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan(); {
		rest, ok := strings.CutPrefix(lines.Text(), `rally_pong_tick_lateness_seconds_bucket{le="`)
		if !ok {
			continue
		}
		bound, count, _ := strings.Cut(rest, `"} `)
		b := bucket{bound: math.Inf(1)}
		if bound != "+Inf" {
			b.bound, err = strconv.ParseFloat(bound, 64)
		}
		var err2 error
		b.count, err2 = strconv.ParseFloat(count, 64)
		if err := errors.Join(err, err2); err != nil {
			return nil, fmt.Errorf("read the lateness: %w", err)
		}
		list = append(list, b)
	}
	if len(list) == 0 {
		return nil, errors.New("there is no metric of the lateness of ticks")
	}
	return list, nil
}

// quantileOf is where a share of what buckets count lies, evenly spread in a bucket.
func quantileOf(list []bucket, q float64) float64 {
	rank := q * list[len(list)-1].count
	low := bucket{}
	for _, b := range list {
		if b.count >= rank && b.count > low.count {
			if math.IsInf(b.bound, 1) {
				return low.bound
			}
			return low.bound + (b.bound-low.bound)*(rank-low.count)/(b.count-low.count)
		}
		low = b
	}
	return low.bound
}
