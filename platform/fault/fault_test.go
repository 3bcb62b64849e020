package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"rally/platform/fault"
)

var errTaken = fault.New(fault.Conflict, "test.taken", "Taken.")

func TestRefinedCopyMatchesAndLeavesTheOriginal(t *testing.T) {
	cause := errors.New("unique violation")
	err := fmt.Errorf("insert: %w", errTaken.WithCause(cause).With("price", 5).WithField("size", "taken"))

	if !errors.Is(err, errTaken) || !errors.Is(err, cause) {
		t.Fatalf("%v matches neither its fault nor its cause", err)
	}
	f := fault.From(err)
	if f.Meta["price"] != 5 || f.Fields["size"][0] != "taken" {
		t.Fatalf("refinements lost: %+v", f)
	}
	if errTaken.Meta != nil || errTaken.Fields != nil || errors.Unwrap(errTaken) != nil {
		t.Fatalf("the declared fault changed: %+v", errTaken)
	}
}

func TestFieldsAccumulateWithoutSharing(t *testing.T) {
	a := fault.ErrInvalid.WithField("email", "missing")
	b := a.WithField("email", "malformed").WithField("age", "negative")
	if len(a.Fields["email"]) != 1 || len(a.Fields) != 1 {
		t.Fatalf("a changed: %v", a.Fields)
	}
	if len(b.Fields["email"]) != 2 || len(b.Fields["age"]) != 1 {
		t.Fatalf("b is incomplete: %v", b.Fields)
	}
}

func TestUnknownErrorsAreInternal(t *testing.T) {
	cause := errors.New("disk on fire")
	f := fault.From(cause)
	if f.Kind != fault.Internal || f.Code != "internal" || !errors.Is(f, cause) {
		t.Fatalf("got %+v", f)
	}
	if fault.From(nil) != nil {
		t.Fatal("From(nil) is not nil")
	}
}

func TestStatusOfEachKind(t *testing.T) {
	want := map[fault.Kind]int{
		fault.Internal: 500, fault.Invalid: 400, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404,
		fault.Conflict: 409, fault.TooLarge: 413, fault.RateLimited: 429, fault.Unavailable: 503,
	}
	for kind, status := range want {
		if got := kind.Status(); got != status {
			t.Errorf("kind %d: status %d, want %d", kind, got, status)
		}
	}
}
