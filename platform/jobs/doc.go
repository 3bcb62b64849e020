// Package jobs runs work that leaves the process or waits: mail, expiry,
// sweeps, indexing. It stands on River, which keeps the queue in the program's
// own database, SQLite or PostgreSQL.
//
// A job is enqueued in the transaction of the context: it runs once that
// transaction has committed, and never if it rolls back. A job runs at least
// once; after a crash it may run twice, so its function must be idempotent. A
// job that fails is tried again, with pauses that grow.
//
// Every node that runs the program shares the one queue. Periodic jobs are
// enqueued by one of them, the leader that River elects.
//
// Three bounds come from River. A node that waits for work asks the database
// once a poll interval. A job that waits for a time, or for its next attempt,
// may be late by some seconds. A job whose process was killed is taken up
// again a minute after its timeout.
//
// The rows of River's tables belong to River. In particular, on SQLite a row
// that disappears while its job runs ends the program.
package jobs
