package style

import (
	"context"
	"strings"

	"rally/modules/accounts"
	"rally/modules/talk"
	"rally/platform/auth"
	"rally/platform/fault"
	"rally/platform/page"
)

// Profile returns a person as the caller meets them, or ErrProfileNotFound.
func (s *Service) Profile(ctx context.Context, userID int64) (ProfileView, error) {
	who, muted, err := s.person(ctx, userID)
	if err != nil {
		return ProfileView{}, err
	}
	views, err := s.views(ctx, []accounts.Profile{who})
	if err != nil {
		return ProfileView{}, err
	}
	views[0].Muted = muted
	return views[0], nil
}

// ProfileNamed is Profile by the name that the person bears.
func (s *Service) ProfileNamed(ctx context.Context, name string) (ProfileView, error) {
	who, err := s.directory.Named(ctx, name)
	if err != nil {
		return ProfileView{}, notFound(err, accounts.ErrUserNotFound, ErrProfileNotFound)
	}
	return s.Profile(ctx, who.UserID)
}

// views adds to profiles what is counted of them, and whether the caller follows
// them, in two statements whatever their number.
func (s *Service) views(ctx context.Context, list []accounts.Profile) ([]ProfileView, error) {
	ids := make([]int64, len(list))
	for i, p := range list {
		ids[i] = p.UserID
	}
	counts, err := s.store.CountsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	follows := map[int64]bool{}
	if caller, known := auth.From(ctx); known {
		if follows, err = s.store.Following(ctx, caller.UserID, ids); err != nil {
			return nil, err
		}
	}
	views := make([]ProfileView, len(list))
	for i, p := range list {
		views[i] = ProfileView{Profile: p, Counts: counts[p.UserID], Following: follows[p.UserID]}
	}
	return views, nil
}

// Profiles lists everybody for the staff, the newest first, or those whose names
// begin so.
func (s *Service) Profiles(ctx context.Context, search string, r page.CursorRequest) (page.Slice[ProfileView], error) {
	none := page.Slice[ProfileView]{}
	if _, err := auth.RequireStaff(ctx); err != nil {
		return none, err
	}
	rows, err := s.directory.All(ctx, search, r)
	if err != nil {
		return none, err
	}
	slice := page.Keyset(r, rows, func(p accounts.Profile) []int64 { return []int64{p.UserID} })
	views, err := s.views(ctx, slice.Rows)
	return page.Slice[ProfileView]{Rows: views, Next: slice.Next, Previous: slice.Previous}, err
}

// ProfileChange is what somebody changes of their profile; nil leaves it. Upload is
// a new picture, and NoImage takes the one away that is there.
type ProfileChange struct {
	ProfileName, Introduction *string
	Upload                    Upload
	NoImage                   bool
}

// ChangeProfile changes the caller's own profile. Errors: auth.ErrRequired,
// ErrProfileNotFound, auth.ErrForbidden for somebody else's, those of
// accounts.Service.ChangeProfile and the faults of blob.
func (s *Service) ChangeProfile(ctx context.Context, userID int64, change ProfileChange) (ProfileView, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return ProfileView{}, err
	}
	if caller.UserID != userID {
		if _, _, err := s.person(ctx, userID); err != nil {
			return ProfileView{}, err
		}
		return ProfileView{}, auth.ErrForbidden
	}
	into := accounts.ProfileChange{ProfileName: change.ProfileName, Introduction: change.Introduction}
	switch {
	case change.Upload != nil:
		portrait, err := s.saveWith(ctx, s.portraits, change.Upload)
		if err != nil {
			return ProfileView{}, atPicture(err, 0)
		}
		into.Image = &portrait.Key
	case change.NoImage:
		into.Image = new(string)
	}
	if _, err := s.accounts.ChangeProfile(ctx, into); err != nil {
		if change.Upload != nil {
			discard(ctx, s.portraits, err, *into.Image)
		}
		return ProfileView{}, err
	}
	return s.Profile(ctx, userID)
}

// SetFollow toggles whether the caller follows somebody, or sets it when value is
// given. It reports whether they follow now, and how many people do.
//
// It returns auth.ErrRequired, ErrFollowOneself, ErrProfileNotFound or
// ErrTooManyFollows.
func (s *Service) SetFollow(ctx context.Context, userID int64, value *bool) (following bool, followers int64, err error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return false, 0, err
	}
	if caller.UserID == userID {
		return false, 0, ErrFollowOneself
	}
	if _, _, err := s.person(ctx, userID); err != nil {
		return false, 0, err
	}
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.HoldPeople(ctx, caller.UserID, userID); err != nil {
			return err
		}
		was, err := s.store.Follows(ctx, caller.UserID, userID)
		if err != nil {
			return err
		}
		counts, err := s.store.CountsOf(ctx, []int64{caller.UserID, userID})
		if err != nil {
			return err
		}
		following, followers = !was, counts[userID].Followers
		if value != nil {
			following = *value
		}
		if following == was {
			return nil
		}
		if following && counts[caller.UserID].Followings >= MaxFollowings {
			return ErrTooManyFollows.With("limit", MaxFollowings)
		}
		f := Follow{From: caller.UserID, To: userID, CreatedAt: s.now()}
		if err := s.store.SetFollow(ctx, &f, following); err != nil {
			return err
		}
		if following {
			followers++
		} else {
			followers--
		}
		return s.events.Emit(ctx, Followed{f, following})
	})
	return following, followers, err
}

// FollowsOf lists a person's followers, or whom they follow, newest first. It
// returns auth.ErrRequired or ErrProfileNotFound.
func (s *Service) FollowsOf(ctx context.Context, userID int64, followers bool, r page.CursorRequest) (page.Slice[FollowBy], error) {
	none := page.Slice[FollowBy]{}
	by, err := s.viewer(ctx, true)
	if err != nil {
		return none, err
	}
	if _, _, err := s.person(ctx, userID); err != nil {
		return none, err
	}
	rows, err := s.store.FollowsOf(ctx, userID, followers, by, r)
	if err != nil {
		return none, err
	}
	slice := page.Keyset(r, rows, func(f Follow) []int64 { return []int64{f.ID} })
	other := func(f Follow) int64 {
		if followers {
			return f.From
		}
		return f.To
	}
	people, err := met(ctx, s, by, slice.Rows, other)
	if err != nil {
		return none, err
	}
	return page.MapSlice(slice, func(f Follow) FollowBy { return FollowBy{f, among(people, other(f))} }), nil
}

// Likes lists who likes a post, newest first. It returns auth.ErrRequired or
// ErrPostNotFound.
func (s *Service) Likes(ctx context.Context, postID int64, r page.CursorRequest) (page.Slice[LikeBy], error) {
	none := page.Slice[LikeBy]{}
	by, err := s.viewer(ctx, true)
	if err != nil {
		return none, err
	}
	if _, err := s.post(ctx, postID, by); err != nil {
		return none, err
	}
	rows, err := s.store.Likes(ctx, postID, by, r)
	if err != nil {
		return none, err
	}
	slice := page.Keyset(r, rows, func(l Like) []int64 { return []int64{l.ID} })
	who := func(l Like) int64 { return l.UserID }
	people, err := met(ctx, s, by, slice.Rows, who)
	if err != nil {
		return none, err
	}
	return page.MapSlice(slice, func(l Like) LikeBy { return LikeBy{l, among(people, l.UserID)} }), nil
}

// met returns the people of rows as a viewer meets them.
func met[T any](ctx context.Context, s *Service, by talk.Viewer, rows []T, who func(T) int64) (map[int64]talk.Person, error) {
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = who(row)
	}
	return s.people.Meet(ctx, by, distinct(ids))
}

func among(people map[int64]talk.Person, id int64) *talk.Person {
	if p, ok := people[id]; ok {
		return &p
	}
	return nil
}

const (
	foundPeople = 10
	foundTags   = 10
	// MaxTagged is up to where the posts of a hashtag are counted.
	MaxTagged = 10_000
)

// Found is what a search finds beside posts.
type Found struct {
	People []talk.Person
	Tags   []TagCount
}

// Search finds people and hashtags that begin so. It returns fault.ErrInvalid with
// the field q.
func (s *Service) Search(ctx context.Context, text string) (Found, error) {
	text, err := cleanSearch(text)
	if err != nil {
		return Found{}, err
	}
	by, err := s.viewer(ctx, false)
	if err != nil {
		return Found{}, err
	}
	found := Found{}
	if name := strings.TrimPrefix(text, "@"); name != "" && !strings.HasPrefix(text, "#") {
		profiles, err := s.directory.Search(ctx, name, by.Hidden, foundPeople)
		if err != nil {
			return Found{}, err
		}
		people, err := met(ctx, s, by, profiles, func(p accounts.Profile) int64 { return p.UserID })
		if err != nil {
			return Found{}, err
		}
		for _, p := range profiles {
			if who := among(people, p.UserID); who != nil {
				found.People = append(found.People, *who)
			}
		}
	}
	if key, ok := HashtagKey(strings.TrimPrefix(text, "#")); ok {
		if found.Tags, err = s.store.TagsBegin(ctx, key, foundTags, MaxTagged); err != nil {
			return Found{}, err
		}
	}
	return found, nil
}

// Tag returns how many posts bear a hashtag, up to MaxTagged. It returns
// fault.ErrInvalid with the field tag.
func (s *Service) Tag(ctx context.Context, tag string) (TagCount, error) {
	key, ok := HashtagKey(strings.TrimPrefix(tag, "#"))
	if !ok {
		return TagCount{}, fault.ErrInvalid.WithField("tag", "must be a hashtag")
	}
	n, err := s.store.CountTagged(ctx, key, MaxTagged)
	return TagCount{Tag: key, Posts: n}, err
}
