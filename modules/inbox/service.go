package inbox

import (
	"context"
	"slices"
	"time"

	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/page"
)

// Service is the use cases of the inbox. It is safe for concurrent use.
type Service struct {
	tx      Transactions
	store   Store
	ties    Ties
	show    *shower
	signals Signals
	now     func() time.Time
}

// Deps is what a Service and a Follower are built of.
type Deps struct {
	Tx       Transactions
	Store    Store
	People   People
	Articles Articles
	Posts    Posts
	Ties     Ties
	Signals  Signals
	Journal  Journal
	Clock    func() time.Time // returns UTC
}

// NewService returns a service.
func NewService(d Deps) *Service {
	return &Service{tx: d.Tx, store: d.Store, ties: d.Ties, show: &shower{d.People, d.Articles, d.Posts, d.Ties}, signals: d.Signals, now: d.Clock}
}

// Missed bounds what a client that comes back is sent again.
const Missed = 100

// List returns the caller's notifications, the last told first.
func (s *Service) List(ctx context.Context, r page.CursorRequest) (page.Slice[Shown], error) {
	none := page.Slice[Shown]{}
	caller, err := auth.Require(ctx)
	if err != nil {
		return none, err
	}
	rows, err := s.store.Notifications(ctx, caller.UserID, r)
	if err != nil {
		return none, err
	}
	list := page.Keyset(r, rows, func(n Notification) []int64 { return []int64{n.Seq} })
	shown, err := s.show.all(ctx, list.Rows)
	return page.Slice[Shown]{Rows: shown, Next: list.Next, Previous: list.Previous}, err
}

// Stand returns where the caller's inbox stands.
func (s *Service) Stand(ctx context.Context) (State, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return State{}, err
	}
	return s.store.State(ctx, caller.UserID)
}

// StateOf returns where somebody's inbox stands.
func (s *Service) StateOf(ctx context.Context, userID int64) (State, error) {
	return s.store.State(ctx, userID)
}

// StatesOf is StateOf for many. Who was never told anything isn't in it.
func (s *Service) StatesOf(ctx context.Context, userIDs []int64) (map[int64]State, error) {
	return s.store.States(ctx, userIDs)
}

// MissedBy returns what somebody was told after a sequence, oldest first; more
// is true when that is more than Missed, and then nothing is returned.
func (s *Service) MissedBy(ctx context.Context, userID, seq int64) (list []Shown, more bool, err error) {
	rows, err := s.store.Since(ctx, userID, seq, Missed+1)
	if err != nil || len(rows) > Missed {
		return nil, len(rows) > Missed, err
	}
	list, err = s.show.all(ctx, rows)
	return list, false, err
}

// MarkRead marks notifications of the caller as read: some, or all up to a
// sequence when ids is empty, where 0 is the last. Their other clients hear of
// it. Errors: more than 100 ids.
func (s *Service) MarkRead(ctx context.Context, ids []int64, upTo int64) (State, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return State{}, err
	}
	if len(ids) > page.MaxSize {
		return State{}, fault.ErrInvalid.WithField("ids", "must be at most 100")
	}
	var state State
	err = s.tx.InTx(ctx, func(ctx context.Context) (err error) {
		state, err = s.store.MarkRead(ctx, caller.UserID, ids, upTo)
		return err
	})
	if err != nil {
		return State{}, err
	}
	s.signals.Read(ctx, caller.UserID, ids, upTo, state)
	return state, nil
}

// SettingsOf returns what the caller chose.
func (s *Service) SettingsOf(ctx context.Context) (Settings, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Settings{}, err
	}
	found, err := s.store.Settings(ctx, []int64{caller.UserID})
	return found[caller.UserID], err
}

// Choose changes some of the caller's settings, and returns all. Errors:
// ErrKindRequired, and fields for what is not known.
func (s *Service) Choose(ctx context.Context, change Settings) (Settings, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Settings{}, err
	}
	if err := change.check(); err != nil {
		return Settings{}, err
	}
	var all map[int64]Settings
	err = s.tx.InTx(ctx, func(ctx context.Context) (err error) {
		if err := s.store.Choose(ctx, caller.UserID, change); err != nil {
			return err
		}
		all, err = s.store.Settings(ctx, []int64{caller.UserID})
		return err
	})
	return all[caller.UserID], err
}

func (s Settings) check() error {
	for k, on := range s.Kinds {
		if !slices.Contains(Kinds(), k) {
			return fault.ErrInvalid.WithField("kinds", "holds a kind that there is not")
		}
		if k == Security && !on {
			return ErrKindRequired
		}
	}
	known := Audiences()
	for k, a := range s.Audience {
		if _, ok := known[k]; !ok {
			return fault.ErrInvalid.WithField("audience", "holds a kind that there is not")
		}
		if a != Everyone && a != Friends && a != Nobody {
			return fault.ErrInvalid.WithField("audience", "must be everyone, friends or nobody")
		}
	}
	return nil
}

// Activity lists what the caller's friends did, as far as they let friends see
// it; or what one person did, as far as the caller may see it. A friendship is
// shown to whom both let see it, and to both. Errors: ErrPersonNotFound, also
// where one blocks the other.
func (s *Service) Activity(ctx context.Context, of int64, r page.CursorRequest) (page.Slice[ShownActivity], error) {
	none := page.Slice[ShownActivity]{}
	caller, err := auth.Require(ctx)
	if err != nil {
		return none, err
	}
	hidden, err := s.ties.Hidden(ctx, caller.UserID)
	if err != nil {
		return none, err
	}
	if slices.Contains(hidden, of) {
		return none, ErrPersonNotFound
	}
	sight := Sight{Viewer: caller.UserID, Hidden: hidden}
	if err := s.look(ctx, &sight, of); err != nil {
		return none, err
	}
	rows, err := s.store.Activities(ctx, sight, r)
	if err != nil {
		return none, err
	}
	return s.withActors(ctx, page.Keyset(r, rows, func(a Activity) []int64 { return []int64{a.ID} }))
}

// look says whose activities are meant, and what the viewer is to them.
func (s *Service) look(ctx context.Context, by *Sight, of int64) (err error) {
	if by.Friends, err = s.ties.FriendsOf(ctx, by.Viewer); err != nil {
		return err
	}
	if of == 0 {
		// Friends may be muted.
		by.Of = slices.DeleteFunc(slices.Clone(by.Friends), func(id int64) bool { return slices.Contains(by.Hidden, id) })
		by.Audiences = []Audience{Everyone, Friends}
		return nil
	}
	people, err := s.show.people.PeopleOf(ctx, []int64{of})
	if err != nil {
		return err
	}
	if _, here := people[of]; !here {
		return ErrPersonNotFound
	}
	by.Of = []int64{of}
	switch {
	case of == by.Viewer:
		by.Audiences = []Audience{Everyone, Friends, Nobody}
	case slices.Contains(by.Friends, of):
		by.Audiences = []Audience{Everyone, Friends}
	default:
		by.Audiences = []Audience{Everyone}
	}
	return nil
}

// withActors adds profiles and articles.
func (s *Service) withActors(ctx context.Context, list page.Slice[Activity]) (page.Slice[ShownActivity], error) {
	out := page.Slice[ShownActivity]{Next: list.Next, Previous: list.Previous, Rows: make([]ShownActivity, 0, len(list.Rows))}
	var users []int64
	targets := make([]Target, len(list.Rows))
	for i, a := range list.Rows {
		targets[i] = a.Target
		users = append(users, a.UserID)
		if other := a.other(); other != 0 {
			users = append(users, other)
		}
	}
	people, err := s.show.people.PeopleOf(ctx, users)
	if err != nil {
		return out, err
	}
	article, err := s.show.articlesOf(ctx, targets)
	if err != nil {
		return out, err
	}
	post, err := s.show.postsOf(ctx, targets)
	if err != nil {
		return out, err
	}
	for _, a := range list.Rows {
		actor, here := people[a.UserID]
		if !here {
			continue // left
		}
		shown := ShownActivity{Activity: a, Actor: actor, Article: article(a.Target), Post: post(a.Target)}
		if a.Kind == ActivityPost && shown.Post == nil {
			continue // gone
		}
		if other, known := people[a.other()]; known {
			shown.Other = &other
		} else if a.other() != 0 {
			shown.Target = a.Target.nameless()
		}
		out.Rows = append(out.Rows, shown)
	}
	return out, nil
}

// keepNotifications and keepActivities are how long what was told is kept.
const (
	keepNotifications = 180 * 24 * time.Hour
	keepActivities    = 90 * 24 * time.Hour
)

// purgeBatch is how many people are looked for at a time.
const purgeBatch = 500

// Purge deletes what is old. It is a job. It takes one person at a time, so that
// nobody who reads or is told something waits for all.
func (s *Service) Purge(ctx context.Context) error {
	now := s.now()
	for {
		people, err := s.store.WithOld(ctx, now.Add(-keepNotifications), purgeBatch)
		if err != nil {
			return err
		}
		for _, id := range people {
			if err := s.tx.InTx(ctx, func(ctx context.Context) error { return s.store.PurgeOf(ctx, id, now.Add(-keepNotifications)) }); err != nil {
				return err
			}
		}
		if len(people) < purgeBatch {
			return s.store.PurgeActivities(ctx, now.Add(-keepActivities))
		}
	}
}

// Forget erases what is known of a user who was erased.
func (s *Service) Forget(ctx context.Context, userID int64) error { return s.store.Forget(ctx, userID) }
