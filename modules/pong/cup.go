package pong

import (
	"cmp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rally/modules/accounts"
	"rally/platform/fault"
	"rally/platform/page"
)

// Limits of tournaments.
const (
	minCupSize, maxCupSize = 4, 32
	minCupName, maxCupName = 2, 40 // characters

	// openCupsLimit is how many tournaments of one person may be open.
	openCupsLimit = 3
	// entryTime is how long a tournament waits to become full.
	entryTime = 24 * time.Hour
	// callHeld is how long a call waits for a player who is in another match. Then
	// they are called all the same, and the time to come runs.
	callHeld = 10 * time.Minute
	// heldAgain is when a call that waits is looked at again, livesAgain when it is
	// looked whether the matches of a tournament are alive.
	heldAgain, livesAgain = 2 * time.Second, 10 * time.Second
	// failedAgain is when a tournament is looked at again with which something went
	// wrong.
	failedAgain = 10 * time.Second
	// dueLimit is how many tournaments one sweep looks at.
	dueLimit = 50
	// shownCups is how many tournaments the lobby shows.
	shownCups = 20
)

// CupState is where a tournament stands.
type CupState string

// States of a tournament. It goes from CupOpen to CupRunning or CupCancelled, and
// from CupRunning to CupFinished or CupCancelled.
const (
	CupOpen      CupState = "open"
	CupRunning   CupState = "running"
	CupFinished  CupState = "finished"
	CupCancelled CupState = "cancelled"
)

// Cup is a tournament.
type Cup struct {
	ID        int64
	Name      string
	Size      int // how many it takes
	Points    int // of each match
	State     CupState
	CreatedBy int64
	Entries   int
	Champion  int64      // 0 is none
	Bracket   *Bracket   // once it runs; lists leave it out
	DueAt     *time.Time // when it is to be looked at, if nothing happens before
	Prize     *Prize     // what is kept for the champion
	Version   int        // grows with each change that can be seen
	CreatedAt time.Time
	StartedAt *time.Time
	EndedAt   *time.Time
}

// look says when the tournament is to be looked at next.
func (c *Cup) look(at time.Time) { c.DueAt = &at }

// entered says that there are more entries, or fewer. A full tournament starts at
// once.
func (c *Cup) entered(step int, now time.Time) {
	c.Entries += step
	if c.Entries >= c.Size {
		c.look(now)
	} else {
		c.look(c.CreatedAt.Add(entryTime))
	}
}

// owes reports whether somebody is still to get the prize, or to have it back.
func (c *Cup) owes() bool { return c.Prize != nil && c.Prize.OrderID == 0 }

// Prize is an article that is kept for a champion.
type Prize struct {
	Unit      int64  `json:"unit"` // what is kept, as whoever keeps it knows it
	ProductID int64  `json:"product_id"`
	InfoID    int64  `json:"info_id"`
	EngName   string `json:"eng_name"`
	KorName   string `json:"kor_name"`
	Size      string `json:"size"`
	Picture   string `json:"picture,omitempty"`  // its key
	OrderID   int64  `json:"order_id,omitempty"` // the champion's, once they have it
}

// Entry is somebody in a tournament.
type Entry struct {
	UserID      int64
	Rating      float64 // at the start
	Seed        int     // from 1, once it runs
	JoinedAt    time.Time
	WithdrawnAt *time.Time // once it runs; before, they are no more in it
	Place       int        // 0 is not known yet
}

// bySeed orders entries by their ratings, the best first; of equals, who joined
// first.
func bySeed(a, b Entry) int {
	return cmp.Or(cmp.Compare(b.Rating, a.Rating), a.JoinedAt.Compare(b.JoinedAt), cmp.Compare(a.UserID, b.UserID))
}

// NewCup is what somebody says of a tournament they make.
type NewCup struct {
	Name   string
	Size   int
	Points int // 0 is DefaultPoints
}

// normalise checks what was said. It returns fault.ErrInvalid with the fields name
// and size, or ErrBadPoints.
func (n NewCup) normalise() (NewCup, error) {
	n.Name = strings.TrimSpace(n.Name)
	unfit := func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.In(r, unicode.Zl, unicode.Zp)
	}
	seen := func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
	}
	length := utf8.RuneCountInString(n.Name)
	switch {
	case length < minCupName || length > maxCupName:
		return n, fault.ErrInvalid.WithField("name", "must have 2 to 40 characters")
	case !utf8.ValidString(n.Name) || strings.ContainsFunc(n.Name, unfit) || !strings.ContainsFunc(n.Name, seen):
		return n, fault.ErrInvalid.WithField("name", "must be text, without control characters")
	case n.Size < minCupSize || n.Size > maxCupSize:
		return n, fault.ErrInvalid.WithField("size", "must be 4 to 32")
	}
	var err error
	n.Points, err = checkPoints(n.Points)
	return n, err
}

// ListedCup is a tournament as a list reads it for somebody.
type ListedCup struct {
	Cup
	Joined bool // they are in it, or were to its end
}

// CupBrief is a tournament as a list shows it. Who left Rally is nil.
type CupBrief struct {
	ListedCup
	By       *accounts.Profile
	Winner   *accounts.Profile // the champion
	MayPrize bool              // the viewer may set its prize
}

// CupPlayer is somebody in a tournament, as it shows them.
type CupPlayer struct {
	Entry
	Who *accounts.Profile // nil: left Rally
}

// CupMay is what somebody may do with a tournament now.
type CupMay struct{ Join, Leave, Start, Cancel, Prize bool }

// CupShown is a tournament with all that belongs to it.
type CupShown struct {
	CupBrief
	Players []CupPlayer // by seed; before the start, who joined first
	May     CupMay
	Mine    *Pairing // what the viewer plays now, or next
}

// CupList is the list of tournaments of a state, or of all for none.
func CupList(state CupState) page.CursorList {
	return page.CursorList{Name: "pong.tournaments", Filters: []string{string(state)}}
}

// may says what somebody may do with a tournament.
func (c *CupShown) may(userID int64, staff bool) CupMay {
	if userID == 0 {
		return CupMay{}
	}
	runs := c.CreatedBy == userID || staff
	return CupMay{
		Join:   c.State == CupOpen && !c.Joined && c.Entries < c.Size,
		Leave:  c.State == CupOpen && c.Joined || c.Mine != nil,
		Start:  c.State == CupOpen && runs && c.Entries >= minCupSize,
		Cancel: c.State == CupOpen && runs || c.State == CupRunning && staff,
		Prize:  c.MayPrize,
	}
}
