package accounts

import "time"

// UserRegistered says that a user and their profile were created, by
// registration, by an import or by the command line. The address need not be
// verified yet.
type UserRegistered struct {
	UserID int64
	At     time.Time
}
