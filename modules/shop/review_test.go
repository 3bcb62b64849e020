package shop_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"rally/modules/shop"
	"rally/modules/shop/internal/store"
	"rally/modules/talk"
	"rally/platform/audit"
	"rally/platform/auth"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/page"
	"rally/platform/testkit"
)

// board is what was said about articles: who touched which, and what was cleared.
type board struct {
	touched map[int64][]int64
	cleared []int64
}

func (b *board) Touched(_ context.Context, room string, userID int64) ([]int64, error) {
	if room != shop.ReviewRoom {
		return nil, errors.New("another room")
	}
	return b.touched[userID], nil
}

func (b *board) Clear(_ context.Context, _ string, infoIDs ...int64) error {
	b.cleared = append(b.cleared, infoIDs...)
	return nil
}

func (*board) RemarksOf(context.Context, string, int64, page.Request) (page.List[talk.Remark], error) {
	return page.List[talk.Remark]{}, nil
}

// Two are erased at once who each wish for what the other reviewed. Talk forgets
// after the shop, in the same transaction; nobody waits in a circle.
func TestWishesAndReviewsAreForgottenAtOnce(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		b := &board{touched: map[int64][]int64{1: {x.infos[1]}, 2: {x.infos[0]}}}
		leavers, room := shop.NewLeavers(d, store.New(d), b, x.clock.Now), shop.NewReviewRoom(store.New(d))
		const rounds = 8
		for range rounds {
			for user, size := range map[int64]int64{1: x.sizes[0], 2: x.sizes[2]} {
				if _, _, err := x.SetWish(as(t, user), shop.WishChange{ProductID: size}); err != nil {
					t.Fatal(err)
				}
			}
			var wg sync.WaitGroup
			for user := int64(1); user <= 2; user++ {
				wg.Go(func() {
					err := x.tx.InTx(t.Context(), func(ctx context.Context) error {
						if err := leavers.Forget(ctx, user); err != nil {
							return err
						}
						time.Sleep(time.Millisecond) // so that the other comes as far
						return room.Host.Hold(ctx, b.touched[user])
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
		if n := x.tx.runs.Load(); n != 2*rounds {
			t.Errorf("%d transactions ran %d times", 2*rounds, n)
		}
		if n := x.count(t, "SELECT count(*) FROM wishes"); n != 0 {
			t.Errorf("%d wishes are left", n)
		}
	})
}

func TestArticlesAreReviewed(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x := newExchange(t, d)
		host := shop.NewReviewRoom(store.New(d)).Host
		info, other, ctx := x.infos[0], x.infos[1], t.Context()
		counts := func(want ...int64) {
			t.Helper()
			for i, id := range x.infos {
				if n := x.count(t, "SELECT comments FROM product_infos WHERE id = $1", id); n != want[i] {
					t.Errorf("article %d counts %d, want %d", id, n, want[i])
				}
			}
		}
		for _, step := range []int64{1, 1, -1, 5} {
			if err := host.Count(ctx, info, step); err != nil {
				t.Fatal(err)
			}
		}
		counts(6, 0)
		if err := host.Recount(ctx, map[int64]int64{info: 2, other: 9}); err != nil {
			t.Fatal(err)
		}
		counts(2, 9)
		if err := host.Recount(ctx, nil); err != nil {
			t.Error(err)
		}
		for what, err := range map[string]error{
			"count": host.Count(ctx, 999, 1), "recount": host.Recount(ctx, map[int64]int64{999: 1}), "admit": host.Admit(ctx, 999, talk.Viewer{Staff: true}),
		} {
			if !errors.Is(err, shop.ErrInfoNotFound) {
				t.Errorf("%s of no article: %v", what, err)
			}
		}
		if owner, err := host.Owner(ctx, info); owner != 0 || err != nil || host.Admit(ctx, info, talk.Viewer{}) != nil || host.Hold(ctx, []int64{info, 999}) != nil {
			t.Errorf("owned by %d, %v", owner, err)
		}

		// Who bought it has a settled order of any size.
		x.bid(t, 1, x.sizes[0], shop.Sales, 100_000)
		order, err := x.Trade(as(t, 2), shop.TradeNow{ProductID: x.sizes[0], Side: shop.Purchase})
		if err != nil {
			t.Fatal(err)
		}
		marks := shop.NewReviewRoom(store.New(d)).Marks
		bought := func(info int64) []int64 {
			t.Helper()
			buyers, err := marks.Bought(ctx, info, []int64{1, 2, 2, 3})
			if err != nil {
				t.Fatal(err)
			}
			return buyers
		}
		if before := bought(info); len(before) != 0 {
			t.Errorf("before it came %v have it", before)
		}
		x.settle(t, order.Row)
		if !slices.Equal(bought(info), []int64{2}) || len(bought(other)) != 0 {
			t.Errorf("%v have it, %v the other", bought(info), bought(other))
		}
	})
}

// An article takes along what was said about it.
func TestReviewsGoWithTheirArticle(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		x, b := newExchange(t, d), &board{}
		events, err := event.NewDispatcher()
		if err != nil {
			t.Fatal(err)
		}
		s := shop.NewService(testkit.Defaults[shop.Config](t), shop.Deps{Tx: d, Audit: audit.New(d, x.clock.Now), Store: store.New(d), Events: events, Reviews: b, Clock: x.clock.Now})
		ctx := auth.With(t.Context(), auth.Identity{UserID: staff, Staff: true})
		if err := s.DeleteInfo(ctx, x.infos[1]); err != nil || !slices.Equal(b.cleared, []int64{x.infos[1]}) {
			t.Errorf("cleared %v, %v", b.cleared, err)
		}
	})
}
