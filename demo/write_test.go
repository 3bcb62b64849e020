package demo_test

import (
	"errors"
	"testing"

	"rally/demo"
)

// Where there are users, nothing is drawn, announced or written.
func TestUsersAreThere(t *testing.T) {
	t.Parallel()
	f := newFakes()
	f.here = []int{1}
	deps := f.deps()
	deps.Announce = func() { t.Error("work is announced") }
	if _, err := demo.Build(t.Context(), deps, demo.Options{People: 12, Articles: 3}); !errors.Is(err, demo.ErrNotEmpty) {
		t.Errorf("the error is %v", err)
	}
	if f.puts > 0 || f.catalogue != nil || f.users != nil {
		t.Errorf("%d pictures, %d people and the catalogue %t were stored", f.puts, len(f.users), f.catalogue != nil)
	}
}

// Nor is anything written when somebody comes while the pictures are drawn.
func TestSomebodyComesMeanwhile(t *testing.T) {
	t.Parallel()
	f := newFakes()
	f.here = []int{0, 1}
	announced := false
	deps := f.deps()
	deps.Announce = func() { announced = f.puts == 0 }
	if _, err := demo.BuildBlank(t.Context(), deps, demo.Options{People: 12, Articles: 3}); !errors.Is(err, demo.ErrNotEmpty) {
		t.Errorf("the error is %v", err)
	}
	if !announced {
		t.Error("the work is not announced before it begins")
	}
	if f.puts == 0 || f.catalogue != nil || f.users != nil {
		t.Errorf("%d pictures, %d people and the catalogue %t were stored", f.puts, len(f.users), f.catalogue != nil)
	}
}

// A transaction that lost to another one runs again, to the same end.
func TestTransactionRunsAgain(t *testing.T) {
	t.Parallel()
	small := demo.Options{Seed: 7, People: 40, Articles: 8}
	once, want := build(t, demo.BuildBlank, small)
	f := newFakes()
	f.attempts = 3
	world, err := demo.BuildBlank(t.Context(), f.deps(), small)
	if err != nil {
		t.Fatal(err)
	}
	if f.fingerprint() != once.fingerprint() || world.Trades != want.Trades || world.OpenBids != want.OpenBids {
		t.Errorf("after three attempts the world is %+v, after one %+v", world, want)
	}
	if f.puts != once.puts {
		t.Errorf("%d pictures were stored, %d in one attempt", f.puts, once.puts)
	}
}
