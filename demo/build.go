package demo

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Deps is what a world is built with.
type Deps struct {
	Accounts AccountsImporter
	Shop     ShopImporter
	Pictures PictureStore
	Now      time.Time // the world's present: nothing in it is later, but expiries
}

// Options choose the world. Zero values are the usual ones.
type Options struct {
	Seed     uint64
	People   int // 200; the three logins are among them
	Articles int // 60
}

const (
	usualPeople   = 200
	usualArticles = 60
	// fewestPeople is how many it takes for a market with two sides.
	fewestPeople = 10
	mostPeople   = 20_000
	mostArticles = 1_000
)

func (o Options) withDefaults() (Options, error) {
	if o.People == 0 {
		o.People = usualPeople
	}
	if o.Articles == 0 {
		o.Articles = usualArticles
	}
	switch {
	case o.People < fewestPeople || o.People > mostPeople:
		return o, fmt.Errorf("demo: %d people: must be between %d and %d", o.People, fewestPeople, mostPeople)
	case o.Articles < 1 || o.Articles > mostArticles:
		return o, fmt.Errorf("demo: %d articles: must be between 1 and %d", o.Articles, mostArticles)
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
}

// Login is somebody that a visitor can be.
type Login struct{ Role, Email, Password string }

// Build fills an empty Rally. It draws before it writes to the database, and
// the catalogue comes first, so that an exchange that is not empty is left
// alone. The writes are three transactions, or one when ctx carries one.
func Build(ctx context.Context, deps Deps, opt Options) (World, error) {
	return build(ctx, deps, opt, newStudio(800, 560, 256))
}

func build(ctx context.Context, deps Deps, opt Options, s studio) (World, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return World{}, err
	}
	if deps.Now.IsZero() {
		return World{}, errors.New("demo: the world needs a present")
	}
	now := deps.Now.UTC().Truncate(time.Second)
	people := newPeople(opt.Seed, opt.People, now)
	articles := newArticles(opt.Seed, opt.Articles, now)
	photos, err := s.drawAll(ctx, deps.Pictures, opt.Seed, articles, people)
	if err != nil {
		return World{}, fmt.Errorf("draw the pictures: %w", err)
	}
	catalogue := newCatalogue(opt.Seed, articles, photos, now)
	if err := deps.Shop.ImportCatalogue(ctx, catalogue); err != nil {
		return World{}, fmt.Errorf("import the catalogue: %w", err)
	}
	userIDs, err := deps.Accounts.Import(ctx, importedUsers(people))
	if err != nil {
		return World{}, fmt.Errorf("import people: %w", err)
	}
	market := newMarket(opt.Seed, now, articles, people)
	market.name(catalogue, userIDs)
	if err := deps.Shop.ImportMarket(ctx, &market.Market); err != nil {
		return World{}, fmt.Errorf("import the market: %w", err)
	}
	return World{
		Logins: logins(people), Brands: len(catalogue.Brands), Articles: len(catalogue.Infos), Sizes: len(catalogue.Products), People: len(people),
		Trades: len(market.Trades), OpenBids: len(market.Bids), Pictures: len(catalogue.Images) + len(people),
	}, nil
}
