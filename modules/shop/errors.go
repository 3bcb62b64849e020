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
	ErrFeeChanged             = fault.New(fault.Conflict, "shop.fee_changed", "The fee changed. Please look at the new one.")
	ErrPendingSalesCap        = fault.New(fault.Conflict, "shop.pending_sales_cap", "New sellers can have only so many open asks and unfinished sales.")
	ErrOrdersOpen             = fault.New(fault.Conflict, "shop.orders_open", "You have orders that are not finished. Please see them through first.")
	ErrPrizeOfAll             = fault.New(fault.Invalid, "shop.prize_of_all", "ALL stands for all sizes of this article. Please choose one of them.")
	ErrPrizeGone              = fault.New(fault.Conflict, "shop.prize_gone", "This prize is not kept any more.")
	ErrBidClosed              = fault.New(fault.Conflict, "shop.bid_closed", "This bid is no longer open.")
)

// Faults of reviews.
var (
	ErrCommentNotFound = fault.New(fault.NotFound, "shop.comment_not_found", "There is no such comment.")
	ErrReplyNotFound   = fault.New(fault.NotFound, "shop.reply_not_found", "There is no such reply.")
	ErrThreadFull      = fault.New(fault.Conflict, "shop.thread_full", "This comment has as many replies as it can have. Please write a new comment.")
	// ErrTooManyRemarks carries retry_after, in seconds.
	ErrTooManyRemarks = fault.New(fault.RateLimited, "shop.too_many_remarks", "You wrote a lot in a short time. Please wait a moment.")

	ErrNotYourStep     = fault.New(fault.Forbidden, "shop.not_your_step", "This step of the order is somebody else's.")
	ErrOrderWrongState = fault.New(fault.Conflict, "shop.order_wrong_state", "The order is not at this step.")
	ErrGraceOver       = fault.New(fault.Conflict, "shop.grace_over", "The time to withdraw is over.")
	ErrWithdrawalUsed  = fault.New(fault.Conflict, "shop.withdrawal_used", "You withdrew from another order within the last 24 hours.")
	ErrShipmentFixed   = fault.New(fault.Conflict, "shop.shipment_fixed", "The tracking number was corrected often enough.")
	ErrNothingToUndo   = fault.New(fault.Conflict, "shop.nothing_to_undo", "The last step of this order can't be taken back.")

	ErrFeesNotFound = fault.New(fault.NotFound, "shop.fees_not_found", "There is no such fee schedule.")
	ErrFeesTaken    = fault.New(fault.Conflict, "shop.fees_taken", "Another fee schedule begins at this time.")
	ErrFeesFixed    = fault.New(fault.Conflict, "shop.fees_fixed", "This fee schedule holds already, or is about to.")
)

const priceRange = "must be between 1 and 1,000,000,000"
