package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/demo"
	"rally/modules/accounts"
	"rally/modules/friends"
	"rally/modules/inbox/inboxfx"
	"rally/modules/pong"
	"rally/modules/shop"
	"rally/modules/style"
	"rally/modules/talk"
	"rally/platform/blob"
	"rally/platform/db"
)

// demoConfig is whether this server shows a demo world.
type demoConfig struct {
	Demo bool   `env:"RALLY_DEMO" envDefault:"false" help:"build the demo world when the database is empty, and show its mails at /outbox"`
	Seed uint64 `env:"RALLY_DEMO_SEED" envDefault:"2026" help:"the same number makes the same world"`
}

// Demo builds the demo world.
type Demo struct {
	cfg      demoConfig
	db       *db.DB
	accounts *accounts.Service
	shop     *shop.Service
	talk     *talk.Keeper
	friends  *friends.Importer
	style    *style.Importer
	pong     *pong.Importer
	inbox    inboxfx.Importer
	blobs    *blob.Store
	clock    func() time.Time
	log      *zap.Logger
}

type demoParams struct {
	fx.In

	Config   demoConfig
	DB       *db.DB
	Accounts *accounts.Service
	Shop     *shop.Service
	Talk     *talk.Keeper
	Friends  *friends.Importer
	Style    *style.Importer
	Pong     *pong.Importer
	Inbox    inboxfx.Importer
	Blobs    *blob.Store
	Clock    func() time.Time
	Log      *zap.Logger
}

func newDemo(p demoParams) *Demo {
	return &Demo{cfg: p.Config, db: p.DB, accounts: p.Accounts, shop: p.Shop, talk: p.Talk, friends: p.Friends, style: p.Style, pong: p.Pong, inbox: p.Inbox, blobs: p.Blobs, clock: p.Clock, log: p.Log}
}

// Build fills an empty database, and reports false when it holds users
// already: those it never touches.
func (d *Demo) Build(ctx context.Context) (world demo.World, built bool, err error) {
	start := time.Now()
	world, err = demo.Build(ctx, demo.Deps{
		Tx: d.db, Accounts: d.accounts, Shop: d.shop, Talk: d.talk, Friends: d.friends, Style: d.style, Pong: d.pong, Inbox: d.inbox, Pictures: d.blobs, Now: d.clock(),
		Announce: func() { d.log.Info("building the demo world; drawing its pictures takes 20 to 60 seconds") },
	}, demo.Options{Seed: d.cfg.Seed})
	switch {
	case errors.Is(err, demo.ErrNotEmpty):
		return demo.World{}, false, nil
	case err != nil:
		return demo.World{}, false, fmt.Errorf("build the demo world: %w", err)
	}
	d.log.Info(fmt.Sprintf("the demo world is ready: %d articles, %d people, %d trades, %d open bids, %d posts, %d matches", world.Articles, world.People, world.Trades, world.OpenBids, world.Posts, world.Matches),
		zap.Duration("event.duration", time.Since(start)))
	return world, true, nil
}

// prepareDemo builds the demo world before the port opens, when asked to.
func prepareDemo(lc fx.Lifecycle, d *Demo) {
	if !d.cfg.Demo {
		return
	}
	lc.Append(fx.Hook{OnStart: func(ctx context.Context) error {
		world, built, err := d.Build(ctx)
		if built {
			PrintLogins(world)
		}
		return err
	}})
}

// PrintLogins tells the person at the terminal how to get in.
func PrintLogins(w demo.World) {
	fmt.Println("\nLogins of the demo world:")
	for _, l := range w.Logins {
		fmt.Printf("  %-8s %-20s password %s\n", l.Role, l.Email, l.Password)
	}
	fmt.Println()
}
