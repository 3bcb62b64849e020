package blob_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"rally/platform/blob"
	"rally/platform/db"
	"rally/platform/testkit"
)

func TestAShelfKeepsToItsPart(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		core, logs := observer.New(zapcore.InfoLevel)
		style, people := s.Shelf("style", zap.New(core)), s.Shelf("people", zap.New(core))
		data := encodePNG(t, quarters(900, 30))
		place := func(shelf blob.Shelf) string {
			t.Helper()
			p, err := shelf.Put(t.Context(), bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			return p.Key
		}
		one, two, face := place(style), place(style), place(people)
		if !strings.HasPrefix(one, "style/") || !strings.HasPrefix(face, "people/") || one == two {
			t.Fatalf("kept as %s, %s, %s", one, two, face)
		}
		if _, err := style.Put(t.Context(), strings.NewReader("no picture")); !errors.Is(err, blob.ErrUnsupportedType) {
			t.Errorf("no picture: %v", err)
		}
		style.Delete(t.Context(), one, "style/no-such-picture.png")
		style.Delete(t.Context())
		if has(t, s, one) || !has(t, s, two) || !has(t, s, face) {
			t.Error("another picture was deleted, or that one was not")
		}
		for _, size := range []string{"-m", "-s"} {
			if has(t, s, strings.TrimSuffix(one, ".png")+size+".png") {
				t.Errorf("the copy %s stays", size)
			}
		}

		// Only the shelf's own pictures are swept, and only old ones.
		now := time.Now()
		for _, at := range []time.Time{now, now.Add(23 * time.Hour)} {
			if err := style.Sweep(t.Context(), at, among()); err != nil || !has(t, s, two) {
				t.Fatalf("a young picture was swept: %v", err)
			}
		}
		logs.TakeAll()
		if err := style.Sweep(t.Context(), now.Add(25*time.Hour), among()); err != nil || has(t, s, two) || !has(t, s, face) {
			t.Errorf("swept: %v", err)
		}
		if n := logs.FilterMessageSnippet("under style").Len(); n != 1 {
			t.Errorf("%d lines say what was swept", n)
		}
		if err := people.Sweep(t.Context(), now.Add(25*time.Hour), among(face)); err != nil || !has(t, s, face) || logs.Len() != 1 {
			t.Errorf("what is in use was swept: %v, %d lines", err, logs.Len())
		}
	})
}

// A picture whose row stays stays with it.
func TestAShelfDeletesAfterTheCommit(t *testing.T) {
	t.Parallel()
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := open(t, blob.Config{URL: "mem://"})
		shelf := s.Shelf("people", zap.NewNop())
		p, err := shelf.Put(t.Context(), bytes.NewReader(encodePNG(t, quarters(8, 8))))
		if err != nil {
			t.Fatal(err)
		}
		failed := errors.New("no")
		if err := d.InTx(t.Context(), func(ctx context.Context) error {
			shelf.DeleteAfterCommit(ctx, p.Key)
			return failed
		}); !errors.Is(err, failed) || !has(t, s, p.Key) {
			t.Errorf("after a rollback: %v", err)
		}
		if err := d.InTx(t.Context(), func(ctx context.Context) error {
			shelf.DeleteAfterCommit(ctx, p.Key)
			if !has(t, s, p.Key) {
				t.Error("deleted before the commit")
			}
			return nil
		}); err != nil || has(t, s, p.Key) {
			t.Errorf("after the commit: %v", err)
		}
	})
}
