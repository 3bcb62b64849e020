package friends

import "rally/platform/fault"

// Faults of friends.
var (
	ErrPersonNotFound  = fault.New(fault.NotFound, "friends.person_not_found", "There is nobody of that name.")
	ErrRequestNotFound = fault.New(fault.NotFound, "friends.request_not_found", "There is no such request.")
	ErrSelf            = fault.New(fault.Invalid, "friends.self", "That is you.")
	ErrTooManyFriends  = fault.New(fault.Conflict, "friends.too_many", "One of you has as many friends as anybody can have.")
	ErrTooManyAsked    = fault.New(fault.Conflict, "friends.too_many_asked", "You asked a lot of people who have not answered yet.")
	ErrTooManyBlocks   = fault.New(fault.Conflict, "friends.too_many_blocks", "You blocked as many people as anybody can.")
	// ErrAskedOften carries retry_after, in seconds.
	ErrAskedOften = fault.New(fault.RateLimited, "friends.asked_often", "You asked a lot of people in a short time. Please wait a while.")
	// ErrSeatBusy says that too many changed one seat at the same time.
	ErrSeatBusy = fault.New(fault.Unavailable, "friends.seat_busy", "You are connecting in too many places at once. Please try again.")
)
