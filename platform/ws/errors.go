package ws

import "rally/platform/fault"

// Faults that a client sees in error frames. A topic's functions may return
// ErrUnknownTopic when they have no fault of their own; who may not follow gets
// auth.ErrForbidden.
var (
	ErrMalformed     = fault.New(fault.Invalid, "ws.malformed", "This frame is not a JSON object that says something known.")
	ErrUnknownTopic  = fault.New(fault.NotFound, "ws.unknown_topic", "There is no such topic.")
	ErrTooManyTopics = fault.New(fault.Conflict, "ws.too_many_topics", "This connection follows as many topics as it may.")
	ErrNotSeated     = fault.New(fault.Conflict, "ws.not_seated", "You are connected somewhere else. Take over first.")
	ErrRateLimited   = fault.New(fault.RateLimited, "ws.rate_limited", "Too many requests on this connection in a short time.")
)

// Faults of the handshake, before there is a socket. They are answered over
// HTTP.
var (
	ErrOrigin       = fault.New(fault.Forbidden, "ws.origin_refused", "Pages of this origin may not connect.")
	ErrHandshake    = fault.New(fault.Invalid, "ws.bad_handshake", "This address speaks the websocket protocol only.")
	ErrTooMany      = fault.New(fault.RateLimited, "ws.too_many_sockets", "This session has as many connections as it may.")
	ErrShuttingDown = fault.New(fault.Unavailable, "ws.shutting_down", "The server is going away. Please connect again.")
)
