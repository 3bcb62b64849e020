package app

import (
	"context"

	"rally/modules/pong"
	"rally/modules/shop"
)

// prizes lets tournaments have prizes of the shop, where the settings allow it: else
// nil. Neither of the two modules stands above the other, so they meet here.
func prizes(cfg pong.Config, s *shop.Prizes) pong.Prizes {
	if !cfg.Prizes {
		return nil
	}
	return shopPrizes{s}
}

// shopPrizes are pieces that the store puts aside.
type shopPrizes struct{ shop *shop.Prizes }

// Escrow implements pong.Prizes.
func (p shopPrizes) Escrow(ctx context.Context, productID int64) (pong.Prize, error) {
	kept, a, err := p.shop.Escrow(ctx, productID)
	if err != nil {
		return pong.Prize{}, err
	}
	return pong.Prize{
		Unit: kept.ID, ProductID: kept.ProductID, InfoID: kept.InfoID, EngName: a.EngName, KorName: a.KorName, Size: a.Size, Picture: a.Picture,
	}, nil
}

// Release implements pong.Prizes.
func (p shopPrizes) Release(ctx context.Context, prize pong.Prize) error {
	return p.shop.Release(ctx, prize.Unit)
}

// Award implements pong.Prizes.
func (p shopPrizes) Award(ctx context.Context, prize pong.Prize, userID int64) (int64, error) {
	return p.shop.Award(ctx, prize.Unit, userID)
}
