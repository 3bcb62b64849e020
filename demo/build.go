package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rally/modules/shop"
	"rally/platform/db"
)

// ErrNotEmpty says that there are users already: those are never touched.
var ErrNotEmpty = errors.New("demo: the database already holds users")

// Deps is what a world is built with.
type Deps struct {
	Tx       Tx
	Accounts AccountsImporter
	Shop     ShopImporter
	Talk     TalkImporter
	Friends  FriendsImporter
	Style    StyleImporter
	Pong     PongImporter
	Inbox    InboxImporter
	Pictures PictureStore
	Now      time.Time // the world's present: nothing in it is later, but expiries
	Announce func()    // if set: called when it is clear that there is work, which takes long
}

// Options choose the world. Zero values are the usual ones.
type Options struct {
	Seed     uint64
	People   int // 200; the three logins are among them
	Articles int // 60
	Posts    int // three a person, but 600 at most
}

const (
	usualPeople   = 200
	usualArticles = 60
	postsEach     = 3
	usualPosts    = 600
	// fewestPeople is how many it takes for a market with two sides.
	fewestPeople = 10
	mostPeople   = 20_000
	mostArticles = 1_000
	mostPosts    = 5_000
)

func (o Options) withDefaults() (Options, error) {
	if o.People == 0 {
		o.People = usualPeople
	}
	if o.Articles == 0 {
		o.Articles = usualArticles
	}
	if o.Posts == 0 {
		o.Posts = min(usualPosts, postsEach*o.People)
	}
	switch {
	case o.People < fewestPeople || o.People > mostPeople:
		return o, fmt.Errorf("demo: %d people: must be between %d and %d", o.People, fewestPeople, mostPeople)
	case o.Articles < 1 || o.Articles > mostArticles:
		return o, fmt.Errorf("demo: %d articles: must be between 1 and %d", o.Articles, mostArticles)
	case o.Posts < 1 || o.Posts > mostPosts:
		return o, fmt.Errorf("demo: %d posts: must be between 1 and %d", o.Posts, mostPosts)
	}
	return o, nil
}

// World counts what was built.
type World struct {
	Logins   []Login
	Brands   int
	Articles int
	Sizes    int
	People   int
	Trades   int
	OpenBids int
	Pictures int
	Remarks  int // comments on articles, and replies

	Friendships int
	Posts       int
	Comments    int // on posts, and replies
	Follows     int
	Matches     int // of Pong
	Tournaments int
}

// Login is somebody that a visitor can be.
type Login struct{ Role, Email, Password string }

// Build fills an empty Rally, and returns ErrNotEmpty when there are users. It
// draws and stores the pictures first, which takes long, and then writes all
// rows in one transaction: a build that is cut short leaves an empty database,
// in which the next one can begin anew. Of several builds at once one succeeds
// and the others get ErrNotEmpty.
func Build(ctx context.Context, deps Deps, opt Options) (World, error) {
	return build(ctx, deps, opt, newStudio(800, 560, 256, 640))
}

func build(ctx context.Context, deps Deps, opt Options, s studio) (World, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return World{}, err
	}
	if deps.Now.IsZero() {
		return World{}, errors.New("demo: the world needs a present")
	}
	if err := empty(ctx, deps.Accounts); err != nil {
		return World{}, err
	}
	if deps.Announce != nil {
		deps.Announce()
	}
	now := deps.Now.UTC().Truncate(time.Second)
	people := newPeople(opt.Seed, opt.People, now)
	articles := newArticles(opt.Seed, opt.Articles, now)
	rolls := newFilm(opt.Seed, articles, opt.Posts)
	pictures, err := s.drawAll(ctx, deps.Pictures, articles, people, rolls)
	if err != nil {
		return World{}, fmt.Errorf("draw the pictures: %w", err)
	}
	var world World
	err = deps.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := empty(ctx, deps.Accounts); err != nil {
			return err // somebody came while the pictures were drawn
		}
		var err error
		world, err = write(ctx, deps, opt.Seed, now, articles, people, rolls, pictures)
		return err
	})
	// PostgreSQL lets two builds look before either commits. The second one then
	// trips over the first one's brands.
	if errors.Is(err, shop.ErrNotEmpty) || db.IsUnique(err) {
		if cause := empty(ctx, deps.Accounts); errors.Is(cause, ErrNotEmpty) {
			return World{}, cause
		}
	}
	if err != nil {
		return World{}, err
	}
	return world, nil
}

// empty returns ErrNotEmpty when there are users.
func empty(ctx context.Context, a AccountsImporter) error {
	n, err := a.CountUsers(ctx)
	if err == nil && n > 0 {
		return ErrNotEmpty
	}
	return err
}

// write imports the world. Imports fill in ids, so whatever they get is made
// here, anew for every attempt of the transaction.
func write(ctx context.Context, deps Deps, seed uint64, now time.Time, articles []article, people []person, rolls []roll, pictures gallery) (World, error) {
	catalogue := newCatalogue(seed, articles, pictures.articles, now)
	if err := deps.Shop.ImportCatalogue(ctx, catalogue); err != nil {
		return World{}, fmt.Errorf("import the catalogue: %w", err)
	}
	userIDs, err := deps.Accounts.Import(ctx, importedUsers(people))
	if err != nil {
		return World{}, fmt.Errorf("import people: %w", err)
	}
	market := newMarket(seed, now, articles, people)
	market.name(catalogue, userIDs)
	if err := deps.Shop.ImportMarket(ctx, &market.Market); err != nil {
		return World{}, fmt.Errorf("import the market: %w", err)
	}
	reviews := newReviews(seed, now, articles, people, catalogue, market, userIDs)
	if err := deps.Talk.ImportPast(ctx, reviews); err != nil {
		return World{}, fmt.Errorf("import the reviews: %w", err)
	}
	ties := newCircles(seed, now, people, userIDs)
	if err := deps.Friends.Import(ctx, ties); err != nil {
		return World{}, fmt.Errorf("import friends: %w", err)
	}
	feed, below := newFeed(seed, now, articles, people, catalogue, market, ties, userIDs, rolls, pictures.rolls)
	if err := deps.Style.Import(ctx, feed); err != nil {
		return World{}, fmt.Errorf("import the feed: %w", err)
	}
	talks := below.past(feed.Posts)
	if err := deps.Talk.ImportPast(ctx, talks); err != nil {
		return World{}, fmt.Errorf("import what is said below posts: %w", err)
	}
	games, err := newGame(seed, now, people, ties, userIDs)
	if err != nil {
		return World{}, err
	}
	if err := deps.Pong.Import(ctx, games); err != nil {
		return World{}, fmt.Errorf("import matches: %w", err)
	}
	if err := deps.Inbox.ImportPast(ctx, newNews(seed, now, past{market, reviews, talks, ties, feed, games}, userIDs)); err != nil {
		return World{}, fmt.Errorf("import what happened: %w", err)
	}
	return World{
		Logins: logins(people), Brands: len(catalogue.Brands), Articles: len(catalogue.Infos), Sizes: len(catalogue.Products), People: len(people),
		Trades: len(market.Trades), OpenBids: len(market.Bids), Pictures: pictures.size() + len(people),
		Remarks: len(reviews.Comments) + len(reviews.Replies), Friendships: len(ties.Friendships),
		Posts: len(feed.Posts), Comments: len(talks.Comments) + len(talks.Replies), Follows: len(feed.Follows),
		Matches: len(games.Matches), Tournaments: len(games.Cups),
	}, nil
}
