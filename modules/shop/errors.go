package shop

import "rally/platform/fault"

// Faults of the exchange.
var (
	ErrBrandNotFound   = fault.New(fault.NotFound, "shop.brand_not_found", "There is no such brand.")
	ErrInfoNotFound    = fault.New(fault.NotFound, "shop.info_not_found", "There is no such article.")
	ErrProductNotFound = fault.New(fault.NotFound, "shop.product_not_found", "There is no such size.")
	ErrImageNotFound   = fault.New(fault.NotFound, "shop.image_not_found", "There is no such picture.")
	ErrBidNotFound     = fault.New(fault.NotFound, "shop.bid_not_found", "There is no such bid of yours.")
	ErrOrderNotFound   = fault.New(fault.NotFound, "shop.order_not_found", "There is no such order of yours.")

	ErrBrandTaken     = fault.New(fault.Conflict, "shop.brand_taken", "A brand of this name exists.")
	ErrSizeTaken      = fault.New(fault.Conflict, "shop.size_taken", "The article already comes in this size.")
	ErrBrandInUse     = fault.New(fault.Conflict, "shop.brand_in_use", "Articles of this brand exist.")
	ErrInfoInUse      = fault.New(fault.Conflict, "shop.info_in_use", "Bids or orders of this article exist.")
	ErrProductInUse   = fault.New(fault.Conflict, "shop.product_in_use", "Bids or orders of this size exist.")
	ErrAllHasBids     = fault.New(fault.Conflict, "shop.all_has_bids", "The article trades without sizes and has open bids; sizes can't be added now.")
	ErrDeliveryLocked = fault.New(fault.Conflict, "shop.delivery_locked", "The article has open bids; how it is sold can't change now.")

	ErrBidCrossesBook         = fault.New(fault.Invalid, "shop.bid_crosses_book", "This bid would cross the book: it meets the given price of the other side.")
	ErrNoCounterBid           = fault.New(fault.Invalid, "shop.no_counter_bid", "Nobody offers the other side right now.")
	ErrPriceMoved             = fault.New(fault.Conflict, "shop.price_moved", "The price moved. Please look at the new one.")
	ErrPriceOffTick           = fault.New(fault.Invalid, "shop.price_off_tick", "The price is not a multiple of the article's price step.")
	ErrPriceOutOfBand         = fault.New(fault.Invalid, "shop.price_out_of_band", "The price is more than five times, or less than a fifth of, the last trade.")
	ErrPriceNeedsConfirmation = fault.New(fault.Conflict, "shop.price_needs_confirmation", "The price is far from the last trade. Please confirm it.")
	ErrNotBiddable            = fault.New(fault.Invalid, "shop.not_biddable", "Bids are placed on a size of a traded article.")
	ErrNotForSale             = fault.New(fault.Invalid, "shop.not_for_sale", "The store doesn't sell this.")
	ErrOutOfStock             = fault.New(fault.Conflict, "shop.out_of_stock", "The store has none left.")
	ErrOrdersOpen             = fault.New(fault.Conflict, "shop.orders_open", "You have orders that are not finished. Please see them through first.")
	ErrBidClosed              = fault.New(fault.Conflict, "shop.bid_closed", "This bid is no longer open.")
)

const priceRange = "must be between 1 and 1,000,000,000"
