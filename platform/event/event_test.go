package event_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"rally/platform/event"
)

type happened struct{ n int }
type other struct{}

func TestSubscribersRunInOrderOfTheirNames(t *testing.T) {
	var got []string
	note := func(name string) event.Subscription {
		return event.On(name, func(_ context.Context, e happened) error {
			if e.n != 3 {
				t.Errorf("%s got %+v", name, e)
			}
			got = append(got, name)
			return nil
		})
	}
	d, err := event.NewDispatcher(note("b"), note("a"), event.On("c", func(context.Context, other) error {
		t.Error("an event of another type arrived")
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Emit(t.Context(), happened{3}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, []string{"a", "b"}) {
		t.Fatalf("order %v", got)
	}
}

func TestFirstErrorStopsAndReachesTheEmitter(t *testing.T) {
	boom := errors.New("boom")
	d, err := event.NewDispatcher(
		event.On("a", func(context.Context, happened) error { return boom }),
		event.On("b", func(context.Context, happened) error { t.Error("ran after an error"); return nil }),
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Emit(t.Context(), happened{}); !errors.Is(err, boom) {
		t.Fatalf("got %v", err)
	}
}

func TestCascadesAreRefused(t *testing.T) {
	var d *event.Dispatcher
	d, err := event.NewDispatcher(event.On("a", func(ctx context.Context, _ happened) error { return d.Emit(ctx, other{}) }))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Emit(t.Context(), happened{}); !errors.Is(err, event.ErrCascade) {
		t.Fatalf("got %v", err)
	}
}

func TestDuplicateNamesAreRefused(t *testing.T) {
	nop := func(context.Context, happened) error { return nil }
	if _, err := event.NewDispatcher(event.On("a", nop), event.On("a", nop)); err == nil {
		t.Fatal("two subscriptions named a were accepted")
	}
}
