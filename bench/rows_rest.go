package main

import (
	"context"
	"errors"
	"time"
)

const (
	mebibyte   = 1 << 20
	idle       = 10 * time.Second
	mostMemory = 90 // MiB
	mostStart  = 1  // seconds
)

// rest measures a process that nobody uses: how soon it is ready on a database
// that is there, and what it then holds.
func (b *bench) rest(ctx context.Context, w *world) {
	b.observe(ctx, row{engine: w.engine, name: "from start to ready, existing database", unit: "s", target: mostStart}, b.pairs, func(ctx context.Context) (float64, error) {
		p, err := startRally(ctx, b.bin, w.env)
		if err != nil {
			return 0, err
		}
		return p.took.Seconds(), p.stop()
	})
	b.observe(ctx, row{engine: w.engine, name: "memory at rest, 10 s after start", unit: "MiB", target: mostMemory}, 1, func(ctx context.Context) (_ float64, err error) {
		p, err := startRally(ctx, b.bin, w.env)
		if err != nil {
			return 0, err
		}
		defer func() { err = errors.Join(err, p.stop()) }()
		select {
		case <-time.After(idle):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
		size, err := p.status("VmRSS")
		return size / mebibyte, err
	})
}
