package inbox

import (
	"context"
	"slices"
	"strconv"
)

// batch is how many entries one transaction tells.
const batch = 200

// giveUpAfter is how often one entry may fail, once a second or so.
const giveUpAfter = 10

// Follower makes notifications and activities of what transactions wrote down.
// It stands beside Service, which only reads. Of all nodes one at a time does
// it, so everybody is told in the order in which things happened.
type Follower struct {
	tx      Transactions
	store   Store
	ties    Ties
	show    *shower
	signals Signals
	journal Journal

	failing  int64 // the oldest entry, when it failed
	failures int
	broken   []Entry // set aside by the transaction at work
}

// NewFollower returns a follower.
func NewFollower(d Deps) *Follower {
	return &Follower{tx: d.Tx, store: d.Store, ties: d.Ties, show: &shower{d.People, d.Articles, d.Posts, d.Ties}, signals: d.Signals, journal: d.Journal}
}

// Catch tells everything that waits. Each call of it ends; an error leaves what
// it was about to the next. One entry that can never be told is set aside, so
// that the others are. It is called by one goroutine.
func (f *Follower) Catch(ctx context.Context) error {
	limit := batch
	for ctx.Err() == nil {
		var first int64
		var n int
		var told []tolding
		err := f.tx.InTx(ctx, func(ctx context.Context) (err error) {
			f.broken = nil
			first, n, told, err = f.some(ctx, limit)
			return err
		})
		switch {
		case err != nil && limit > 1:
			limit = 1 // which one is it?
			continue
		case err != nil:
			return f.blame(ctx, first, err)
		}
		for _, e := range f.broken {
			f.journal.Note(ctx, "read entry "+strconv.FormatInt(e.ID, 10)+" of the outbox, which is set aside", e.Broken)
		}
		if err := f.announce(ctx, told); err != nil {
			return err
		}
		if n < limit {
			return nil
		}
	}
	return ctx.Err()
}

// blame counts the failures of the oldest entry. After so many it isn't the
// database's fault any more.
func (f *Follower) blame(ctx context.Context, id int64, cause error) error {
	if id == 0 || ctx.Err() != nil {
		return cause
	}
	if f.failing != id {
		f.failing, f.failures = id, 0
	}
	if f.failures++; f.failures < giveUpAfter {
		return cause
	}
	err := f.tx.InTx(ctx, func(ctx context.Context) error { return f.store.SetAside(ctx, []int64{id}) })
	if err == nil {
		f.journal.Note(ctx, "tell what happened: entry "+strconv.FormatInt(id, 10)+" of the outbox is set aside", cause)
	}
	return err
}

// tolding is a notification as it stands after an entry, and its inbox.
type tolding struct {
	Notification
	State
}

// some tells the oldest entries, and returns the id of the first, and how many
// there were.
func (f *Follower) some(ctx context.Context, limit int) (first int64, n int, told []tolding, err error) {
	mine, err := f.store.Turn(ctx)
	if err != nil || !mine {
		return 0, 0, nil, err
	}
	entries, err := f.store.Oldest(ctx, limit)
	if err != nil || len(entries) == 0 {
		return 0, 0, nil, err
	}
	first, n = entries[0].ID, len(entries)
	if entries, err = f.readable(ctx, entries); err != nil {
		return first, 0, nil, err
	}
	told, err = f.telling(ctx, entries)
	return first, n, told, err
}

// readable returns the entries that say something, and sets the others aside:
// somebody wrote them by hand, or a newer program did.
func (f *Follower) readable(ctx context.Context, entries []Entry) ([]Entry, error) {
	var good []Entry
	var bad []int64
	for _, e := range entries {
		if e.Broken == nil && (e.Note != nil || e.Activity != nil || e.Settled != nil) {
			good = append(good, e)
			continue
		}
		bad, f.broken = append(bad, e.ID), append(f.broken, e)
	}
	if len(bad) == 0 {
		return good, nil
	}
	return good, f.store.SetAside(ctx, bad)
}

// telling tells entries and removes them.
func (f *Follower) telling(ctx context.Context, entries []Entry) ([]tolding, error) {
	ids, people := make([]int64, len(entries)), make([]int64, 0, len(entries))
	var ofSomebody []int64 // who is told what somebody did
	for i, e := range entries {
		ids[i] = e.ID
		people = append(people, e.owner())
		if e.Activity != nil {
			people = append(people, e.Activity.other()) // 0 has chosen nothing
		}
		if e.Note != nil && e.Note.Actor != 0 {
			ofSomebody = append(ofSomebody, e.Note.UserID)
		}
	}
	hidden, err := f.ties.HiddenFromEach(ctx, ofSomebody)
	if err != nil {
		return nil, err
	}
	chosen, err := f.store.Settings(ctx, people)
	if err != nil {
		return nil, err
	}
	told, err := f.tell(ctx, entries, chosen, hidden)
	if err != nil {
		return nil, err
	}
	return told, f.store.Remove(ctx, ids)
}

// tell makes notifications and activities of entries, in their order.
func (f *Follower) tell(ctx context.Context, entries []Entry, chosen map[int64]Settings, hidden map[int64][]int64) ([]tolding, error) {
	var told []tolding
	var notes []Entry // since the last one that was settled
	var done []Activity
	flush := func() error {
		list, states, err := f.store.Tell(ctx, notes)
		for _, n := range list {
			// Each says its own sequence: a client that is lost between two of them
			// asks for what came after the first.
			told = append(told, tolding{n, State{Seq: n.Seq, Unread: states[n.UserID].Unread}})
		}
		notes = notes[:0]
		return err
	}
	for _, e := range entries {
		settings := chosen[e.owner()]
		switch {
		case e.Settled != nil:
			if err := flush(); err != nil {
				return nil, err
			}
			n, state, found, err := f.store.Settle(ctx, *e.Settled)
			if err != nil {
				return nil, err
			}
			if found {
				told = append(told, tolding{n, state})
			}
		case e.Note != nil && slices.Contains(hidden[e.Note.UserID], e.Note.Actor):
			// Blocked since it happened.
		case e.Note != nil && settings.reaches(e.Note.Kind):
			notes = append(notes, e)
		case e.Activity != nil && !e.Activity.unseen(chosen):
			// What nobody may see is not kept: who opens up later shows what
			// comes then, not what was.
			e.Activity.At = e.At
			done = append(done, *e.Activity)
		}
	}
	if err := flush(); err != nil {
		return nil, err
	}
	return told, f.store.InsertActivities(ctx, done)
}

func (e Entry) owner() int64 {
	switch {
	case e.Note != nil:
		return e.Note.UserID
	case e.Settled != nil:
		return e.Settled.UserID
	}
	return e.Activity.UserID
}

// announce signals what was told, once it is committed.
func (f *Follower) announce(ctx context.Context, told []tolding) error {
	list := make([]Notification, len(told))
	for i, t := range told {
		list[i] = t.Notification
	}
	shown, err := f.show.all(ctx, list)
	if err != nil {
		return err
	}
	for i, n := range shown {
		if n.Read {
			f.signals.Read(ctx, n.UserID, []int64{n.ID}, 0, told[i].State)
			continue
		}
		f.signals.Told(ctx, n.UserID, n, told[i].State)
	}
	return nil
}

// shower adds profiles and articles to what is shown.
type shower struct {
	people   People
	articles Articles
	posts    Posts
	ties     Ties
}

func (s *shower) all(ctx context.Context, list []Notification) ([]Shown, error) {
	targets := make([]Target, len(list))
	var users, readers []int64
	for i, n := range list {
		targets[i] = n.Target
		named := n.Actors
		if other := n.Target.person(); other != 0 {
			named = append(slices.Clone(named), other)
		}
		if len(named) > 0 || n.Target.Type == TargetPost {
			users, readers = append(users, named...), append(readers, n.UserID)
		}
	}
	hidden, err := s.ties.HiddenFromEach(ctx, readers)
	if err != nil {
		return nil, err
	}
	people, err := s.people.PeopleOf(ctx, users)
	if err != nil {
		return nil, err
	}
	article, err := s.articlesOf(ctx, targets)
	if err != nil {
		return nil, err
	}
	post, err := s.postsOf(ctx, targets)
	if err != nil {
		return nil, err
	}
	shown := make([]Shown, len(list))
	for i, n := range list {
		shown[i] = Shown{Notification: n, Article: article(n.Target), Post: post(n.Target)}
		seen := func(id int64) bool {
			_, known := people[id]
			return known && !slices.Contains(hidden[n.UserID], id)
		}
		if p := shown[i].Post; p != nil && slices.Contains(hidden[n.UserID], p.UserID) {
			shown[i].Post = nil
		}
		for _, id := range n.Actors {
			if seen(id) {
				shown[i].Actors = append(shown[i].Actors, people[id])
			}
		}
		if other := n.Target.person(); other != 0 && !seen(other) {
			shown[i].Target = n.Target.nameless()
		} else if n.Target.Other != 0 {
			person := people[other]
			shown[i].Other = &person
		}
	}
	return shown, nil
}

// articlesOf returns what finds the article of a target.
func (s *shower) articlesOf(ctx context.Context, targets []Target) (func(Target) *Article, error) {
	var products, infos []int64
	for _, t := range targets {
		if t.Product != 0 {
			products = append(products, t.Product)
		} else if t.Type == TargetInfo {
			infos = append(infos, t.ID)
		}
	}
	byProduct, err := s.articles.OfProducts(ctx, products)
	if err != nil {
		return nil, err
	}
	byInfo, err := s.articles.OfInfos(ctx, infos)
	if err != nil {
		return nil, err
	}
	return func(t Target) *Article {
		a, known := byProduct[t.Product]
		if t.Product == 0 {
			a, known = byInfo[t.ID]
			known = known && t.Type == TargetInfo
		}
		if !known {
			return nil
		}
		return &a
	}, nil
}

// postsOf returns what finds the post of a target.
func (s *shower) postsOf(ctx context.Context, targets []Target) (func(Target) *Post, error) {
	var ids []int64
	for _, t := range targets {
		if t.Type == TargetPost {
			ids = append(ids, t.ID)
		}
	}
	posts, err := s.posts.PostsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	return func(t Target) *Post {
		p, known := posts[t.ID]
		if !known || t.Type != TargetPost {
			return nil
		}
		return &p
	}, nil
}
