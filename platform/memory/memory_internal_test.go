package memory

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"testing/synctest"
	"time"
)

const mebibyte = 1 << 20

func TestOnlyAQuietProgramGivesBack(t *testing.T) {
	k := &Keeper{}
	for i, step := range []struct {
		allocated uint64 // in MiB, since the last look
		due       bool
	}{
		{100, false}, // starts
		{2, true},    // has started
		{1, false},   // not worth it yet
		{1, false},
		{2, true}, // slowly it adds up
		{50, false},
		{6, false}, // still at work
		{0, true},
		{0, false}, // there is nothing more
	} {
		if got := k.due(k.last + step.allocated*mebibyte); got != step.due {
			t.Errorf("look %d, after %d MiB: %v", i, step.allocated, got)
		}
	}
}

var ballast [][]byte

// What the program has dropped is not the program's any more.
func TestWhatIsNotNeededIsGivenBack(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // nobody else collects
	for range 64 {
		ballast = append(ballast, make([]byte, mebibyte))
	}
	full := held()
	ballast = nil
	synctest.Test(t, func(*testing.T) {
		k := Keep()
		time.Sleep(3 * every) // in the bubble, where no time passes
		synctest.Wait()
		k.Stop()
	})
	if now := held(); now+32*mebibyte > full {
		t.Errorf("holds %d MiB, and %d MiB before", now/mebibyte, full/mebibyte)
	}
	runtime.KeepAlive(ballast)
}

// held returns how many bytes of the heap the operating system has given.
func held() uint64 {
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}, {Name: "/memory/classes/heap/free:bytes"},
	}
	metrics.Read(samples)
	var sum uint64
	for _, s := range samples {
		sum += s.Value.Uint64()
	}
	return sum
}
