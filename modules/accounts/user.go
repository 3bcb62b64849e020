package accounts

import (
	"net/mail"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"

	"rally/platform/fault"
)

// User is a person with an account. Only they and staff see it.
type User struct {
	ID            int64
	Email         string // lower case
	Staff         bool
	ShoeSize      int       // millimetres, 0 when not given
	PhoneNumber   string    // E.164, empty when not given
	VerifiedAt    time.Time // zero until the address is proved
	CreatedAt     time.Time
	DeactivatedAt time.Time // zero while the account is active
	ErasedAt      time.Time // zero while there is anything personal left

	OTP         bool // one-time codes are on
	PasskeyStep bool // a passkey is asked for as the second step
}

// SecondStep reports whether a password alone doesn't sign the user in.
func (u User) SecondStep() bool { return u.OTP || u.PasskeyStep }

// Profile is what everybody sees of a user.
type Profile struct {
	UserID       int64
	UserName     string // as the person writes it
	ProfileName  string // unique by its NameKey
	Introduction string
	Image        string // key of the picture, empty when there is none
}

// NameKey is the form of the profile name that must be unique: lower case, on
// which the databases don't agree, and composed, so that no two names look
// alike because one is written with other characters (Unicode NFKC).
func (p Profile) NameKey() string { return strings.ToLower(norm.NFKC.String(p.ProfileName)) }

// Account is a user with their profile.
type Account struct {
	User    User
	Profile Profile
}

// Credentials is a user with the hash of their password.
type Credentials struct {
	User         User
	PasswordHash string // PHC string; empty when there is no password
	Decoy        string // PHC string of a password that opens nothing, or empty
}

// NewUser is a user row before it has an id.
type NewUser struct {
	Email string
	Claim
	Staff      bool
	VerifiedAt time.Time // zero: not yet
	CreatedAt  time.Time
}

// Claim is what one registration of an address says of its owner. Until the
// address is proved there may be several, by different people.
type Claim struct {
	PasswordHash string // PHC string; empty for somebody who came through another site
	ShoeSize     int
	PhoneNumber  string
}

// Change is a new value for a field, or none. The zero T clears the field.
type Change[T any] struct {
	Set   bool
	Value T
}

// UserChange is what a user may change of themselves.
type UserChange struct {
	ShoeSize    Change[int]    // 0 clears it
	PhoneNumber Change[string] // E.164 in the store, anything Korean before; empty clears it
}

// Shoe sizes in millimetres.
const (
	minShoeSize  = 220
	maxShoeSize  = 310
	shoeSizeStep = 5
)

const (
	maxEmailLength = 254 // RFC 5321, with the angle brackets taken off
	maxLocalLength = 64
	maxUserName    = 30 // characters
)

// normalizeEmail returns the address in the one form that is stored. Only
// ASCII is taken: some letters of other scripts become ASCII when lowered, so
// that two addresses would share an account.
func normalizeEmail(raw string) (string, bool) {
	s := strings.TrimSpace(raw)
	if s == "" || len(s) > maxEmailLength {
		return "", false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return "", false
		}
	}
	s = strings.ToLower(s)
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Name != "" || parsed.Address != s {
		return "", false // a display name, a comment, a quoted part
	}
	local, domain, ok := strings.Cut(s, "@")
	if !ok || len(local) > maxLocalLength || !isDomain(domain) {
		return "", false
	}
	return s, true
}

func isDomain(domain string) bool {
	if domain == "localhost" {
		return true
	}
	labels := strings.Split(domain, ".")
	if len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	top := labels[len(labels)-1]
	return strings.Trim(top, "0123456789") != "" // no IP addresses
}

func localPart(email string) string {
	local, _, _ := strings.Cut(email, "@")
	return local
}

// userNameFrom returns the first user name of somebody with this address.
func userNameFrom(email string) string {
	local := localPart(email) // ASCII, so bytes are characters
	return local[:min(len(local), maxUserName)]
}

// normalizePhone returns a Korean number in E.164, such as +821012345678.
func normalizePhone(raw string) (string, bool) {
	if len(raw) > 32 || strings.Trim(raw, "+0123456789 -().") != "" {
		return "", false
	}
	number, err := phonenumbers.Parse(raw, "KR")
	if err != nil || !phonenumbers.IsValidNumberForRegion(number, "KR") {
		return "", false
	}
	return phonenumbers.Format(number, phonenumbers.E164), true
}

func isShoeSize(size int) bool {
	return size >= minShoeSize && size <= maxShoeSize && size%shoeSizeStep == 0
}

// The sentences of wrong fields.
const (
	msgRequired  = "This field is required."
	msgEmail     = "Enter an e-mail address such as name@example.com."
	msgShoeSize  = "Choose a size between 220 and 310 in steps of 5."
	msgPhone     = "Enter a Korean phone number such as 010-1234-5678."
	msgPasswords = "The two passwords are not the same."
	msgSameEmail = "This is your address already."
)

// problems collects what is wrong with the fields of a request.
type problems struct{ fault *fault.Error }

func (p *problems) add(field, message string) {
	if p.fault == nil {
		p.fault = fault.ErrInvalid
	}
	p.fault = p.fault.WithField(field, message)
}

func (p *problems) err() error {
	if p.fault == nil {
		return nil // not a typed nil
	}
	return p.fault
}

// invalid is fault.ErrInvalid with one field.
func invalid(field, message string) error { return fault.ErrInvalid.WithField(field, message) }

func (p *problems) email(raw string) string {
	if strings.TrimSpace(raw) == "" {
		p.add("email", msgRequired)
		return ""
	}
	email, ok := normalizeEmail(raw)
	if !ok {
		p.add("email", msgEmail)
	}
	return email
}

func (p *problems) shoeSize(size int) int {
	if size != 0 && !isShoeSize(size) {
		p.add("shoe_size", msgShoeSize)
	}
	return size
}

func (p *problems) phone(raw string) string {
	if strings.TrimSpace(raw) == "" {
		return ""
	}
	phone, ok := normalizePhone(strings.TrimSpace(raw))
	if !ok {
		p.add("phone_number", msgPhone)
	}
	return phone
}
