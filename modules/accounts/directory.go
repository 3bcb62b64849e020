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

// AddressesOf returns the proved e-mail addresses of users by their ids, in one
// statement whatever their number. Whoever left has none.
func (d *Directory) AddressesOf(ctx context.Context, userIDs []int64) (map[int64]string, error) {
	if len(userIDs) == 0 {
		return map[int64]string{}, nil
	}
	return d.profiles.ActiveAddresses(ctx, userIDs)
}
