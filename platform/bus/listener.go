package bus

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Listener is a subscription that waits to be made: modules declare theirs,
// and the program makes them all once the bus is there. Make it with Listen.
type Listener struct {
	name   string
	listen func(b *Bus) (stop func(), err error)
}

// Listen declares that fn gets the signals of a subject. The name,
// "module.purpose", is unique in the program.
func Listen[T any](name, subject string, fn func(context.Context, T)) Listener {
	return Listener{name: name, listen: func(b *Bus) (func(), error) { return Subscribe(b, subject, fn) }}
}

// ListenAll makes every subscription, in the order of their names, and returns
// what ends them again. Two listeners of one name are an error.
func ListenAll(b *Bus, list []Listener) (stop func(), err error) {
	var stops []func()
	stop = func() {
		for _, s := range slices.Backward(stops) {
			s()
		}
	}
	sorted := slices.SortedFunc(slices.Values(list), func(x, y Listener) int { return strings.Compare(x.name, y.name) })
	for i, l := range sorted {
		if i > 0 && sorted[i-1].name == l.name {
			stop()
			return nil, fmt.Errorf("bus: two listeners are named %q", l.name)
		}
		end, err := l.listen(b)
		if err != nil {
			stop()
			return nil, fmt.Errorf("bus: %s: %w", l.name, err)
		}
		stops = append(stops, end)
	}
	return stop, nil
}
