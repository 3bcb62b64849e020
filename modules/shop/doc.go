// Package shop is the resale exchange: brands and articles, order books of
// bids, trades, store goods and wishes.
//
// # Words
//
// An article (product info) comes in sizes (products). People trade articles
// whose delivery tag is "immediate"; those tagged "brand" are sold by the
// store at a fixed price. A purchase bid is an offer to buy, a sales bid, or
// ask, an offer to sell. From a visitor's point of view, the purchase price
// is what a buyer pays now (the lowest ask) and the sales price is what a
// seller gets now (the highest purchase bid).
//
// Size "ALL" stands for the whole article. Where an article has other sizes,
// ALL shows their best prices and can't be bid on; it is computed when read,
// so trades in two sizes never wait for each other. An article whose only size
// is ALL trades on it.
//
// A prize is a piece that the store puts aside for whoever wins it: see Prizes.
//
// # Tables
//
// brands, product_infos, products, product_images, info_search, bids, book_levels,
// orders, order_events, ledger, fee_schedules, price_days, shop_prizes, wishes. No
// other module touches them; ids of users are accounts' and carry no foreign key, so that a trade
// takes no lock outside this module.
//
// # Invariants
//
//   - The product row is the lock of its order book: whoever places, changes,
//     cancels or takes a bid holds it, and holds no other product's. Who holds
//     several, a leaver or the staff, takes them in ascending order.
//   - No book is crossed: every open purchase bid is below every open ask.
//   - A trade takes the best open bid of the other side that is not the
//     caller's own: best price first, then the longest-waiting one. Its price
//     is the resting bid's. It is one transaction.
//   - A bid is consumed once: open → filled, cancelled or expired, never back.
//     Each trade's order names the one bid that it consumed.
//   - book_levels counts the open bids at each price of a book. Triggers keep it;
//     nothing else writes it.
//   - Past its expiry a bid is in no book, whether or not the sweep has run.
//   - Every change of a book raises the product's book version by one, and is
//     told by one BookChanged: emitted and signalled, or, where somebody
//     leaves, only signalled. The version that ALL shows is the sum over all
//     rows of its article. A size that goes leaves its version to ALL's row,
//     so that no version ever goes back.
//   - An order moves only by the steps of order_steps.go, each by its actor, with
//     the order's row held. What is finished stays as it is.
//   - The ledger is append-only, and balances with every row. Escrow holds what
//     was paid for orders that are not finished, and nothing else.
//   - What somebody is shown is what they are charged: an order keeps the terms of
//     its day, and a bid the fee of the day it was placed.
//   - Market data tells of trades that stand: one that is cancelled, or fails,
//     leaves the last price and the charts. A prize is no trade, and posts nothing.
//   - A prize is kept until it is released or awarded, and becomes one order at most.
//     Its row is held before the book of its product.
//   - A price that is shown can be paid: the store's price of a size without
//     stock is none.
//
// # Reviews
//
// People review articles in a room of talk (NewReviewRoom), where everybody reads.
// The row of an article is the lock of what is said about it, and keeps its number
// (product_infos.comments). "Bought it" is for a comment's writer who is the buyer
// of a settled order of any size.
//
// # People who leave
//
// Whoever leaves Rally takes their open bids along; an order that is not
// finished holds them back with ErrOrdersOpen. Subscribers do this, and a
// subscriber must not emit events: what they change is signalled after the
// commit. A request that was under way may place a bid even then, so a minute
// later a job looks again. After 30 days the wishes go; talk forgets what they said.
// Orders and closed bids stay, since they are also somebody else's. An export tells
// a person all of their bids, orders, wishes and reviews, and nothing of who traded
// with them.
//
// # Routes and events
//
// Routes: /api/shop/… and /api/admin/shop/… (internal/api). Live topic:
// shop.book:{product}. Events: BookChanged, CatalogueChanged, Traded, Awarded, OrderMoved,
// TargetsReachable, TargetReached. Subscriptions: accounts.UserDeactivated,
// accounts.UserErased. Jobs: shop.sweep_expired, shop.meet_deadlines,
// shop.tell_orders, shop.tell_targets, shop.repair_list_prices,
// shop.sweep_pictures, shop.cancel_bids_of_leaver.
package shop
