package bus_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rally/platform/bus"
	"rally/platform/testkit"
	"rally/platform/testkit/natscluster"
)

// eachBus runs a test in the program's own NATS and over a cluster of three.
func eachBus(t *testing.T, fn func(t *testing.T, open func() *bus.Bus)) {
	t.Run("embedded", func(t *testing.T) {
		b, _ := open(t, defaults(t, ""))
		fn(t, func() *bus.Bus { return b })
	})
	t.Run("cluster", func(t *testing.T) {
		c := natscluster.Start(t, 3)
		fn(t, func() *bus.Bus {
			b, _ := open(t, defaults(t, c.URL))
			return b
		})
	})
}

func bucket(t *testing.T, b *bus.Bus, ttl time.Duration) *bus.Bucket[tick] {
	t.Helper()
	k, err := bus.OpenBucket[tick](t.Context(), b, "test", ttl)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestAKeyIsWrittenByWhoSawItLast(t *testing.T) {
	eachBus(t, func(t *testing.T, open func() *bus.Bus) {
		one, two := bucket(t, open(), 0), bucket(t, open(), 0)
		ctx := t.Context()
		if _, _, found, err := one.Get(ctx, "a"); found || err != nil {
			t.Fatalf("an empty bucket: %v, %v", found, err)
		}
		rev, ok, err := one.Create(ctx, "a", tick{N: 1})
		if !ok || err != nil {
			t.Fatalf("created: %v, %v", ok, err)
		}
		if _, ok, err := two.Create(ctx, "a", tick{N: 2}); ok || err != nil {
			t.Fatalf("created twice: %v, %v", ok, err)
		}
		newer, ok, err := two.Update(ctx, "a", tick{N: 3}, rev)
		if !ok || err != nil {
			t.Fatalf("updated: %v, %v", ok, err)
		}
		if _, ok, err := one.Update(ctx, "a", tick{N: 4}, rev); ok || err != nil {
			t.Fatalf("updated behind somebody's back: %v, %v", ok, err)
		}
		if ok, err := one.Delete(ctx, "a", rev); ok || err != nil {
			t.Fatalf("deleted behind somebody's back: %v, %v", ok, err)
		}
		testkit.Until(t, "both read the newest", func() bool {
			v, at, found, err := one.Get(ctx, "a")
			return err == nil && found && at == newer && v.N == 3
		})
		if ok, err := one.Delete(ctx, "a", newer); !ok || err != nil {
			t.Fatalf("deleted: %v, %v", ok, err)
		}
		if _, ok, err := two.Create(ctx, "a", tick{N: 5}); !ok || err != nil {
			t.Fatalf("created again: %v, %v", ok, err)
		}
		if ok, err := two.Delete(ctx, "a", 0); !ok || err != nil {
			t.Fatalf("deleted, whatever it held: %v, %v", ok, err)
		}
	})
}

func TestOfAHundredOneCreates(t *testing.T) {
	eachBus(t, func(t *testing.T, open func() *bus.Bus) {
		buckets := []*bus.Bucket[tick]{bucket(t, open(), 0), bucket(t, open(), 0)}
		var won atomic.Int32
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				_, ok, err := buckets[i%2].Create(t.Context(), "seat", tick{N: i})
				if err != nil {
					t.Error(err)
				}
				if ok {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Fatalf("%d created one key", won.Load())
		}
	})
}

func TestAWatcherSeesWhatIsAndWhatComes(t *testing.T) {
	eachBus(t, func(t *testing.T, open func() *bus.Bus) {
		writer, reader := bucket(t, open(), 0), bucket(t, open(), 0)
		ctx := t.Context()
		for i := range 3 {
			if err := writer.Put(ctx, fmt.Sprintf("k%d", i), tick{N: i}); err != nil {
				t.Fatal(err)
			}
		}
		var mu sync.Mutex
		var seen []string
		stop, err := reader.Watch(ctx, func(key string, v tick, gone bool) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, fmt.Sprintf("%s %d %v", key, v.N, gone))
		})
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		look := func() []string {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(seen)
		}
		if got := look(); !slices.Equal(got, []string{"k0 0 false", "k1 1 false", "k2 2 false"}) {
			t.Fatalf("at first: %q", got)
		}
		if err := writer.Put(ctx, "k1", tick{N: 7}); err != nil {
			t.Fatal(err)
		}
		if _, err := writer.Delete(ctx, "k0", 0); err != nil {
			t.Fatal(err)
		}
		testkit.Until(t, "the changes", func() bool { return len(look()) == 5 })
		if got := look()[3:]; !slices.Equal(got, []string{"k1 7 false", "k0 0 true"}) {
			t.Fatalf("then: %q", got)
		}
	})
}

func TestWhatNobodyWritesAgainIsForgotten(t *testing.T) {
	eachBus(t, func(t *testing.T, open func() *bus.Bus) {
		k := bucket(t, open(), time.Second)
		gone := make(chan string, 10)
		stop, err := k.Watch(t.Context(), func(key string, _ tick, g bool) {
			if g {
				gone <- key
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		defer stop()
		if err := k.Put(t.Context(), "beat", tick{N: 1}); err != nil {
			t.Fatal(err)
		}
		if key := testkit.Receive(t, gone); key != "beat" {
			t.Fatalf("%q went", key)
		}
		if _, _, found, err := k.Get(t.Context(), "beat"); found || err != nil {
			t.Fatalf("still there: %v, %v", found, err)
		}
	})
}

// A server of three that goes takes nothing with it.
func TestABucketOutlivesAServer(t *testing.T) {
	c := natscluster.Start(t, 3)
	b, _ := open(t, defaults(t, c.URL))
	back := make(chan struct{}, 10)
	b.OnReconnect(func(context.Context) { back <- struct{}{} })
	k := bucket(t, b, 0)
	if err := k.Put(t.Context(), "a", tick{N: 1}); err != nil {
		t.Fatal(err)
	}
	c.Stop(0) // whoever was connected to it comes back to another
	testkit.Until(t, "what was written is read from the others", func() bool {
		v, _, found, err := k.Get(t.Context(), "a")
		return err == nil && found && v.N == 1
	})
	testkit.Until(t, "the others take writes", func() bool { return k.Put(t.Context(), "b", tick{N: 2}) == nil })
}
