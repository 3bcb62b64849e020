package shop

import "fmt"

// Config of the exchange.
type Config struct {
	BuyerFeeBps  int64 `env:"RALLY_SHOP_BUYER_FEE_BPS" envDefault:"150" help:"fee of the buyer in basis points of the price"`
	SellerFeeBps int64 `env:"RALLY_SHOP_SELLER_FEE_BPS" envDefault:"300" help:"fee of the seller in basis points of the price"`
}

// Validate says which value is not allowed.
func (c Config) Validate() error {
	for name, v := range map[string]int64{"RALLY_SHOP_BUYER_FEE_BPS": c.BuyerFeeBps, "RALLY_SHOP_SELLER_FEE_BPS": c.SellerFeeBps} {
		if v < 0 || v > 5000 {
			return fmt.Errorf("%s=%q: must be between 0 and 5000", name, fmt.Sprint(v))
		}
	}
	return nil
}

// Fees returns the fees in force.
func (c Config) Fees() Fees { return Fees{BuyerBps: c.BuyerFeeBps, SellerBps: c.SellerFeeBps} }
