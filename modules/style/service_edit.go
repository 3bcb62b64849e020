package style

import (
	"context"
	"slices"

	"rally/modules/talk"
	"rally/platform/auth"
	"rally/platform/fault"
)

// PostChange is what somebody changes of a post; nil leaves it.
type PostChange struct {
	Content *string
	Ratio   *float64
	Tags    *[]Tag
	Keep    *[]string // keys of the pictures that stay, in their new order
	Uploads []Upload  // more pictures, behind those that stay
}

// EditPost changes a post of the caller. Pictures that don't stay are deleted.
//
// Its errors are those of AddPost, ErrPostNotFound, and auth.ErrForbidden for
// somebody else's.
func (s *Service) EditPost(ctx context.Context, id int64, change PostChange) (Shown, error) {
	by, err := s.viewer(ctx, true)
	if err != nil {
		return Shown{}, err
	}
	// Before anything is stored: most mistakes are found here.
	before, err := s.post(ctx, id, by)
	if err != nil {
		return Shown{}, err
	}
	if _, err := change.of(before.Post, by, nil, len(change.Uploads)); err != nil {
		return Shown{}, err
	}
	if change.Tags != nil {
		if err := s.checkArticles(ctx, added(before.Tags, *change.Tags)); err != nil {
			return Shown{}, err
		}
	}
	saved, err := s.save(ctx, change.Uploads)
	if err != nil {
		return Shown{}, err
	}
	if err := s.tx.InTx(ctx, func(ctx context.Context) error { return s.edit(ctx, id, change, saved, by) }); err != nil {
		discard(ctx, s.pictures, err, keysOf(saved)...)
		return Shown{}, err
	}
	row, err := s.post(ctx, id, by)
	if err != nil {
		return Shown{}, err
	}
	return s.shownOne(ctx, row, by)
}

func (s *Service) edit(ctx context.Context, id int64, change PostChange, saved []Picture, by talk.Viewer) error {
	before, err := s.held(ctx, id, by)
	if err != nil {
		return err
	}
	after, err := change.of(before, by, saved, 0)
	if err != nil {
		return err
	}
	mentioned, err := s.store.MentionedIn(ctx, id)
	if err != nil {
		return err
	}
	var found Index
	if change.Content != nil {
		found, err = s.link(ctx, &after, after.Content, by)
	} else {
		found, err = s.reindex(ctx, after, mentioned)
	}
	if err != nil {
		return err
	}
	now := s.now()
	after.EditedAt = &now
	if err := s.store.UpdatePost(ctx, after, found); err != nil {
		return err
	}
	if err := s.articles.AddShares(ctx, infoIDs(added(after.Tags, before.Tags)), -1); err != nil {
		return err
	}
	if err := s.articles.AddShares(ctx, infoIDs(added(before.Tags, after.Tags)), 1); err != nil {
		return err
	}
	for _, p := range before.Pictures {
		if !slices.Contains(after.Pictures, p) {
			s.pictures.DeleteAfterCommit(ctx, p.Key)
		}
	}
	return s.mention(ctx, after, found.Mentions, mentioned)
}

// reindex returns what a post is found by whose words stay.
func (s *Service) reindex(ctx context.Context, p Post, mentioned []int64) (Index, error) {
	profiles, err := s.directory.ProfilesOf(ctx, mentioned)
	if err != nil {
		return Index{}, err
	}
	plain, _ := spoken(p.Content, profiles, talk.Viewer{})
	return Index{Hashtags: Hashtags(plain), Mentions: mentioned, Words: searchWords(p.Content)}, nil
}

// of returns what a change makes of a post. Coming is how many pictures there will
// be besides.
func (c PostChange) of(p Post, by talk.Viewer, more []Picture, coming int) (Post, error) {
	if p.UserID != by.UserID {
		return p, auth.ErrForbidden
	}
	var err error
	if c.Content != nil {
		if p.Content, err = normaliseContent(*c.Content); err != nil {
			return p, err
		}
	}
	if c.Ratio != nil {
		if p.Ratio, err = normaliseRatio(*c.Ratio); err != nil {
			return p, err
		}
	}
	if c.Keep != nil {
		stay, err := kept(p.Pictures, *c.Keep)
		if err != nil {
			return p, err
		}
		p.Tags, p.Pictures = moved(p.Tags, p.Pictures, stay), stay
	}
	if c.Tags != nil {
		p.Tags = *c.Tags
	}
	p.Pictures = append(slices.Clip(p.Pictures), more...)
	return p, checkWhole(p, len(p.Pictures)+coming)
}

// kept returns pictures by their keys.
func kept(pictures []Picture, keys []string) ([]Picture, error) {
	out := make([]Picture, 0, len(keys))
	for _, key := range keys {
		i := slices.IndexFunc(pictures, func(p Picture) bool { return p.Key == key })
		if i < 0 || slices.Contains(out, pictures[i]) {
			return nil, fault.ErrInvalid.WithField("images", "must be pictures of this post, each once")
		}
		out = append(out, pictures[i])
	}
	return out, nil
}

// moved lets tags follow their pictures. One whose picture is gone loses its place.
func moved(tags []Tag, before, after []Picture) []Tag {
	out := make([]Tag, len(tags))
	for i, t := range tags {
		out[i] = Tag{InfoID: t.InfoID}
		if t.Picture < len(before) {
			if to := slices.Index(after, before[t.Picture]); to >= 0 {
				out[i] = Tag{InfoID: t.InfoID, X: t.X, Y: t.Y, Picture: to}
			}
		}
	}
	return out
}

// added returns the tags of articles that are in after and not in before.
func added(before, after []Tag) []Tag {
	var out []Tag
	old := infoIDs(before)
	for _, t := range after {
		if !slices.Contains(old, t.InfoID) {
			out = append(out, t)
		}
	}
	return out
}
