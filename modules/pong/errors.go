package pong

import "rally/platform/fault"

// Faults of matches.
var (
	ErrMatchNotFound = fault.New(fault.NotFound, "pong.match_not_found", "There is no such match.")
	ErrBadPoints     = fault.New(fault.Invalid, "pong.bad_points", "A match goes to 3, 5 or 11 points.")
	ErrSelf          = fault.New(fault.Invalid, "pong.self", "You can't play against yourself.")
	ErrNoOpponent    = fault.New(fault.NotFound, "pong.opponent_not_found", "There is nobody of that id to play with.")
	ErrBlocked       = fault.New(fault.Forbidden, "pong.opponent_blocked", "You two can't play together.")
	ErrPlaying       = fault.New(fault.Conflict, "pong.already_playing", "You are in a match already.")
	ErrBusy          = fault.New(fault.Conflict, "pong.opponent_busy", "They are in a match already.")
	ErrNotInvited    = fault.New(fault.Forbidden, "pong.not_invited", "This invitation is not yours to answer.")
	ErrInviteGone    = fault.New(fault.Conflict, "pong.invite_gone", "This invitation is no more.")
	ErrNotYours      = fault.New(fault.Forbidden, "pong.not_yours", "This is not your match.")
	ErrMatchOver     = fault.New(fault.Conflict, "pong.match_over", "This match is over.")
	ErrMatchNotOver  = fault.New(fault.Conflict, "pong.match_not_over", "This match is not over yet.")
	ErrTooManyOpen   = fault.New(fault.Conflict, "pong.too_many_invites", "Too many of your invitations wait for an answer.")
	// ErrInvitedOften carries retry_after, in seconds.
	ErrInvitedOften = fault.New(fault.RateLimited, "pong.invited_often", "You invited a lot in a short time. Please wait a while.")
	// ErrMadeOften carries retry_after, in seconds.
	ErrMadeOften = fault.New(fault.RateLimited, "pong.made_often", "You began a lot of matches in a short time. Please wait a while.")
	ErrNoReplay  = fault.New(fault.NotFound, "pong.no_replay", "Nothing was kept of this match.")
	ErrArenaFull = fault.New(fault.Unavailable, "pong.arena_full", "All tables are taken right now. Please try again in a moment.")
	ErrNoRematch = fault.New(fault.Conflict, "pong.no_rematch", "This match can't be played again.")
)
