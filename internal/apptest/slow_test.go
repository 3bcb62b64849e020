package apptest_test

import (
	"context"
	"testing"
	"time"

	"rally/internal/apptest"
	"rally/platform/db"
)

// A request whose turn comes late is still answered: the time to read a body
// is over when it is read.
func TestARequestMayWaitItsTurn(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, db.Postgres, nil)
	p, seller := newShelf(t, s.Staff()).traded(), s.Person()
	answered := make(chan apptest.Reply, 1)
	err := s.DB.InTx(t.Context(), func(ctx context.Context) error {
		if _, err := db.Select[int64](ctx, s.DB, "SELECT id FROM products WHERE id = $1 FOR UPDATE", p); err != nil {
			return err
		}
		go func() { answered <- seller.Post(product(p, "bids/?type=sales"), M{"price": 100000}) }()
		select { // longer than any default for reading a body
		case <-time.After(7 * time.Second):
		case r := <-answered:
			t.Errorf("answered before it could be: %d %s", r.Status, r.Body)
			answered <- r
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	(<-answered).Want(t, 201)
}
