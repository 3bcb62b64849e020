package demo_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/fx"

	"rally/demo"
	"rally/internal/app"
	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/inbox"
	"rally/modules/inbox/inboxfx"
	"rally/modules/pong"
	"rally/modules/shop"
	"rally/modules/style"
	"rally/modules/talk"
	"rally/platform/auth"
	"rally/platform/blob"
	"rally/platform/config"
	"rally/platform/db"
	"rally/platform/page"
	"rally/platform/testkit"
)

// program is the real modules on a real database.
type program struct {
	fx.In

	DB       *db.DB
	Accounts *accounts.Service
	Shop     *shop.Service
	Talk     *talk.Keeper
	Friends  *friends.Importer
	Style    *style.Importer
	Pong     *pong.Importer
	Halls    *pong.Service
	Inbox    inboxfx.Importer
	Circle   *friends.Circle
	News     *inbox.Service
	Pictures *blob.Store
}

func (p program) deps() demo.Deps {
	return demo.Deps{Tx: p.DB, Accounts: p.Accounts, Shop: p.Shop, Talk: p.Talk, Friends: p.Friends, Style: p.Style, Pong: p.Pong, Inbox: p.Inbox, Pictures: p.Pictures, Now: now()}
}

func start(t *testing.T, url string) program {
	t.Helper()
	source, err := config.Read("", []string{
		"RALLY_DATABASE_URL=" + url, "RALLY_DATA_DIR=" + t.TempDir(), "RALLY_BLOB_URL=mem://",
	})
	if err != nil {
		t.Fatal(err)
	}
	var p program
	running := fx.New(app.Core(app.Input{Source: source, Version: "test", Clock: now}), fx.Invoke(func(in program) { p = in }))
	if err := running.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := running.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return p
}

// lostOnce runs every transaction twice: the first attempt loses.
type lostOnce struct{ *db.DB }

func (l lostOnce) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	lost := errors.New("lost to another one")
	err := l.DB.InTx(ctx, func(ctx context.Context) error { return cmp.Or(fn(ctx), lost) })
	if !errors.Is(err, lost) {
		return err
	}
	return l.DB.InTx(ctx, fn)
}

// The world goes through the real modules into both databases, and people can
// go on from there.
func TestRealModules(t *testing.T) {
	t.Parallel()
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			p := start(t, testkit.DatabaseURL(t, dialect))
			deps := p.deps()
			deps.Tx = lostOnce{p.DB}
			world, err := demo.BuildBlank(t.Context(), deps, demo.Options{Seed: 2026})
			if err != nil {
				t.Fatal(err)
			}
			if n, err := p.Accounts.CountUsers(t.Context()); err != nil || n != world.People {
				t.Errorf("%d people of %d are there: %v", n, world.People, err)
			}
			p.lookAround(t)
			p.readFeed(t, world)
			p.readHalls(t, world)
			p.goOn(t, world)
			if _, err := demo.BuildBlank(t.Context(), deps, demo.Options{Seed: 2026}); !errors.Is(err, demo.ErrNotEmpty) {
				t.Errorf("a second build on top of the first says %v", err)
			}
			if n, err := p.Accounts.CountUsers(t.Context()); err != nil || n != world.People {
				t.Errorf("after a refused build %d people are there: %v", n, err)
			}
		})
	}
}

// together lets two go on when both have come, and from then on anybody.
type together struct {
	sync.WaitGroup

	came [2]sync.Once
}

func (g *together) wait(i int) {
	g.came[i].Do(g.Done)
	g.Wait()
}

// gate lets a build into its transaction, or past its look at the users there,
// when the other build has come as far.
type gate struct {
	*db.DB
	demo.AccountsImporter

	at      *together
	i       int
	dialect db.Dialect
}

func (g gate) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if g.dialect == db.SQLite { // lets only one in
		g.at.wait(g.i)
	}
	return g.DB.InTx(ctx, fn)
}

func (g gate) CountUsers(ctx context.Context) (int, error) {
	n, err := g.AccountsImporter.CountUsers(ctx)
	if _, inTx := g.Tx(ctx); inTx && g.dialect == db.Postgres {
		g.at.wait(g.i)
	}
	return n, err
}

// Two processes that start at once on one empty database build one world.
func TestTwoBuildsAtOnce(t *testing.T) {
	t.Parallel()
	for _, dialect := range []db.Dialect{db.SQLite, db.Postgres} {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			url := testkit.DatabaseURL(t, dialect)
			at := &together{}
			at.Add(2)
			var programs [2]program
			var worlds [2]demo.World
			var errs [2]error
			for i := range programs {
				programs[i] = start(t, url)
			}
			var builds sync.WaitGroup
			for i, p := range programs {
				builds.Go(func() {
					defer at.wait(i) // a build that fails early must not keep the other one
					deps := p.deps()
					g := gate{DB: p.DB, AccountsImporter: p.Accounts, at: at, i: i, dialect: dialect}
					deps.Tx, deps.Accounts = g, g
					worlds[i], errs[i] = demo.BuildBlank(t.Context(), deps, demo.Options{Seed: uint64(i), People: 40, Articles: 8})
				})
			}
			builds.Wait()
			won := slices.Index(errs[:], nil)
			if won < 0 || !errors.Is(errs[1-won], demo.ErrNotEmpty) {
				t.Fatalf("the builds say %v", errs)
			}
			p := programs[0]
			if n, err := p.Accounts.CountUsers(t.Context()); err != nil || n != worlds[won].People {
				t.Errorf("%d people of %d are there: %v", n, worlds[won].People, err)
			}
			for table, want := range map[string]int{"brands": worlds[won].Brands, "product_infos": worlds[won].Articles, "products": worlds[won].Sizes, "orders": worlds[won].Trades, "posts": worlds[won].Posts, "follows": worlds[won].Follows, "pong_matches": worlds[won].Matches, "pong_tournaments": worlds[won].Tournaments} {
				if n, err := db.Get[int](t.Context(), p.DB, "SELECT count(*) FROM "+table); err != nil || n != want {
					t.Errorf("%d %s of %d are there: %v", n, table, want, err)
				}
			}
		})
	}
}

// lookAround reads what the first visitor sees.
func (p program) lookAround(t *testing.T) {
	t.Helper()
	list, err := p.Shop.Infos(t.Context(), shop.Filter{Ordering: "popular"}, firstPage(t, 60), false)
	if err != nil {
		t.Fatal(err)
	}
	if list.Count != 60 || list.Rows[0].Wishes < 40 || list.Rows[0].Wishes < 3*list.Rows[30].Wishes {
		t.Errorf("of %d articles, the first has %d wishes, the one in the middle %d", list.Count, list.Rows[0].Wishes, list.Rows[30].Wishes)
	}
	for _, info := range list.Rows {
		if info.Price == nil || len(info.Images) < 2 || info.BrandName == "" {
			t.Errorf("%s costs %v and has %d pictures", info.EngName, info.Price, len(info.Images))
			continue
		}
		r, err := p.Pictures.Reader(t.Context(), info.Images[0].BlobKey)
		if err != nil {
			t.Errorf("picture of %s: %v", info.EngName, err)
			continue
		}
		_ = r.Close()
	}
}

// readFeed counts what people show each other, and say about it.
func (p program) readFeed(t *testing.T, world demo.World) {
	t.Helper()
	for query, want := range map[string]int{
		"SELECT count(*) FROM posts":                        world.Posts,
		"SELECT count(DISTINCT user_id) FROM posts":         20,
		"SELECT sum(num_comments) FROM posts":               world.Comments,
		"SELECT count(*) FROM post_pictures":                world.Posts,
		"SELECT count(DISTINCT info_id) FROM post_articles": 40,
		"SELECT count(DISTINCT tag) FROM post_hashtags":     60,
		"SELECT count(*) FROM post_mentions":                30,
		"SELECT count(*) FROM follows":                      world.Follows,
	} {
		if n, err := db.Get[int](t.Context(), p.DB, query); err != nil || n < want {
			t.Errorf("%s: %d, want %d: %v", query, n, want, err)
		}
	}
}

// readHalls counts what people played, and holds it against itself.
func (p program) readHalls(t *testing.T, world demo.World) {
	t.Helper()
	for query, want := range map[string]int{
		"SELECT count(*) FROM pong_matches WHERE state = 'over' AND rated AND started_at < ended_at": world.Matches,
		"SELECT count(*) FROM pong_replays":                                 world.Matches,
		"SELECT sum(wins) FROM pong_standings WHERE season = 0":             world.Matches,
		"SELECT sum(losses) FROM pong_standings WHERE season > 0":           world.Matches,
		"SELECT sum(wins) FROM pong_rivals":                                 world.Matches,
		"SELECT count(*) FROM pong_matches WHERE tournament_id IS NOT NULL": 7,
		"SELECT count(*) FROM pong_entries":                                 13,
		`SELECT count(*) FROM pong_standings s WHERE season = 0 AND rating = (SELECT CASE WHEN m.left_id = s.user_id THEN m.left_after ELSE m.right_after END
			FROM pong_matches m WHERE s.user_id IN (m.left_id, m.right_id) ORDER BY m.id DESC LIMIT 1)`: p.count(t, "SELECT count(*) FROM pong_standings WHERE season = 0"),
		"SELECT count(*) FROM pong_matches m WHERE rematch_of IS NOT NULL AND EXISTS (SELECT 1 FROM pong_matches o WHERE o.id = m.rematch_of AND o.id < m.id)": p.count(t, "SELECT count(*) FROM pong_matches WHERE rematch_of IS NOT NULL"),
	} {
		if n := p.count(t, query); n != want {
			t.Errorf("%s: %d, want %d", query, n, want)
		}
	}
}

func (p program) count(t *testing.T, query string) int {
	t.Helper()
	n, err := db.Get[int](t.Context(), p.DB, query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// enter looks at the leaderboard, a replay and the brackets, and lets the caller into
// the tournament that is open.
func (p program) enter(ctx context.Context, t *testing.T) {
	t.Helper()
	id, _ := auth.From(ctx)
	r, err := pong.LeaderboardList(pong.AllTime).Parse("", 100)
	if err != nil {
		t.Fatal(err)
	}
	board, err := p.Halls.Leaderboard(ctx, pong.AllTime, r)
	if err != nil || len(board.Page.Rows) < 20 || board.Me == nil || len(board.Seasons) != 2 || board.Page.Rows[0].Provisional {
		t.Errorf("the leaderboard is %+v: %v", board, err)
	}
	if r, err = pong.RivalList(id.UserID).Parse("", 100); err != nil {
		t.Fatal(err)
	}
	rivals, err := p.Halls.Rivals(ctx, id.UserID, r)
	if err != nil || len(rivals.Rows) < 3 {
		t.Errorf("the shopper has met %d people: %v", len(rivals.Rows), err)
	}
	m, record, err := p.Halls.Replay(ctx, rivals.Rows[0].LastMatch)
	if final := record.Play(nil); err != nil || m.Score != [2]int{int(final.Score[0]), int(final.Score[1])} {
		t.Errorf("the replay of %+v comes to %v: %v", m, final.Score, err)
	}
	if r, err = pong.CupList("").Parse("", 10); err != nil {
		t.Fatal(err)
	}
	cups, err := p.Halls.Cups(ctx, "", r)
	if err != nil || len(cups.Rows) != 2 || cups.Rows[0].Joined || !cups.Rows[1].Joined || cups.Rows[1].Winner == nil || cups.Rows[0].By == nil {
		t.Fatalf("the tournaments are %+v: %v", cups.Rows, err)
	}
	joined, err := p.Halls.JoinCup(ctx, cups.Rows[0].ID)
	if err != nil || joined.State != pong.CupOpen || joined.Entries != 6 || !joined.Joined {
		t.Errorf("after entering it is %+v: %v", joined, err)
	}
	if err := p.Halls.SweepCups(ctx); err != nil {
		t.Error(err)
	}
	if shown, err := p.Halls.Cup(ctx, cups.Rows[1].ID); err != nil || shown.State != pong.CupFinished || shown.Players[0].Who == nil || shown.Bracket.Rounds[2][0].MatchID == 0 {
		t.Errorf("the one that was played is %+v: %v", shown, err)
	}
}

func firstPage(t *testing.T, size int) page.Request {
	t.Helper()
	r, err := page.New(1, size)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// goOn signs the shopper in and buys the most wanted article.
func (p program) goOn(t *testing.T, world demo.World) {
	t.Helper()
	shopper := world.Logins[0]
	entrance, err := p.Accounts.Login(t.Context(), accounts.LoginForm{Email: shopper.Email, Password: shopper.Password})
	if err != nil {
		t.Fatal(err)
	}
	ctx := auth.With(t.Context(), auth.Identity{UserID: entrance.Account.User.ID})
	p.meet(ctx, t)
	p.enter(ctx, t)
	orders, err := p.Shop.MyOrders(ctx, shop.OrderFilter{}, firstPage(t, 10))
	if err != nil {
		t.Fatal(err)
	}
	bids, err := p.Shop.MyBids(ctx, shop.Purchase, firstPage(t, 10))
	if err != nil {
		t.Fatal(err)
	}
	if orders.Count != 7 || bids.Count != 2 {
		t.Errorf("the shopper has %d orders and %d bids", orders.Count, bids.Count)
	}
	bid := bids.Rows[0]
	before, err := p.Shop.Book(ctx, bid.Row.ProductID)
	if err != nil {
		t.Fatal(err)
	}
	if before.PurchasePrice == nil {
		t.Fatalf("nobody sells what the shopper bids on: %+v", before)
	}
	order, err := p.Shop.Trade(ctx, shop.TradeNow{ProductID: bid.Row.ProductID, Side: shop.Purchase, Expected: before.PurchasePrice})
	if err != nil {
		t.Fatal(err)
	}
	after, err := p.Shop.Book(ctx, bid.Row.ProductID)
	if err != nil {
		t.Fatal(err)
	}
	if order.Row.Price != *before.PurchasePrice || after.Version <= before.Version || after.LastPrice == nil || *after.LastPrice != order.Row.Price {
		t.Errorf("bought for %d; the book was %+v and is %+v", order.Row.Price, before, after)
	}
	placed, err := p.Shop.PlaceBid(ctx, shop.NewBid{ProductID: bid.Row.ProductID, Side: shop.Purchase, Price: bid.Row.Price})
	if err != nil {
		t.Fatal(err)
	}
	if placed.Priority <= bid.Row.Priority {
		t.Errorf("a new bid has the priority %d, the old one %d", placed.Priority, bid.Row.Priority)
	}
}

// meet looks at the caller's friends and at what they are told.
func (p program) meet(ctx context.Context, t *testing.T) {
	t.Helper()
	id, _ := auth.From(ctx)
	ids, err := p.Circle.FriendsOf(ctx, id.UserID)
	if err != nil || len(ids) != 18 {
		t.Errorf("the shopper has %d friends: %v", len(ids), err)
	}
	stand, err := p.News.Stand(ctx)
	if err != nil || stand.Unread == 0 || stand.Unread >= stand.Seq {
		t.Errorf("the shopper's inbox stands at %+v: %v", stand, err)
	}
	r, err := page.CursorList{Name: "demo"}.Parse("", 100)
	if err != nil {
		t.Fatal(err)
	}
	told, err := p.News.List(ctx, r)
	if err != nil || len(told.Rows) == 0 || told.Rows[len(told.Rows)-1].At.After(now()) {
		t.Errorf("the shopper is told %d things: %v", len(told.Rows), err)
	}
	did, err := p.News.Activity(ctx, 0, r)
	if err != nil || len(did.Rows) < 10 {
		t.Errorf("the shopper's friends did %d things: %v", len(did.Rows), err)
	}
}
