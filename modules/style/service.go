package style

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"rally/modules/accounts"
	"rally/modules/talk"
	"rally/platform/auth"
	"rally/platform/fault"
)

// Service is the feed's use cases. It is safe for concurrent use.
type Service struct {
	tx        Transactions
	store     Store
	ranks     *Ranks
	events    Events
	pictures  Pictures
	portraits Pictures
	directory Directory
	accounts  Accounts
	people    People
	blocks    Blocks
	remarks   Remarks
	articles  Articles
	audit     Auditor
	now       func() time.Time
}

// Deps is what a Service is built of.
type Deps struct {
	Tx        Transactions
	Store     Store
	Ranks     *Ranks
	Events    Events
	Pictures  Pictures // of posts
	Portraits Pictures // of people
	Directory Directory
	Accounts  Accounts
	People    People
	Blocks    Blocks
	Remarks   Remarks
	Articles  Articles
	Audit     Auditor
	Clock     func() time.Time // returns UTC
}

// NewService returns a service.
func NewService(d Deps) *Service {
	return &Service{
		tx: d.Tx, store: d.Store, ranks: d.Ranks, events: d.Events, pictures: d.Pictures, portraits: d.Portraits, directory: d.Directory,
		accounts: d.Accounts, people: d.People, blocks: d.Blocks, remarks: d.Remarks, articles: d.Articles, audit: d.Audit, now: d.Clock,
	}
}

// viewer is who reads, who must be logged in where required is set.
func (s *Service) viewer(ctx context.Context, required bool) (talk.Viewer, error) {
	if required {
		if _, err := auth.Require(ctx); err != nil {
			return talk.Viewer{}, err
		}
	}
	return s.people.Viewer(ctx)
}

// sees reports whether a post is there for a viewer. What is hidden is there for
// its author and the staff.
func sees(by talk.Viewer, p Post) bool {
	if by.Staff {
		return !p.Absent
	}
	own := by.UserID != 0 && by.UserID == p.UserID
	return !p.Absent && (own || !p.Hidden && by.Sees(p.UserID))
}

// post returns a post as a viewer meets it, or ErrPostNotFound.
func (s *Service) post(ctx context.Context, id int64, by talk.Viewer) (Row, error) {
	row, err := s.store.Post(ctx, id, by.UserID)
	if err == nil && !sees(by, row.Post) {
		err = ErrPostNotFound
	}
	return row, err
}

// held is post for whoever is about to change it: its row is taken until the
// transaction ends.
func (s *Service) held(ctx context.Context, id int64, by talk.Viewer) (Post, error) {
	p, err := s.store.HoldPost(ctx, id)
	if err == nil && !sees(by, p) {
		err = ErrPostNotFound
	}
	return p, err
}

// person returns the profile of somebody whom a viewer may look at, muted ones,
// too, or ErrProfileNotFound.
func (s *Service) person(ctx context.Context, userID int64) (who accounts.Profile, muted bool, err error) {
	found, err := s.directory.ProfilesOf(ctx, []int64{userID})
	if err != nil {
		return who, false, err
	}
	who, here := found[userID]
	if !here {
		return who, false, ErrProfileNotFound
	}
	caller, known := auth.From(ctx)
	if !known {
		return who, false, nil
	}
	unseen, err := s.blocks.UnseenBy(ctx, caller.UserID)
	if err != nil {
		return who, false, err
	}
	if !caller.Staff && slices.Contains(unseen.Blocked, userID) {
		return who, false, ErrProfileNotFound
	}
	return who, slices.Contains(unseen.Muted, userID), nil
}

// tooMany is a fault that says when to try again.
func tooMany(of *fault.Error, began time.Time, window time.Duration, now time.Time) error {
	return of.With("retry_after", max(1, int(math.Ceil(began.Add(window).Sub(now).Seconds()))))
}

// notFound turns the fault of a module below into one of ours.
func notFound(err error, theirs, ours error) error {
	if errors.Is(err, theirs) {
		return ours
	}
	return err
}
