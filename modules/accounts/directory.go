package accounts

import (
	"context"
	"time"

	"rally/platform/page"
	"rally/platform/recent"
)

const (
	maxKnown = 16_384 // profiles; about 300 bytes each
	// knownFor is how long a node may show an old name, if the signal of a change
	// got lost.
	knownFor = 10 * time.Second
)

// Directory tells other modules who people are. It stands beside Service,
// which asks those modules for their part of an export: they can't need what
// needs them. It is safe for concurrent use.
type Directory struct {
	profiles Profiles
	known    *recent.Cache[int64, Profile]
	now      func() time.Time
}

// NewDirectory returns the directory of what a store holds. It remembers whom it
// read, until Forget; with a nil clock it remembers nobody.
func NewDirectory(profiles Profiles, clock func() time.Time) *Directory {
	if clock == nil {
		return &Directory{profiles, recent.New[int64, Profile](1, 0), time.Now}
	}
	return &Directory{profiles, recent.New[int64, Profile](maxKnown, knownFor), clock}
}

// Forget makes the next readers read people anew who changed, left or came back,
// on this node or another.
func (d *Directory) Forget(userIDs ...int64) { d.known.Drop(userIDs...) }

// ProfilesOf returns the profiles of users by their ids, in one statement at most
// whatever their number. Whoever left, was erased or never was has none.
func (d *Directory) ProfilesOf(ctx context.Context, userIDs []int64) (map[int64]Profile, error) {
	profiles := make(map[int64]Profile, len(userIDs))
	now, mark := d.now(), d.known.Mark()
	var missing []int64
	for _, id := range userIDs {
		if p, _, ok := d.known.Get(id, now); ok {
			profiles[id] = p
		} else {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return profiles, nil
	}
	list, err := d.profiles.ActiveProfiles(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		profiles[p.UserID] = p
		d.known.Put(p.UserID, p, now, mark)
	}
	return profiles, nil
}

// Named returns who bears a profile name, however it is written, or
// ErrUserNotFound.
func (d *Directory) Named(ctx context.Context, profileName string) (Profile, error) {
	return d.profiles.NamedProfile(ctx, Profile{ProfileName: profileName}.NameKey())
}

// NamedAll returns who bears which of some profile names, however they are
// written, by NameKey, in one statement whatever their number. Whoever left isn't
// among them.
func (d *Directory) NamedAll(ctx context.Context, profileNames []string) (map[string]Profile, error) {
	found := make(map[string]Profile, len(profileNames))
	if len(profileNames) == 0 {
		return found, nil
	}
	keys := make([]string, len(profileNames))
	for i, name := range profileNames {
		keys[i] = Profile{ProfileName: name}.NameKey()
	}
	list, err := d.profiles.ProfilesNamed(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		found[p.NameKey()] = p
	}
	return found, nil
}

// Search returns up to limit profiles whose name begins so, without some, in
// the order of their names.
func (d *Directory) Search(ctx context.Context, prefix string, without []int64, limit int) ([]Profile, error) {
	return d.profiles.ProfilesBegin(ctx, Profile{ProfileName: prefix}.NameKey(), without, limit)
}

// All lists everybody who has not left, the newest first, or those whose names
// begin so. The sort key is the user's id.
func (d *Directory) All(ctx context.Context, prefix string, r page.CursorRequest) ([]Profile, error) {
	return d.profiles.AllProfiles(ctx, Profile{ProfileName: prefix}.NameKey(), r)
}

// AddressesOf returns the proved e-mail addresses of users by their ids, in one
// statement whatever their number. Whoever left has none.
func (d *Directory) AddressesOf(ctx context.Context, userIDs []int64) (map[int64]string, error) {
	if len(userIDs) == 0 {
		return map[int64]string{}, nil
	}
	return d.profiles.ActiveAddresses(ctx, userIDs)
}
