package accounts

import "time"

// UserRegistered says that a user and their profile were created, by
// registration, by an import or by the command line. The address need not be
// verified yet.
type UserRegistered struct {
	UserID int64
	At     time.Time
}

// UserDeactivated says that a user leaves. They have left when the transaction
// commits; a subscriber that holds them back returns a fault. They may come
// back for 30 days.
type UserDeactivated struct {
	UserID int64
	At     time.Time
}

// UserReactivated says that a user who left came back in time.
type UserReactivated struct {
	UserID int64
	At     time.Time
}

// ProfileRenamed says that a user bears another profile name now: whoever shows
// it shows the new one.
type ProfileRenamed struct {
	UserID   int64
	Old, New string
}

// ProfileChanged says that others see something else of a user now: a name, a
// picture, an introduction.
type ProfileChanged struct{ Profile Profile }

// SecurityNoted says that something happened to the security of an account.
// Device names the one that it came from.
type SecurityNoted struct {
	Event  SecurityEvent
	Device string
}

// UserErased says that a user who left did not come back: whatever is personal
// goes now. The row stays, so that what others share with them keeps its other
// side, who is nobody now.
type UserErased struct {
	UserID int64
	At     time.Time
}

// SessionEndedSubject is the subject of the signal SessionEnded.
const SessionEndedSubject = "accounts.session_ended"

// SessionEnded is the signal that sessions are over: nothing that was
// remembered about them counts any more.
type SessionEnded struct {
	IDs []int64 `json:"ids"`
}

// PeopleChangedSubject is the subject of the signal PeopleChanged.
const PeopleChangedSubject = "accounts.people_changed"

// PeopleChanged is the signal that others see something else of people: what was
// remembered of them doesn't count any more. Shown are those whose name or
// picture changed, as they are now.
type PeopleChanged struct {
	IDs   []int64  `json:"ids"`
	Shown []Public `json:"shown,omitempty"`
}

// PicturePrefix is where the picture store keeps the pictures of people.
const PicturePrefix = "people"

// Public is what pages show wherever somebody appears. Image is the picture's
// key, or empty.
type Public struct {
	UserID      int64  `json:"user_id"`
	ProfileName string `json:"profile_name"`
	Image       string `json:"image,omitempty"`
}
