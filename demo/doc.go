// Package demo builds a believable world for an empty Rally: brands and
// articles with drawn pictures, people and their friends, ninety days of trades,
// open books, wishes, and what people were told lately.
//
// The same seed and the same time make the same world, byte for byte. Each
// part draws its random numbers from a stream of its own, so that a change in
// one leaves the others as they were.
//
// The market is played, not painted: each size has an order book in which
// people place bids and take each other's while a hidden value wanders. What
// comes out keeps the rules of package shop by construction: no book was
// crossed at any moment, and each trade took the best bid of its time.
package demo
