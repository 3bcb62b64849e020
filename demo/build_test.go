package demo_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image/jpeg"
	"slices"
	"sync"
	"testing"
	"time"

	"rally/demo"
	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/inbox"
	"rally/modules/pong"
	"rally/modules/shop"
	"rally/modules/style"
	"rally/modules/talk"
)

// fakes stand in for the modules: they give out ids and keep what they get.
type fakes struct {
	users     []accounts.ImportedUser
	catalogue *shop.Catalogue
	market    *shop.Market
	reviews   *talk.Past
	ties      *friends.World
	feed      *style.World
	below     *talk.Past // what is said below posts
	games     *pong.World
	past      inbox.Past
	fail      error
	here      []int // users there are, each time somebody counts; none when it is used up
	attempts  int   // of each transaction; 0 is 1

	inTx bool // transactions begin when nothing else runs

	mu       sync.Mutex
	pictures map[string][sha256.Size]byte
	sizes    map[string][2]int
	puts     int
}

func newFakes() *fakes {
	return &fakes{pictures: map[string][sha256.Size]byte{}, sizes: map[string][2]int{}}
}

func (f *fakes) deps() demo.Deps {
	return demo.Deps{Tx: f, Accounts: f, Shop: f, Talk: board{f}, Friends: circle{f}, Style: wall{f}, Pong: hall{f}, Inbox: f, Pictures: f, Now: now()}
}

// InTx forgets all but the last attempt, as a database does.
func (f *fakes) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	f.inTx = true
	defer func() { f.inTx = false }()
	var err error
	for range max(f.attempts, 1) {
		f.users, f.catalogue, f.market, f.reviews, f.ties, f.feed, f.below, f.games = nil, nil, nil, nil, nil, nil, nil, nil
		if err = fn(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (f *fakes) CountUsers(context.Context) (int, error) {
	if len(f.here) == 0 {
		return 0, nil
	}
	n := f.here[0]
	f.here = f.here[1:]
	return n, nil
}

func (f *fakes) Import(_ context.Context, list []accounts.ImportedUser) ([]int64, error) {
	if !f.inTx {
		return nil, errors.New("people are imported outside the transaction")
	}
	f.users = list
	ids := make([]int64, len(list))
	for i := range ids {
		ids[i] = userID(i)
	}
	return ids, nil
}

func userID(i int) int64 { return 1000 + 3*int64(i) }

func (f *fakes) ImportCatalogue(_ context.Context, c *shop.Catalogue) error {
	f.catalogue = c
	for i := range c.Brands {
		if c.Brands[i].ID != 0 || !f.inTx {
			return fmt.Errorf("brand %+v has an id from elsewhere, or it is imported outside the transaction", c.Brands[i])
		}
		c.Brands[i].ID = int64(i + 1)
	}
	for i := range c.Infos {
		c.Infos[i].ID, c.Infos[i].BrandID = int64(100+i), c.Brands[c.Infos[i].Brand].ID
		if err := c.Infos[i].Validate(); err != nil {
			return err
		}
	}
	for i := range c.Products {
		c.Products[i].ID = int64(5000 + 2*i)
	}
	return nil
}

func (f *fakes) ImportMarket(_ context.Context, m *shop.Market) error {
	if !f.inTx {
		return errors.New("the market is imported outside the transaction")
	}
	f.market = m
	return nil
}

// board is the fakes as the importer of reviews.
type board struct{ *fakes }

func (b board) ImportPast(_ context.Context, p *talk.Past) error {
	switch {
	case b.inTx && b.market != nil && p.Room == shop.ReviewRoom:
		b.reviews = p
	case b.inTx && b.feed != nil && p.Room == style.RoomKind:
		b.below = p
	default:
		return fmt.Errorf("%q are imported outside the transaction, before the market or the feed, or elsewhere", p.Room)
	}
	return nil
}

// wall is the fakes as the importer of posts.
type wall struct{ *fakes }

func (w wall) Import(_ context.Context, feed *style.World) error {
	if !w.inTx || w.ties == nil {
		return errors.New("posts are imported outside the transaction, or before friends")
	}
	for i := range feed.Posts {
		feed.Posts[i].ID = postID(i)
	}
	w.feed = feed
	return nil
}

func postID(i int) int64 { return 9000 + 5*int64(i) }

// circle is the fakes as the importer of friends.
type circle struct{ *fakes }

func (c circle) Import(ctx context.Context, w *friends.World) error {
	if !c.inTx || c.users == nil {
		return errors.New("friends are imported outside the transaction, or before people")
	}
	for i := range w.Requests {
		w.Requests[i].ID = int64(700 + i)
	}
	c.ties = w
	return friends.NewImporter(nowhere{}).Import(ctx, w)
}

// hall is the fakes as the importer of matches.
type hall struct{ *fakes }

func (h hall) Import(ctx context.Context, w *pong.World) error {
	if !h.inTx || h.ties == nil {
		return errors.New("matches are imported outside the transaction, or before friends")
	}
	h.games = w
	return pong.NewImporter(&shelf{}).Import(ctx, w)
}

// nowhere lets the importer check, and keeps nothing.
type nowhere struct{}

func (nowhere) Befriend(context.Context, int64, int64, time.Time) error { return nil }
func (nowhere) InsertRequest(context.Context, *friends.Request) error   { return nil }
func (nowhere) MarkSeen(context.Context, []int64, time.Time) error      { return nil }
func (f *fakes) ImportPast(_ context.Context, past inbox.Past) error {
	if !f.inTx || f.ties == nil {
		return errors.New("what happened is imported outside the transaction, or before friends")
	}
	f.past = past
	return nil
}

func (f *fakes) Put(_ context.Context, key string, data []byte, contentType string) error {
	if f.fail != nil {
		return f.fail
	}
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	sum := sha256.Sum256(data)
	if old, known := f.pictures[key]; known && old != sum || contentType != "image/jpeg" {
		return fmt.Errorf("put %s as %s with other bytes than before", key, contentType)
	}
	if f.inTx {
		return fmt.Errorf("put %s inside the transaction", key)
	}
	f.puts++
	f.pictures[key] = sum
	f.sizes[key] = [2]int{cfg.Width, cfg.Height}
	return nil
}

// now is a Wednesday, in the middle of a day in Seoul.
func now() time.Time { return time.Date(2026, 3, 18, 5, 30, 0, 0, time.UTC) }

type builder func(context.Context, demo.Deps, demo.Options) (demo.World, error)

func build(t *testing.T, with builder, opt demo.Options) (*fakes, demo.World) {
	t.Helper()
	f := newFakes()
	world, err := with(t.Context(), f.deps(), opt)
	if err != nil {
		t.Fatal(err)
	}
	return f, world
}

// fingerprint is a hash of all there is.
func (f *fakes) fingerprint() string {
	h := sha256.New()
	for _, u := range f.users {
		_, _ = fmt.Fprintf(h, "%+v\n", u)
	}
	for _, b := range f.catalogue.Brands {
		_, _ = fmt.Fprintf(h, "%+v\n", b)
	}
	for _, i := range f.catalogue.Infos {
		retail := *i.RetailPrice
		i.RetailPrice = nil
		_, _ = fmt.Fprintf(h, "%+v %d\n", i, retail)
	}
	for _, p := range f.catalogue.Products {
		_, _ = fmt.Fprintf(h, "%d %s %s %v %v\n", p.ID, p.Size, p.CreatedAt, value(p.PurchasePrice), value(p.Stock))
	}
	for _, m := range f.catalogue.Images {
		_, _ = fmt.Fprintf(h, "%+v\n", m)
	}
	for _, t := range f.market.Trades {
		seller := *t.Order.SellerID
		t.Order.SellerID, t.Bid.ClosedAt = nil, nil
		_, _ = fmt.Fprintf(h, "%+v %+v %d\n", t.Bid, t.Order, seller)
	}
	for _, b := range f.market.Bids {
		_, _ = fmt.Fprintf(h, "%+v\n", b)
	}
	for _, w := range f.market.Wishes {
		_, _ = fmt.Fprintf(h, "%d %d %v %s\n", w.UserID, w.ProductID, value(w.TargetPrice), w.CreatedAt)
	}
	_, _ = fmt.Fprintf(h, "%+v\n%+v\n%d %v\n", *f.reviews, *f.ties, len(f.past.Events), f.past.Chosen)
	for _, p := range f.feed.Posts {
		for _, tag := range p.Tags {
			_, _ = fmt.Fprintf(h, "%d %v %v %d\n", tag.InfoID, *tag.X, *tag.Y, tag.Picture)
		}
		p.Tags = nil
		_, _ = fmt.Fprintf(h, "%+v\n", p)
	}
	_, _ = fmt.Fprintf(h, "%+v\n%+v\n", f.feed.Follows, *f.below)
	for _, m := range f.games.Matches {
		_, _ = fmt.Fprintf(h, "%d %s %v %v %v %s %v %v %x\n", m.ID, m.Mode, m.Players, m.Score, *m.Winner, m.Reason, m.CreatedAt, *m.After[0], m.Record.Encode())
	}
	for _, c := range f.games.Cups {
		_, _ = fmt.Fprintf(h, "%d %s %s %d %+v\n", c.ID, c.Name, c.State, c.Champion, c.In)
	}
	var keys []string
	for key := range f.pictures {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		_, _ = fmt.Fprintf(h, "%s %x\n", key, f.pictures[key])
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func value(p *int64) int64 {
	if p == nil {
		return -1
	}
	return *p
}

func TestSameSeedSameWorld(t *testing.T) {
	t.Parallel()
	small := demo.Options{Seed: 7, People: 40, Articles: 8, Posts: 15}
	first, counts := build(t, demo.BuildThumbnails, small)
	again, same := build(t, demo.BuildThumbnails, small)
	if first.fingerprint() != again.fingerprint() || fmt.Sprint(counts) != fmt.Sprint(same) {
		t.Error("two builds with one seed differ")
	}
	small.Seed = 8
	other, _ := build(t, demo.BuildThumbnails, small)
	if first.fingerprint() == other.fingerprint() {
		t.Error("another seed makes the same world")
	}
	if first.catalogue.Infos[0].EngName == other.catalogue.Infos[0].EngName && first.users[5].UserName == other.users[5].UserName {
		t.Error("another seed makes the same articles and people")
	}
}

func TestUsualWorld(t *testing.T) {
	t.Parallel()
	f, world := build(t, demo.BuildBlank, demo.Options{Seed: 2026})
	t.Logf("%+v", world)
	if world.Brands != 12 || world.Articles != 60 || world.People != 200 {
		t.Errorf("the world has %d brands, %d articles, %d people", world.Brands, world.Articles, world.People)
	}
	if world.Trades < 5000 || world.Trades > 7000 || world.Trades != len(f.market.Trades) {
		t.Errorf("the world has %d trades", world.Trades)
	}
	if world.OpenBids < 2000 || world.OpenBids != len(f.market.Bids) || world.Sizes != len(f.catalogue.Products) || world.Pictures != f.puts {
		t.Errorf("the world is %+v", world)
	}
	t.Run("people", func(t *testing.T) { checkPeople(t, f, world) })
	t.Run("catalogue", func(t *testing.T) { checkCatalogue(t, f) })
	t.Run("trades", func(t *testing.T) { checkTrades(t, f) })
	t.Run("open bids", func(t *testing.T) { checkOpenBids(t, f) })
	t.Run("history", func(t *testing.T) { checkHistory(t, f) })
	t.Run("wishes", func(t *testing.T) { checkWishes(t, f) })
	t.Run("reviews", func(t *testing.T) { checkReviews(t, f) })
	t.Run("enough reviews", func(t *testing.T) { checkManyReviews(t, f, world) })
	t.Run("friends", func(t *testing.T) { checkTies(t, f) })
	t.Run("feed", func(t *testing.T) { checkFeed(t, f) })
	t.Run("enough posts", func(t *testing.T) { checkManyPosts(t, f, world) })
	t.Run("below posts", func(t *testing.T) { checkBelow(t, f) })
	t.Run("matches", func(t *testing.T) { checkMatches(t, f, world) })
	t.Run("enough matches", func(t *testing.T) { checkManyMatches(t, f) })
	t.Run("tournaments", func(t *testing.T) { checkCups(t, f) })
	t.Run("news", func(t *testing.T) { checkNews(t, f) })
	t.Run("logins", func(t *testing.T) { checkLogins(t, f, world) })
}

// Odd sizes and seeds keep the rules, too.
func TestOtherWorlds(t *testing.T) {
	t.Parallel()
	for _, opt := range []demo.Options{{Seed: 1, People: 10, Articles: 1}, {Seed: 2, People: 25, Articles: 5}, {Seed: 5, People: 40, Articles: 90}, {Seed: 1<<64 - 1, People: 60, Articles: 20}} {
		t.Run(fmt.Sprintf("%+v", opt), func(t *testing.T) {
			t.Parallel()
			f, world := build(t, demo.BuildBlank, opt)
			if world.People != opt.People || world.Articles != opt.Articles {
				t.Errorf("the world is %+v", world)
			}
			checkPeople(t, f, world)
			checkCatalogue(t, f)
			checkTrades(t, f)
			checkOpenBids(t, f)
			checkHistory(t, f)
			checkWishes(t, f)
			checkReviews(t, f)
			checkTies(t, f)
			checkFeed(t, f)
			checkBelow(t, f)
			checkMatches(t, f, world)
			checkCups(t, f)
			checkNews(t, f)
		})
	}
}

func TestBadOptions(t *testing.T) {
	t.Parallel()
	f := newFakes()
	for _, opt := range []demo.Options{{People: 3}, {People: -1}, {Articles: -1}, {Articles: 100_000}, {Posts: -1}, {Posts: 100_000}} {
		if _, err := demo.Build(t.Context(), f.deps(), opt); err == nil {
			t.Errorf("%+v builds a world", opt)
		}
	}
	deps := f.deps()
	deps.Now = time.Time{}
	if _, err := demo.Build(t.Context(), deps, demo.Options{}); err == nil {
		t.Error("a world is built without a present")
	}
}
