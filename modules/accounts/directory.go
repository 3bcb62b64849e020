package accounts

import "context"

// Directory tells other modules who people are. It stands beside Service,
// which asks those modules for their part of an export: they can't need what
// needs them. It is safe for concurrent use.
type Directory struct{ profiles Profiles }

// NewDirectory returns the directory of what a store holds.
func NewDirectory(profiles Profiles) *Directory { return &Directory{profiles} }

// ProfilesOf returns the profiles of users by their ids, in one statement
// whatever their number. Whoever left, was erased or never was has none.
func (d *Directory) ProfilesOf(ctx context.Context, userIDs []int64) (map[int64]Profile, error) {
	if len(userIDs) == 0 {
		return map[int64]Profile{}, nil
	}
	list, err := d.profiles.ActiveProfiles(ctx, userIDs)
	if err != nil {
		return nil, err
	}
	profiles := make(map[int64]Profile, len(list))
	for _, p := range list {
		profiles[p.UserID] = p
	}
	return profiles, nil
}

// Named returns who bears a profile name, however it is written, or
// ErrUserNotFound.
func (d *Directory) Named(ctx context.Context, profileName string) (Profile, error) {
	return d.profiles.NamedProfile(ctx, Profile{ProfileName: profileName}.NameKey())
}

// Search returns up to limit profiles whose name begins so, without some, in
// the order of their names.
func (d *Directory) Search(ctx context.Context, prefix string, without []int64, limit int) ([]Profile, error) {
	return d.profiles.ProfilesBegin(ctx, Profile{ProfileName: prefix}.NameKey(), without, limit)
}

// AddressesOf returns the proved e-mail addresses of users by their ids, in one
// statement whatever their number. Whoever left has none.
func (d *Directory) AddressesOf(ctx context.Context, userIDs []int64) (map[int64]string, error) {
	if len(userIDs) == 0 {
		return map[int64]string{}, nil
	}
	return d.profiles.ActiveAddresses(ctx, userIDs)
}
