package auth_test

import (
	"context"
	"errors"
	"testing"

	"rally/platform/auth"
)

func TestRequire(t *testing.T) {
	ctx := context.Background()
	if _, err := auth.Require(ctx); !errors.Is(err, auth.ErrRequired) {
		t.Fatalf("anonymous: %v", err)
	}
	if _, err := auth.RequireStaff(ctx); !errors.Is(err, auth.ErrRequired) {
		t.Fatalf("anonymous, staff wanted: %v", err)
	}
	if auth.UserID(ctx) != 0 {
		t.Fatal("anonymous has an id")
	}

	ctx = auth.With(ctx, auth.Identity{UserID: 7, SessionID: 9})
	if id, err := auth.Require(ctx); err != nil || id.UserID != 7 || auth.UserID(ctx) != 7 {
		t.Fatalf("logged in: %+v, %v", id, err)
	}
	if _, err := auth.RequireStaff(ctx); !errors.Is(err, auth.ErrForbidden) {
		t.Fatalf("not staff: %v", err)
	}

	ctx = auth.With(ctx, auth.Identity{UserID: 7, Staff: true})
	if _, err := auth.RequireStaff(ctx); err != nil {
		t.Fatalf("staff: %v", err)
	}
}
