package talk

import (
	"context"
	"slices"

	"rally/modules/accounts"
	"rally/platform/auth"
)

// Viewer is who reads: nobody, 0, or somebody for whom some people are not there.
type Viewer struct {
	UserID int64
	Staff  bool
	Hidden []int64 // never of the staff
}

// Sees reports whether a person is there for the viewer.
func (v Viewer) Sees(userID int64) bool { return !slices.Contains(v.Hidden, userID) }

// Person is somebody as a viewer meets them.
type Person struct {
	accounts.Profile
	Following bool // the viewer follows them
}

// People tells who reads, and who the people are that they meet. Whoever shows
// people on the wire uses it, so that all do it alike. It is safe for concurrent
// use.
type People struct {
	profiles Profiles
	blocks   Blocks
	ties     Ties
}

// NewPeople returns people. Blocks and ties may be nil: nobody hides from anybody,
// nobody follows anybody.
func NewPeople(profiles Profiles, blocks Blocks, ties Ties) *People {
	return &People{profiles, blocks, ties}
}

// Viewer is who reads. The staff, who look after what people say, see everybody's.
func (p *People) Viewer(ctx context.Context) (Viewer, error) {
	caller, known := auth.From(ctx)
	by := Viewer{UserID: caller.UserID, Staff: caller.Staff}
	if !known || caller.Staff || p.blocks == nil {
		return by, nil
	}
	var err error
	by.Hidden, err = p.blocks.Hidden(ctx, caller.UserID)
	return by, err
}

// Meet returns people by their ids as a viewer meets them, in two statements
// whatever their number. Whoever left, or hides from the viewer, isn't among them.
func (p *People) Meet(ctx context.Context, by Viewer, ids []int64) (map[int64]Person, error) {
	if len(ids) == 0 {
		return map[int64]Person{}, nil
	}
	profiles, err := p.profiles.ProfilesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range by.Hidden {
		delete(profiles, id)
	}
	var follows map[int64]bool
	if p.ties != nil && by.UserID != 0 && len(profiles) > 0 {
		if follows, err = p.ties.Following(ctx, by.UserID, ids); err != nil {
			return nil, err
		}
	}
	people := make(map[int64]Person, len(profiles))
	for id, profile := range profiles {
		people[id] = Person{Profile: profile, Following: follows[id]}
	}
	return people, nil
}

// Resolve returns who bears the names that a text mentions, by the key of the name
// (accounts.Profile.NameKey), in one statement; none when it mentions nobody.
// People who hide from the writer aren't among them. It is for Link.
func (p *People) Resolve(ctx context.Context, by Viewer, text string) (map[string]int64, error) {
	names := Names(text)
	if len(names) == 0 {
		return nil, nil
	}
	found, err := p.profiles.NamedAll(ctx, names)
	if err != nil {
		return nil, err
	}
	ids := make(map[string]int64, len(found))
	for key, profile := range found {
		if by.Sees(profile.UserID) {
			ids[key] = profile.UserID
		}
	}
	return ids, nil
}

// Spoken returns a stored text as people read it, with today's names, and who is
// mentioned in it, in the order of the text. Whoever isn't among the people is
// "@…".
func Spoken(stored string, people map[int64]Person) (text string, mentions []accounts.Profile) {
	text = Plain(stored, func(id int64) (string, bool) {
		p, ok := people[id]
		return p.ProfileName, ok
	})
	for _, id := range Linked(stored) {
		if p, ok := people[id]; ok {
			mentions = append(mentions, p.Profile)
		}
	}
	return text, mentions
}

func among(people map[int64]Person, id int64) *Person {
	if p, ok := people[id]; ok {
		return &p
	}
	return nil
}
