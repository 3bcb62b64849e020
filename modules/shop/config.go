package shop

import "fmt"

// Config of the exchange. Fees hold until the first schedule that the staff
// enters.
type Config struct {
	BuyerFeeBps    int64 `env:"RALLY_SHOP_BUYER_FEE_BPS" envDefault:"150" help:"fee of the buyer in basis points of the price"`
	SellerFeeBps   int64 `env:"RALLY_SHOP_SELLER_FEE_BPS" envDefault:"300" help:"fee of the seller in basis points of the price"`
	PenaltyBps     int64 `env:"RALLY_SHOP_PENALTY_BPS" envDefault:"1000" help:"penalty of a seller who does not ship, in basis points of the price"`
	FailPenaltyBps int64 `env:"RALLY_SHOP_FAIL_PENALTY_BPS" envDefault:"1500" help:"penalty of a seller whose goods fail the inspection, in basis points of the price"`
	CreditBps      int64 `env:"RALLY_SHOP_CREDIT_BPS" envDefault:"5000" help:"what the buyer gets of a penalty, in basis points of it"`
	NewSellerCap   int64 `env:"RALLY_SHOP_NEW_SELLER_CAP" envDefault:"100" help:"most open asks and unfinished sales of a new seller together"`
	NewSellerSales int64 `env:"RALLY_SHOP_NEW_SELLER_SALES" envDefault:"10" help:"settled sales after which a seller is not new any more"`
}

// Validate says which value is not allowed.
func (c Config) Validate() error {
	for _, v := range []struct {
		name       string
		value, max int64
	}{
		{"RALLY_SHOP_BUYER_FEE_BPS", c.BuyerFeeBps, maxFeeBps}, {"RALLY_SHOP_SELLER_FEE_BPS", c.SellerFeeBps, maxFeeBps},
		{"RALLY_SHOP_PENALTY_BPS", c.PenaltyBps, maxFeeBps}, {"RALLY_SHOP_FAIL_PENALTY_BPS", c.FailPenaltyBps, maxFeeBps},
		{"RALLY_SHOP_CREDIT_BPS", c.CreditBps, 10_000}, {"RALLY_SHOP_NEW_SELLER_CAP", c.NewSellerCap, 1_000_000}, {"RALLY_SHOP_NEW_SELLER_SALES", c.NewSellerSales, 1_000_000},
	} {
		if v.value < 0 || v.value > v.max {
			return fmt.Errorf("%s=%q: must be between 0 and %d", v.name, fmt.Sprint(v.value), v.max)
		}
	}
	return nil
}

// terms returns the terms that hold before any schedule.
func (c Config) terms() Terms {
	return Terms{BuyerBps: c.BuyerFeeBps, SellerBps: c.SellerFeeBps, PenaltyBps: c.PenaltyBps, FailPenaltyBps: c.FailPenaltyBps, CreditBps: c.CreditBps}
}
