package style

import (
	"context"
	"slices"

	"rally/modules/accounts"
	"rally/modules/shop"
	"rally/modules/talk"
	"rally/platform/auth"
	"rally/platform/page"
)

// viewer returns who reads a feed, or auth.ErrRequired for one that needs a login.
func (q Query) viewer(ctx context.Context) (int64, error) {
	caller, known := auth.From(ctx)
	if !known && (q.Type == Following || q.Type == Liked) {
		return 0, auth.ErrRequired
	}
	return caller.UserID, nil
}

// Feed returns a page of posts. The number of statements doesn't depend on its
// size. Of OfArticle it says who owns the article.
//
// It returns ErrUnknownFeed, fault.ErrInvalid with a field of the query,
// auth.ErrRequired, page.ErrBadCursor or page.ErrBadPage.
func (s *Service) Feed(ctx context.Context, q Query, cursor string, size int) (page.Slice[Shown], error) {
	none := page.Slice[Shown]{}
	q, err := q.Clean()
	if err != nil {
		return none, err
	}
	viewer, err := q.viewer(ctx)
	if err != nil {
		return none, err
	}
	r, err := q.List(viewer).Parse(cursor, size)
	if err != nil {
		return none, err
	}
	by, err := s.people.Viewer(ctx)
	if err != nil {
		return none, err
	}
	var slice page.Slice[Row]
	if q.Type == Popular {
		slice, err = s.popular(ctx, by, r)
	} else {
		var rows []Row
		rows, err = s.store.Feed(ctx, q, by, r)
		slice = page.Keyset(r, rows, func(p Row) []int64 { return []int64{p.Place} })
	}
	if err != nil {
		return none, err
	}
	shown, err := s.shown(ctx, slice.Rows, by, q.Type == OfArticle)
	return page.Slice[Shown]{Rows: shown, Next: slice.Next, Previous: slice.Previous}, err
}

// shown adds to posts who they are by, whom they mention, and the articles with
// their prices; and where owned is set, whether their authors bought them.
func (s *Service) shown(ctx context.Context, rows []Row, by talk.Viewer, owned bool) ([]Shown, error) {
	out := make([]Shown, 0, len(rows))
	if len(rows) == 0 {
		return out, nil
	}
	var users, infos []int64
	for _, r := range rows {
		users = append(append(users, r.UserID), talk.Linked(r.Content)...)
		infos = append(infos, infoIDs(r.Tags)...)
	}
	profiles, err := s.directory.ProfilesOf(ctx, distinct(users))
	if err != nil {
		return nil, err
	}
	listings, err := s.articles.Listings(ctx, distinct(infos))
	if err != nil {
		return nil, err
	}
	var owners []shop.Ownership
	if owned {
		if owners, err = s.articles.Owners(ctx, owning(rows)); err != nil {
			return nil, err
		}
	}
	for _, r := range rows {
		author, here := profiles[r.UserID]
		if !here { // has left a moment ago
			continue
		}
		one := Shown{Row: r, By: author}
		one.Content, one.Mentions = spoken(r.Content, profiles, by)
		for _, t := range r.Tags {
			listing, there := listings[t.InfoID]
			if !there { // was deleted
				continue
			}
			one.Products = append(one.Products, product(t, listing, r.UserID, owners, owned))
		}
		out = append(out, one)
	}
	return out, nil
}

func product(t Tag, listing shop.Listing, author int64, owners []shop.Ownership, owned bool) Product {
	p := Product{Tag: t, Listing: listing}
	if owned {
		has := slices.Contains(owners, shop.Ownership{UserID: author, InfoID: t.InfoID})
		p.Owned = &has
	}
	return p
}

// owning asks whether the authors of posts own the articles in them.
func owning(rows []Row) []shop.Ownership {
	var asked []shop.Ownership
	for _, r := range rows {
		for _, t := range r.Tags {
			asked = append(asked, shop.Ownership{UserID: r.UserID, InfoID: t.InfoID})
		}
	}
	return asked
}

// spoken returns a stored text as a viewer reads it, and whom it mentions.
func spoken(stored string, profiles map[int64]accounts.Profile, by talk.Viewer) (string, []accounts.Profile) {
	ids := talk.Linked(stored)
	if len(ids) == 0 {
		return stored, nil
	}
	people := make(map[int64]talk.Person, len(ids))
	for _, id := range ids {
		if p, here := profiles[id]; here && by.Sees(id) {
			people[id] = talk.Person{Profile: p}
		}
	}
	return talk.Spoken(stored, people)
}

func distinct(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Post returns one post with who owns its articles, or ErrPostNotFound. Who wrote
// it, and the staff, see it while it is hidden.
func (s *Service) Post(ctx context.Context, id int64) (Shown, error) {
	by, err := s.viewer(ctx, false)
	if err != nil {
		return Shown{}, err
	}
	row, err := s.post(ctx, id, by)
	if err != nil {
		return Shown{}, err
	}
	return s.shownOne(ctx, row, by)
}

func (s *Service) shownOne(ctx context.Context, row Row, by talk.Viewer) (Shown, error) {
	shown, err := s.shown(ctx, []Row{row}, by, true)
	if err != nil {
		return Shown{}, err
	}
	if len(shown) == 0 {
		return Shown{}, ErrPostNotFound
	}
	return shown[0], nil
}
