package pong

import "rally/platform/fault"

// Faults of tournaments.
var (
	ErrCupNotFound    = fault.New(fault.NotFound, "pong.tournament_not_found", "There is no such tournament.")
	ErrCupFull        = fault.New(fault.Conflict, "pong.tournament_full", "This tournament is full.")
	ErrCupStarted     = fault.New(fault.Conflict, "pong.tournament_started", "This tournament has started already.")
	ErrCupOver        = fault.New(fault.Conflict, "pong.tournament_over", "This tournament is over.")
	ErrCupTooFew      = fault.New(fault.Conflict, "pong.tournament_too_few", "A tournament needs four people or more.")
	ErrNotEntered     = fault.New(fault.Conflict, "pong.not_entered", "You are not in this tournament.")
	ErrAlreadyEntered = fault.New(fault.Conflict, "pong.already_entered", "You are in this tournament already.")
	ErrTooManyCups    = fault.New(fault.Conflict, "pong.too_many_tournaments", "Three of your tournaments are open already. Start or cancel one first.")
	ErrNotOrganiser   = fault.New(fault.Forbidden, "pong.not_organiser", "Only whoever made this tournament can do that.")
	ErrPrizeNotFound  = fault.New(fault.NotFound, "pong.prize_not_found", "This tournament has no prize.")
	ErrNoPrizes       = fault.New(fault.Conflict, "pong.prizes_off", "There are no prizes here.")
)
