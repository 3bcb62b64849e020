package bus_test

import (
	"fmt"
	"maps"
	"sync"
	"testing"

	"rally/platform/testkit"
	"rally/platform/testkit/natscluster"
)

// mirror is what a watcher believes that a bucket holds.
type mirror struct {
	mu   sync.Mutex
	keys map[string]int
}

func (m *mirror) see(key string, v tick, gone bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if gone {
		delete(m.keys, key)
		return
	}
	m.keys[key] = v.N
}

func (m *mirror) is(want map[string]int) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Equal(m.keys, want)
}

// A server that stood alone takes everything with it. The bucket is there again
// by itself, and who watches it forgets what it held.
func TestABucketIsMadeAgainAfterItsServer(t *testing.T) {
	first, stop := natscluster.Single(t, -1, true)
	port := portOf(first)
	url := fmt.Sprintf("nats://127.0.0.1:%d", port)
	one, _ := open(t, defaults(t, url))
	two, _ := open(t, defaults(t, url))
	writer, reader := bucket(t, one, 0), bucket(t, two, 0)
	m := &mirror{keys: map[string]int{}}
	unwatch, err := reader.Watch(t.Context(), m.see)
	if err != nil {
		t.Fatal(err)
	}
	defer unwatch()
	for i, key := range []string{"a", "b", "c"} {
		if err := writer.Put(t.Context(), key, tick{N: i}); err != nil {
			t.Fatal(err)
		}
	}
	testkit.Until(t, "the watcher sees it", func() bool { return m.is(map[string]int{"a": 0, "b": 1, "c": 2}) })

	stop()
	testkit.Until(t, "the connection is lost", func() bool { return one.Ready(t.Context()) != nil })
	if _, _, _, err := writer.Get(t.Context(), "a"); err == nil {
		t.Error("a bucket without a server answers")
	}
	natscluster.Single(t, port, true)
	testkit.Until(t, "somebody writes again", func() bool { return writer.Put(t.Context(), "b", tick{N: 7}) == nil })
	testkit.Until(t, "the watcher sees that, and that alone", func() bool { return m.is(map[string]int{"b": 7}) })
	if _, _, found, err := reader.Get(t.Context(), "a"); found || err != nil {
		t.Errorf("what was lost: %v, %v", found, err)
	}
}
