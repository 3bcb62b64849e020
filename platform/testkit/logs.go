package testkit

import (
	"fmt"
	"strings"

	"go.uber.org/zap/zaptest/observer"
)

// Mentions reports whether one log line holds every one of parts, in its
// level, message or fields; a field reads as name:value.
func Mentions(logs *observer.ObservedLogs, parts ...string) bool {
lines:
	for _, e := range logs.All() {
		line := e.Level.String() + " " + e.Message + " " + fmt.Sprint(e.ContextMap())
		for _, part := range parts {
			if !strings.Contains(line, part) {
				continue lines
			}
		}
		return true
	}
	return false
}
