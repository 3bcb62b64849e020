package shopfx

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"rally/modules/accounts"
	"rally/modules/shop"
	"rally/modules/shop/internal/store"
	"rally/platform/audit"
	"rally/platform/auth"
	"rally/platform/bus"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/testkit"
)

const (
	leaver = 1_000_001
	other  = 2_000_002
)

// node is the module's parts, wired by hand.
type node struct {
	*shop.Service
	db      *db.DB
	events  *event.Dispatcher
	product int64
	signals chan shop.BookChanged
	present chan bool // answers whether the leaver is there
}

// Active implements shop.People.
func (n *node) Active(ctx context.Context, userID int64) (bool, error) {
	if userID != leaver {
		return false, errors.New("asked for somebody else")
	}
	select {
	case answer := <-n.present:
		return answer, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// start wires a node whose clock is behind, or ahead of, the real one, by
// which jobs are due.
func start(t *testing.T, d *db.DB, ahead time.Duration) *node {
	t.Helper()
	clock := func() time.Time { return time.Now().Add(ahead).Truncate(time.Microsecond).UTC() }
	n := &node{db: d, signals: make(chan shop.BookChanged, 64), present: make(chan bool, 1)}
	b, err := bus.Open(t.Context(), testkit.Defaults[bus.Config](t), zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.Background()) })
	stop, err := bus.Subscribe(b, BookChangedSubject, func(_ context.Context, e shop.BookChanged) { n.signals <- e })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	cfg := testkit.Defaults[jobs.Config](t)
	cfg.PollInterval = 10 * time.Millisecond
	client, err := jobs.Open(d, cfg, zap.NewNop(), nil)
	if err != nil {
		t.Fatal(err)
	}
	leavers, signals := newLeavers(d, nil, clock), newBookSignals(b, shop.NewListPrices(d, store.New(d)), zap.NewNop())
	n.events, err = event.NewDispatcher(signalBook(signals), letLeave(leavers, signals, client, clock), forget(leavers))
	if err != nil {
		t.Fatal(err)
	}
	n.Service = shop.NewService(testkit.Defaults[shop.Config](t), shop.Deps{Tx: d, Audit: audit.New(d, clock), Store: store.New(d), Events: n.events, Clock: clock})
	if err := client.Register([]jobs.Job{cancelLate(leavers, n.Service, signals, n)}); err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	n.stock(t)
	return n
}

// stock makes an article in one size.
func (n *node) stock(t *testing.T) {
	t.Helper()
	ctx := auth.With(t.Context(), auth.Identity{UserID: 9, Staff: true})
	brand, err := n.SaveBrand(ctx, shop.Brand{Name: "Solbit"})
	if err != nil {
		t.Fatal(err)
	}
	info, err := n.CreateInfo(ctx, shop.Info{
		BrandID: brand.ID, EngName: "Court 84", KorName: "코트 84", Category: "shoes", DeliveryTag: shop.DeliveryImmediate, Tick: 1000,
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := n.AddProduct(ctx, info.ID, shop.ProductChange{Size: "260"})
	if err != nil {
		t.Fatal(err)
	}
	n.product = p.ID
	n.heard(t) // ALL got a size
}

func as(t *testing.T, user int64) context.Context {
	t.Helper()
	return auth.With(t.Context(), auth.Identity{UserID: user})
}

// bid places a bid and waits for its signal.
func (n *node) bid(t *testing.T, user int64, side shop.Side, price int64) {
	t.Helper()
	if _, err := n.PlaceBid(as(t, user), shop.NewBid{ProductID: n.product, Side: side, Price: price, Confirm: true}); err != nil {
		t.Fatal(err)
	}
	n.heard(t)
}

func (n *node) heard(t *testing.T) shop.BookChanged {
	t.Helper()
	return testkit.Receive(t, n.signals)
}

func (n *node) trade(t *testing.T, user int64, side shop.Side) {
	t.Helper()
	if _, err := n.Trade(as(t, user), shop.TradeNow{ProductID: n.product, Side: side}); err != nil {
		t.Fatal(err)
	}
	n.heard(t)
}

// emit emits in a transaction, as accounts does, which then fails with after.
func (n *node) emit(t *testing.T, e any, after error) error {
	t.Helper()
	return n.db.InTx(t.Context(), func(ctx context.Context) error {
		if err := n.events.Emit(ctx, e); err != nil {
			return err
		}
		return after
	})
}

func (n *node) count(t *testing.T, query string, args ...any) int64 {
	t.Helper()
	got, err := db.Get[int64](t.Context(), n.db, query, args...)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (n *node) openBids(t *testing.T) int64 {
	t.Helper()
	return n.count(t, "SELECT count(*) FROM bids WHERE user_id = $1 AND status = 'open'", leaver)
}

const lateJobs = "SELECT count(*) FROM river_job WHERE kind = 'shop.cancel_bids_of_leaver'"

func TestLeavingIsSignalledAfterTheCommit(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		n := start(t, d, 0)
		n.bid(t, leaver, shop.Sales, 100_000)
		boom := errors.New("boom")
		if err := n.emit(t, accounts.UserDeactivated{UserID: leaver}, boom); !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if n.openBids(t) != 1 || n.count(t, lateJobs) != 0 {
			t.Fatal("a leave that was rolled back cancelled bids")
		}
		if err := n.emit(t, accounts.UserDeactivated{UserID: leaver}, nil); err != nil {
			t.Fatal(err)
		}
		if e := n.heard(t); e.ProductID != n.product || e.AllID == 0 {
			t.Fatalf("signalled %+v", e)
		}
		if n.openBids(t) != 0 {
			t.Fatal("the bid is still open")
		}
		// One signal for each change: nothing came of the one rolled back.
		if len(n.signals) != 0 {
			t.Fatalf("also signalled %+v", <-n.signals)
		}
		scheduled, err := db.Get[string](t.Context(), d, "SELECT CAST(scheduled_at AS text) FROM river_job WHERE kind = 'shop.cancel_bids_of_leaver' AND CAST(state AS text) = 'scheduled'")
		if err != nil {
			t.Fatal(err)
		}
		if at, err := parse(scheduled); err != nil || time.Until(at) > lateAfter || time.Until(at) < lateAfter-testkit.Patience/2 {
			t.Fatalf("the job is scheduled at %s, %v", scheduled, err)
		}
	})
}

// parse reads a time as either engine writes it.
func parse(s string) (time.Time, error) {
	at, err := time.Parse("2006-01-02 15:04:05.999999", s)
	if err != nil {
		at, err = time.Parse("2006-01-02 15:04:05.999999-07", s)
	}
	return at, err
}

func TestAnOpenOrderRefusesTheLeave(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		n := start(t, d, 0)
		n.bid(t, leaver, shop.Sales, 100_000)
		n.trade(t, other, shop.Purchase)
		n.bid(t, leaver, shop.Sales, 110_000)
		if err := n.emit(t, accounts.UserDeactivated{UserID: leaver}, nil); !errors.Is(err, shop.ErrOrdersOpen) {
			t.Fatalf("got %v", err)
		}
		if n.openBids(t) != 1 || n.count(t, lateJobs) != 0 || len(n.signals) != 0 {
			t.Fatal("the refusal changed something")
		}
	})
}

func TestALateBidIsCancelled(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		n := start(t, d, -lateAfter) // so that the job is due at once
		if err := n.emit(t, accounts.UserDeactivated{UserID: leaver}, nil); err != nil {
			t.Fatal(err)
		}
		n.bid(t, leaver, shop.Sales, 100_000) // by a request that was under way
		n.present <- false
		if e := n.heard(t); e.ProductID != n.product || n.openBids(t) != 0 {
			t.Fatalf("signalled %+v, and %d bids are open", e, n.openBids(t))
		}
	})
}

func TestWhoCameBackKeepsTheirBids(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		n := start(t, d, -lateAfter)
		if err := n.emit(t, accounts.UserDeactivated{UserID: leaver}, nil); err != nil {
			t.Fatal(err)
		}
		n.bid(t, leaver, shop.Sales, 100_000)
		n.present <- true
		testkit.Until(t, "the job is done", func() bool {
			return n.count(t, lateJobs+" AND CAST(state AS text) = 'completed'") == 1
		})
		if n.openBids(t) != 1 || len(n.signals) != 0 {
			t.Fatal("the bid of somebody who came back is gone")
		}
	})
}

func TestErasedPeopleWishForNothing(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		n := start(t, d, 0)
		for _, user := range []int64{leaver, other} {
			if _, _, err := n.SetWish(as(t, user), shop.WishChange{ProductID: n.product}); err != nil {
				t.Fatal(err)
			}
		}
		if err := n.emit(t, accounts.UserErased{UserID: leaver}, nil); err != nil {
			t.Fatal(err)
		}
		if n.count(t, "SELECT count(*) FROM wishes") != 1 || n.count(t, "SELECT count(*) FROM wishes WHERE user_id = $1", other) != 1 {
			t.Fatal("not exactly the wish of the one who was erased is gone")
		}
	})
}

func TestAnExportTellsAllOfOneAndNothingOfOthers(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		n := start(t, d, 0)
		n.bid(t, leaver, shop.Sales, 100_000)
		n.trade(t, other, shop.Purchase) // the leaver sells
		n.bid(t, other, shop.Sales, 200_000)
		n.trade(t, leaver, shop.Purchase) // the leaver buys
		n.bid(t, leaver, shop.Purchase, 90_000)
		n.bid(t, other, shop.Purchase, 80_000)
		target := int64(70_000)
		if _, _, err := n.SetWish(as(t, leaver), shop.WishChange{ProductID: n.product, TargetPrice: &target}); err != nil {
			t.Fatal(err)
		}
		exported := export(n.Service)
		if exported.Name != "shop" {
			t.Errorf("the name is %q", exported.Name)
		}
		got, err := exported.Of(t.Context(), leaver)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		for _, never := range []string{"1000001", "2000002", "buyer", "seller", "user", "bid_id", "taker"} {
			if strings.Contains(string(text), never) {
				t.Errorf("%q in %s", never, text)
			}
		}
		type article struct {
			ProductID int64  `json:"product_id"`
			BrandName string `json:"brand_name"`
			EngName   string `json:"eng_name"`
			KorName   string `json:"kor_name"`
			Size      string `json:"size"`
		}
		type row struct {
			article
			Kind        string     `json:"kind"`
			Type        string     `json:"type"`
			Price       int64      `json:"price"`
			Fee         int64      `json:"fee"`
			Status      string     `json:"status"`
			TargetPrice int64      `json:"target_price"`
			CreatedAt   time.Time  `json:"created_at"`
			ClosedAt    *time.Time `json:"closed_at"`
		}
		var back struct {
			Bids, Orders, Wishes []row
			Truncated            bool
		}
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		what := article{n.product, "Solbit", "Court 84", "코트 84", "260"}
		same := func(kind string, got []row, want ...row) {
			if len(got) != len(want) {
				t.Fatalf("%d %s in %s", len(got), kind, text)
			}
			for i, w := range want {
				g := got[i]
				if g.CreatedAt.IsZero() || (g.ClosedAt == nil) != (w.Status != string(shop.BidFilled)) {
					t.Errorf("%s: times of %+v", kind, g)
				}
				g.CreatedAt, g.ClosedAt, w.article = time.Time{}, nil, what
				if g != w {
					t.Errorf("%s: got %+v, want %+v", kind, g, w)
				}
			}
		}
		same("bids", back.Bids, row{Type: "purchase", Price: 90_000, Status: "open"}, row{Type: "sales", Price: 100_000, Status: "filled"})
		same("orders", back.Orders, row{Kind: "trans", Type: "purchase", Price: 200_000, Fee: 3_000, Status: "matched"},
			row{Kind: "trans", Type: "sales", Price: 100_000, Fee: 3_000, Status: "matched"})
		same("wishes", back.Wishes, row{TargetPrice: 70_000})
		if back.Truncated {
			t.Error("truncated")
		}

		nothing, err := exported.Of(t.Context(), 3)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := json.Marshal(nothing); err != nil || string(text) != `{"bids":[],"orders":[],"wishes":[],"reviews":[],"truncated":false}` {
			t.Errorf("of a stranger: %s, %v", text, err)
		}
	})
}
