package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"rally/modules/accounts"
	"rally/platform/testkit"
)

// register is what a directory reads: names of people by their ids, and who was
// read, in order. During, if set, runs while somebody is being read.
type register struct {
	accounts.Profiles

	names  map[int64]string
	asked  []string
	during func()
	err    error
}

func (r *register) ActiveProfiles(_ context.Context, ids []int64) ([]accounts.Profile, error) {
	r.asked = append(r.asked, fmt.Sprint(ids))
	var list []accounts.Profile
	for _, id := range ids {
		if name, here := r.names[id]; here {
			list = append(list, accounts.Profile{UserID: id, ProfileName: name})
		}
	}
	if during := r.during; during != nil {
		r.during = nil
		during()
	}
	return list, r.err
}

func (r *register) read() (asked []string) {
	asked, r.asked = r.asked, nil
	return asked
}

func TestTheDirectoryRemembersPeople(t *testing.T) {
	rows, clock := &register{names: map[int64]string{1: "mina", 2: "solbit"}}, testkit.NewClock(time.Now())
	d := accounts.NewDirectory(rows, clock.Now)
	want := func(what, names string, asked ...string) {
		t.Helper()
		found, err := d.ProfilesOf(t.Context(), []int64{1, 2, 3})
		if err != nil {
			t.Fatal(err)
		}
		got := found[1].ProfileName + " " + found[2].ProfileName + " " + found[3].ProfileName
		if read := rows.read(); got != names || !slices.Equal(read, asked) {
			t.Errorf("%s: %q after reading %v, want %q and %v", what, got, read, names, asked)
		}
	}
	want("at first", "mina solbit ", "[1 2 3]")
	want("who isn't there is looked for again", "mina solbit ", "[3]")
	rows.names[1], rows.names[3] = "Mina", "new"
	want("whom nobody told of", "mina solbit new", "[3]")
	d.Forget(1)
	want("a new name", "Mina solbit new", "[1]")
	delete(rows.names, 2)
	d.Forget(2, 4)
	want("who left", "Mina  new", "[2]")

	// Time forgets, too: a signal may be lost.
	rows.names[3] = "renamed"
	clock.Advance(10*time.Second - 1)
	want("soon after", "Mina  new", "[2]")
	clock.Advance(1)
	want("later", "Mina  renamed", "[1 2 3]")

	rows.err = errors.New("the database is away")
	if _, err := d.ProfilesOf(t.Context(), []int64{1, 3}); err != nil {
		t.Errorf("who is remembered needs no database: %v", err)
	}
	if _, err := d.ProfilesOf(t.Context(), []int64{1, 2}); !errors.Is(err, rows.err) {
		t.Errorf("read: %v", err)
	}
}

// What was read before a change, and comes after it, is not remembered.
func TestAChangeOvertakesWhoIsBeingRead(t *testing.T) {
	rows := &register{names: map[int64]string{1: "old", 2: "other"}}
	d := accounts.NewDirectory(rows, testkit.NewClock(time.Now()).Now)
	rows.during = func() {
		rows.names[1] = "new"
		d.Forget(1)
	}
	if found, err := d.ProfilesOf(t.Context(), []int64{1, 2}); err != nil || found[1].ProfileName != "old" {
		t.Fatalf("read before the change: %+v, %v", found, err)
	}
	if found, err := d.ProfilesOf(t.Context(), []int64{1, 2}); err != nil || found[1].ProfileName != "new" || !slices.Equal(rows.read(), []string{"[1 2]", "[1]"}) {
		t.Errorf("read after the change: %+v, %v", found, err)
	}
}

func TestADirectoryWithoutAClockRemembersNobody(t *testing.T) {
	rows := &register{names: map[int64]string{1: "mina"}}
	d := accounts.NewDirectory(rows, nil)
	for range 2 {
		if found, err := d.ProfilesOf(t.Context(), []int64{1}); err != nil || found[1].ProfileName != "mina" {
			t.Errorf("%+v, %v", found, err)
		}
	}
	if asked := rows.read(); len(asked) != 2 {
		t.Errorf("read %v", asked)
	}
}
