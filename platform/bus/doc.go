// Package bus carries signals between the nodes of Rally: "look now". It is
// core NATS, embedded in the program by default and without a port, or a
// cluster when RALLY_NATS_URL is set.
//
// A signal may be lost: a node that is down, disconnected or too slow never
// sees it, and nothing is stored. So a signal only says that something
// changed, and who receives it reads the truth again. Whatever must happen
// exactly as often as it was asked for is an event or a job, not a signal.
// Publish after the commit, never inside a transaction.
//
// Subjects are words joined by dots, the module first: shop.book.changed.
// Payloads are JSON. A publisher receives its own signals too, so one code
// path serves one node and many.
package bus
