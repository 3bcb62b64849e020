package accounts

import (
	"slices"
	"strings"
	"time"

	"github.com/mileusna/useragent"
)

const (
	deviceTTL = 400 * 24 * time.Hour // as long as browsers keep a cookie
	trustTTL  = 30 * 24 * time.Hour  // how long a device needs no second step
)

// Device is a browser that somebody signed in with.
type Device struct {
	ID           int64
	UserID       int64
	Hash         []byte // SHA-256 of its token
	Client       Client
	CreatedAt    time.Time
	LastUsedAt   time.Time
	ExpiresAt    time.Time
	TrustedUntil time.Time // zero: not trusted
}

// Trusted reports whether the device needs no second step.
func (d Device) Trusted(now time.Time) bool { return now.Before(d.TrustedUntil) }

// DeviceName says what a person calls the client, such as "Chrome · Windows".
// It is empty when that isn't known. The header is the client's to choose, so
// only known names come out: some of them are mailed.
func (c Client) DeviceName() string {
	agent := useragent.Parse(c.UserAgent)
	var parts []string
	if slices.Contains(knownBrowsers(), agent.Name) {
		parts = append(parts, strings.TrimPrefix(agent.Name, "Headless "))
	}
	if slices.Contains(knownSystems(), agent.OS) {
		parts = append(parts, agent.OS)
	}
	return strings.Join(parts, " · ")
}

func knownBrowsers() []string {
	return []string{
		useragent.Chrome, useragent.Firefox, useragent.Safari, useragent.Edge, useragent.Opera, useragent.OperaMini, useragent.OperaTouch,
		useragent.Vivaldi, useragent.HeadlessChrome, useragent.SamsungBrowser, "Whale", "Brave",
	}
}

func knownSystems() []string {
	return []string{useragent.Windows, useragent.Android, useragent.MacOS, useragent.IOS, useragent.Linux, useragent.ChromeOS}
}
