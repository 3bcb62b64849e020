package style

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rally/modules/talk"
	"rally/platform/fault"
	"rally/platform/page"
)

// ObjectType is what can be reported.
type ObjectType string

// What can be reported.
const (
	ObjectPost    ObjectType = "post"
	ObjectComment ObjectType = "comment"
	ObjectReply   ObjectType = "reply"
	ObjectProfile ObjectType = "profile"
)

// CaseState is what became of what people reported.
type CaseState string

// States of a Case. A report on what was dismissed opens it again.
const (
	CaseOpen      CaseState = "open"
	CaseHidden    CaseState = "hidden"
	CaseDismissed CaseState = "dismissed"
)

// Reasons returns why something can be reported.
func Reasons() []string { return []string{"spam", "abuse", "sexual", "counterfeit", "other"} }

const (
	maxNote = 300 // characters
	// A person reports at most maxReports things in a reportWindow.
	maxReports   = 30
	reportWindow = time.Hour
	// notesShown is how many of the words that people added a case shows.
	notesShown = 5
)

// Report is one person's report of something.
type Report struct {
	CaseID    int64
	UserID    int64
	Reason    string
	Note      string // 0…300 characters
	CreatedAt time.Time
}

// clean checks a report.
func (r *Report) clean() error {
	if !slices.Contains(Reasons(), r.Reason) {
		return fault.ErrInvalid.WithField("reason", "must be one of "+strings.Join(Reasons(), ", "))
	}
	r.Note = strings.TrimSpace(r.Note)
	if !utf8.ValidString(r.Note) || utf8.RuneCountInString(r.Note) > maxNote || strings.ContainsFunc(r.Note, func(c rune) bool { return c != '\n' && unicode.IsControl(c) }) {
		return fault.ErrInvalid.WithField("note", "must be plain text of at most "+strconv.Itoa(maxNote)+" characters")
	}
	return nil
}

// Case is all that was reported of one thing.
type Case struct {
	ID         int64
	ObjectType ObjectType
	ObjectID   int64
	State      CaseState
	CreatedAt  time.Time
	UpdatedAt  time.Time

	Count   int64            // people who reported it
	Reasons map[string]int64 // and why
	Notes   []string         // the newest words that they added
}

// ShownCase is a case with what it is about: nothing is left of it once that was
// deleted.
type ShownCase struct {
	Case
	Excerpt string
	Picture string // a picture's key, or empty
	PostID  int64  // of a post, a comment, a reply: where it stands
	Author  *talk.Person
}

// CaseList is the staff's list of cases.
func CaseList(state CaseState) page.CursorList {
	return page.CursorList{Name: "style.reports", Filters: []string{string(state)}}
}
