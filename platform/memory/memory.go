// Package memory gives back to the operating system what a busy program took and
// a quiet one doesn't need.
//
// Go's runtime keeps as much free heap as it uses, so that it seldom has to
// collect, and gives little of it back. That is right while the program works.
// Ten thousand sockets on which nothing happens would still hold twice their
// memory, and a program that has just started what its start took. While little
// is allocated, a collection costs little and nobody waits for it.
package memory

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

const (
	// every is how often the keeper looks.
	every = 5 * time.Second
	// calm is the most that a quiet program allocates between two looks, in bytes.
	calm = 5 << 20
	// worth is what must have been allocated since the last time, in bytes: it
	// bounds how often a collection is forced.
	worth = 4 << 20
)

// Keeper looks after the memory of the process, from Keep to Stop.
type Keeper struct {
	last, given uint64 // bytes ever allocated, at the last look and when memory was last given back
	cancel      context.CancelFunc
	running     sync.WaitGroup
}

// Keep begins to look. A process needs one Keeper.
func Keep() *Keeper {
	life, cancel := context.WithCancel(context.Background())
	k := &Keeper{cancel: cancel}
	k.running.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-life.Done():
				return
			case <-tick.C:
			}
			if k.due(allocated()) {
				debug.FreeOSMemory()
			}
		}
	})
	return k
}

// Stop ends it.
func (k *Keeper) Stop() {
	k.cancel()
	k.running.Wait()
}

// due reports whether the program is quiet, and there is something to collect.
func (k *Keeper) due(allocated uint64) bool {
	quiet := allocated-k.last <= calm
	k.last = allocated
	if !quiet || allocated-k.given < worth {
		return false
	}
	k.given = allocated
	return true
}

// allocated returns how many bytes were ever allocated on the heap.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
