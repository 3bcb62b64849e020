package shopfx

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/fx"
	"go.uber.org/zap"

	"rally/modules/shop"
	"rally/modules/shop/internal/store"
	"rally/platform/bus"
	"rally/platform/db"
	"rally/platform/event"
	"rally/platform/jobs"
	"rally/platform/log"
)

const (
	// CatalogueChangedSubject is the subject of the signal that the catalogue
	// changed.
	CatalogueChangedSubject = "shop.catalogue_changed"

	// listPricesEvery is how long lists may lag behind the books, beside the
	// time that it takes to bring them up to date.
	listPricesEvery = 100 * time.Millisecond

	// repairEvery is how often the list prices of all articles are looked at,
	// for what a crash lost.
	repairEvery = time.Hour
)

// newListPrices returns the list prices, which follow the books while the
// program runs and are up to date when it stops. At the start it makes sure
// that everything can be found: a new schema, another version of the program or
// somebody's own SQL may have left articles without their search words.
func newListPrices(lc fx.Lifecycle, d *db.DB, logger *zap.Logger) *shop.ListPrices {
	prices, logger := shop.NewListPrices(d, store.New(d)), logger.Named("shop")
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	lc.Append(fx.Hook{
		OnStart: func(start context.Context) error {
			n, err := shop.RewriteOldWords(start, d, store.New(d))
			if err != nil {
				return fmt.Errorf("prepare the search: %w", err)
			}
			if n > 0 {
				logger.Info(fmt.Sprintf("the search words of %d articles and brands were written anew", n))
			}
			go func() {
				defer close(ended)
				followListPrices(ctx, prices, logger)
			}()
			return nil
		},
		OnStop: func(stop context.Context) error {
			cancel()
			<-ended
			return prices.Catch(stop)
		},
	})
	return prices
}

// followListPrices catches up until ctx ends.
func followListPrices(ctx context.Context, prices *shop.ListPrices, logger *zap.Logger) {
	ticker := time.NewTicker(listPricesEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := prices.Catch(ctx); err != nil && ctx.Err() == nil {
				logger.Warn("list prices could not be brought up to date; trying again", log.Err(err))
			}
		}
	}
}

func repairListPrices(prices *shop.ListPrices) jobs.Job {
	return jobs.Periodic("shop.repair_list_prices", repairEvery, prices.Repair)
}

// signalCatalogue makes every node read anew, this one before the write is
// answered.
func signalCatalogue(memory *shop.Memory, showcase *shop.Showcase, b *bus.Bus, logger *zap.Logger) event.Subscription {
	return event.On("shop.signal_catalogue", func(ctx context.Context, e shop.CatalogueChanged) error {
		db.AfterCommit(ctx, func(context.Context) {
			memory.Forget()
			showcase.Forget()
			if err := b.Publish(CatalogueChangedSubject, e); err != nil {
				logger.Named("shop").Warn("a change of the catalogue was not signalled", log.Err(err))
			}
		})
		return nil
	})
}

func followCatalogue(memory *shop.Memory, showcase *shop.Showcase) bus.Listener {
	return bus.Listen("shop.follow_catalogue", CatalogueChangedSubject, func(context.Context, shop.CatalogueChanged) {
		memory.Forget()
		showcase.Forget()
	})
}
