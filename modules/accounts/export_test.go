package accounts

import "time"

// SignAs returns a token with a good signature that says whatever the test
// wants.
func SignAs(s *Service, userID, sessionID int64, now time.Time) string {
	token, _, err := s.signer.sign(userID, sessionID, "test", now)
	if err != nil {
		panic(err)
	}
	return token
}

// HoldHashing takes every slot of the password hasher, and lets nobody wait.
func HoldHashing(s *Service) (release func()) {
	n := int64(0)
	for s.hasher.slots.TryAcquire(1) {
		n++
	}
	s.hasher.maxWaiting = 0
	return func() { s.hasher.slots.Release(n) }
}

// Names for tests in the other package.
var (
	ParsesAsHash = func(s string) bool { _, err := parseHash(s); return err == nil }
	VerifyTTL    = verifyTTL
	CacheTTL     = sessionCacheTTL
)

// EventLetter is the letter of a security event.
var EventLetter = eventLetter

// LineUp takes every slot of the password hasher, and lets everybody wait.
func LineUp(s *Service) (waiting func() int64, release func()) {
	n := int64(0)
	for s.hasher.slots.TryAcquire(1) {
		n++
	}
	return s.hasher.waiting.Load, func() { s.hasher.slots.Release(n) }
}
