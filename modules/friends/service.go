package friends

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/page"
)

// Service is the use cases of friends. It is safe for concurrent use.
type Service struct {
	tx      Transactions
	store   Store
	events  Events
	signals Signals
	people  Directory
	seen    Seen
	now     func() time.Time
}

// Deps is what a Service is built of.
type Deps struct {
	Tx      Transactions
	Store   Store
	Events  Events
	Signals Signals
	People  Directory
	Seen    Seen
	Clock   func() time.Time // returns UTC
}

// NewService returns a service.
func NewService(d Deps) *Service {
	return &Service{tx: d.Tx, store: d.Store, events: d.Events, signals: d.Signals, people: d.People, seen: d.Seen, now: d.Clock}
}

// Friends lists the caller's friends: who is seen first, then by name. A list
// has MaxFriends at most, so it is sorted here, and the API cuts a page out.
func (s *Service) Friends(ctx context.Context) ([]Friend, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	ties, err := s.store.TiesOf(ctx, caller.UserID)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(ties))
	for i, t := range ties {
		ids[i] = t.UserID
	}
	people, err := s.people.PeopleOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	seen := s.seen.StatusOf(ids)
	list := make([]Friend, 0, len(ties))
	for _, t := range ties {
		who, known := people[t.UserID]
		if !known { // left
			continue
		}
		f := Friend{Person: who, Status: Offline, Since: t.Since, LastSeen: t.LastSeen}
		if now, there := seen[t.UserID]; there {
			f.Status, f.Match, f.LastSeen = now.Status, now.Match, nil
		}
		list = append(list, f)
	}
	keys := make(map[int64]string, len(list))
	for _, f := range list {
		keys[f.UserID] = nameKey(f.ProfileName)
	}
	slices.SortFunc(list, func(a, b Friend) int {
		if (a.Status == Offline) != (b.Status == Offline) {
			if a.Status == Offline {
				return 1
			}
			return -1
		}
		if c := strings.Compare(keys[a.UserID], keys[b.UserID]); c != 0 {
			return c
		}
		return int(a.UserID - b.UserID)
	})
	return list, nil
}

func nameKey(name string) string { return strings.ToLower(norm.NFKC.String(name)) }

// other finds the person whom the caller means, by id or by name. Whoever left
// is not found.
func (s *Service) other(ctx context.Context, caller, userID int64, profileName string) (Person, error) {
	who := Person{UserID: userID}
	if userID == 0 {
		var err error
		if who, err = s.people.Named(ctx, strings.TrimSpace(profileName)); err != nil {
			return Person{}, err
		}
	} else {
		found, err := s.people.PeopleOf(ctx, []int64{userID})
		if err != nil {
			return Person{}, err
		}
		var known bool
		if who, known = found[userID]; !known {
			return Person{}, ErrPersonNotFound
		}
	}
	if who.UserID == caller {
		return Person{}, ErrSelf
	}
	return who, nil
}

// Unfriend ends a friendship of the caller, if there is one.
func (s *Service) Unfriend(ctx context.Context, userID int64) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	return s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.LockPeople(ctx, caller.UserID, userID); err != nil {
			return err
		}
		return s.part(ctx, caller.UserID, userID)
	})
}

// part ends a friendship and tells the nodes.
func (s *Service) part(ctx context.Context, a, b int64) error {
	were, err := s.store.Unfriend(ctx, a, b)
	if err != nil || !were {
		return err
	}
	s.signal(ctx, Change{Event: EventRemoved, UserID: a, OtherID: b})
	return nil
}

func (s *Service) signal(ctx context.Context, c Change) {
	s.tx.AfterCommit(ctx, func(ctx context.Context) { s.signals.Changed(ctx, c) })
}

// Search finds people by the beginning of their profile name. Errors: a query
// that is empty or longer than MaxQuery.
func (s *Service) Search(ctx context.Context, query string) ([]Found, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return nil, err
	}
	query = strings.TrimSpace(query)
	if n := utf8.RuneCountInString(query); n < 1 || n > MaxQuery {
		return nil, fault.ErrInvalid.WithField("q", "must have 1 to 15 characters")
	}
	without, err := s.store.HiddenFrom(ctx, caller.UserID)
	if err != nil {
		return nil, err
	}
	people, err := s.people.Search(ctx, query, append(without, caller.UserID), MaxFound)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(people))
	for i, p := range people {
		ids[i] = p.UserID
	}
	relations, err := s.store.Relations(ctx, caller.UserID, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Found, len(people))
	for i, p := range people {
		f, known := relations[p.UserID]
		if !known {
			f.Relation = Strangers
		}
		f.Person = p
		list[i] = f
	}
	return list, nil
}

// Appearance reports whether the caller appears offline.
func (s *Service) Appearance(ctx context.Context) (hidden bool, err error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return false, err
	}
	_, hidden, err = s.store.Ties(ctx, caller.UserID)
	return hidden, err
}

// Appear makes the caller appear offline, or as they are.
func (s *Service) Appear(ctx context.Context, hidden bool) error {
	caller, err := auth.Require(ctx)
	if err != nil {
		return err
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error { return s.store.Hide(ctx, caller.UserID, hidden) })
	if err == nil {
		s.seen.Appear(ctx, caller.UserID, hidden)
	}
	return err
}

// Forget erases what is known of a user who was erased.
func (s *Service) Forget(ctx context.Context, userID int64) error { return s.store.Forget(ctx, userID) }

// withPeople adds the profiles of others to a page of rows, and leaves out
// those of people who left.
func withPeople[T, U any](ctx context.Context, s *Service, list page.Slice[T], of func(T) int64, join func(T, Person) U) (page.Slice[U], error) {
	ids := make([]int64, len(list.Rows))
	for i, row := range list.Rows {
		ids[i] = of(row)
	}
	people, err := s.people.PeopleOf(ctx, ids)
	if err != nil {
		return page.Slice[U]{}, err
	}
	joined := page.Slice[U]{Next: list.Next, Previous: list.Previous, Rows: make([]U, 0, len(list.Rows))}
	for _, row := range list.Rows {
		if who, known := people[of(row)]; known {
			joined.Rows = append(joined.Rows, join(row, who))
		}
	}
	return joined, nil
}
