// Package event tells other modules, inside the same transaction, that
// something happened. Upward knowledge between modules flows only this way.
//
// Subscribers run synchronously with the emitter's context, so they join its
// transaction: all of it commits, or none. An event that a subscriber emits
// would be a cascade that nobody can follow; Emit refuses it.
package event

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// ErrCascade says that a subscriber emitted an event of its own.
var ErrCascade = errors.New("event: a subscriber must not emit events")

// Subscription binds a function to one type of event. Make it with On.
type Subscription struct {
	name string
	typ  reflect.Type
	run  func(context.Context, any) error
}

// On makes a subscription to events of type E. The name, "module.purpose", is
// unique in the program and orders the subscribers of one event.
func On[E any](name string, fn func(context.Context, E) error) Subscription {
	return Subscription{
		name: name,
		typ:  reflect.TypeFor[E](),
		run:  func(ctx context.Context, e any) error { return fn(ctx, e.(E)) },
	}
}

// Dispatcher delivers events to their subscribers. It is immutable after
// NewDispatcher and safe for concurrent use.
type Dispatcher struct {
	subs map[reflect.Type][]Subscription
}

// NewDispatcher returns a dispatcher over subs, ordered by name. Two
// subscriptions of the same name are an error.
func NewDispatcher(subs ...Subscription) (*Dispatcher, error) {
	sorted := slices.SortedFunc(slices.Values(subs), func(a, b Subscription) int { return strings.Compare(a.name, b.name) })
	d := &Dispatcher{subs: make(map[reflect.Type][]Subscription)}
	for i, s := range sorted {
		if i > 0 && sorted[i-1].name == s.name {
			return nil, fmt.Errorf("event: two subscriptions are named %q", s.name)
		}
		d.subs[s.typ] = append(d.subs[s.typ], s)
	}
	return d, nil
}

type inSubscriber struct{}

// Emit runs every subscriber of e's type, and stops at the first error, which
// the emitter returns so that its transaction rolls back. An event without
// subscribers is fine.
func (d *Dispatcher) Emit(ctx context.Context, e any) error {
	if ctx.Value(inSubscriber{}) != nil {
		return fmt.Errorf("%w: %T", ErrCascade, e)
	}
	inner := context.WithValue(ctx, inSubscriber{}, true)
	for _, s := range d.subs[reflect.TypeOf(e)] {
		if err := s.run(inner, e); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}
