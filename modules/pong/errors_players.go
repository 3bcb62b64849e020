package pong

import "rally/platform/fault"

// Faults of players.
var (
	ErrPlayerNotFound = fault.New(fault.NotFound, "pong.player_not_found", "There is no such player.")
	ErrSeasonUnknown  = fault.New(fault.Invalid, "pong.season_unknown", "There is no such season.")
)
