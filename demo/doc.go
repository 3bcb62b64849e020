// Package demo builds a believable world for an empty Rally: brands and
// articles with drawn pictures, people and their friends, ninety days of trades,
// open books, wishes, a feed of what people show each other, matches of Pong, and what
// they were told lately.
//
// The same seed and the same time make the same world, byte for byte. Each
// part draws its random numbers from a stream of its own, so that a change in
// one leaves the others as they were.
//
// The market is played, not painted: each size has an order book in which
// people place bids and take each other's while a hidden value wanders. What
// comes out keeps the rules of package shop by construction: no book was
// crossed at any moment, and each trade took the best bid of its time.
//
// The feed's pictures are planned before anybody posts them, from the seed and the
// articles alone, and drawn outside of the transaction; who posts them, when and
// with which words follows from the market and the friendships. So the same seed
// makes the same pictures on any day.
//
// Matches are played, too, by the robots that anybody can play against; ratings and
// brackets follow from them by the rules of package pong.
package demo
