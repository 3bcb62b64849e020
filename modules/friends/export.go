package friends

import (
	"context"
	"time"
)

// Export is what is stored of a user's friends.
type Export struct {
	Friends  []Tie
	Requests []Request // made and got, of the states that are kept
	Blocks   []Block   // and mutes
	Hidden   bool
	LastSeen *time.Time
}

// Archive tells users what is stored of them. It stands beside Service: the
// accounts ask it, and Service's presence asks the accounts.
type Archive interface {
	ExportOf(ctx context.Context, userID int64) (Export, error)
}
