package accounts

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rally/platform/auth"
	"rally/platform/fault"
)

// Limits of a profile, in characters.
const (
	MaxProfileName  = 15
	MaxIntroduction = 100
)

const (
	msgNameTaken    = "Somebody has this name already."
	msgName         = "Use 2 to 15 letters, digits, dots, dashes or underscores."
	msgIntroduction = "Use at most 100 characters."
)

// ProfileChange is what somebody changes of their profile; nil leaves it.
type ProfileChange struct {
	ProfileName  *string
	Introduction *string
	Image        *string // key of a stored picture; empty: none
}

// MyProfile returns the caller's profile, or auth.ErrRequired.
func (s *Service) MyProfile(ctx context.Context) (Profile, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Profile{}, err
	}
	return s.store.Profile(ctx, caller.UserID)
}

// hourlyNames is how many new names there may be: each is told to all friends.
const hourlyNames = 10

// ChangeProfile changes the caller's profile, and deletes the picture that it
// had. A change is told to whoever shows it, by ProfileChanged, and a new name by
// ProfileRenamed, too; there may be ten new names in an hour. Errors:
// auth.ErrRequired, ErrTooManyAttempts, or fault.ErrInvalid with the fields
// profile_name (also when it is taken) and introduction.
func (s *Service) ChangeProfile(ctx context.Context, change ProfileChange) (Profile, error) {
	caller, err := auth.Require(ctx)
	if err != nil {
		return Profile{}, err
	}
	if err := change.clean(); err != nil {
		return Profile{}, err
	}
	var after Profile
	err = s.tx.InTx(ctx, func(ctx context.Context) error {
		// Of two changes at once the second begins with what the first left.
		if _, err := s.store.LockUser(ctx, caller.UserID); err != nil {
			return err
		}
		before, err := s.store.Profile(ctx, caller.UserID)
		if err != nil {
			return err
		}
		after = before
		if change.ProfileName != nil {
			after.ProfileName = *change.ProfileName
		}
		if change.Introduction != nil {
			after.Introduction = *change.Introduction
		}
		if change.Image != nil {
			after.Image = *change.Image
		}
		if after == before {
			return nil
		}
		free, err := s.store.UpdateProfile(ctx, after)
		if err != nil {
			return err
		}
		if !free {
			return fault.ErrInvalid.WithField("profile_name", msgNameTaken)
		}
		if after.Image != before.Image && before.Image != "" {
			s.pictures.DeleteAfterCommit(ctx, before.Image)
		}
		if err := s.events.Emit(ctx, ProfileChanged{after}); err != nil {
			return err
		}
		if after.ProfileName == before.ProfileName {
			return nil
		}
		if err := s.mayRename(ctx, caller.UserID); err != nil {
			return err
		}
		return s.events.Emit(ctx, ProfileRenamed{UserID: caller.UserID, Old: before.ProfileName, New: after.ProfileName})
	})
	return after, err
}

// mayRename counts a new name, within the transaction: one that comes to nothing
// doesn't count.
func (s *Service) mayRename(ctx context.Context, userID int64) error {
	now := s.now()
	limit := Limit{Attempts: hourlyNames, Window: time.Hour, Block: time.Hour}
	count, until, err := s.store.CountAttempt(ctx, accountKey(limitRename, strconv.FormatInt(userID, 10)), limit, now)
	if err == nil && count > limit.Attempts {
		err = tooMany(until, now)
	}
	return err
}

// clean checks a change and brings it into the form that is stored.
func (c *ProfileChange) clean() error {
	bad := fault.ErrInvalid
	wrong := false
	if c.ProfileName != nil {
		name := strings.TrimSpace(norm.NFKC.String(*c.ProfileName))
		c.ProfileName = &name
		if n := utf8.RuneCountInString(name); n < 2 || n > MaxProfileName || strings.ContainsFunc(name, func(r rune) bool { return !InName(r) }) {
			bad, wrong = bad.WithField("profile_name", msgName), true
		}
	}
	if c.Introduction != nil {
		text := strings.TrimSpace(*c.Introduction)
		c.Introduction = &text
		if utf8.RuneCountInString(text) > MaxIntroduction || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
			bad, wrong = bad.WithField("introduction", msgIntroduction), true
		}
	}
	if wrong {
		return bad
	}
	return nil
}

// InName reports whether a name may have a character. It is false for what nobody
// sees: with it one name would look like another.
func InName(r rune) bool {
	if unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r) {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || strings.ContainsRune("._-", r)
}
